"""Upkeep of a bank: items of a text that has changed are marked 已过期 and re-issued with the same id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import InputRefused, ZerenError
from corpus.library import Library
from corpus.place import Status
from generator.study_item import Bank, Item, Refusal, bank_from
from generator.study_makers import made
from generator.study_text import StudyText
from generator.study_verifier import Verifier

FILE = "题库.json"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The bank now; how many items were untouched, re-issued, and retired without a successor."""

    bank: Bank
    kept: int
    reissued: int
    retired: int


def save(bank: Bank, path: Path) -> Path:
    """Writes the bank whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(json.dumps(bank.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)
    return path


def load(path: Path) -> Bank:
    """A bank that `save` wrote. Raises InputRefused."""
    try:
        return bank_from(json.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise InputRefused(
            f"找不到题库文件：{path.name}。", "请给出 zeren study 写出的 题库.json。"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"{path.name} 不是题库文件。", "请给出 zeren study 写出的 题库.json。") from error


def refresh(bank: Bank, library: Library, *, on: str) -> Refreshed:
    """Holds every item against the library as it is on the day.

    An item is untouched while its text is in force and its provisions have their hashes. Otherwise the
    makers read the version in force: what they make with the same id replaces the item, and the old item
    is kept as expired. A text without a version in force retires its items.
    """
    verifier = Verifier(library, on=on)
    stale = [item for item in bank.items if not _fresh(item, library, on) or verifier.problems(item)]
    if not stale:
        return Refreshed(replace(bank, as_of=on), len(bank.items), 0, 0)
    fresh = _reissue(stale, library, verifier, on)
    gone = {item.id for item in stale}
    items: list[Item] = []
    for item in bank.items:
        if item.id not in gone:
            items.append(item)
        elif item.id in fresh:
            items.append(replace(fresh[item.id], note=item.note))
    retired = tuple(replace(item, expired=on) for item in stale)
    reissued = sum(item.id in fresh for item in stale)
    texts = tuple(dict.fromkeys(f"{i.place.title}（{i.version or '版本日期不详'}）" for i in items))
    now = replace(bank, items=tuple(items), as_of=on, texts=texts, expired=(*bank.expired, *retired))
    return Refreshed(now, len(bank.items) - len(stale), reissued, len(stale) - reissued)


def _fresh(item: Item, library: Library, on: str) -> bool:
    """The item's own text is held and is the version in force."""
    try:
        edition = library.edition(item.edition)
    except ZerenError:
        return False
    return edition.status(on) is Status.IN_FORCE


def _reissue(stale: Sequence[Item], library: Library, verifier: Verifier, on: str) -> dict[str, Item]:
    wanted = {item.id: item for item in stale}
    texts: list[StudyText] = []
    for work in dict.fromkeys(item.work for item in stale):
        edition = library.in_force(work, on=on)
        if edition is not None:
            texts.append(StudyText(edition, library.provisions(edition.key), on))
    out: dict[str, Item] = {}
    for text in texts:
        seeds = {item.seed for item in stale if item.work == text.edition.work}
        for seed in sorted(seeds):
            for one in made(text, pool=texts, seed=seed):
                if isinstance(one, Refusal) or one.id not in wanted or one.id in out:
                    continue
                if wanted[one.id].seed == seed and not verifier.problems(one):
                    out[one.id] = one
    return out


def regenerate(item: Item, library: Library, pool: Sequence[StudyText], *, seed: int, on: str) -> Item | None:
    """The same question with other distractors or the other truth value; None where there is no other."""
    verifier = Verifier(library, on=on)
    text = next((text for text in pool if text.edition.key == item.edition), None)
    if text is None:
        return None
    for one in made(text, pool=pool, seed=seed):
        if not isinstance(one, Refusal) and one.id == item.id and not verifier.problems(one):
            return replace(one, note=item.note)
    return None
