"""An independent check of study items: it shares no code with the makers and trusts nothing they say.

It holds every item against the stored text: verbatim words, one answer, options apart, law in force.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from corpus.document import Provision
from corpus.errors import ZerenError
from corpus.library import Library
from corpus.numeral import from_chinese
from corpus.place import Address, Status
from generator.study_item import BLANK, TRUE_FALSE, Item, Kind, Rule, Slice
from generator.study_verdict import Verdict, judge, plain

_FILLED = (Rule.NUMBER, Rule.SUBJECT, Rule.PENALTY, Rule.MODALITY)
_SYNONYMS = (frozenset({"应当", "必须"}), frozenset({"不得", "严禁"}), frozenset({"不得", "禁止"}))
_STRICTER = (("可以", "应当"), ("可以", "必须"))


class Verifier:
    """Holds items against one library on one day."""

    def __init__(self, library: Library, *, on: str) -> None:
        self._library = library
        self._on = on
        self._texts: dict[str, _Stored] = {}

    def problems(self, item: Item) -> tuple[str, ...]:
        """Everything wrong with an item, () when it is sound."""
        try:
            edition = self._library.edition(item.edition)
            stored = self._texts.get(item.edition)
            if stored is None:
                stored = self._texts[item.edition] = _Stored(self._library.provisions(item.edition))
        except ZerenError as error:
            return (error.message,)
        found: list[str] = []
        if edition.status(self._on) is not Status.IN_FORCE:
            found.append("依据的文本不是现行有效文本")
        if (
            edition.masthead.version or edition.effective_from
        ) != item.place.version or edition.work != item.work:
            found.append("版本与文本库不一致")
        found += _slices(item, stored)
        if not found:
            found += _options(item)
            found += _CHECKS[item.rule](item, stored)
        return tuple(found)

    def bank(self, items: Sequence[Item]) -> Verdict:
        """Every item, and the bank's key positions, lengths and doubles."""
        unsound = {item.id: found for item in items if (found := self.problems(item))}
        return judge(items, unsound)


class _Stored:
    """The rows of a text for looking things up in."""

    def __init__(self, rows: Sequence[Provision]) -> None:
        self.rows = rows
        self.by_address = {row.address: row.text for row in rows}
        self.articles: dict[Address, str] = {}
        for row in rows:
            held = self.articles.get(row.address.whole())
            self.articles[row.address.whole()] = row.text if held is None else f"{held}\n{row.text}"
        self.all = "\n".join(self.articles.values())

    def elsewhere(self, article: Address) -> Iterator[str]:
        return (words for at, words in self.articles.items() if at != article)


def _slices(item: Item, stored: _Stored) -> Iterator[str]:
    if not item.keys:
        yield "没有答案"
    for one in (*item.keys, *item.parts, *item.basis):
        text = stored.by_address.get(one.address)
        if text is None or hashlib.sha256(text.encode()).hexdigest() != one.sha256:
            yield f"{one.address.label}与文本库不一致"
        elif not one.text or text[one.start : one.end] != one.text:
            yield f"“{one.text[:12]}”不是{one.address.label}的原文"
    for one in item.keys:
        if not any(one.address == held.address and one.text in held.text for held in item.basis):
            yield "解析没有引用答案所在的条文"


def _options(item: Item) -> Iterator[str]:
    held = [plain(option) for option in item.options]
    if len(set(held)) < len(held) or not all(held):
        yield "选项重复或空白"
    if item.kind is Kind.SINGLE and (len(item.options) != 4 or len(item.answer) != 1):
        yield "单选题应有四个选项、一个答案"
    if item.kind is Kind.MULTIPLE and not (
        4 <= len(item.options) <= 5 and 2 <= len(item.answer) < len(item.options)
    ):
        yield "多选题应有四至五个选项、两个以上答案和至少一个干扰项"
    if item.kind is Kind.TRUEFALSE and (item.options != TRUE_FALSE or item.answer not in ((0,), (1,))):
        yield "判断题的选项应为正确、错误"
    if item.kind in (Kind.CLOZE, Kind.SHORT) and (item.options or item.answer):
        yield "填空题、简答题不应有选项"
    if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
        right = sorted(item.options[n] for n in item.answer)
        if right != sorted(key.text for key in item.keys):
            yield "正确选项不是条文原文"


