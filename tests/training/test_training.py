"""The training learns on a toy library, and gives the same vectors for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.document import Level, Provision
from corpus.place import Address
from indexer.embedding import open_encoder
from indexer.passage import Unit
from training import pairs, ranking
from training.export import quantise, write_model
from training.optimise import Course, Labelled, Settings, Trainer, initial
from training.texts import Texts
from training.vocabulary import choose

TOPICS = ("电梯", "锅炉", "煤矿", "消防", "档案", "渔船", "桥梁", "油库")
LAY = ("升降机", "烧水炉", "挖煤", "灭火", "卷宗", "打鱼", "过江", "存油")
SETTINGS = Settings(
    dimension=16,
    pair_steps=5,
    pair_batch=8,
    batch=16,
    negatives=2,
    mined=4,
    random_units=8,
)
COURSE = Course(40, 0.05, 2)


def unit(topic: str, number: int) -> Unit:
    address = Address(number)
    text = f"{topic}使用单位应当每{number}日检查{topic}一次，发现隐患的，应当立即停止使用{topic}。"
    return Unit(topic, f"{topic}条例", address, (), (Provision(address, Level.PARAGRAPH, text),))


@pytest.fixture(scope="module")
def toy() -> Texts:
    held = tuple(unit(topic, number) for topic in TOPICS for number in range(1, 5))
    return Texts(held, tuple(u.key for u in held), (True,) * len(held))


@pytest.fixture(scope="module")
def labelled(toy: Texts) -> tuple[Labelled, Trainer, tuple[str, ...]]:
    full = [f"{u.title}\n{u.text}" for u in toy.units]
    asked = [f"{lay}多久查一回" for lay in LAY for _ in range(4)]
    words = choose(full * 4, [" ".join(LAY), *asked * 4])
    words = choose([*full * 4, *asked * 4], [])
    bags = words.bags(full)
    answers = [np.array([n]) for n in range(len(toy.units))]
    everything = np.arange(len(full))
    group = np.arange(len(full)) // 4
    data = Labelled(words.bags(asked), bags, answers, group, everything, everything)
    return data, Trainer(initial(bags, words.documents, SETTINGS), SETTINGS), words.tokens


def hits(trainer: Trainer, data: Labelled) -> float:
    scores = trainer.encode_all(data.questions) @ trainer.encode_all(data.units).T
    return float(np.mean(data.group[scores.argmax(1).numpy()] == data.group))


def test_questions_teach_synonyms(labelled: tuple[Labelled, Trainer, tuple[str, ...]]) -> None:
    data, trainer, _ = labelled
    before = hits(trainer, data)
    trainer.learn_questions(data, COURSE, lambda _text: None)
    assert before < 0.5 < 0.9 < hits(trainer, data)


def test_every_right_answer_is_wanted(labelled: tuple[Labelled, Trainer, tuple[str, ...]]) -> None:
    """Two units that answer one question both come near it, each before all of other topics."""
    data, _, tokens = labelled
    answers = [np.array([0, 4]), *data.answers[1:]]
    both = Labelled(data.questions, data.units, answers, np.arange(32), np.array([0]), data.pool)
    chance = np.random.default_rng(0).standard_normal((len(tokens), 16)).astype(np.float32)
    trainer = Trainer(chance, SETTINGS)
    trainer.learn_questions(both, COURSE, lambda _text: None)
    scores = (trainer.encode_all(both.questions)[:1] @ trainer.encode_all(both.units).T).detach().numpy()[0]
    assert scores[[0, 4]].min() > scores[8:].max()


def test_the_same_seed_gives_the_same_vectors(labelled: tuple[Labelled, Trainer, tuple[str, ...]]) -> None:
    data, _, tokens = labelled
    runs = []
    for _ in range(2):
        start = np.random.default_rng(0).standard_normal((len(tokens), 16)).astype(np.float32)
        trainer = Trainer(start, SETTINGS)
        trainer.learn_questions(data, COURSE, lambda _text: None)
        runs.append(trainer.vectors())
    assert np.allclose(runs[0], runs[1], atol=1e-4)


def test_the_exported_model_loads_and_keeps_its_vectors(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).standard_normal((3, 16)).astype(np.float32)
    write_model(tmp_path / "m", ["₁安", "安全", "gb"], vectors, "card")
    found = open_encoder(tmp_path / "m").encode(["安，", "gb", "全"])
    wanted = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.abs(found[0] - wanted[0]).max() < 0.02
    assert np.abs(found[1] - wanted[2]).max() < 0.02
    assert not found[2].any()


def test_eight_bits_lose_little() -> None:
    vectors = np.random.default_rng(0).standard_normal((50, 64)).astype(np.float32)
    whole, scale = quantise(vectors)
    assert whole.dtype == np.int8
    assert np.abs(whole * scale[:, None] - vectors).max() < np.abs(vectors).max() / 200


def test_pairs_are_made_by_rule_and_seeded(toy: Texts, tmp_path: Path) -> None:
    glossary = tmp_path / "g.toml"
    glossary.write_text('[terms]\n"安全" = ["safety"]\n')
    made = pairs.make_pairs(toy, glossary, seed=3)
    assert made == pairs.make_pairs(toy, glossary, seed=3)
    assert ("safety", "安全") in {(p.question, p.answer) for p in made}
    assert {p.unit for p in made if p.unit >= 0} <= set(range(len(toy.units)))
    assert {p.question for p in made} > {"safety"}


def test_hit_rates_and_recalls() -> None:
    examples = ranking.Examples(
        np.zeros((6, 1), np.float32),
        np.array([0, 1, 0, 1, 0, 0], np.int8),
        np.array([0, 0, 0, 1, 1, 2]),
        np.zeros(6, np.int64),
        np.array([1, 2, 1, 1]),
    )
    scores = np.array([3.0, 2, 1, 9, 1, 1])
    assert ranking.hits(examples, scores) == {"hit@1": 0.25, "hit@3": 0.5, "hit@10": 0.5, "hit@100": 0.5}
    assert set(ranking.recalls(examples, scores).values()) == {0.375}
    joined = ranking.Examples.join([examples, examples])
    assert joined.question.tolist() == [0, 0, 0, 1, 1, 2, 4, 4, 4, 5, 5, 6]
    assert ranking.recalls(joined, np.tile(scores, 2))["R@5"] == 0.375


def test_the_order_before_is_the_order_given() -> None:
    label = np.array([1, 0, 0, 1], np.int8)
    examples = ranking.Examples(
        np.zeros((4, 1), np.float32), label, np.array([0, 0, 1, 1]), np.zeros(4, np.int64), np.array([1, 1])
    )
    assert ranking.hits(examples, ranking.before(examples))["hit@1"] == 0.5
