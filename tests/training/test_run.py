"""The whole of `make train` on a toy library and a toy benchmark."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from corpus.library import Library
from corpus.structure import read_document
from indexer.embedding import open_encoder
from retriever import earlier, ranker
from training import benchmark
from training.optimise import Settings
from training.run import Run

pytestmark = pytest.mark.filterwarnings("ignore")
TOPICS = ("电梯", "锅炉", "煤矿", "消防", "档案", "渔船", "桥梁", "油库", "燃气", "校车")
SMALL = Settings(
    dimension=8,
    pair_steps=2,
    pair_batch=8,
    steps=4,
    batch=8,
    negatives=2,
    mined=4,
    random_units=8,
    lay_steps=4,
)


def law(topic: str) -> str:
    articles = "\n\n".join(
        f"第{n}条 {topic}使用单位应当每{n}日检查{topic}一次，发现隐患的，应当立即停止使用{topic}。"
        for n in "一二三四五六"
    )
    dates = "2024年1月1日 公布，自2024年2月1日起施行"
    return f"# {topic}规定（样例·虚构）\n\n{dates}\n\n<!-- INFO END -->\n\n{articles}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("train")
    with Library.open(home / "data", create=True) as library:
        for topic in TOPICS:
            path = home / f"{topic}规定(2024-01-01).md"
            path.write_text(law(topic))
            library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    rows = [
        {
            "question": f"{t}第{n}次多久查",
            "source": f"{t}规定(2024-01-01).md",
            "article": f"第{n}条",
            "style": "lay",
        }
        for t in TOPICS
        for n in "一二三四五六"
    ]
    with gzip.open(home / "questions.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row) for row in rows))
    stard = home / "shared" / "bench" / "stard"
    (stard / "qrels").mkdir(parents=True)
    passages = [
        {"_id": f"d{n}", "title": f"{t}法第一条", "text": f"{t}应年检。"} for n, t in enumerate(TOPICS)
    ]
    asked = [{"_id": f"q{n}", "text": f"{topic}要不要年检"} for n, topic in enumerate(TOPICS * 2)]
    (stard / "corpus.jsonl").write_text("\n".join(map(json.dumps, passages)))
    (stard / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)))
    judged = "\n".join(f"q{n}\td{n % len(TOPICS)}\t1" for n in range(len(asked)))
    (stard / "qrels" / "train.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}\n")
    return home


def train(home: Path) -> list[str]:
    run = Run(home / "shared", home / "work", home / "data", SMALL, questions=home / "questions.jsonl.gz")
    told: list[str] = []
    run.tell = told.append  # type: ignore[method-assign, assignment]
    run.all(home / "model", home / "ranker.txt", home / "ranker.json")
    return told


def test_one_run_makes_encoder_ranker_and_card_and_a_second_takes_up_what_is_there(folder: Path) -> None:
    train(folder)
    encoder = open_encoder(folder / "model")
    assert encoder.dimension == SMALL.dimension
    assert encoder.encode(["电梯"]).any()
    assert ranker.read(folder / "ranker.txt", folder / "ranker.json").forest.depths.max() <= 7
    held = earlier.earlier_of(encoder)
    assert held is not None
    assert len(held.vectors) == 2 * len(TOPICS)
    card = (folder / "model" / "README.md").read_text("utf-8")
    assert "| | hit@1 | hit@3 | hit@10 | hit@100 |" in card
    assert "| | R@5 | R@10 | R@20 | R@100 |" in card
    first = {p.name: p.read_bytes() for p in (folder / "model").rglob("*.safetensors")}
    told = train(folder)
    assert not [text for text in told if text.startswith("learning")]
    assert first == {p.name: p.read_bytes() for p in (folder / "model").rglob("*.safetensors")}


def test_no_part_sees_its_own_questions(folder: Path) -> None:
    held = benchmark.read(folder / "shared" / "bench" / "stard")
    for part in range(benchmark.PARTS):
        own = sum(question.fold == part for question in held.questions)
        known = earlier.earlier_of(open_encoder(folder / "work" / f"encoder-part{part}"))
        assert known is not None
        assert len(known.vectors) == len(held.questions) - own
        with np.load(folder / "work" / f"examples-lay{part}.npz") as examples:
            assert len(examples["wanted"]) == own
