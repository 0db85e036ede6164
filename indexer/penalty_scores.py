"""How well the duties of a text fit the behaviours its penalties restate: a matrix of scores.

A score is the share of the restated behaviour's words found in the duty, weighted by how rare they are in
the text, times how well the duty does against its rivals, times whether the same subject is meant. A
penalty that names articles (违反本法第…条) is meant for these. Where the penalties before and after it are
sure, a penalty in between is meant for a duty in between: items follow the order of the articles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.place import Address
from indexer.bearers import bearer_type
from indexer.obligation import BearerType
from indexer.penalty_units import PenaltyUnit

THRESHOLD = 0.3
# Between two texts the words must tell more.
ACROSS = 0.55
EXPLICIT, CITED, UNNAMED = 0.97, 0.45, 0.4
ROLE, ROLE_ONLY = 0.98, 0.45
SHORT, LONG, RIVALRY = 0.45, 60.0, 0.7
# Weight of words of a behaviour that no duty of the text has: they tell no duty from another.
UNHEARD = 0.5
# A penalty between two sure ones: least share of its words, and what the place in the order is worth.
SURE, BETWEEN, ORDER = 0.5, 0.25, 0.2
_PUBLIC = frozenset({BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT})
_OFFICIAL = re.compile(r"工作人员|人民政府|部门|机关|主管人员|监督管理机构|检查人员|执法人员|国家")
# Words that say "did not" or "as prescribed": they carry no behaviour.
_FILLER = re.compile(
    r"(?:未|不|没有)?(?:按照?|依照|依据|根据)(?:国家|本法|本条例|本办法|本规定|有关|法律、法规)*(?:有关)?(?:的)?规定|(?:本法|本条例|本办法)(?:的)?规定的?"
    r"|应当|必须|不得|禁止|严禁|未经|没有|未能|拒不|拒绝|擅自|有关|相关|必要|未|不|的|了|要求|其|该|本单位|及时|立即"
)
_JOINT = re.compile(r"[\s、，,。；;：:（）()《》“”〈〉]")

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Duty:
    """`sentences` of the provision (the lead first, for an item) and `windows` of them read together."""

    address: Address
    sentences: tuple[str, ...]
    windows: tuple[tuple[int, ...], ...]
    own: str
    bearers: tuple[str, ...]
    types: frozenset[BearerType]


def plain(words: str) -> list[str]:
    """The words in runs, without fillers and marks."""
    return [run for run in _JOINT.split(_FILLER.sub(" ", words)) if run]


@lru_cache(maxsize=4096)
def grams(words: str) -> tuple[str, ...]:
    """Character 2- and 3-grams of the plain words."""
    out: list[str] = []
    for run in plain(words):
        out += [run[i : i + 2] for i in range(len(run) - 1)]
        out += [run[i : i + 3] for i in range(len(run) - 2)]
    return tuple(out)


class Scores:
    """The words of every duty against those of every restated behaviour, as small matrices."""

    def __init__(
        self, duties: Sequence[Duty], units: Sequence[PenaltyUnit], *, unheard: float = UNHEARD
    ) -> None:
        self.duties, self.units = duties, units
        rows = [(u, words) for u, unit in enumerate(units) for words in _behaviours(unit)]
        texts = [grams(words) for _, words in rows]
        columns: dict[str, int] = {}
        for text in texts:
            for gram in text:
                columns.setdefault(gram, len(columns))
        held, first = _held(duties, columns)
        rarity = _rarity(np.maximum.reduceat(held, first, axis=0), unheard)
        wanted = np.zeros((len(rows), len(columns) or 1), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram, times in Counter(text).items():
                wanted[row, columns[gram]] = rarity[columns[gram]] * min(times, 2)
        mass = wanted.sum(axis=1)
        share = held @ (wanted / np.maximum(mass, 1e-6)[:, None]).T
        self._of_row = np.array([u for u, _ in rows], dtype=np.int64)
        self._fit = _fits(duties, units)
        self.values = self._settle(np.maximum.reduceat(share, first, axis=0), mass)

    def _settle(self, share: Matrix, mass: Matrix) -> Matrix:
        """Per duty and unit: the best share of any behaviour in any window.

        Short behaviours count less, and so does a duty that another duty of the same subject matches better.
        """
        fitting = share * self._fit[:, self._of_row]
        rival = np.maximum(fitting.max(axis=0), 1e-6)
        weight = np.minimum(1.0, SHORT + mass / LONG)
        scored = fitting * weight[None, :] * np.minimum(1.0, fitting / rival[None, :]) ** RIVALRY
        values, raw = (self._by_unit(matrix) for matrix in (scored, fitting))
        self._name(values)
        self._in_order(values, raw)
        return values

    def _by_unit(self, by_row: Matrix) -> Matrix:
        out = np.zeros((len(self.duties), len(self.units)), dtype=np.float32)
        for row, unit in enumerate(self._of_row):
            np.maximum(out[:, unit], by_row[:, row], out=out[:, unit])
        return out

    def _name(self, values: Matrix) -> None:
        """A penalty that names articles is meant for their duties, and hardly for others."""
        for u, unit in enumerate(self.units):
            for named, least in ((unit.cited, CITED), (unit.breached, EXPLICIT)):
                if not named:
                    continue
                hit = np.array([names(named, duty.address) for duty in self.duties])
                if hit.any():
                    values[~hit, u] *= UNNAMED
                    values[hit, u] = np.maximum(values[hit, u], least)

    def _in_order(self, values: Matrix, raw: Matrix) -> None:
        best, sure = values.argmax(axis=0), values.max(axis=0) >= SURE
        for u, unit in enumerate(self.units):
            if sure[u]:
                continue
            before = [int(best[v]) for v in range(u) if sure[v] and _beside(self.units[v], unit)]
            after = [
                int(best[v])
                for v in range(u + 1, len(self.units))
                if sure[v] and _beside(self.units[v], unit)
            ]
            if not before or not after or before[-1] > after[0]:
                continue
            window = raw[before[-1] : after[0] + 1, u]
            at = int(window.argmax())
            if window[at] >= BETWEEN:
                duty = before[-1] + at
                values[duty, u] = max(values[duty, u], min(0.6, float(window[at]) + ORDER))


def _beside(a: PenaltyUnit, b: PenaltyUnit) -> bool:
    """Items of one lead paragraph."""
    return (a.address.whole(), a.address.paragraph) == (b.address.whole(), b.address.paragraph)


def _fits(duties: Sequence[Duty], units: Sequence[PenaltyUnit]) -> Matrix:
    """`fit` of every duty and unit; few bearers and subjects differ."""
    subjects: dict[str, list[int]] = {}
    for u, unit in enumerate(units):
        subjects.setdefault(unit.subject, []).append(u)
    held: dict[tuple[tuple[str, ...], frozenset[BearerType]], Matrix] = {}
    out = np.ones((len(duties), len(units)), dtype=np.float32)
    for row, duty in enumerate(duties):
        key = (duty.bearers, duty.types)
        if key not in held:
            line = np.ones(len(units), dtype=np.float32)
            for subject, at in subjects.items():
                line[at] = fit(duty.bearers, duty.types, subject)
            held[key] = line
        out[row] = held[key]
    return out


def _behaviours(unit: PenaltyUnit) -> list[str]:
    return [
        words[len(unit.subject) :] if unit.subject and words.startswith(unit.subject) else words
        for words in unit.behaviours
    ]


def _held(duties: Sequence[Duty], columns: Mapping[str, int]) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """One row a window, one column a gram, 1 where it holds it; and the first row of each duty."""
    rows: list[set[int]] = []
    first: list[int] = []
    for duty in duties:
        found = [{columns[g] for g in grams(words) if g in columns} for words in duty.sentences]
        first.append(len(rows))
        rows.extend(set().union(*(found[number] for number in window)) for window in duty.windows)
    held = np.zeros((len(rows), len(columns) or 1), dtype=np.float32)
    for row, at in enumerate(rows):
        held[row, list(at)] = 1.0
    return held, np.array(first)


def _rarity(spread: Matrix, unheard: float) -> Matrix:
    """Weight of every gram: the fewer duties of the text hold it, the heavier."""
    held = spread.sum(axis=0)
    weights: Matrix = np.log((len(spread) + 1.0) / (held + 0.5)).astype(np.float32)
    return np.maximum(np.where(held == 0, weights * unheard, weights), 0.15)


def names(named: Sequence[Address], at: Address) -> bool:
    """One of the named addresses is the provision, or holds it."""
    for one in named:
        if one.whole() != at.whole():
            continue
        if one.paragraph in (None, at.paragraph) and one.item in (None, at.item):
            return True
    return False


def fit(bearers: Sequence[str], types: frozenset[BearerType], subject: str) -> float:
    """Whether the punished subject can be the bearer: 1 the same, less when unknown, near 0 when another."""
    if not bearers:
        return 0.9
    if subject and subject in bearers:
        return 1.0
    official = bool(_OFFICIAL.search(subject)) and bearer_type(subject) in _PUBLIC | {BearerType.EMPLOYEE}
    public = bool(types) and types <= _PUBLIC
    if public != official and (subject or public):
        return 0.35
    if not subject:
        return 0.95
    return max(_alike(subject, bearer) for bearer in bearers)


_GENERIC = re.compile(r"单位|企业|个人|人员|公司|者|机构|、|和|以及|及|或者|等|的|其|有关|任何|本")


def _alike(subject: str, bearer: str) -> float:
    """How far two names of a bearer can mean the same one."""
    if subject in bearer or bearer in subject:
        return 1.0
    a, b = (set(_pairs(_GENERIC.sub("", name))) for name in (subject, bearer))
    if not a or not b:
        return 0.9
    return 0.55 + 0.45 * len(a & b) / min(len(a), len(b))


def _pairs(words: str) -> list[str]:
    return [words[i : i + 2] for i in range(len(words) - 1)] or [words]


_PERSON = re.compile(
    r"负责人|管理人员|管理机构|照管人员|总监|责任人|管理人|安全员|投资人|矿长|职责的机构|技术人员|监护人"
)


def same_role(duty: Duty, unit: PenaltyUnit) -> bool:
    """未履行本法规定的职责 punishes a person or body for its own list of duties."""
    names = set(_PERSON.findall(unit.subject))
    return bool(names) and any(
        names & set(_PERSON.findall(bearer)) and _rank(bearer) == _rank(unit.subject)
        for bearer in duty.bearers
    )


def role_score(duty: Duty) -> float:
    """High where the provision lays down the role itself (下列职责, 全面负责), low for a single duty."""
    return (
        ROLE
        if re.search(r"下列[^，。]{0,8}职责|全面负责|第一责任人|履行[^，。]{0,10}职责", duty.own)
        else ROLE_ONLY
    )


def _rank(name: str) -> str:
    """主要 / 其他 / 项目 负责人 are different persons."""
    if "主要负责人" in name:
        return "主要" if "其他负责人" not in name else "各"
    return "其他" if re.search(r"其他负责人|管理人员|管理机构", name) else ""
