"""Each feature measures what its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Edition
from corpus.library import Library
from indexer.embedding import StaticEncoder
from indexer.grams import PAIR, grams
from indexer.shelf import Row
from indexer.traits import Trait
from retriever.earlier import FEATURES as EARLIER
from retriever.earlier import Answered, Earlier, title_hash, words_key
from retriever.features import KIND_TRAIT, NAMES
from retriever.fusion import Candidates
from retriever.question import Question, understand
from retriever.question_kinds import Kind
from retriever.search import Retriever

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Seen:
    """A question as the ranker sees it."""

    question: Question
    found: Candidates
    rows: list[Row]
    editions: list[Edition]
    columns: dict[str, np.ndarray]


QUESTION = "有限空间作业审批由谁负责，违反的罚多少"


@pytest.fixture(scope="module")
def table(retriever: Retriever) -> tuple[dict[str, np.ndarray], list[str], list[str]]:
    question = understand(QUESTION, titles=retriever.titles)
    standing = retriever.standing("2026-01-01")
    picked = retriever.engine.picked(question, standing)
    matrix = retriever.engine.features(question, standing, picked)
    rows = retriever.engine.shelf.rows(picked.units.tolist())
    assert matrix.shape == (len(picked), len(NAMES))
    assert np.isfinite(matrix).all()
    columns = {name: matrix[:, n] for n, name in enumerate(NAMES)}
    return columns, [row.text for row in rows], [standing.edition(row).title for row in rows]


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_shares_are_shares(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, _, _ = table
    for name in ("covered", "covered_pairs", "covered_title", "covered_heading", "covered_anywhere", "fused"):
        assert (columns[name] >= 0).all()
        assert (columns[name] <= 1 + 1e-6).all()
    assert (columns["covered_anywhere"] >= columns["covered"] - 1e-6).all()
    assert (np.abs(columns["late"]) <= 1 + 1e-5).all()


def test_coverage_follows_the_words(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, texts, titles = table
    with_words = [n for n, text in enumerate(texts) if "有限空间作业" in text]
    without = [n for n, text in enumerate(texts) if "有限" not in text and "作业" not in text]
    assert with_words
    assert without
    assert columns["covered_pairs"][with_words].min() > columns["covered_pairs"][without].mean()
    named = [n for n, title in enumerate(titles) if "有限空间" in title]
    others = [n for n, title in enumerate(titles) if "有限" not in title]
    assert columns["covered_title"][named].min() > columns["covered_title"][others].max()


def test_kinds_meet_traits(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, texts, _ = table
    assert (columns["asks_penalty"] == 1).all()
    for n, text in enumerate(texts):
        if "罚款" in text:
            assert columns["fits_penalty"][n] == 1
            assert columns["is_penalty"][n] == 1
    assert columns["fits_penalty"].min() == -1


def test_places_count_from_nought(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, _, _ = table
    for name in ("fused", "dense", "lexical"):
        assert columns[f"{name}_place"][np.argmax(columns[name])] == 0
        assert columns[f"{name}_gap"].min() == 0


def test_status_and_place_flags(retriever: Retriever) -> None:
    question = understand("北京的安全生产条例 主要负责人", titles=retriever.titles)
    standing = retriever.standing("2026-01-01")
    picked = retriever.engine.picked(question, standing)
    matrix = retriever.engine.features(question, standing, picked)
    rows = retriever.engine.shelf.rows(picked.units.tolist())
    flag = {name: matrix[:, NAMES.index(name)] for name in ("in_force", "passed_over", "place_asked")}
    assert (flag["place_asked"] == 1).all()
    for n, row in enumerate(rows):
        status = standing.edition(row).status("2026-01-01")
        assert flag["in_force"][n] == (status == "in_force")
        assert flag["passed_over"][n] == (status in ("amended", "repealed"))


def test_the_library_is_the_sample(retriever: Retriever) -> None:
    assert isinstance(retriever.library, Library)


@pytest.fixture(scope="module")
def seen(retriever: Retriever) -> Seen:
    """A question that names a place and a kind, with its candidates and their features."""
    return look(retriever, QUESTION)


def look(retriever: Retriever, text: str) -> Seen:
    question = understand(text, titles=retriever.titles)
    standing = retriever.standing("2026-01-01")
    found = retriever.engine.picked(question, standing)
    matrix = retriever.engine.features(question, standing, found)
    rows = retriever.engine.shelf.rows(found.units.tolist())
    columns = {name: matrix[:, n] for n, name in enumerate(NAMES)}
    return Seen(question, found, rows, [standing.edition(row) for row in rows], columns)


def test_every_feature_is_tested() -> None:
    words = set(re.findall(r"\w+", "".join(p.read_text("utf-8") for p in sorted(HERE.glob("test_*.py")))))
    by_kind = ("is_", "fits_")  # test_every_kind_meets_its_trait, test_places_count_from_nought
    names = [n for n in NAMES if not n.startswith(by_kind) and not n.endswith(("_gap", "_place"))]
    untested = [n for n in names if n not in words]
    assert untested == []


def test_words_found_and_missed(seen: Seen, retriever: Retriever) -> None:
    asked = grams([seen.question.plain]).keys
    weights = retriever.engine.lexical.weights(np.unique(asked))
    rarest = np.unique(asked)[np.argmax(weights)]
    for n, row in enumerate(seen.rows):
        held = grams([row.text]).keys
        assert seen.columns["rarest_found"][n] == (rarest in held)
        common = len(np.intersect1d(asked, held))
        assert seen.columns["text_covered"][n] == pytest.approx(common / np.sqrt(len(held)), rel=1e-5)
    assert seen.columns["question_letters"][0] == len(seen.question.plain)
    assert seen.columns["question_weight"][0] == pytest.approx(float(weights.sum()), rel=1e-5)


def test_late_interaction_is_the_mean_and_the_least_of_the_best_cosines(
    seen: Seen, retriever: Retriever
) -> None:
    encoder = retriever.engine.encoder
    assert isinstance(encoder, StaticEncoder)

    def unit(keys: np.ndarray) -> np.ndarray:
        rows = encoder.rows(encoder.gram_rows(keys))
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))

    asked = np.unique(grams([seen.question.plain]).keys)
    asked = asked[asked >= PAIR]
    weight = np.where(encoder.gram_rows(asked) > 0, retriever.engine.lexical.weights(asked), 0)
    for n in (0, len(seen.rows) // 2, len(seen.rows) - 1):
        held = grams([seen.rows[n].text]).keys
        best = (unit(asked) @ unit(held[held >= PAIR]).T).max(axis=1)
        assert seen.columns["late"][n] == pytest.approx(float(best @ weight / weight.sum()), abs=1e-4)
        least = best[np.argsort(-weight, kind="stable")[:3]].min()
        assert seen.columns["late_worst"][n] == pytest.approx(float(least), abs=1e-4)


def test_the_text_behind_a_candidate(seen: Seen, retriever: Retriever) -> None:
    encoder = retriever.engine.encoder
    asked = encoder.encode([seen.question.plain])[0]
    for n, (row, edition) in enumerate(zip(seen.rows, seen.editions, strict=True)):
        column = {name: values[n] for name, values in seen.columns.items()}
        assert column["letters"] == pytest.approx(np.log1p(len(row.text)), rel=1e-5)
        assert column["article"] == min(row.address.article or 0, 200)
        assert column["rank"] == edition.rank
        assert column["local"] == (edition.masthead.region is not None)
        assert column["case"] == (edition.masthead.kind == "案例")
        same = 1 + len(retriever.engine.shelf.same_words(row.number))
        assert column["same_words"] == pytest.approx(np.log1p(same), rel=1e-5)
        title = float(encoder.encode([edition.title])[0] @ asked)
        assert column["title_cosine"] == pytest.approx(title, abs=1e-5)
        heading = row.headings[-1] if row.headings else ""
        assert (column["covered_heading"] > 0) == bool(set(heading) & set(seen.question.plain))


def test_candidates_of_one_text_stand_beside_each_other(seen: Seen) -> None:
    keys = np.array([edition.key for edition in seen.editions])
    fused = seen.columns["fused"]
    for n, key in enumerate(keys):
        own = fused[keys == key]
        assert seen.columns["from_same_text"][n] == len(own)
        assert seen.columns["best_of_text"][n] == own.max()
        assert seen.columns["text_lead"][n] == pytest.approx(own.max() - fused[n], abs=1e-6)
        assert seen.columns["text_share"][n] == pytest.approx(own.sum() / fused.sum(), rel=1e-4)


def test_named_works_and_places_asked(retriever: Retriever) -> None:
    plain = look(retriever, "主要负责人有什么职责")
    assert not plain.columns["named_work"].any()
    assert not plain.columns["place_asked"].any()
    work = plain.editions[0]
    named = look(retriever, f"《{work.title}》主要负责人有什么职责")
    wanted = [edition.work == work.work for edition in named.editions]
    assert named.columns["named_work"].astype(bool).tolist() == wanted
    assert any(wanted)


def test_places_asked_and_others(retriever: Retriever) -> None:
    question = understand("北京的主要负责人有什么职责", titles=retriever.titles)
    plain = retriever.standing("2026-01-01")
    places = [(None, "北京", "上海")[n % 3] for n in range(len(plain.region))]
    standing = replace(plain, region=tuple(places))
    found = retriever.engine.picked(question, plain)
    matrix = retriever.engine.features(question, standing, found)
    rows = retriever.engine.shelf.rows(found.units.tolist())
    columns = {name: matrix[:, n] for n, name in enumerate(NAMES)}
    assert columns["place_asked"].all()
    of = [places[row.edition] for row in rows]
    assert (columns["local"] == [place is not None for place in of]).all()
    assert (columns["this_place"] == [place == "北京" for place in of]).all()
    assert (columns["other_place"] == [place == "上海" for place in of]).all()
    assert not columns["this_city"].any()


def test_every_kind_meets_its_trait(seen: Seen, retriever: Retriever) -> None:
    held = retriever.engine.shelf.traits[seen.found.units]
    assert (seen.columns["asks_penalty"] == (Kind.PENALTY in seen.question.kinds)).all()
    for trait in Trait:
        assert (seen.columns[f"is_{str(trait.name).lower()}"] == (held & int(trait) > 0)).all()
    for kind, trait in KIND_TRAIT:
        has = held & int(trait) > 0
        wanted = np.where(has, 1, -1) if kind in seen.question.kinds else np.zeros(len(held))
        assert (seen.columns[f"fits_{kind.value}"] == wanted).all()


def test_without_earlier_questions_their_features_are_nought(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retriever.features.earlier_of", lambda _encoder: None)
    columns = look(retriever, QUESTION).columns
    assert not any(columns[name].any() for name in EARLIER)


def test_the_words_of_an_earlier_answer_carry_its_evidence(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = look(retriever, QUESTION)
    encoder = retriever.engine.encoder
    held = Earlier(
        encoder.encode([QUESTION]),
        Answered.of(np.array([words_key(first.rows[3].text)]), np.array([0])),
        Answered.of(np.array([title_hash(first.editions[3].title)]), np.array([0])),
    )
    monkeypatch.setattr("retriever.features.earlier_of", lambda _encoder: held)
    columns = look(retriever, QUESTION).columns
    same = [row.text == first.rows[3].text for row in first.rows]
    assert (columns["asked_votes"] > 0.9).tolist() == same
    assert columns["asked_text_votes"].sum() >= columns["asked_votes"].sum()
