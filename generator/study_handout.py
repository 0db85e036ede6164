"""The handout of a lesson: validity, goals, duties, provisions, numbers, penalties, self-test, answers.

The law's words and ours stand in separate cells; the cell for plain words is the trainer's to fill.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.place import Address
from generator.blocks import Block, Cell, Column, Heading, Paper, Paragraph, Run, Table, Title
from generator.study_item import Bank, Item, Kind, Rule
from generator.study_paper import answer_blocks, self_test
from generator.study_text import StudyText
from indexer.obligation import Obligation
from indexer.taxonomy import Post, Taxonomy

MOST_DUTIES, MOST_PROVISIONS, MOST_FACTS, MOST_TEST = 60, 30, 40, 40
PLAIN_WORDS = "（由讲师填写）"
_STATUS = {
    "in_force": "现行有效",
    "not_yet": "尚未生效",
    "amended": "已修改",
    "repealed": "已废止",
    "unknown": "效力待核",
}


Duties = Sequence[tuple[StudyText, Obligation]]


def duties_of(texts: Sequence[StudyText], post: Post | None, taxonomy: Taxonomy) -> Duties:
    """The duties the texts lay on the post (and on the posts it inherits from), or on anyone."""
    out: dict[tuple[str, Address, str], tuple[StudyText, Obligation]] = {}
    for text in texts:
        for one in text.obligations:
            if one.action and _meant(one, post, taxonomy):
                out.setdefault((text.edition.key, one.address, one.quote), (text, one))
    return list(out.values())


def handout(
    bank: Bank, texts: Sequence[StudyText], duties: Duties, *, title: str, post: Post | None = None
) -> Paper:
    """The handout of a bank and the texts it was drawn from."""
    test = _test(bank.items)
    blocks: list[Block] = [Title(title)]
    blocks += _validity(texts, bank)
    blocks += _goals(bank, duties, post)
    blocks += _duties(duties, post)
    blocks += _provisions(bank.items, texts)
    blocks += _facts("五、期限和数字", Rule.NUMBER, "期限、数字", texts=texts, bank=bank)
    blocks += _facts("六、违法行为与处罚", Rule.PENALTY, "处罚幅度", texts=texts, bank=bank)
    blocks += self_test(test, number=7)
    blocks.append(Heading("八、答案和依据"))
    blocks += [_lower(block) for block in answer_blocks(test)]
    return Paper(tuple(blocks), title)


def _lower(block: Block) -> Block:
    """Headings of the answers stand one level below 八、."""
    return Heading(block.text.partition("、")[2], 2) if isinstance(block, Heading) else block


def _meant(one: Obligation, post: Post | None, taxonomy: Taxonomy) -> bool:
    if one.bearer_source == "thing":
        return False
    return post is None or any(held.borne_by(one.bearer) for held in (post, *taxonomy.ancestors(post)))


def _validity(texts: Sequence[StudyText], bank: Bank) -> list[Block]:
    rows = []
    for text in texts:
        edition = text.edition
        rows.append(
            (
                Cell.of(f"《{edition.title}》"),
                Cell.of(text.version, centred=True),
                Cell.of(edition.effective_from or "不详", centred=True),
                Cell.of(_STATUS[edition.status(text.on).value], centred=True),
            )
        )
    columns = (Column("名称", 48), Column("版本", 20), Column("施行日期", 20), Column("效力", 16))
    note = f"效力以{bank.as_of}为准；文本修改后，本讲义和题目应当重新生成。"
    return [Heading("一、文本效力"), Table(columns, tuple(rows)), Paragraph((Run(note, "advice"),))]


def _goals(bank: Bank, duties: Duties, post: Post | None) -> list[Block]:
    """Goals that the material itself meets: each with the number of things it holds."""
    rules = {rule: sum(item.rule is rule for item in bank.items) for rule in Rule}
    who = post.name if post else "各责任主体"
    lines = [f"说出{who}的法定职责，并能指出依据的条款（本讲义列{min(len(duties), MOST_DUTIES)}项）。"]
    if rules[Rule.NUMBER]:
        lines.append("记住条文中的期限和数字（见第五部分）。")
    if rules[Rule.PENALTY]:
        lines.append("知道未履行职责的法律后果和处罚幅度（见第六部分）。")
    lines.append("分清应当做、不得做和可以做的事项，并能辨认责任主体。")
    return [Heading("二、学习目标"), *(Paragraph.of(f"{n}．{line}") for n, line in enumerate(lines, 1))]


def _duties(duties: Duties, post: Post | None) -> list[Block]:
    head = Heading(f"三、{post.name if post else '各责任主体'}的职责")
    if not duties:
        return [head, Paragraph.of("所选文本没有为这一岗位单独规定职责。")]
    rows = []
    for text, one in duties[:MOST_DUTIES]:
        where = f"《{text.name}》{one.address.label}"
        rows.append((Cell.of(one.bearer, "law"), Cell.of(one.quote.strip(), "law"), Cell.of(where)))
    blocks: list[Block] = [head]
    blocks.append(Table((Column("责任主体", 26), Column("条文原文", 52), Column("依据", 26)), tuple(rows)))
    if len(duties) > MOST_DUTIES:
        blocks.append(Paragraph((Run(f"共{len(duties)}项，只列前{MOST_DUTIES}项。", "advice"),)))
    return blocks


def _provisions(items: Sequence[Item], texts: Sequence[StudyText]) -> list[Block]:
    """The articles most asked about, word for word, beside an empty cell for plain words."""
    asked: dict[tuple[str, Address], list[Item]] = {}
    for item in items:
        asked.setdefault((item.edition, item.place.address.whole()), []).append(item)
    top = sorted(asked, key=lambda key: -len(asked[key]))[:MOST_PROVISIONS]
    held = {text.edition.key: text for text in texts}
    rows = []
    for edition, article in sorted(top, key=lambda key: list(asked).index(key)):
        text = held[edition]
        words = "\n".join(row.text for row in text.provisions if row.address.whole() == article)
        note = next((one.note for one in asked[edition, article] if one.note), PLAIN_WORDS)
        where = f"《{text.name}》{article.label}"
        rows.append((Cell.of(where), Cell.of(words, "law"), Cell.of(note, "advice")))
    columns = (Column("条款", 24), Column("条文原文", 56), Column("白话说明（非条文）", 24))
    return [Heading("四、重点条文"), Table(columns, tuple(rows))]


def _facts(head: str, rule: Rule, name: str, *, texts: Sequence[StudyText], bank: Bank) -> list[Block]:
    """One row a number: the number, the sentence it stands in, the reference."""
    held: dict[tuple[str, str, str], Item] = {}
    for item in bank.items:
        if item.rule is rule:
            held.setdefault((item.edition, item.keys[0].text, "".join(p.text for p in item.parts)), item)
    if not held:
        return [Heading(head), Paragraph.of(f"所选题目没有可以单独列出的{name}。")]
    order = {text.edition.key: number for number, text in enumerate(texts)}
    rows = []
    for (edition, words, said), item in sorted(held.items(), key=lambda pair: order.get(pair[0][0], 0))[
        :MOST_FACTS
    ]:
        del edition
        rows.append((Cell.of(words, "law"), Cell.of(said, "law"), Cell.of(item.place.citation)))
    columns = (Column(name, 24), Column("条文原文", 56), Column("依据", 24))
    return [Heading(head), Table(columns, tuple(rows))]


def _test(items: Sequence[Item]) -> tuple[Item, ...]:
    """A share of every kind for the self-test."""
    share = max(1, MOST_TEST // max(1, len({item.kind for item in items})))
    out: list[Item] = []
    for kind in Kind:
        out += [item for item in items if item.kind is kind][:share]
    return tuple(out)
