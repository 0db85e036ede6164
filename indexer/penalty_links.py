"""From a duty provision to the provisions of the same text that punish its breach.

A penalty rarely names the article it punishes: it restates the behaviour (未…的 for 应当…, …的 for 不得…).
A link is the share of the restated behaviour's words found in the duty, weighted by how rare they are in
the text, times how well the duty does against its rivals, times whether the same subject is meant; an
explicit 违反本法第…条 counts as such. Below THRESHOLD there is no link: "none" is an answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.document import Level, Provision
from corpus.place import Address
from indexer.bearers import bearer_type
from indexer.obligation import BearerType, Obligation
from indexer.penalty_units import PenaltyUnit, penalty_addresses, read

THRESHOLD = 0.3
EXPLICIT = 0.97
ROLE = 0.98
ROLE_ONLY = 0.45
SHORT, LONG, RIVALRY = 0.55, 60.0, 0.7
_PUBLIC = frozenset({BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT})
_OFFICIAL = re.compile(r"工作人员|人民政府|部门|机关|主管人员|监督管理机构|检查人员|执法人员|国家")
# Words that say "did not" or "as prescribed": they carry no behaviour.
_FILLER = re.compile(
    r"(?:未|不|没有)?(?:按照?|依照|依据|根据)(?:国家|本法|本条例|本办法|本规定|有关|法律、法规)*(?:有关)?(?:的)?规定|(?:本法|本条例|本办法)(?:的)?规定的?"
    r"|应当|必须|不得|禁止|严禁|未经|没有|未能|拒不|拒绝|擅自|未|不|的|了|要求|其|该|本单位|及时|立即"
)
_JOINT = re.compile(r"[\s、，,。；;：:（）()《》“”〈〉]")
_SENTENCE = re.compile(r"[^。；;\n]+")


Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Link:
    """`score` in 0..1; `explicit` when the penalty names the duty's article; `text` is the penalty's
    words.
    """

    duty: Address
    penalty: Address
    score: float
    explicit: bool
    text: str


@dataclass(frozen=True, slots=True)
class _Duty:
    """`sentences` of the provision (the lead first, for an item) and `windows` of them read together."""

    address: Address
    sentences: tuple[str, ...]
    windows: tuple[tuple[int, ...], ...]
    own: str
    bearers: tuple[str, ...]
    types: frozenset[BearerType]


def link(provisions: Sequence[Provision], obligations: Iterable[Obligation]) -> tuple[Link, ...]:
    """Every link of a text, by duty in order, best first. `obligations` tell who bears a provision."""
    units = read(provisions)
    if not units:
        return ()
    duties = _duties(provisions, penalty_addresses(units), obligations)
    if not duties:
        return ()
    scores = _Scores(duties, units)
    return tuple(one for index in range(len(duties)) for one in scores.of(index))


def _duties(
    provisions: Sequence[Provision], penal: frozenset[Address], obligations: Iterable[Obligation]
) -> list[_Duty]:
    borne: dict[Address, list[Obligation]] = {}
    for one in obligations:
        borne.setdefault(one.address, []).append(one)
    out: list[_Duty] = []
    for index, provision in enumerate(provisions):
        at = provision.address
        if at.annex is not None or provision.level not in (
            Level.PARAGRAPH,
            Level.ITEM,
            Level.SUBITEM,
            Level.CLAUSE,
        ):
            continue
        if at.whole() in penal:
            continue
        below = _below(provisions, index)
        if not provision.words:
            continue
        held = [one for row in (provision, *below) for one in borne.get(row.address, ())]
        out.append(_duty(provision, below, _lead(provisions, index), held))
    return out


def _duty(provision: Provision, below: Sequence[Provision], lead: str, held: Sequence[Obligation]) -> _Duty:
    parts = [found[0] for row in (provision, *below) for found in _SENTENCE.finditer(row.words)]
    numbers = range(len(parts))
    if lead:
        parts.append(lead)
        windows: list[tuple[int, ...]] = [(number, len(parts) - 1) for number in numbers]
    else:
        windows = [(number,) for number in numbers]
    windows += [(number, number + 1) for number in numbers[:-1]]
    if below:
        windows += [(0, number) for number in numbers[2:]]
    if len(numbers) > 2:
        windows.append(tuple(numbers))
    bearers = tuple(dict.fromkeys(one.bearer for one in held))
    types = frozenset(one.bearer_type for one in held)
    return _Duty(provision.address, tuple(parts), tuple(windows), provision.words, bearers, types)


def _below(provisions: Sequence[Provision], index: int) -> list[Provision]:
    at = provisions[index].address
    out: list[Provision] = []
    for row in provisions[index + 1 :]:
        inner = row.address
        if (inner.whole(), inner.paragraph) != (at.whole(), at.paragraph) or at.item not in (
            None,
            inner.item,
        ):
            break
        out.append(row)
    return out


def _lead(provisions: Sequence[Provision], index: int) -> str:
    """The lead paragraph's words above an item."""
    at = provisions[index].address
    if at.item is None:
        return ""
    for row in reversed(provisions[:index]):
        if row.address.whole() != at.whole():
            return ""
        if row.level is Level.PARAGRAPH:
            return row.words
    return ""


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


