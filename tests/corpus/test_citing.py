"""Written citations against real laws: the right provision, or exactly what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.citing import Outcome, resolve
from corpus.library import Library
from corpus.links import links_from, links_to
from corpus.place import Address
from corpus.structure import read_document

CASES = Path(__file__).parent.parent / "cases" / "citation.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
TODAY = "2026-11-22"
EXAMPLE_STATUS = {
    "article_not_found": "no_such_article",
    "kuan_not_found": "no_such_paragraph",
    "xiang_not_found": "no_such_item",
    "law_not_in_corpus": "no_such_work",
    "ok_repealed": "ok",
    "ok_context": "ok",
}


def sources_wanted(shared: Path) -> list[str]:
    """The texts the cases name, the regional ones they must not be confused with, the whole 民法典."""
    laws = shared / "laws"
    named = {target[0] for row in ROWS for target in row["targets"]}
    examples = (shared / "examples" / "citation.jsonl").read_text("utf-8").splitlines()
    named |= {target["doc"] for line in examples for target in json.loads(line)["targets"]}
    named |= {p.relative_to(laws).as_posix() for p in (laws / "民法典").glob("[!_]*.md")}
    local = "DLC/*/地方性法规/*/*{}*.md"
    for words in ("市安全生产条例", "省安全生产条例", "市消防条例", "省消防条例"):
        named |= {p.relative_to(laws).as_posix() for p in laws.glob(local.format(words))}
    return sorted(named)


@pytest.fixture(scope="module")
def library(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library.open(tmp_path_factory.mktemp("citing") / "data", create=True)
    for source in sources_wanted(shared):
        path = shared / "laws" / source
        library.add(read_document(path, source=source), path.read_bytes(), source=source)
    return library


def places(row: dict[str, Any]) -> list[list[Any]]:
    return [list(target) for target in row["targets"]]


@pytest.mark.shared
@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_written_citations(library: Library, row: dict[str, Any]) -> None:
    found = resolve(library, row["text"], context=row.get("context"), on=TODAY)
    assert found.status == row["status"], found.message
    got = []
    for target in found.targets:
        a = target.place.address
        got.append([target.place.source, a.article, a.article_suffix, a.paragraph, a.item, a.subitem])
        assert target.text == library.text(target.key, a)
        assert target.place.status == row["validity"]
    assert got == places(row)
    assert row.get("message", "") in f"{found.message} {' '.join(found.candidates)}"
    if found.status is not Outcome.OK:
        assert found.message


@pytest.mark.shared
def test_the_examples_beside_the_project(library: Library, shared: Path) -> None:
    for line in (shared / "examples" / "citation.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        context = None
        if row["context"]:
            edition = library.by_source(row["context"]["doc"])
            assert edition is not None
            here = Address(row["context"]["article"], None, row["context"]["kuan"])
            context = f"《{edition.title}》{here.label}"
        found = resolve(library, row["citation"], context=context, on=TODAY)
        assert found.status == EXAMPLE_STATUS.get(row["status"], row["status"]), row["citation"]
        got = [
            (t.place.source, t.place.address.article, t.place.address.paragraph, t.place.address.item)
            for t in found.targets
        ]
        assert got == [(t["doc"], t["article"], t["kuan"], t["xiang"]) for t in row["targets"]], row[
            "citation"
        ]


@pytest.mark.shared
def test_what_is_printed_resolves_to_itself(library: Library) -> None:
    """Every provision's own citation, with its version, leads back to it."""
    for edition in library.editions():
        for p in library.provisions(edition.key)[::7]:
            text = f"《{edition.title}》（{edition.masthead.version}）{p.address.label}"
            found = resolve(library, text, on=TODAY)
            assert [t.key for t in found.targets] == [edition.key], text
            address = found.targets[0].place.address
            assert address in (p.address, p.address.whole()), text


@pytest.mark.shared
def test_a_bad_context_is_named(library: Library) -> None:
    found = resolve(library, "前款", context="《没有的法》第三条")
    assert found.status is Outcome.NO_SUCH_WORK
    assert "上下文" in found.message


@pytest.mark.shared
def test_links_lead_both_ways(library: Library) -> None:
    (work,) = library.find_works("消防法")
    key = library.current(work).key
    out = links_from(library, key, Address(60, None, 2))
    assert [link.target for link in out] == [Address(60, None, 1, n) for n in (2, 3, 4, 5)]
    row = next(p for p in library.provisions(key) if p.address == Address(60, None, 2))
    assert row.text[out[0].start : out[0].stop] == "前款第二项、第三项、第四项、第五项"
    back = links_to(library, key, Address(60, None, 1, 2))
    assert [link.source for link in back] == [Address(60, None, 2)]
    (penal,) = library.find_works("刑法")
    cited = links_to(library, library.current(penal).key, Address(134))
    sources = {library.edition(link.source_key).title for link in cited}
    assert "最高人民法院、最高人民检察院关于办理危害生产安全刑事案件适用法律若干问题的解释" in sources


@pytest.mark.shared
def test_the_sample_of_the_negative_control_fails(library: Library) -> None:
    """The cases can fail: a neighbouring article is not the one cited."""
    found = resolve(library, "《安全生产法》第二十二条", on=TODAY)
    assert [t.place.address for t in found.targets] != [Address(21)]
