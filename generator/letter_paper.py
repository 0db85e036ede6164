"""A letter on paper: one small function a part, in the order letter_kinds.toml gives."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator import reply_parts
from generator.blocks import Block, EndMatter, Paper, Paragraph, Rule, Run, Signature, Title
from generator.letter import DRAFT, Cited, Finding, Letter, wording
from generator.letter_advice import ADVICE
from generator.letter_days import AT_ONCE, chinese_date, iso_day, shown_day
from generator.letter_tables import matter_table, slip_table
from generator.title_lines import lines_of

_DIVISION = re.compile("((?:[^省市区县旗州盟]+(?:自治区|[省市区县旗州盟]))+)(?!.*(?:国家|海关|税务))")
BLANK = Run("\u00a0" * 16, "blank")
SHORT_NAME = 17  # characters of the issuer's mark that stand in one line


def compose(letter: Letter) -> Paper:
    """The letter as blocks, watermarked where it is an enforcement document."""
    blocks = tuple(block for part in letter.kind.parts for block in PARTS[part](letter))
    mark = DRAFT if letter.kind.enforcement else "草稿"
    wide = "slip_table" in letter.kind.parts
    return Paper(
        blocks,
        title_of(letter),
        watermark=mark,
        landscape=wide,
        page_number_on_first=letter.kind.first_page_number,
    )


def title_of(letter: Letter) -> str:
    """The title: as given, else by the form of the kind."""
    if given := letter.get("标题"):
        return given
    name = letter.kind.name
    if name == "检察建议整改落实情况复函":
        return f"关于{letter.get('检察建议文号') or letter.get('检察建议')}检察建议书整改落实情况的复函"
    if name in ("整改函", "督办函"):
        return f"关于{letter.get('事由')}的{name}"
    if name == "整改情况报告":
        return f"关于{letter.get('事由')}整改情况的报告"
    return name


def _body(text: str) -> Paragraph:
    return Paragraph.of(text)


def _letterhead(letter: Letter) -> list[Block]:
    name = letter.get("发文机关")
    return [Paragraph.of(name, "Issuer Mark" if len(name) <= SHORT_NAME else "General Name")]


def _general_name(letter: Letter) -> list[Block]:
    return [Paragraph.of(letter.kind.general_name, "General Name")]


def _red_rule(_: Letter) -> list[Block]:
    """The red line and the two empty lines under it (GB/T 9704-2012 clauses 7.2.7 and 7.3.1)."""
    return [Rule(red=True), Paragraph.of("", "No Indent"), Paragraph.of("", "No Indent")]


def _title(letter: Letter) -> list[Block]:
    return [Title(lines_of(title_of(letter)))]


def _number(letter: Letter) -> list[Block]:
    number = letter.get("文号") or "（文号）〔　　　〕　　号"
    return [Paragraph.of(number.replace("[", "〔").replace("]", "〕"), "Document Number")]


def _addressee(letter: Letter) -> list[Block]:
    to = letter.get("被检查单位") or letter.get("主送") or letter.get("制发检察院")
    return [Paragraph.of(f"{to}：", "No Indent")]


def _opening(letter: Letter) -> list[Block]:
    place = letter.get("检查地点")
    where = f"，在{place}" if place else ""
    day = chinese_date(letter.get("检查日期"))
    return [_body(f"{day}{where}，本机关对你单位进行安全生产监督检查，经查，存在下列问题：")]


def _notice_opening(letter: Letter) -> list[Block]:
    return [_body(f"{chinese_date(letter.get('检查日期'))}检查发现你单位存在下列问题，请按要求整改：")]


def _findings(letter: Letter) -> list[Block]:
    blocks: list[Block] = []
    quoted: set[str] = set()
    for number, finding in enumerate(letter.findings, 1):
        place = f"（位置：{finding.place}）" if finding.place else ""
        evidence = f"（证据：{finding.evidence}）" if finding.evidence else ""
        blocks.append(_body(f"{number}.{finding.text.strip().rstrip('。')}{place}{evidence}。"))
        if not finding.breached:
            blocks.append(_body("依据待核：语料库中没有找到对应条文。"))
        blocks += [_body(f"违反{_once(cited, quoted)}的规定。") for cited in finding.breached]
        blocks += [_body(f"对应罚则：{_once(cited, quoted)}。") for cited in finding.penalties]
    return blocks


def _once(cited: Cited, quoted: set[str]) -> str:
    """Quoted where it first stands; after that the citation says enough."""
    if cited.citation in quoted:
        return cited.citation
    quoted.add(cited.citation)
    return cited.printed


def _ranges(numbers: list[int]) -> str:
    """[1, 2, 3, 5] → 1至3、5."""
    spans: list[list[int]] = []
    for n in numbers:
        if spans and n == spans[-1][1] + 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    return "、".join(str(a) if a == b else f"{a}、{b}" if b == a + 1 else f"{a}至{b}" for a, b in spans)


def _deadlines(letter: Letter) -> list[Block]:
    groups: dict[str, list[int]] = {}
    for number, finding in enumerate(letter.findings, 1):
        groups.setdefault(finding.deadline, []).append(number)
    blocks: list[Block] = []
    for limit, numbers in groups.items():
        which = f"第{_ranges(numbers)}项问题"
        if limit == AT_ONCE:
            blocks.append(_body(f"{which}，责令立即排除。"))
        elif limit:
            blocks.append(_body(f"{which}，应当于{chinese_date(limit)}前整改完毕。"))
        else:
            runs = (Run(f"{which}，应当于"), BLANK, Run("前整改完毕。"))
            blocks.append(Paragraph(runs))
    for number, finding in enumerate(letter.findings, 1):
        if finding.measure:
            blocks.append(_body(f"第{number}项整改要求：{finding.measure.rstrip('。')}。"))
        blocks += _advised(number, finding)
    return blocks


def _advised(number: int, finding: Finding) -> list[Block]:
    """What we suggest where the user left a field empty, as 建议 in its own face."""
    if finding.advice is None:
        return []
    told = finding.advice
    open_fields = (
        ("措施", told.measure, finding.measure),
        ("责任人", told.person, finding.person),
        ("期限", told.shown_deadline, finding.deadline),
    )
    parts = [f"{name}：{words}" for name, words, given in open_fields if not given]
    return [Paragraph((Run(f"{ADVICE}第{number}项，{'；'.join(parts)}。", "advice"),))] if parts else []


def _worded(part: str) -> Callable[[Letter], list[Block]]:
    def place(letter: Letter) -> list[Block]:
        entry = wording(part, on=letter.on)
        return [_body(entry.text)] if entry else []

    return place


def government_of(issuer: str) -> str:
    """The people's government a local department's act is reviewed by (行政复议法 第二十四条)."""
    found = _DIVISION.match(issuer)
    return f"{found[1]}人民政府" if found else "本级人民政府"


def _remedies(letter: Letter) -> list[Block]:
    entry = wording("remedies_local", on=letter.on)
    if entry is None:
        return [_body("（救济途径待填：本程序没有成文日期当日有效的表述。）")]
    government = letter.get("复议机关") or government_of(letter.get("发文机关"))
    return [_body(entry.text.format(government=government))]


def _measures(letter: Letter) -> list[Block]:
    value = letter.fields.get("处理措施")
    measures = value if isinstance(value, list) else [str(value)]
    blocks: list[Block] = [_body("因上述问题无法保证安全生产，现作出如下现场处理决定：")]
    blocks += [_body(f"{n}.{str(m).rstrip('。；')}。") for n, m in enumerate(measures, 1)]
    if any("供电" in str(measure) for measure in measures):
        blocks += _worded("power_cut")(letter)
    return blocks


def _officers(letter: Letter) -> list[Block]:
    officers = list(letter.fields.get("执法人员") or [])[:4]
    blocks: list[Block] = []
    for n in range(max(2, len(officers))):
        person = officers[n] if n < len(officers) else {}
        name, badge = str(person.get("姓名") or ""), str(person.get("证号") or "")
        runs = (
            Run("执法人员（签名）："),
            BLANK,
            Run(f"（{name}）" if name else ""),
            Run("　证号："),
            Run(badge) if badge else BLANK,
        )
        blocks.append(Paragraph(runs, "No Indent"))
    return blocks


def _inspected(letter: Letter) -> list[Block]:
    runs = (Run("被检查单位负责人（签名）："), BLANK, Run("　日期："), BLANK)
    entry = wording("refusal", on=letter.on)
    note: list[Block] = [Paragraph.of(f"注：{entry.text}", "Small Note")] if entry else []
    return [Paragraph(runs, "No Indent"), *note]


def _seal(letter: Letter) -> list[Block]:
    day = letter.get("成文日期")
    shown = chinese_date(day) if day else "　　　　年　　月　　日"
    return [Paragraph.of("", "No Indent"), Signature(letter.get("发文机关"), shown)]


def _copies(letter: Letter) -> list[Block]:
    if letter.kind.enforcement:
        note = Paragraph.of("本文书一式两份：一份交被检查单位，一份存档。", "Small Note")
        return [Paragraph.of("", "No Indent"), note]
    copies, printer = letter.get("抄送"), letter.get("印发机关")
    if not copies and not printer:
        return []
    day = letter.get("印发日期")
    shown = chinese_date(day) if day else "　　　　年　　月　　日"
    return [EndMatter(copies.rstrip("。"), printer or letter.get("发文机关"), shown)]


def _earlier(letter: Letter) -> list[Block]:
    inspected = chinese_date(letter.get("复查日期"))
    return [_body(f"本机关于{inspected}对你单位执行{letter.get('原决定')}的情况进行了复查，意见如下：")]


def _review(letter: Letter) -> list[Block]:
    return [
        _body(f"{n}.{row.get('问题', '')}：{row.get('意见', '')}。")
        for n, row in enumerate(letter.rows("复查结果"), 1)
    ]


def _slip_number(letter: Letter) -> list[Block]:
    number = letter.get("文号") or "\u3000" * 6
    return [Paragraph.of(f"签发单位：{letter.get('发文机关')}　编号：{number}", "No Indent")]


def _slip_facts(letter: Letter) -> list[Block]:
    people = letter.get("检查人员") or "　　　　　　"
    day = chinese_date(letter.get("检查日期"))
    line = f"受检部门：{letter.get('受检部门')}　检查时间：{day}　检查人员：{people}"
    return [Paragraph.of(line, "No Indent")]


def _slip_signatures(_: Letter) -> list[Block]:
    runs = (Run("签发："), BLANK, Run("　签收："), BLANK, Run("　复查人："), BLANK)
    return [Paragraph(runs, "No Indent")]


def _reason(letter: Letter) -> list[Block]:
    verb = "报告" if letter.kind.name == "整改情况报告" else "函告"
    return [_body(letter.get("缘由") or f"现就{letter.get('事由')}有关事项{verb}如下：")]


def _supervision(letter: Letter) -> list[Block]:
    entry = wording("supervision", on=letter.on)
    reason = [_body(letter.get("缘由"))] if letter.get("缘由") else []
    return [*reason, _body(entry.text.format(source=entry.source))] if entry else _reason(letter)


def _report_back(letter: Letter) -> list[Block]:
    limit = shown_day(iso_day(letter.get("反馈期限"))).removesuffix("前")
    if limit:
        return [_body(f"请于{limit}前将办理情况书面反馈我单位。")]
    return [Paragraph((Run("请于"), BLANK, Run("前将办理情况书面反馈我单位。")))]


def _contact(letter: Letter) -> list[Block]:
    person = letter.get("联系人") or "　　　　"
    phone = letter.get("联系电话") or "　　　　　　"
    return [_body(f"联系人：{person}，联系电话：{phone}。")]


def _closing(letter: Letter) -> list[Block]:
    if letter.kind.name == "整改情况报告":
        return [_body("专此报告。")]
    return [_body("专此函复。" if "复函" in letter.kind.name else "专此函告。")]


PARTS: dict[str, Callable[[Letter], list[Block]]] = {
    "letterhead": _letterhead, "general_name": _general_name, "red_rule": _red_rule,
    "title": _title, "number": _number, "addressee": _addressee,
    "opening": _opening, "notice_opening": _notice_opening, "findings": _findings, "deadlines": _deadlines,
    "consequence": _worded("consequence"), "keep_safe": _worded("keep_safe"), "remedies": _remedies,
    "measures": _measures, "officers": _officers, "inspected": _inspected, "seal": _seal, "copies": _copies,
    "earlier": _earlier, "review": _review, "slip_number": _slip_number, "slip_facts": _slip_facts,
    "slip_table": slip_table, "slip_signatures": _slip_signatures, "reason": _reason,
    "supervision": _supervision, "matter_table": matter_table, "report_back": _report_back,
    "contact": _contact, "closing": _closing, **reply_parts.PARTS,
}  # fmt: skip