class _Scores:
    """The words of every duty against those of every restated behaviour, as two small matrices."""

    def __init__(self, duties: Sequence[_Duty], units: Sequence[PenaltyUnit]) -> None:
        self.duties, self.units = duties, units
        self._rows = [(u, b) for u, unit in enumerate(units) for b in _behaviours(unit)]
        texts = [grams(words) for _, words in self._rows]
        columns: dict[str, int] = {}
        for text in texts:
            for gram in text:
                columns.setdefault(gram, len(columns))
        held, first = _held(duties, columns)
        self._rarity = _rarity(np.maximum.reduceat(held, first, axis=0))
        wanted = np.zeros((len(self._rows), len(columns) or 1), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram, times in Counter(text).items():
                wanted[row, columns[gram]] = self._rarity[columns[gram]] * min(times, 2)
        self._mass = wanted.sum(axis=1)
        share = held @ (wanted / np.maximum(self._mass, 1e-6)[:, None]).T
        self._cover = self._best(np.maximum.reduceat(share, first, axis=0))

    def _best(self, by_duty: Matrix) -> Matrix:
        """Per duty and unit: the best share of any behaviour in any window.

        Short behaviours count less, and so does a duty that another duty matches far better.
        """
        rival = np.maximum(by_duty.max(axis=0), 1e-6)
        weight = np.minimum(1.0, SHORT + self._mass / LONG)
        by_duty = by_duty * weight[None, :] * (by_duty / rival[None, :]) ** RIVALRY
        out = np.zeros((len(self.duties), len(self.units)), dtype=np.float32)
        for column, (unit, _) in enumerate(self._rows):
            np.maximum(out[:, unit], by_duty[:, column], out=out[:, unit])
        return out

    def of(self, index: int) -> list[Link]:
        duty = self.duties[index]
        found: list[Link] = []
        for u, unit in enumerate(self.units):
            score = float(self._cover[index, u])
            score = score * fit(duty.bearers, duty.types, unit) if score >= THRESHOLD else 0.0
            if unit.role and _same_role(duty, unit):
                score = max(score, _role_score(duty))
            explicit = _names(unit.breached, duty.address)
            if explicit:
                score = EXPLICIT if score < THRESHOLD else max(EXPLICIT, score)
            if score >= THRESHOLD:
                found.append(Link(duty.address, unit.address, round(min(score, 1.0), 3), explicit, unit.text))
        return sorted(found, key=lambda one: -one.score)


def _behaviours(unit: PenaltyUnit) -> list[str]:
    return [
        words[len(unit.subject) :] if unit.subject and words.startswith(unit.subject) else words
        for words in unit.behaviours
    ]


def _held(duties: Sequence[_Duty], columns: Mapping[str, int]) -> tuple[Matrix, npt.NDArray[np.int64]]:
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


def _rarity(spread: Matrix) -> Matrix:
    """Weight of every gram: the fewer duties of the text hold it, the heavier."""
    weights: Matrix = np.log((len(spread) + 1.0) / (spread.sum(axis=0) + 0.5)).astype(np.float32)
    return np.maximum(weights, 0.15)


def _names(named: Sequence[Address], at: Address) -> bool:
    """One of the named addresses is the provision, or holds it."""
    for one in named:
        if one.whole() != at.whole():
            continue
        if one.paragraph in (None, at.paragraph) and one.item in (None, at.item):
            return True
    return False


def fit(bearers: Sequence[str], types: frozenset[BearerType], unit: PenaltyUnit) -> float:
    """Whether the punished subject can be the bearer: 1 the same, less when unknown, near 0 when another."""
    subject = unit.subject
    if not bearers:
        return 0.9
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


def _same_role(duty: _Duty, unit: PenaltyUnit) -> bool:
    """未履行本法规定的职责 punishes a person or body for its own list of duties."""
    names = set(_PERSON.findall(unit.subject))
    return bool(names) and any(
        names & set(_PERSON.findall(bearer)) and _rank(bearer) == _rank(unit.subject)
        for bearer in duty.bearers
    )


def _role_score(duty: _Duty) -> float:
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


def by_duty(links: Iterable[Link]) -> Mapping[Address, tuple[Link, ...]]:
    """The links of each duty provision, best first."""
    out: dict[Address, list[Link]] = {}
    for one in links:
        out.setdefault(one.duty, []).append(one)
    return {address: tuple(held) for address, held in out.items()}
