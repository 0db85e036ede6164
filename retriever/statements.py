"""Which words of a provision answer: the 款, the 项 with their lead, or the sentences, always verbatim.

A provision found by the search is taken apart into 款 (a lead with its items); the ones that carry the
question's words are kept. A list question gets the whole list, a penalty question the clause with the
amounts and the item that names the conduct, a number question the sentence with the number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.document import Provision
from corpus.place import Address
from retriever.decisive import marked
from retriever.question_kinds import Kind

WHOLE_BLOCK = 420  # letters of a 款 with its items that are shown whole rather than by lead and item
LONG_BLOCK = 600  # letters beyond which only the nearest items are shown under their lead
ITEM_BESIDE = 0.7  # share of the best item's score that another needs there
SHORT_BLOCK = 160  # the same where a figure is asked for, which one item holds
WHOLE_PARAGRAPH = 320  # letters of a 款 shown whole rather than by its sentences
BESIDE = 0.58  # share of the best 款's score that another 款 of the article needs to be shown with it
SENTENCE = 0.55  # the same among the sentences of a long 款
ITEM_LEAD = 1.35  # how far the best item must stand before the second to be shown alone

# A 款 that goes on about the conduct of the one before it.
_LEANING = re.compile(r"(?:对|个人|单位)?(?:有|因)?(?:前款|前两款|本条第)")
# A short 款 that says when the others do not hold.
_EXCEPTION = re.compile(r"不适用本|除外|不需要|不受[^，。]{0,16}限制|可以不")
SHORT_EXCEPTION = 160
_ASKED_WHETHER = (Kind.YES_NO, Kind.PROHIBITION, Kind.DEFINITION)
_SENTENCE = re.compile(r"[^。！？]*[。！？][”’」』）]?|[^。！？]+$")
CUES: dict[Kind, re.Pattern[str]] = {
    Kind.NUMBER: re.compile(
        r"[0-9０-９一二三四五六七八九十百千万两]+(?:个)?(?:工作日|日|天|年|月|小时|分钟|周|次|人|元|倍|米|公里|吨|岁|%|％|周岁"
        r"|季度|家|名|种|级)|百分之|有效期|每[年月日周季]|半年"
    ),
    Kind.PENALTY: re.compile(
        r"罚款|拘留|吊销|警告|没收|责令|处分|撤职|刑事责任|赔偿|取缔|有期徒刑|禁入|不得担任"
    ),
    Kind.DEFINITION: re.compile(r"是指|所称|包括|为(?:特别重大|重大|较大|一般)|含义|统称|属于"),
    Kind.COMPETENT: re.compile(
        r"(?:部门|机关|机构|人民政府|国务院|公安|单位)[^。；]{0,24}(?:负责|主管|管理|组织|核发|实施|申请|审查)|由"
    ),
    Kind.PROHIBITION: re.compile(r"不得|禁止|严禁|不准|不应|必须|方可|有权|可以"),
    Kind.RIGHT: re.compile(r"有权|可以|权利|不得因|享有|享受"),
    Kind.LICENCE: re.compile(r"许可|批准|申请|登记|备案|证书|资格|核发|审批|合格"),
    Kind.PROCEDURE: re.compile(r"应当|申请|提交|报|办理|立即|及时"),
    Kind.DUTY: re.compile(r"应当|必须|负有|履行|职责"),
}
_CUE_SHARE = 0.25  # how much a cue of the right kind adds, as a share of the best score in the article


@dataclass(frozen=True, slots=True)
class Slice:
    """Words of one place that answer: a verbatim slice of it, and in it the decisive spans."""

    address: Address
    text: str
    score: float
    decisive: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A 款 of an article: the lead row and the rows of its items and subitems; or a section."""

    lead: Provision
    items: tuple[Provision, ...]

    @property
    def text(self) -> str:
        return "\n".join(row.text for row in (self.lead, *self.items))


def blocks_of(rows: Sequence[Provision]) -> list[Block]:
    """The rows of one article or section, by 款."""
    blocks: list[Block] = []
    for row in rows:
        below = row.address.item is not None or row.address.subitem is not None
        if below and blocks:
            blocks[-1] = Block(blocks[-1].lead, (*blocks[-1].items, row))
        else:
            blocks.append(Block(row, ()))
    return blocks