def _filled(item: Item, stored: _Stored) -> Iterator[str]:
    """Number, subject, penalty and modality items: the law's own words around one blank or one swap."""
    said = "".join(part.text for part in item.parts)
    key = item.keys[0].text
    if item.kind is Kind.TRUEFALSE:
        yield from _judged(item, said, stored)
        before, _, after = said.partition(key)
    else:
        before, _, after = item.statement.partition(BLANK)
        if before + key + after != said or item.statement.count(BLANK) != 1:
            yield "填入答案后不是条文原文"
        if item.rule is not Rule.MODALITY and key in before + after:
            yield "题干中已出现答案"
    for option in item.options if item.kind is Kind.SINGLE else ():
        if option != key and (before + option + after in stored.all or _entailed(item.rule, key, option)):
            yield f"选项“{option}”也成立或与答案重叠"
    if _answered_elsewhere(item, before, after, stored):
        yield "另有条文也可作答"


def _judged(item: Item, said: str, stored: _Stored) -> Iterator[str]:
    true = item.answer == (0,)
    if true:
        if item.statement != said or item.swap:
            yield "判为正确的表述不是条文原文"
        return
    if item.swap is None or item.statement == said or item.statement in stored.all:
        yield "判为错误的表述与条文相同"
        return
    right, wrong = item.swap
    if not any(
        item.statement == said[: at.start()] + wrong + said[at.end() :]
        for at in re.finditer(re.escape(right), said)
    ):
        yield "判为错误的表述不是由一处改动而来"
    if frozenset(item.swap) in _SYNONYMS or item.swap in _STRICTER:
        yield "改动只是同义或更严"
    if item.rule is Rule.NUMBER and _stricter(item.statement, right, wrong):
        yield "改动只是更严"
    if _entailed(item.rule, right, wrong):
        yield "改动后的幅度与原文重叠"


def _stricter(statement: str, right: str, wrong: str) -> bool:
    """A shorter deadline or a higher minimum breaks nothing that the law asks."""
    (right_value, _), (wrong_value, _) = _bounds(right), _bounds(wrong)
    after = statement.partition(wrong)[2]
    before = statement.partition(wrong)[0]
    if re.match(r"以?内|之内", after):
        return wrong_value <= right_value
    if re.search(r"不少于|不得少于|至少|不低于|不得低于|不小于", before[-5:]):
        return wrong_value >= right_value
    return not right.startswith("每")


_NUMERAL = re.compile(r"(\d+(?:\.\d+)?|[一二三四五六七八九十百千零两〇]+)(亿|万|千)?")


def _bounds(words: str) -> tuple[float, float]:
    """The closed range a quantity means; N元以下 begins at nought."""
    values = []
    for figure, scale in _NUMERAL.findall(words.replace("百分之", "")):
        value = float(figure) if figure[0].isdigit() else float(from_chinese(figure) or 0)
        values.append(value * {"亿": 1e8, "万": 1e4, "千": 1e3, "": 1}[scale])
    if not values:
        return (-1.0, -1.0)
    if len(values) == 1 and words.endswith("以下"):
        return (0.0, values[0])
    return (min(values), max(values))


def _entailed(rule: Rule, key: str, option: str) -> bool:
    if rule is Rule.PENALTY:
        (low, high), (low2, high2) = _bounds(key), _bounds(option)
        return low <= high2 and low2 <= high
    if rule is Rule.NUMBER:
        return _bounds(key) == _bounds(option) != (-1.0, -1.0)
    if rule is Rule.SUBJECT:
        return option in key or key in option
    return frozenset({key, option}) in _SYNONYMS


def _answered_elsewhere(item: Item, before: str, after: str, stored: _Stored) -> bool:
    """Another article has the words on both sides of the blank, with whatever between them."""
    article = item.keys[0].address.whole()
    if len(item.parts) > 1:  # the behaviour of an item decides: it must stand in this article alone
        behaviour = max((p.text for p in item.parts if p.address.item is not None), key=len, default="")
        return not behaviour or any(behaviour in words for words in stored.elsewhere(article))
    left, right = before[-16:], after.rstrip("。")[:16]
    if len(left) + len(right) < 10:
        return True
    gap = re.compile(re.escape(left) + r"[^。；]{1,30}?" + re.escape(right))
    own = len(gap.findall(stored.articles[article]))
    return own > 1 or any(gap.search(words) for words in stored.elsewhere(article))


