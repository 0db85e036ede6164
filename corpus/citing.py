"""Written citations resolved against the library: the provision meant, or exactly what is wrong.

    resolve(library, "安全生产法21条第(五)项").targets[0].place.citation

None unless unique: a citation that fits several texts or several paragraphs stays ambiguous, with the
candidates named. The default version is the one in force on the day asked, else the latest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from corpus import finding, naming, works
from corpus.document import Edition
from corpus.finding import Miss, Where
from corpus.library import Library
from corpus.naming import Name
from corpus.place import Address, Place, Status
from corpus.validity import dated_on
from corpus.written import Chain, chains


class Outcome(StrEnum):
    """What became of a citation."""

    OK = "ok"
    NO_SUCH_WORK = "no_such_work"
    NO_WORK_GIVEN = "no_work_given"
    NO_SUCH_ARTICLE = "no_such_article"
    NO_SUCH_PARAGRAPH = "no_such_paragraph"
    NO_SUCH_ITEM = "no_such_item"
    AMBIGUOUS = "ambiguous"
    NOT_A_CITATION = "not_a_citation"


_CIRCLED = {ord("①") + n: f"（{n + 1}）" for n in range(20)}  # 第⑤项


@dataclass(frozen=True, slots=True)
class Target:
    """A provision a citation means, with its words."""

    key: str
    place: Place
    text: str

    def as_json(self) -> dict[str, Any]:
        return {**self.place.as_json(), "text": self.text}


@dataclass(frozen=True, slots=True)
class Citation:
    """The outcome of one written citation. `candidates` are named when it is ambiguous or mistyped."""

    status: Outcome
    targets: tuple[Target, ...] = ()
    message: str = ""
    candidates: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The cite object of the command line's contract."""
        return {
            "status": self.status.value,
            "targets": [target.as_json() for target in self.targets],
            "message": self.message,
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class Named:
    """A work as found, with the volumes of the version meant; or why none was found."""

    editions: tuple[Edition, ...] = ()
    failure: Citation | None = None


def resolve(library: Library, text: str, *, context: str | None = None, on: str | None = None) -> Citation:
    """Resolves a written citation.

    `context` is the full citation of the provision it stands in (for 前款, 本条, 本法第…条); `on` the ISO
    date validity is judged on, today when None.
    """
    day = on or date.today().isoformat()
    home: Where | None = None
    if context is not None and context.strip():
        found = resolve(library, context, on=day)
        if found.status is not Outcome.OK or len({t.key for t in found.targets}) != 1:
            return replace(found, targets=(), message=f"上下文“{context}”：{found.message or '不是一处条文'}")
        home = Where(found.targets[0].key, found.targets[0].place.address)
    return _Reading(library, text, home, day).run()


class _Reading:
    """One citation under resolution."""

    def __init__(self, library: Library, text: str, home: Where | None, on: str) -> None:
        self._library, self._home, self._on = library, home, on
        self._text = text.strip().translate(_CIRCLED)

    def run(self) -> Citation:
        found = list(chains(self._text, loose=True))
        if not found:
            return self._whole_text()
        targets: list[Target] = []
        named: Named | None = None
        last = 0
        for chain in found:
            before, last = self._text[last : chain.start], chain.stop
            if not chain.itself:
                fresh = self._name(before, first=named is None)
                named = fresh if fresh is not None else named
                if named is not None and named.failure is not None:
                    return named.failure
            outcome = self._chain(chain, named)
            if isinstance(outcome, Citation):
                return outcome
            targets += outcome
        rest = self._text[last:]
        unnamed = [name for _, _, name in naming.quoted_titles(rest)]
        if not targets and unnamed:
            return self._whole_text()
        return Citation(Outcome.OK, tuple(dict.fromkeys(targets)), self._note(targets))

    # -- which text ------------------------------------------------------------------------------

    def _name(self, before: str, *, first: bool) -> Named | None:
        """The work named before an address; None when no name stands there."""
        unknown: Name | None = None
        for name in naming.candidates(before, first=first):
            if naming.is_generic(name.title) and not name.quoted and name.title.startswith(("该", "上述")):
                return None
            keys = self._works(name)
            if len(keys) > 1:
                return Named(failure=self._several(name, keys))
            if keys:
                return self._version(keys[0], name)
            if unknown is None or (name.quoted and not unknown.quoted):
                unknown = name
        if unknown is None or not _is_name(unknown):
            return None
        return Named(failure=self._unknown(unknown))

    def _works(self, name: Name) -> tuple[str, ...]:
        if self._home is not None:
            declared = self._library.short_names(self._home.key).get(works.title_key(name.title))
            if declared:
                return self._library.find_works(declared)
        return self._library.find_works(name.title)

    def _version(self, work: str, name: Name) -> Named:
        """The volumes of the version meant: the one named, else in force, else the latest."""
        held = self._library.versions(work)
        number = works.number_key(name.title)
        by_number = [e for e in held if number in self._library.numbers(e.key)[-1:]]
        wanted = by_number or list(held)
        if name.dated:
            wanted = [e for e in held if dated_on(e).startswith(name.dated)]
        elif name.age == "old":
            current = _lead(held, self._on)
            wanted = [e for e in held if dated_on(e) < dated_on(current)]
        if not wanted:
            kept = "、".join(dict.fromkeys(e.masthead.version or "版本不明" for e in held))
            which = f"{name.dated}年" if name.dated and len(name.dated) == 4 else (name.dated or "更早")
            message = f"库中的《{held[0].title}》没有{which}的版本，只有{kept}"
            return Named(failure=Citation(Outcome.NO_SUCH_WORK, message=message, candidates=(held[0].title,)))
        lead = _lead(wanted, self._on)
        return Named(tuple(e for e in wanted if e.masthead.version == lead.masthead.version))

    def _several(self, name: Name, keys: Sequence[str]) -> Citation:
        titles = tuple(self._library.versions(key)[0].title for key in keys)
        message = f"“{name.title}”可指{len(titles)}部：" + "、".join(f"《{t}》" for t in titles[:8])
        return Citation(Outcome.AMBIGUOUS, message=message, candidates=titles)

    def _unknown(self, name: Name) -> Citation:
        titles = self._library.titles()
        key = works.title_key(name.title)
        if naming.is_generic(name.title):
            message = f"《{name.title}》只是文种，没有写明是哪一部"
            return Citation(Outcome.AMBIGUOUS, message=message)
        local = [title for bare, title in titles.items() if works.local_form(bare) == key]
        if len(local) > 1:
            return self._several(name, [works.title_key(title) for title in local])
        near = local or works.similar(name.title, titles)
        message = f"库中没有《{name.title}》"
        if near:
            message += "；是否指" + "、".join(f"《{title}》" for title in near) + "？"
        return Citation(Outcome.NO_SUCH_WORK, message=message, candidates=tuple(near))

    def _whole_text(self) -> Citation:
        """A citation without an address: the text itself when it is named exactly."""
        quoted = naming.quoted_titles(self._text)
        before = self._text[: quoted[-1][1]] if quoted else self._text
        if len(before) > 120 and not quoted:
            return Citation(Outcome.NOT_A_CITATION, message="没有写出法规名称和条款")
        for name in naming.candidates(before):
            keys = self._works(name)
            if len(keys) > 1:
                return self._several(name, keys)
            if keys:
                named = self._version(keys[0], name)
                if named.failure:
                    return named.failure
                edition = named.editions[0]
                place = edition.place(Address(), on=self._on)
                return Citation(Outcome.OK, (Target(edition.key, place, ""),), "引用的是全文，没有写明条款")
        if quoted:
            return self._unknown(quoted[-1][2])
        return Citation(Outcome.NOT_A_CITATION, message="没有写出法规名称和条款")

    # -- which provision -------------------------------------------------------------------------

    def _chain(self, chain: Chain, named: Named | None) -> list[Target] | Citation:
        if named is not None and not chain.itself:
            editions, home = named.editions, None
        elif self._home is not None:
            home = self._home
            editions = self._volumes(self._library.edition(home.key))
        else:
            message = "没有写明是哪一部法规" + ("，也没有给出所在条文" if self._leans(chain) else "")
            return Citation(Outcome.NO_WORK_GIVEN, message=message)
        targets: list[Target] = []
        for aim in chain.aims:
            found = finding.find(self._library, editions, aim, home=home, words=self._text)
            if isinstance(found, Miss):
                return Citation(Outcome(found.status), message=found.message, candidates=found.candidates)
            targets += [self._target(where) for where in found]
        return targets

    def _leans(self, chain: Chain) -> bool:
        return chain.itself or any(aim.relative for aim in chain.aims)

    def _volumes(self, edition: Edition) -> tuple[Edition, ...]:
        held = self._library.versions(edition.work)
        others = [e for e in held if e.masthead.version == edition.masthead.version and e.key != edition.key]
        return (edition, *others)

    def _target(self, where: Where) -> Target:
        edition = self._library.edition(where.key)
        rows = finding.rows(self._library, where)
        place = Place(
            edition.source,
            edition.title,
            edition.masthead.version,
            edition.status(self._on),
            where.address,
            rows[0].headings if rows else (),
        )
        return Target(where.key, place, "\n".join(row.text for row in rows))

    def _note(self, targets: Sequence[Target]) -> str:
        """What a reader must know of the texts hit: repealed, amended, not yet in force."""
        notes = []
        for key in dict.fromkeys(target.key for target in targets):
            edition = self._library.edition(key)
            status = edition.status(self._on)
            if status is Status.REPEALED:
                notes.append(f"《{edition.title}》已于{edition.effective_to}废止（{edition.ended_reason}）")
            elif status is Status.AMENDED:
                notes.append(f"这是旧版本（{edition.masthead.version}），已由{edition.ended_reason}取代")
            elif status is Status.NOT_YET:
                notes.append(f"《{edition.title}》自{edition.effective_from}起施行")
        return "；".join(notes)


def _lead(held: Sequence[Edition], on: str) -> Edition:
    """Of several versions the one in force, else the newest that began, else the newest."""
    for status in (Status.IN_FORCE, Status.UNKNOWN):
        for edition in held:
            if edition.status(on) is status:
                return edition
    begun = [e for e in held if e.status(on) is not Status.NOT_YET]
    return (begun or list(held))[0]


_TITLE_END = re.compile(
    r"(?:法|条例|办法|规定|规则|细则|解释|典|意见|通知|决定|标准|号|编|规程|准则|制度|章程|公约|规范|方案|纲要|批复|令|总则|附则"
    r"|修正案)[）)]*$|\)$"
)


def _is_name(name: Name) -> bool:
    """Whether unknown words before an address are meant as a title at all."""
    return name.quoted or bool(_TITLE_END.search(works.title_key(name.title)))
