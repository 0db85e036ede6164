"""Which words of an article answer: rows of an article, a question, and what must (not) be stated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.document import Level, Provision
from corpus.place import Address
from corpus.structure import read_document
from retriever.question import understand
from retriever.question_kinds import Kind
from retriever.statements import Measure, Slice, blocks_of, choose, pairs

CASES = Path(__file__).resolve().parent.parent / "cases"


def rows(*paragraphs: tuple[str, ...]) -> list[Provision]:
    """Paragraphs of one article: the lead, then its items."""
    made = []
    for p, (lead, *items) in enumerate(paragraphs, 1):
        made.append(Provision(Address(1, paragraph=p), Level.PARAGRAPH, lead))
        for i, text in enumerate(items, 1):
            made.append(Provision(Address(1, paragraph=p, item=i), Level.ITEM, text, marker=text[:3]))
    return made


def stated(question: str, article: list[Provision]) -> list[Slice]:
    asked = understand(question)
    return choose(article, Measure(dict.fromkeys(pairs(asked.query), 1.0), asked.kinds))


LICENCE = rows(
    ("许可证的有效期为3年。有效期满需要延期的，企业应当于期满前3个月办理延期手续。",),
    ("企业严格遵守法律、未发生死亡事故的，经原机关同意，不再审查，有效期延期3年。",),
)
PENALTY = rows(
    (
        "企业有下列行为之一的，责令限期改正，处五万元以下的罚款；逾期未改正的，处五万元以上二十万元以下的罚款:",
        "（一）未设置明显的安全警示标志的；",
        "（二）未为从业人员提供劳动防护用品的；",
        *(
            f"（{n}）未按照规定对第{n}类设备进行经常性维护、保养和定期检测，造成设备不能正常运转的情形的；"
            for n in "三四五六七八九"
        ),
        "（十）使用燃气未安装可燃气体报警装置的。",
    ),
)
TAIL = rows(
    ("评价机构出具虚假报告的，没收违法所得，并处十万元以上二十万元以下的罚款。",),
    ("对有前款违法行为的机构，吊销其相应资质，五年内不得从事评价工作。",),
    ("评价机构应当公开服务项目和办事程序，接受社会监督。",),
)


def test_a_number_question_gets_the_sentence_with_the_number() -> None:
    text = "\n".join(s.text for s in stated("许可证能用几年，要提前多久去延期？", LICENCE))
    assert "有效期为3年" in text
    assert "期满前3个月" in text


def test_a_long_penalty_gets_its_lead_and_the_item_that_fits() -> None:
    found = stated("餐馆没装可燃气体报警装置罚多少？", PENALTY)
    assert [s.address.item for s in found] == [None, 10]
    assert found[0].text.endswith("罚款:")


def test_a_list_question_gets_the_whole_list() -> None:
    (whole,) = stated("企业有哪些行为要罚款？", PENALTY)
    assert whole.text.count("\n") == 10


def test_a_penalty_brings_the_paragraph_that_leans_on_it() -> None:
    found = stated("评价机构出具虚假报告怎么罚？", TAIL)
    assert [s.address.paragraph for s in found] == [1, 2]


def test_every_slice_is_verbatim_and_its_marks_lie_inside() -> None:
    for article in (LICENCE, PENALTY, TAIL):
        whole = "\n".join(row.text for row in article)
        for piece in stated("企业没有劳动防护用品罚多少，几年有效？", article):
            assert piece.text in whole
            assert all(0 <= a < b <= len(piece.text) for a, b in piece.decisive)
            assert list(piece.decisive) == sorted(piece.decisive)


def test_the_decisive_words_are_marked() -> None:
    (piece, *_) = stated("许可证的有效期几年？", LICENCE)
    assert any("3年" in piece.text[a:b] or "有效期" in piece.text[a:b] for a, b in piece.decisive)


def test_no_rows_state_nothing() -> None:
    assert choose([], Measure({}, (Kind.LIST,))) == []


def test_blocks_keep_items_with_their_lead() -> None:
    (block,) = blocks_of(PENALTY)
    assert len(block.items) == 10
    assert len(blocks_of(LICENCE)) == 2


@pytest.mark.shared
def test_given_the_right_article_nearly_every_fact_is_stated(shared: Path) -> None:
    """On our own questions: the choice of sentences loses few facts, and does not state everything."""
    known: dict[str, list[Provision]] = {}
    facts = kept = letters = whole_letters = 0
    for line in (CASES / "qa.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["answerable"] or row["split"] != "dev":
            continue
        gold = row["gold"][0]
        if gold["doc"] not in known:
            known[gold["doc"]] = list(
                read_document(shared / "laws" / gold["doc"], source=gold["doc"]).provisions
            )
        article = [
            p for p in known[gold["doc"]] if p.address.article == gold["article"] and not p.address.annex
        ]
        whole = "\n".join(p.text for p in article)
        found = stated(row["question"], article)
        wanted = [fact for fact in row["key_facts"] if fact in whole]
        facts += len(wanted)
        kept += sum(any(fact in s.text for s in found) for fact in wanted)
        letters += sum(len(s.text) for s in found)
        whole_letters += len(whole)
    assert facts > 60
    assert kept / facts >= 0.95
    assert letters < 0.9 * whole_letters
