"""The masthead: what a text says of itself above its first provision.

Title, kind, issuer, document number, region, dates of passing, amendment and commencement. The text is
read first; folder and file name are hints for what it leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus import dating, issuers, kinds, regions
from corpus.document import Level, Line, Masthead, Provision
from corpus.draft import Notes
from corpus.heads import article_head, bare, heading_head, item_head, top_head, trim

_TITLE_END = re.compile(
    "(?:法|条例|规定|办法|细则|规则|决定|决议|解释|批复|通知|意见|修正案|方案|规程|标准|措施|命令|公告|安排|解答|典|纪要|制度|若干问题|宣言|声明|要点|准则|指引|案)"
    "(?:[（(][^）)]{1,12}[）)])*$"
)
_NUMBER_LINE = re.compile(
    "[（(]?\\S{0,14}(?:〔|\\[|［|\\()\\d{4}(?:〕|\\]|］|\\))\\s*(?:第)?\\s*\\d+\\s*号[）)]?$|.{0,16}(?:令|公告).{0,8}第?\\s*[\\d一二三四五六七八九十百零〇]+\\s*号$"
)
_ISSUER_LINE = re.compile(
    "(?:中华人民共和国)?\\S{2,30}(?:人民代表大会(?:常务委员会)?|人民政府|国务院|法院|检察院|部|委员会|总局|局|署|办公厅)(?:公告|令|文件)?(?:发布)?$"
)
_EVENT_WORD = re.compile(
    "通过|公布|发布|施行|修正|修订|批准|修改|颁布|印发|实施|生效|废止|第[\\d一二三四五六七八九十百零〇]+号|起"
)
_EVENT_END = re.compile(
    "(?:通过|公布|发布|施行|修正|修订|批准|修改|颁布|印发|实施|生效|废止|号|执行|备案|作废|重新公布|起施行)[）)。]?$"
)
_EVENT_LINE = re.compile(
    "[^。；]{0,120}(?:会议|委员会|政府|国务院)[^。；]{0,40}(?:通过|批准|修正|修订|发布)[）)]?$"
    "|[^。；]{0,160}(?:决定|规定|办法)[》〉>](?:第[一二三四五六七八九十]次)?(?:修正|修订)[）)]?$"
    "|自?(?:公布|发布|通过|批准)之日起?(?:施行|实施|生效)$"
)
_PURPOSE = re.compile(
    "为了?[^，。]{2,60}[，,]|根据[^，。]{2,90}(?:规定|精神|要求|实际)[，,、]|(?:兹|现)(?:将|就)"
)
_ORDER_SENTENCE = re.compile(
    "[^。]{0,30}《[^》]+》[^。]{0,20}(?:由|经)[^。]{2,140}(?:公布|发布|颁布|印发|施行)[^。]{0,60}。?$"
)
_SIGNATURE = re.compile(
    "(?:中华人民共和国)?(?:主\\s*席|总\\s*理|部\\s*长|局\\s*长|署\\s*长|省\\s*长|市\\s*长|主\\s*任|委员长)\\s*[一-鿿·\\s]{2,8}$"
)
_MAKER = re.compile("(?!附)[一-鿿×○（）() \u3000]{3,40}$")
_ORDER_HEAD = re.compile(".{0,30}(?:令|公告|文件)$|第?\\s*[\\d一二三四五六七八九十百零〇]+\\s*号$")
NATIONAL = frozenset(("宪法", "法律", "行政法规", "监察法规", "司法解释", "部门规章", "案例"))
_MAX_HEAD = 60
_BELOW = 30


def split(lines: Sequence[Line], *, name: str) -> tuple[list[Line], list[Line]]:
    """The lines of the masthead, and those of the body."""
    stop = 0
    for index, line in enumerate(lines[:_MAX_HEAD]):
        text = trim(line.text)
        if not _belongs(index, text, line, lines, name):
            break
        stop = index + 1
    return list(lines[:stop]), list(lines[stop:])


def _belongs(index: int, text: str, line: Line, lines: Sequence[Line], name: str) -> bool:
    """Whether a line, those before it belonging, is still masthead."""
    if index == 0:
        return _may_be_title(text)
    if line.heading == 1:
        return article_head(text) is None
    if _is_body(text, line):
        return False
    if dating.leads(text) or (text.startswith(("（", "(")) and _EVENT_WORD.search(text)):
        return not _is_sentence(text)
    if not _is_official(text) and _open_event(trim(lines[index - 1].text)) and len(text) < 160:
        return not text.endswith(("。", "：", ":"))
    return _is_official(text) or _repeats_title(text, lines, name) or _stands_above_date(index, text, lines)


def _is_body(text: str, line: Line) -> bool:
    """A line that only stands below a masthead: a provision, a heading, the sentence of purpose."""
    marked = line.heading is not None
    heads = (article_head(text), heading_head(text, marked=marked), item_head(text), top_head(text))
    return marked or any(heads) or _PURPOSE.match(text) is not None


def _is_official(text: str) -> bool:
    """Numbers, makers, events without a date, the sentence and signature of an order."""
    patterns = (_NUMBER_LINE, _ISSUER_LINE, _EVENT_LINE, _ORDER_SENTENCE, _ORDER_HEAD, _SIGNATURE)
    return any(pattern.match(text) for pattern in patterns)


def _may_be_title(text: str) -> bool:
    """A first line that is no provision and no sentence."""
    if len(text) > 160 or text.endswith(("。", "；", "：", ":", ".", ";")):
        return False
    return not any(head(text) for head in (article_head, top_head, item_head, heading_head))


def _is_sentence(text: str) -> bool:
    """A sentence that begins with a date is no event line: 1993年我院印发《…》以来，各地…。"""
    if text.startswith(("（", "(")) or _EVENT_END.search(text.partition("。")[0]):
        return False
    return "。" in text or text.endswith(("：", ":")) or len(text) > 400


def _open_event(text: str) -> bool:
    """A date line that broke off before its event, or an unclosed bracket."""
    if any(text.count(a) > text.count(b) for a, b in ("（）", "()", "《》", "〈〉")):
        return True
    if text.endswith("关于修改"):
        return True
    return dating.leads(text) and not _EVENT_END.search(text)


def _stands_above_date(index: int, text: str, lines: Sequence[Line]) -> bool:
    """A short line with a date line right below: 最高人民法院发布 above 2022-03-15."""
    if len(text) > 40 or text.endswith(("。", "：", ":", "；")):
        return False
    for line in lines[index + 1 : index + 4]:
        below = trim(line.text)
        if dating.leads(below):
            return not _is_sentence(below)
        if line.heading is not None or article_head(below) or len(below) > 40 or below.endswith("。"):
            return False
    return False


def _repeats_title(text: str, lines: Sequence[Line], name: str) -> bool:
    """The title's second line, or the title once more, whole or in pieces."""
    title, words = _plain(lines[0].text), _plain(text)
    stem = _plain(re.sub("[（(]\\d{4}-\\d\\d-\\d\\d[）)]|\\.\\w+$", "", name))
    if words == title or (len(words) > 3 and (words in stem or words in title)):
        return len(words) < 80
    return bool(_TITLE_END.search(words)) and not _TITLE_END.search(title) and len(words) < 40