def _listed(item: Item, stored: _Stored) -> Iterator[str]:
    lead = item.parts[0]
    below = _items_below(stored, lead.address)
    if not item.statement.startswith(lead.text):
        yield "题干不是列举的引语"
    if sum(row.text.startswith(lead.text) for row in stored.rows) != 1:
        yield "另有条文也可作答"
    if any(key.address not in below for key in item.keys):
        yield "答案不在该条列举之中"
    rows = list(below.values())
    if item.kind is Kind.TRUEFALSE:
        said = item.statement[len(lead.text) + 1 :].rstrip("。")
        inside = any(said == _bare(row) for row in rows)
        if inside != (item.answer == (0,)):
            yield "判断与条文不符"
        if not inside and (_near(said, rows) or _under_like_lead(said, lead, stored)):
            yield "错误的表述与列举事项相近"
        return
    for number, option in enumerate(item.options):
        if number not in item.answer and _near(option, rows):
            yield f"干扰项“{option[:12]}”与列举事项相近"
        if number not in item.answer and _under_like_lead(option, lead, stored):
            yield f"干扰项“{option[:12]}”的引语与本题相近"


def _under_like_lead(option: str, lead: Slice, stored: _Stored) -> bool:
    """The option is an item of another list whose lead says nearly the same: it may be right too."""
    for row in stored.rows:
        if row.address.item is not None and option in row.text:
            up = replace(row.address, item=None, subitem=None)
            if _ratio(stored.by_address.get(up, ""), lead.text) > 0.8:
                return True
    return False


def _items_below(stored: _Stored, lead: Address) -> dict[Address, str]:
    return {
        row.address: row.text
        for row in stored.rows
        if row.address.item is not None
        and (row.address.whole(), row.address.paragraph) == (lead.whole(), lead.paragraph)
    }


def _bare(row: str) -> str:
    return re.sub(r"^[（(][一二三四五六七八九十百\d]+[）)]\s*", "", row).rstrip("；。;. ")


@lru_cache(maxsize=100_000)
def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _near(option: str, rows: Sequence[str]) -> bool:
    """An option that says what an item says: the same words inside, or most letters in the same order."""
    for row in rows:
        bare = _bare(row)
        if len(bare) < 4:
            continue
        if option in bare or bare in option or _ratio(option, bare) > 0.72:
            return True
    return False


def _duty(item: Item, stored: _Stored) -> Iterator[str]:
    """Whole duties: the words before the blank stand once, the points after them."""
    head = item.parts[0]
    if not item.statement.startswith(head.text):
        yield "题干不是条文原文"
    if stored.all.count(head.text) != 1:
        yield "另有条文也可作答"
    if len(item.keys) < 2:
        yield "要点不足两个"
    below = _items_below(stored, head.address)
    for key in item.keys:
        after = key.address == head.address and key.start >= head.end
        if not after and key.address not in below:
            yield "要点不在该条之中"
    own = stored.articles[head.address.whole()]
    for number, option in enumerate(item.options):
        if number in item.answer:
            continue
        if option in own or _near(option, re.split("[，；。\n]", own)):
            yield f"干扰项“{option[:12]}”与本条内容相近"
        if item.subject and _borne(option, item.subject, stored):
            yield f"干扰项“{option[:12]}”也是同一主体的职责"
    if (
        item.kind is Kind.SHORT
        and below
        and len(item.keys) != len(below)
        and all(key.address in below for key in item.keys)
    ):
        yield "要点没有列全"


def _borne(option: str, subject: str, stored: _Stored) -> bool:
    """The sentence that holds the option begins with the item's own subject."""
    sentences = (part for row in stored.rows for part in re.findall(r"[^。]+。?", row.text))
    return any(option in part and part.startswith(subject) for part in sentences)


_ARTICLE = re.compile(r"》(?P<label>.+?)规定的内容是$")


def _topic(item: Item, stored: _Stored) -> Iterator[str]:
    named = _ARTICLE.search(item.lead)
    article = item.keys[0].address.whole()
    if named is None or named["label"] != article.label:
        yield "题干所问的条与依据不一致"
    for number, option in enumerate(item.options):
        here = option in stored.articles[article]
        if here != (number in item.answer):
            yield "选项与所问的条不符"
        if option not in stored.all:
            yield "选项不是该文本的原文"
        if not here and _ratio(option, item.keys[0].text) > 0.8:
            yield "选项与答案相近"


_CHECKS = {**{rule: _filled for rule in _FILLED}, Rule.LIST: _listed, Rule.DUTY: _duty, Rule.TOPIC: _topic}
