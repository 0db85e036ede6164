"""The engine on Milvus, run for real on Milvus Lite: same answers, and a sentence where it cannot."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DamagedData, WrongUsage
from corpus.library import Library
from corpus.structure import read_document
from indexer.build import build_index
from retriever import milvus_store
from retriever.hit import Filters
from retriever.milvus_engine import MilvusEngine, spelled, synchronise, where
from retriever.milvus_store import Store
from retriever.search import Retriever

pytest.importorskip("pymilvus", reason="pymilvus is not installed: the Milvus engine is not tested")
pytest.importorskip("milvus_lite", reason="milvus-lite is not installed: the Milvus engine is not tested")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
STARTER = Path(__file__).parents[2] / "corpus" / "sources" / "starter"
SHANDONG = """# 山东省安全生产样例条例

2024年1月1日山东省人民代表大会常务委员会公布，自2024年2月1日起施行

第一条 生产经营单位是安全生产的责任主体。
"""
QUESTIONS = [
    "主要负责人对安全生产负有哪些职责？",
    "夜间施工要提前几天公告",
    "从业人员发现危险时可以怎么办",
    "特种作业人员无证上岗怎么处罚",
    "安全出口能不能锁闭",
    "接到举报后多少日内处理",
    "劳动防护用品由谁提供",
    "隐患排查治理制度",
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("milvus")
    with Library.open(folder / "data", create=True) as library:
        for path in sorted(STARTER.iterdir()):
            library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
        path = folder / "山东省样例条例(2024-01-01).md"
        path.write_text(SHANDONG)
        library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    build_index(folder / "data")
    return folder / "data"


@pytest.fixture(scope="module")
def address(data: Path) -> str:
    path = str(data.parent / "passages.db")
    written, gone = synchronise(data, path)
    assert written > 100
    assert not gone
    return path


@pytest.fixture
def remote(data: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Retriever]:
    monkeypatch.setenv("ZEREN_ENGINE", address)
    with Retriever.open(data) as retriever:
        assert isinstance(retriever.engine, MilvusEngine)
        assert retriever.warning is None
        yield retriever


def top(retriever: Retriever, question: str, filters: Filters | None = None) -> list[tuple[str, str]]:
    return [(h.key, h.place.address.label) for h in retriever.search(question, k=10, filters=filters)]


FILTERS = [None, Filters(language="zh", in_force_only=True), Filters(kinds=("法律",)), Filters(region="山东")]


@pytest.mark.parametrize("filters", FILTERS, ids=["all", "in force", "rank", "region"])
def test_the_same_provisions_are_found(
    remote: Retriever, data: Path, monkeypatch: pytest.MonkeyPatch, filters: Filters | None
) -> None:
    monkeypatch.delenv("ZEREN_ENGINE")
    with Retriever.open(data) as embedded:
        shares = []
        for question in QUESTIONS:
            mine, theirs = top(embedded, question, filters), top(remote, question, filters)
            shares.append(len(set(mine) & set(theirs)) / max(len(mine), 1) if mine else float(not theirs))
    assert sum(shares) / len(shares) >= 0.9
    assert remote.warning is None


@pytest.mark.parametrize(
    "filters",
    [
        Filters(in_force_only=True),
        Filters(in_force_only=True, as_of="2021-01-01"),
        Filters(kinds=("地方性法规",)),
        Filters(language="en"),
        Filters(region="山东", region_only=True),
    ],
    ids=["in force", "on a day", "rank", "language", "region"],
)
def test_milvus_itself_gives_only_what_filters_let_through(remote: Retriever, filters: Filters) -> None:
    """Before anything here sorts out; the control asks without them."""
    engine = remote.engine
    assert isinstance(engine, MilvusEngine)
    day = filters.as_of or date.today().isoformat()
    standing = remote.standing(day)
    allowed = set(np.flatnonzero(standing.allowed(filters)[engine.shelf.edition]).tolist())
    vector = engine.encoder.encode(["安全生产的责任"])[0]
    words = spelled("安全生产的责任 safety")

    def units(scope: str) -> list[set[int]]:
        rows = (
            engine.store.nearest(vector, 2000, where=scope),
            engine.store.with_words(words, 2000, where=scope),
        )
        return [{int(engine.shelf.passage_unit[engine.numbers[name]]) for name, _ in of} for of in rows]

    for found, control in zip(units(where(filters, day)), units(""), strict=True):
        assert found == control & allowed
        assert found
        assert control - allowed


def test_only_what_changed_is_sent(data: Path, address: str) -> None:
    assert synchronise(data, address) == (0, 0)
    path = data.parent / "夜间施工(2025-03-01).md"
    path.write_text(
        "# 望川市夜间施工规定（样例·虚构）\n\n2025年3月1日公布\n\n第一条 夜间施工应当提前三日公告。\n"
    )
    with Library.open(data) as library:
        added = library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    build_index(data)
    assert synchronise(data, address) == (1, 0)
    with Library.open(data) as library:
        library.remove(added.key)
    build_index(data)
    assert synchronise(data, address) == (0, 1)


def away() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"milvus://127.0.0.1:{free.getsockname()[1]}"


def test_while_milvus_is_away_the_embedded_index_serves(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_ENGINE", away())
    with Retriever.open(data) as retriever:
        assert retriever.warning is not None
        assert retriever.warning.endswith("已改用本机索引。")
        assert retriever.search(QUESTIONS[0])
    with pytest.raises(DamagedData, match="Milvus"):
        synchronise(data, away())


@dataclass
class Silent:
    """A server that lets one in and then says nothing; which databases it was asked for."""

    address: str = ""
    databases: list[str] = field(default_factory=list)


@pytest.fixture
def silent() -> Iterator[Silent]:
    import grpc  # type: ignore[import-untyped]
    from pymilvus.grpc_gen import common_pb2, milvus_pb2

    quiet, told = threading.Event(), Silent()

    class Answers(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
            connecting = details.method.endswith("/Connect")
            if not connecting:
                told.databases.append(dict(details.invocation_metadata).get("dbname", ""))

            def answer(_request: bytes, _context: grpc.ServicerContext) -> bytes:
                if not connecting:
                    quiet.wait(30)
                welcome = milvus_pb2.ConnectResponse(status=common_pb2.Status(code=0), identifier=1)
                return bytes(welcome.SerializeToString())

            return grpc.unary_unary_rpc_method_handler(answer)

    server = grpc.server(ThreadPoolExecutor(4), handlers=(Answers(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    told.address = f"milvus://127.0.0.1:{port}"
    yield told
    quiet.set()
    server.stop(0).wait()


@pytest.mark.parametrize("database", ["", "shandong"])
def test_a_server_that_says_nothing_is_given_up(
    data: Path, silent: Silent, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_store, "TIMEOUT", 1.0)
    monkeypatch.setenv("ZEREN_ENGINE", f"{silent.address}/{database}" if database else silent.address)
    start = time.monotonic()
    with Retriever.open(data) as retriever:
        assert time.monotonic() - start < 8
        assert str(retriever.warning).endswith("没有回答：Deadline Exceeded。已改用本机索引。")
        assert set(silent.databases) == {database}
        assert retriever.search(QUESTIONS[0])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"whole": False}, "没有同步完"),
        ({"encoder": "another"}, "另一个编码模型"),
        ({"layout": 99}, "另一个版本"),
        ({"library": "other texts"}, "不是同一批文本"),
        ({"library": None}, "还没有索引"),
    ],
)
def test_a_collection_that_is_not_this_index_is_not_searched(
    data: Path, address: str, monkeypatch: pytest.MonkeyPatch, state: dict[str, object], said: str
) -> None:
    monkeypatch.setenv("ZEREN_ENGINE", address)
    real = Store.state
    monkeypatch.setattr(Store, "state", lambda store: {**real(store), **state})
    with Retriever.open(data) as retriever:
        assert retriever.warning is not None
        assert said in retriever.warning
        assert not isinstance(retriever.engine, MilvusEngine)


def test_another_dimension_is_told(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "small.db")
    store = Store.open(path)
    store.make(8)
    store.note({"layout": 1, "library": "x", "encoder": "y", "dimension": 8, "whole": True})
    store.close()
    monkeypatch.setenv("ZEREN_ENGINE", path)
    with Retriever.open(data) as retriever:
        assert "另一个编码模型" in str(retriever.warning)


def test_a_sync_cut_short_leaves_a_collection_nobody_searches(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "half.db")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "settle", lambda store: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            synchronise(data, path)
    monkeypatch.setenv("ZEREN_ENGINE", path)
    with Retriever.open(data) as retriever:
        assert "没有同步完" in str(retriever.warning)
        assert retriever.search(QUESTIONS[0])
    monkeypatch.delenv("ZEREN_ENGINE")
    written, _ = synchronise(data, path)
    assert written == 0  # the rows were there, only not settled


def test_a_failing_search_falls_back_and_pauses(remote: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def late(*_args: object, **_told: object) -> list[tuple[str, float]]:
        calls.append(time.monotonic())
        raise DamagedData("Milvus（x）没有回答：timeout。", "…")

    monkeypatch.setattr(Store, "with_words", late)
    assert remote.search(QUESTIONS[0])
    assert remote.search(QUESTIONS[1])
    assert len(calls) == 1
    assert "没有回答" in str(remote.warning)


def test_a_collection_that_changes_while_it_is_used_is_left_alone(
    remote: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remote.search(QUESTIONS[0])
    assert remote.warning is None
    real = Store.state
    monkeypatch.setattr(Store, "state", lambda store: {**real(store), "whole": False})
    monkeypatch.setattr("retriever.milvus_engine.PAUSE", -1.0)
    assert remote.search(QUESTIONS[1])
    monkeypatch.undo()
    assert "没有同步完" in str(remote.engine.health.said)  # type: ignore[attr-defined]


def test_rows_not_held_here_are_never_shown(remote: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "with_words", lambda *_a, **_k: [("f" * 20, 9.0)])
    monkeypatch.setattr(Store, "nearest", lambda *_a, **_k: [("e" * 20, 0.9)])
    assert remote.search(QUESTIONS[0]) == ()


BAD = [
    "milvus.db.txt",
    "http://somewhere",
    "/no/such/folder/x.db",
    "milvus://",
    "milvus://somewhere:19530/two/parts",
    "milvus://user@somewhere/x.db",
]


@pytest.mark.parametrize("address", BAD)
def test_a_bad_address_is_wrong_usage(address: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_ENGINE", address)
    with pytest.raises(WrongUsage, match="ZEREN_ENGINE"):
        Retriever.open(data)


def test_filters_are_written_for_milvus() -> None:
    told = where(Filters(region="山东", kinds=("法律",), works=('甲"乙',), in_force_only=True), "2025-03-01")
    assert told == (
        'work in ["甲\\"乙"] and kind in ["法律"] and region in ["", "山东"]'
        " and since <= 20250301 and until > 20250301"
    )
    assert where(Filters(), "2025-03-01") == ""


@pytest.mark.shared
@pytest.mark.long
def test_three_hundred_laws_are_searched_alike(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [json.loads(line) for line in (shared / "examples" / "qa.jsonl").read_text("utf-8").splitlines()]
    laws = [p for p in sorted((shared / "laws").rglob("*.md")) if "20" in p.name]
    files = laws[::11][:310]
    with Library.open(tmp_path / "data", create=True) as library:
        for path in files:
            source = path.relative_to(shared / "laws").as_posix()
            library.add(read_document(path, source=source), path.read_bytes(), source=source)
    build_index(tmp_path / "data")
    synchronise(tmp_path / "data", str(tmp_path / "m.db"))
    questions = [*(row["question"] for row in asked), *QUESTIONS]
    with Retriever.open(tmp_path / "data") as embedded:
        mine = [top(embedded, question) for question in questions]
    monkeypatch.setenv("ZEREN_ENGINE", str(tmp_path / "m.db"))
    with Retriever.open(tmp_path / "data") as remote:
        theirs = [top(remote, question) for question in questions]
        assert remote.warning is None
    shares = [len(set(a) & set(b)) / len(a) for a, b in zip(mine, theirs, strict=True)]
    assert sum(shares) / len(shares) >= 0.9


def test_the_terminal_brings_milvus_up_to_date(
    data: Path, address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import cli

    assert cli.main(["index", "--data", str(data), "--engine", address]) == 0
    assert "写入 0 段，移除 0 段" in capsys.readouterr().err
    monkeypatch.delenv("ZEREN_ENGINE", raising=False)
    assert cli.main(["index", "--data", str(data), "--engine"]) == 2
    assert "没有说明 Milvus 的地址" in capsys.readouterr().err