def _plain(text: str) -> str:
    """Words without layout and without the marks that vary between a title and its repetition."""
    return re.sub("[、，,]", "", bare(text))


def read(head: Sequence[Line], body: Sequence[Line], *, name: str, folder: str) -> Masthead:
    """What the masthead says; commencement and version are completed when the provisions are known."""
    texts = [trim(line.text) for line in head]
    below = [trim(line.text) for line in body[:_BELOW]]
    title = _title(texts, name)
    events = dating.events(texts[1:])
    number = issuers.number(texts) or issuers.number(below[:6])
    kind = kinds.kind(title, texts, number, folder, below)
    local = kind not in NATIONAL
    return Masthead(
        title=title,
        kind=kind,
        issuer=issuers.issuer(title, "".join(texts[1:]), number, kind),
        number=number,
        region=_region(title, texts, folder) if local else None,
        language="en" if _is_english(body or head) else "zh",
        passed=events.passed,
        amended=events.amended,
        effective=events.effective,
        effective_stated="masthead" if events.effective else None,
        versions=events.versions,
        version=dating.version(events, kind=kind, named=dating.in_name(name)),
        sample=any("样例" in text and "虚构" in text for text in texts),
    )


def signed(masthead: Masthead, lines: Sequence[str]) -> Masthead:
    """The masthead with what the signature below the text adds: maker and date of a notice.

    Only what the masthead itself leaves open; a statute is never dated by a signature.
    """
    days = [day for text in lines if dating.is_alone(text) for day, _, _ in dating.find(text)]
    if not days or masthead.versions:
        return masthead
    above = lines[: next(index for index, text in enumerate(lines) if dating.is_alone(text))]
    makers = [bare(text) for text in above if _MAKER.match(text)]
    return replace(
        masthead,
        issuer=masthead.issuer or "、".join(makers) or None,
        versions=(days[-1],),
        version=days[-1],
    )


