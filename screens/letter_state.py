"""A letter being filled in: its kind, its fields as the person left them, and the recommendation it answers.

One lies open for letters and one for replies; both are saved works of the kind "letter".
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from corpus.enumeration import Entry
from corpus.recommendation import Recommendation, from_file
from generator import letter_draft
from generator.letter_days import iso_day
from generator.letter_draft import Draft, Sources
from generator.letter_form import Fault, Form, faults, form
from generator.letter_kind import REPLY
from screens import desk, saved
from screens.steps import go_to
from screens.uploads import label
from screens.work import SavedWork

KIND = "letter"
LETTER, ANSWER = "letter", "reply"  # the two that may be open at a time
TASK = "rectify_task"
LARGEST = 8 * 1024 * 1024  # bytes of a recommendation that is kept with its reply
FINDINGS, PROGRESS = "问题", "落实情况"


@dataclass
class Filling:
    """`revision` grows when fields are set by the program, so that the widgets show them; `asked` means the
    person has asked for the paper once: from then on faults stand beside their fields."""

    slot: str
    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    source: tuple[str, bytes] | None = None
    read: Recommendation | None = None
    revision: int = 0
    asked: bool = False

    @property
    def form(self) -> Form:
        return form(self.kind)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of this kind, in order."""
        names = {one.name for one in self.form.fields}
        middle = [step for step, name in (("findings", FINDINGS), ("answers", PROGRESS)) if name in names]
        return ("start", *middle, "fields", "paper")

    @property
    def name(self) -> str:
        """What the saved work is called."""
        about = next(
            (
                self.text(n)
                for n in ("标题", "被检查单位", "受检部门", "主送", "检察建议文号")
                if self.text(n)
            ),
            "",
        )
        return f"{self.kind} {about}".strip()

    @property
    def day(self) -> str:
        """The day whose law counts."""
        return iso_day(self.text("成文日期")) or desk.today()

    def text(self, name: str) -> str:
        return str(self.fields.get(name) or "").strip()

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table field; one that is not there yet is made."""
        rows: list[dict[str, Any]] = self.fields.setdefault(name, [])
        return rows

    def faults(self) -> tuple[Fault, ...]:
        """What is wrong now; nothing before the paper was asked for."""
        return faults(self.kind, self.told()) if self.asked else ()

    def told(self) -> dict[str, Any]:
        """The fields of this kind that are filled in, as the drafting takes them."""
        names = {one.name for one in self.form.fields}
        return {name: value for name, value in self.fields.items() if name in names and value}

    def answered(self) -> Recommendation | None:
        """The recommendation as the person corrected it: one entry a row of the reply, in order."""
        if self.read is None:
            return None
        entries = tuple(Entry("", str(row.get("建议") or "")) for row in self.rows(PROGRESS))
        return replace(self.read, body=replace(self.read.body, recommendations=entries))


def current(slot: str) -> Filling:
    """The letter or the reply now open."""
    held: Filling | None = st.session_state.get(f"filling_{slot}")
    if held is None:
        kind = REPLY if slot == ANSWER else next(iter(letter_kinds()))
        held = st.session_state[f"filling_{slot}"] = Filling(slot, kind)
    return held


def letter_kinds() -> tuple[str, ...]:
    """The kinds of letters but the reply, which has a page part of its own."""
    from generator.letter_kind import kinds

    return tuple(name for name in kinds() if name != REPLY)


def fill(filling: Filling, fields: Mapping[str, Any]) -> None:
    """Fields set by the program: a sample, a record's facts, another kind's."""
    filling.fields |= dict(fields)
    filling.revision += 1


def begin(slot: str, kind: str) -> Filling:
    """An empty form; what lay open is new work no more."""
    saved.forget(f"{KIND}_{slot}")
    revision = current(slot).revision + 1
    filling = st.session_state[f"filling_{slot}"] = Filling(slot, kind, revision=revision)
    return filling


def keep(filling: Filling) -> None:
    saved.save(KIND, filling.name, payload(filling), slot=f"{KIND}_{filling.slot}")


def keep_again(filling: Filling) -> None:
    """Changes of a letter that was saved before are saved."""
    saved.save_again(KIND, filling.name, payload(filling), slot=f"{KIND}_{filling.slot}")


def payload(filling: Filling) -> dict[str, Any]:
    """The letter as it is kept; the recommendation lies with its reply."""
    kept: dict[str, Any] = {"kind": filling.kind, "fields": filling.fields}
    if filling.source and len(filling.source[1]) <= LARGEST:
        name, content = filling.source
        kept["source"] = {"name": name, "content": base64.b64encode(content).decode()}
    # a copy: the fields go on changing
    return dict(_copied(kept))


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def show_saved(held: SavedWork) -> None:
    """A saved letter or reply, opened at its fields."""
    kind = str(held.payload.get("kind"))
    form(kind)  # refuses an unknown kind by name
    slot = ANSWER if kind == REPLY else LETTER
    filling = begin(slot, kind)
    fill(filling, _copied(held.payload.get("fields") or {}))
    source = held.payload.get("source")
    if source:
        read_letter(filling, str(source["name"]), base64.b64decode(source["content"]))
    saved.hold(f"{KIND}_{slot}", held)
    go_to(TASK, slot)
    go(filling, filling.steps[1])


def read_letter(filling: Filling, name: str, content: bytes) -> Recommendation:
    """Reads a recommendation; the fields stay as they are. Raises InputRefused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / label(name)
        path.write_bytes(content)
        read = from_file(path)
    filling.source, filling.read = (name, content), read
    return read


def widget_key(filling: Filling, *parts: object) -> str:
    """The key of a widget over a field; it is another one whenever the program has set fields."""
    return "|".join(map(str, (filling.slot, filling.revision, *parts)))


def is_current(key: str) -> bool:
    """Whether the widget of that key is still shown: a slow browser may send once more what an older one,
    already replaced, held."""
    slot, revision, *_ = key.split("|")
    return str(current(slot).revision) == revision


def step_name(slot: str) -> str:
    return f"{slot}_step"


def go(filling: Filling, step: str) -> None:
    """The step shown next."""
    go_to(step_name(filling.slot), step)


def sources(day: str) -> Sources:
    """Where law comes from on that day: held by the session, because it remembers what was asked."""
    key = (str(desk.data()), day, id(desk.grounds()))
    held: dict[Any, Sources] = st.session_state.setdefault("letter_sources", {})
    if key not in held:
        held.clear()
        made = letter_draft.sources(desk.grounds(), desk.retriever(), on=day)
        held[key] = replace(made, search=cache(made.search) if made.search else None)
    return held[key]


def drafted(filling: Filling) -> Draft:
    """The draft on paper. Raises InputRefused for what is still wrong."""
    return letter_draft.draft(
        filling.kind, filling.told(), sources(filling.day), read=filling.answered(), on=filling.day
    )