@dataclass(frozen=True, slots=True)
class Measure:
    """How well a piece of text fits the question: shared letters pairs, the encoder's word, the kind's cue.

    `wanted` holds the pairs with their weight. `similar` is the encoder's cosine of each text to the
    question, in order; None where there is none.
    """

    wanted: Mapping[str, float]
    kinds: tuple[Kind, ...]
    similar: Callable[[Sequence[str]], Sequence[float]] | None = None

    def of(self, pieces: Sequence[str]) -> list[float]:
        """The scores of the pieces of one article, comparable with each other only."""
        grams = [pairs(p) for p in pieces]
        shared = [held & self.wanted.keys() for held in grams]
        spread = Counter(g for held in shared for g in held)
        lexical = [sum(self.wanted[g] / spread[g] ** 0.5 for g in held) for held in shared]
        top = max(lexical, default=0.0) or 1.0
        scores = [value / top for value in lexical]
        if self.similar is not None and len(pieces) > 1:
            near = [max(0.0, value) for value in self.similar(pieces)]
            high = max(near) or 1.0
            scores = [0.6 * s + 0.4 * n / high for s, n in zip(scores, near, strict=True)]
        return [s + _CUE_SHARE * self._cue(p) for s, p in zip(scores, pieces, strict=True)]

    def _cue(self, text: str) -> float:
        asked = [kind for kind in self.kinds if kind in CUES]
        if Kind.PENALTY in asked:
            asked = [Kind.PENALTY]
        elif Kind.NUMBER in asked:
            asked = [Kind.NUMBER]
        return sum(1.0 for kind in asked if CUES[kind].search(text)) / len(asked) if asked else 0.0


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters of a text, marks left out; English texts give words."""
    plain = re.sub(r"[^\w]|_", " ", text.lower())
    found: set[str] = set()
    for run in plain.split():
        if run.isascii():
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return frozenset(found)


def choose(rows: Sequence[Provision], measure: Measure) -> list[Slice]:
    """The slices of one article that answer, in the order of the text.

    `rows` are the article's provisions in order; the result is never empty where `rows` is not.
    """
    blocks = blocks_of(rows)
    if not blocks:
        return []
    scores = measure.of([block.text for block in blocks])
    best = max(scores)
    chosen: list[Slice] = []
    kept = False
    for block, score in zip(blocks, scores, strict=True):
        kept = score >= BESIDE * best or (kept and _goes_on(block, measure))
        if kept:
            chosen += _of_block(block, score, measure)
    return [
        replace(piece, decisive=marked(piece.text, kinds=measure.kinds, wanted=measure.wanted))
        for piece in chosen
    ]


def _goes_on(block: Block, measure: Measure) -> bool:
    """Whether a 款 belongs to the one before it: the penalty of others for the same, or an exception."""
    if Kind.PENALTY in measure.kinds and _LEANING.match(block.lead.text):
        return True
    excepts = len(block.text) <= SHORT_EXCEPTION and _EXCEPTION.search(block.text)
    return bool(excepts) and any(kind in measure.kinds for kind in _ASKED_WHETHER)


def _of_block(block: Block, score: float, measure: Measure) -> list[Slice]:
    if not block.items:
        return [_of_paragraph(block.lead, score, measure)]
    whole = Slice(block.lead.address, block.text, score)
    figure = Kind.NUMBER in measure.kinds and Kind.PENALTY not in measure.kinds
    if Kind.LIST in measure.kinds or len(block.text) <= (SHORT_BLOCK if figure else WHOLE_BLOCK):
        return [whole]
    items = measure.of([row.text for row in block.items])
    order = sorted(range(len(items)), key=lambda i: -items[i])
    second = items[order[1]] if len(order) > 1 else 0.0
    named = block.items[order[0]]
    told = not figure or bool(
        CUES[Kind.NUMBER].search(named.text.lstrip("（(一二三四五六七八九十0123456789）)"))
    )
    if items[order[0]] >= ITEM_LEAD * second and told:
        kept = [named]
    elif len(block.text) > LONG_BLOCK:
        least = ITEM_BESIDE * items[order[0]]
        kept = [row for row, value in zip(block.items, items, strict=True) if value >= least]
    else:
        return [whole]
    return [Slice(row.address, row.text, score) for row in (block.lead, *kept)]


def _of_paragraph(row: Provision, score: float, measure: Measure) -> Slice:
    """A short 款 whole; of a long one the run of sentences from the first that fits to the last."""
    if len(row.text) <= WHOLE_PARAGRAPH:
        return Slice(row.address, row.text, score)
    spans = [m.span() for m in _SENTENCE.finditer(row.text) if m.group().strip()]
    if len(spans) < 2:
        return Slice(row.address, row.text, score)
    scores = measure.of([row.text[a:b] for a, b in spans])
    fit = [i for i, s in enumerate(scores) if s >= SENTENCE * max(scores)]
    text = row.text[spans[fit[0]][0] : spans[fit[-1]][1]].strip()
    return Slice(row.address, text, score)