def _region(title: str, texts: Sequence[str], folder: str) -> str | None:
    """The province of a local text; None for a national one."""
    return regions.of_title(title) or regions.of_legislature("".join(texts[1:])) or regions.of_folder(folder)


def _title(texts: Sequence[str], name: str) -> str:
    """The title: the first line, or behind the head of an order; joined where it was wrapped."""
    rest = list(texts)
    while len(rest) > 1 and _stands_before_title(rest[0], rest[1:]):
        rest.pop(0)
    if not rest:
        return re.sub("(?:\\.en)?\\.\\w+$", "", name)
    title = rest[0]
    for text in rest[1:4]:
        if (
            _TITLE_END.search(title)
            or dating.leads(text)
            or _is_official(text)
            or text.startswith(("（", "("))
        ):
            break
        if _TITLE_END.search(text):
            return title + text
        if len(text) > 30:
            break
    return title


def _stands_before_title(text: str, below: Sequence[str]) -> bool:
    """The head of an order (…令, 第88号, its sentence, signature and date), where a title stands below."""
    before = _ORDER_HEAD.match(text) or _NUMBER_LINE.match(text) or _ORDER_SENTENCE.match(text)
    if not (before or _SIGNATURE.match(text) or dating.leads(text)):
        return False
    return any(_TITLE_END.search(line) and not dating.leads(line) and len(line) < 90 for line in below)


def _is_english(lines: Sequence[Line]) -> bool:
    sample = "".join(line.text for line in lines[:40])
    letters = sum(1 for c in sample if c.isascii() and c.isalpha())
    return letters > 0.6 * max(1, len(bare(sample)))


def part_title(masthead: Masthead, head: Sequence[Line]) -> tuple[str, ...]:
    """The second title of a code that lies in several files: 合同编 of 民法典."""
    titles = [trim(line.text) for line in head if line.heading == 1]
    rest = [title for title in titles[1:] if title not in masthead.title]
    return tuple(rest[:1])


def complete(
    masthead: Masthead,
    head: Sequence[Line],
    provisions: Sequence[Provision],
    *,
    name: str,
    kind: str | None,
    region: str | None,
    effective: str | None,
    notes: Notes,
) -> Masthead:
    """Fills in the commencement date from the last provisions, then what the caller states."""
    if masthead.effective is None:
        stated, where = _commencement(head, provisions, name=name, published=masthead.version)
        masthead = replace(masthead, effective=stated, effective_stated=where)
    if effective is not None:
        masthead = replace(masthead, effective=effective, effective_stated="given")
    if kind is not None:
        masthead = replace(masthead, kind=kind)
    if region is not None:
        masthead = replace(masthead, region=region or None)
    _cross_check(masthead, name, notes)
    return masthead


def _cross_check(masthead: Masthead, name: str, notes: Notes) -> None:
    """Remarks a file name whose date is not among the masthead's."""
    named = dating.in_name(name)
    if named is None or not masthead.versions or named in masthead.versions:
        return
    if masthead.version == named:
        notes.add(
            "version_from_name", f"文首最后日期为{masthead.versions[-1]}，文件名为{named}：版本按文件名"
        )


def _commencement(
    head: Sequence[Line], provisions: Sequence[Provision], *, name: str, published: str | None
) -> tuple[str | None, str | None]:
    """自…起施行 in the last provisions of the main text."""
    main = [row for row in provisions if row.address.annex is None and row.level is not Level.TABLE]
    for row in reversed(main[-12:]):
        found = dating.commencement(row.text)
        if found is None:
            continue
        where = f"article {row.address.article}" if row.address.article else f"section {row.address.section}"
        if found == dating.ON_PUBLICATION:
            events = dating.events([trim(line.text) for line in head[1:]])
            day = events.published or events.approved or events.passed or published or dating.in_name(name)
            return day, where if day else None
        return found, where
    return None, None
