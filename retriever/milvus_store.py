"""A Milvus collection of passages: the only module that imports pymilvus.

`milvus://host:19530` is a server (with ZEREN_ENGINE_TOKEN as user:password where it asks for one),
`milvus://host:19530/name` a database on it, so that several data folders share one; anything else is the file
of a Milvus Lite. The words go in as our grams, parted by blanks: Milvus' own BM25 over its
standard analyser then counts what the embedded index counts, on a server as in Milvus Lite.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import DamagedData, WrongUsage
from indexer.embedding import Vectors

COLLECTION = "zeren_passages"
STATE = "zeren.state"
SCHEME = "milvus://"
_SERVER = re.compile(rf"{SCHEME}(?P<host>[^/?#@\s]+)(?:/(?P<database>[A-Za-z_]\w*)?)?", re.ASCII)
TIMEOUT = 10.0
K1, B = 1.2, 0.75
_PAGE = 1000
_MOST = 16384  # results that Milvus gives at most
_NEXT = "请检查 ZEREN_ENGINE 和 Milvus 服务；取消 ZEREN_ENGINE 即用本机索引。"


@dataclass(frozen=True, slots=True)
class Passage:
    """A row: `id` names the words it holds, `seal` changes with anything beside them; days as YYYYMMDD."""

    id: str
    seal: str
    key: str
    work: str
    kind: str
    region: str
    language: str
    rank: int
    since: int
    until: int
    grams: str
    vector: Sequence[float]


class Store:
    """An open collection. Every failure of Milvus is DamagedData: one sentence and the next step."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self.name = client, name

    @classmethod
    def open(cls, address: str, *, timeout: float = TIMEOUT) -> Store:
        """Connects. Raises WrongUsage where pymilvus is not installed, DamagedData where nothing answers."""
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise WrongUsage(
                "没有安装 pymilvus。", "请安装可选部分：pip install 'zeren[milvus]'。"
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        told: dict[str, Any] = {"timeout": timeout}
        server = _SERVER.fullmatch(address)
        path = Path(address).expanduser()
        if server:
            told |= {"uri": f"http://{server['host']}", "db_name": server["database"] or ""}
            told |= {"token": os.environ.get("ZEREN_ENGINE_TOKEN", "")}
        elif not address.startswith(SCHEME) and path.suffix == ".db" and path.parent.is_dir():
            told |= {"uri": str(path)}
        else:
            raise WrongUsage(
                f"ZEREN_ENGINE 写得不对：{address}。",
                "写成 milvus://主机:19530，或 Milvus Lite 的 .db 文件。",
            )
        return cls(_asked(address, lambda: MilvusClient(**told)), address)

    def close(self) -> None:
        self._client.close()

    # -- what is there -----------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What the last synchronisation noted of itself; {} where there is no collection."""
        if not self._ask(lambda c: c.has_collection(COLLECTION, timeout=TIMEOUT)):
            return {}
        told = self._ask(lambda c: c.describe_collection(COLLECTION, timeout=TIMEOUT))
        try:
            state = json.loads(told.get("properties", {}).get(STATE, "{}"))
        except ValueError:
            state = {}
        vector: dict[str, Any] = next((f for f in told["fields"] if f["name"] == "vector"), {})
        return {**state, "dimension": int(vector.get("params", {}).get("dim", 0))}

    def note(self, state: Mapping[str, Any]) -> None:
        """Notes what the collection is."""
        told = {STATE: json.dumps(state)}
        self._ask(lambda c: c.alter_collection_properties(COLLECTION, told, timeout=TIMEOUT))

    def seals(self) -> dict[str, str]:
        """The seal of every row by its id."""
        return {row["id"]: row["seal"] for row in self._rows(["id", "seal"])}

    def _rows(self, fields: list[str]) -> Iterator[dict[str, Any]]:
        pages = self._ask(
            lambda c: c.query_iterator(COLLECTION, filter="", output_fields=fields, batch_size=_PAGE)
        )
        try:
            while page := self._ask(lambda _: pages.next()):
                yield from page
        finally:
            pages.close()

    # -- writing -----------------------------------------------------------------------------------

    def make(self, dimension: int) -> None:
        """An empty collection in place of any other."""
        from pymilvus import DataType, Function, FunctionType

        client = self._client
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=40)
        lengths = {"seal": 40, "key": 64, "work": 1024, "kind": 64, "region": 64, "language": 16}
        for name, length in lengths.items():
            schema.add_field(name, DataType.VARCHAR, max_length=length)
        for name in ("rank", "since", "until"):
            schema.add_field(name, DataType.INT64)
        schema.add_field(
            "grams",
            DataType.VARCHAR,
            max_length=65535,
            enable_analyzer=True,
            analyzer_params={"tokenizer": "standard"},
        )
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        counted = Function(
            "bm25", FunctionType.BM25, input_field_names=["grams"], output_field_names=["words"]
        )
        schema.add_function(counted)
        index = client.prepare_index_params()
        lite = not self.name.startswith(SCHEME)
        index.add_index("vector", index_type="FLAT" if lite else "AUTOINDEX", metric_type="IP")
        index.add_index(
            "words",
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )
        if self._ask(lambda c: c.has_collection(COLLECTION, timeout=TIMEOUT)):
            self._ask(lambda c: c.drop_collection(COLLECTION, timeout=TIMEOUT))
        told = {STATE: "{}"}
        self._ask(
            lambda c: c.create_collection(
                COLLECTION, schema=schema, index_params=index, properties=told, consistency_level="Strong"
            )
        )

    def put(self, rows: Sequence[Passage]) -> None:
        """Writes rows, in place of those with their ids."""
        cells = [{name: getattr(row, name) for name in Passage.__slots__} for row in rows]
        self._ask(lambda c: c.upsert(COLLECTION, cells, timeout=60))

    def drop(self, ids: Sequence[str]) -> None:
        """Takes rows out."""
        for first in range(0, len(ids), _PAGE):
            part = list(ids[first : first + _PAGE])
            self._ask(lambda c, part=part: c.delete(COLLECTION, ids=part, timeout=60))

    def settle(self) -> None:
        """Writes what is in memory to disk and opens the collection for searching."""
        self._ask(lambda c: c.flush(COLLECTION, timeout=120))
        self._ask(lambda c: c.load_collection(COLLECTION, timeout=120))

    # -- searching ---------------------------------------------------------------------------------

    def nearest(self, vector: Vectors, k: int, *, where: str = "") -> list[tuple[str, float]]:
        """The ids of the nearest vectors with their inner product, best first."""
        return self._search("vector", [vector.tolist()], k, where, {"metric_type": "IP"})

    def with_words(self, grams: str, k: int, *, where: str = "") -> list[tuple[str, float]]:
        """The ids of the rows with these grams by BM25, best first."""
        found = self._search("words", [grams], k, where, {"metric_type": "BM25"}) if grams else []
        # Milvus Lite gives BM25 as a negative distance, a server as a positive score.
        return [(name, abs(score)) for name, score in found]

    def _search(
        self, field: str, data: list[Any], k: int, where: str, told: dict[str, Any]
    ) -> list[tuple[str, float]]:
        found = self._ask(
            lambda c: c.search(
                COLLECTION,
                data=data,
                anns_field=field,
                limit=min(k, _MOST),
                filter=where,
                search_params=told,
                output_fields=["id"],
                timeout=TIMEOUT,
            )
        )
        return [(row["id"], float(row["distance"])) for row in found[0]]

    def _ask(self, what: Any) -> Any:
        return _asked(self.name, lambda: what(self._client))


def _asked(name: str, what: Any) -> Any:
    """What Milvus answers; its errors, and those of the wire, as one sentence."""
    from pymilvus.exceptions import MilvusException

    try:
        return what()
    except (MilvusException, ConnectionError, TimeoutError, OSError) as error:
        raise DamagedData(f"Milvus（{name}）没有回答：{_reason(error)}。", _NEXT) from error
    except Exception as error:  # grpc and Milvus Lite raise their own, not of one family
        family = type(error).__module__.partition(".")[0]
        if family in ("grpc", "milvus_lite", "pymilvus"):
            what_happened = "没有回答" if family == "grpc" else "出错"
            raise DamagedData(f"Milvus（{name}）{what_happened}：{_reason(error)}。", _NEXT) from error
        raise


def _reason(error: Exception) -> str:
    """One line of what an error says: grpc keeps it in details()."""
    details = getattr(error, "details", None)
    said = (details() if callable(details) else "") or getattr(error, "message", "") or str(error)
    return (str(said).splitlines() or [type(error).__name__])[0][:120]
