"""The library as the citation check asks it: what a citation means, and where words really stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from corpus import citing
from corpus.citing import Target
from corpus.document import Provision
from corpus.library import Library, covers
from corpus.place import Address, Status
from generator.citation_scan import Mention
from generator.quotation import bare, likeness, stands_in

_SHORTEST = 8  # characters: shorter words stand in many places


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a citation means. `texts` are the forms in which the provision's words may be quoted."""

    status: str
    targets: tuple[Target, ...] = ()
    texts: tuple[str, ...] = ()
    message: str = ""
    key: str | None = None


_STATUS = {
    "no_such_work": "not_in_library",
    "no_work_given": "unrecognised",
    "no_such_article": "no_such_provision",
    "no_such_paragraph": "no_such_provision",
    "no_such_item": "no_such_provision",
    "ambiguous": "ambiguous",
    "not_a_citation": "unrecognised",
}


class StoredWords:
    """The library, asked on one date; every answer is kept, for a document cites the same text many times."""

    def __init__(self, library: Library, *, on: str) -> None:
        self._library, self._on = library, on
        self._met: dict[str, None] = {}
        self.knows = lru_cache(maxsize=4096)(self._knows)
        self._resolved = lru_cache(maxsize=4096)(self._resolve)
        self._rows = lru_cache(maxsize=256)(library.provisions)
        self._whole = lru_cache(maxsize=256)(self._joined)

    def _knows(self, name: str) -> bool:
        return bool(self._library.find_works(name))

    def _joined(self, key: str) -> str:
        """A whole text for looking words up in, its rows apart."""
        return "\n".join(row.text for row in self._rows(key))

    def resolve(self, mention: Mention) -> Resolved:
        """What the mention means on the date; its own problem first."""
        if mention.problem is not None or mention.full is None:
            return Resolved(mention.problem or "unrecognised", message=mention.note)
        found = self._resolved(mention.full, mention.work)
        if found.key is not None:
            self._met.setdefault(found.key)
        return found

    def _resolve(self, full: str, work: str | None) -> Resolved:
        cited = citing.resolve(self._library, full, on=self._on)
        if cited.status != "ok":
            status = _STATUS[cited.status.value]
            if cited.status.value == "no_such_work" and self._other_version(work):
                status = "not_in_library"
            return Resolved(status, message=cited.message, key=self._key(work))
        targets = cited.targets
        states = {target.place.status for target in targets}
        if states & {Status.REPEALED, Status.AMENDED}:
            status = "repealed"
        elif Status.NOT_YET in states:
            status = "not_yet_in_force"
        else:
            status = "match"
        texts = tuple(text for target in targets for text in self._forms(target))
        return Resolved(status, targets, texts, cited.message, targets[0].key if targets else None)

    def _other_version(self, work: str | None) -> bool:
        return work is not None and self.knows(work)

    def _key(self, work: str | None) -> str | None:
        """The text a citation of a missing provision speaks of."""
        if work is None:
            return None
        whole = citing.resolve(self._library, f"《{work}》", on=self._on)
        return whole.targets[0].key if whole.targets else None

    def _forms(self, target: Target) -> tuple[str, ...]:
        """The words of a provision, and for an item the same after its lead words."""
        address = target.place.address
        if address == Address():
            return ("\n".join(row.text for row in self._rows(target.key)),)
        if address.item is None:
            return (target.text,)
        lead = address.up()
        words = next((r.text for r in self._rows(target.key) if lead is not None and r.address == lead), "")
        return (target.text, words + target.text) if words else (target.text,)

    def elsewhere(self, quote: str, found: Resolved) -> tuple[Target, ...]:
        """Where the words stand: the text cited, its other versions, the texts met before; () if nowhere."""
        if len(bare(quote)) < _SHORTEST or found.key is None:
            return ()
        work = self._library.edition(found.key).work
        versions = [edition.key for edition in self._library.versions(work)]
        for key in dict.fromkeys([found.key, *versions, *self._met]):
            holding = self._rows_with(key, quote)
            if holding:
                return tuple(self._target(key, row) for row in holding[:3])
        return ()

    def _rows_with(self, key: str, quote: str) -> list[Provision]:
        if not stands_in(quote, self._whole(key)):
            return []
        return [row for row in self._rows(key) if stands_in(quote, row.text)]

    def narrowed(self, quote: str, found: Resolved) -> tuple[Target, ...]:
        """The targets, those of a whole article narrowed to the paragraph that has the words."""
        out = []
        for target in found.targets:
            address = target.place.address
            rows = (
                [r for r in self._rows(target.key) if covers(address, r.address)]
                if not address.paragraph
                else []
            )
            holding = next((r for r in rows if stands_in(quote, r.text)), None)
            out.append(target if holding is None else self._paragraph(target.key, holding))
        return tuple(out)

    def nearest(self, quote: str, found: Resolved) -> tuple[Target, ...]:
        """The row of the provision cited that is most like the words."""
        best: tuple[float, Target] | None = None
        for target in found.targets:
            address = target.place.address
            for row in self._rows(target.key):
                if address == Address() or covers(address, row.address):
                    score = likeness(quote, row.text)
                    if best is None or score > best[0]:
                        best = (score, self._target(target.key, row))
        return (best[1],) if best else found.targets

    def _paragraph(self, key: str, row: Provision) -> Target:
        """The paragraph an item stands in, for a quotation from an article cited as a whole."""
        address = row.address
        if address.item is not None and address.article is not None:
            lead = next((r for r in self._rows(key) if r.address == _lead(address)), row)
            return self._target(key, lead)
        return self._target(key, row)

    def _target(self, key: str, row: Provision) -> Target:
        edition = self._library.edition(key)
        return Target(key, edition.place(row, on=self._on), row.text)


def _lead(address: Address) -> Address:
    up = address.up()
    while up is not None and up.item is not None:
        up = up.up()
    return up or address
