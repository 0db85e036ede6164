"""What is read off the texts at add time and can be read again: repeal clauses, short names, links.

`VERSION` grows when the reading changes; Library.refresh then reads the older rows again.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from functools import cache
from importlib import resources
from typing import Any

from corpus.document import Edition, Level, Masthead, Node, Provision
from corpus.errors import DamagedData
from corpus.mentions import Mention, Mentioned, mentions_in
from corpus.place import Address
from corpus.validity import Repeal, repeals_in
from corpus.works import bare_title, number_key, title_key

VERSION = 8


def store(
    db: Any,
    document_id: int,
    masthead: Masthead,
    provisions: Sequence[Provision],
    nodes: Sequence[Node] = (),
) -> None:
    """Writes a text's derived rows within the caller's transaction, in place of older ones.

    The numbers above a text are read off its tree, which is not stored: without `nodes` those read when
    it was added are kept.
    """
    short = short_names_in(provisions)
    held = db.execute("SELECT facts FROM document WHERE id = ?", (document_id,)).fetchone()
    numbers = numbers_in(nodes) if nodes else numbers_from(held[0] if held else None)
    facts = {
        "repeals": [asdict(clause) for clause in repeals_in(masthead, provisions)],
        "short": short,
        "numbers": list(numbers),
    }
    db.execute("DELETE FROM mention WHERE document = ?", (document_id,))
    db.execute(
        "UPDATE document SET facts = ?, derived = ? WHERE id = ?",
        (_marked(facts), VERSION, document_id),
    )
    db.executemany(
        "INSERT INTO mention (document, provision, start, stop, target, article, suffix, paragraph, item, "
        "subitem) VALUES (?,?,?,?,?,?,?,?,?,?)",
        [(document_id, *astuple(m)) for m in mentions_in(provisions, short)],
    )


def _marked(facts: Mapping[str, Any]) -> str:
    """Facts as stored, with their own hash: a day of repeal that changed on disk changes what is in force."""
    return json.dumps({**facts, "mark": _mark(facts)}, ensure_ascii=False)


def _mark(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:16]


def _facts(text: str) -> dict[str, Any]:
    """The facts of a stored row; those of older versions carry no mark. Raises DamagedData when altered."""
    try:
        facts = dict(json.loads(text))
    except (ValueError, TypeError) as error:
        raise _altered() from error
    mark = facts.pop("mark", None)
    if mark is not None and mark != _mark(facts):
        raise _altered()
    return facts


def _altered() -> DamagedData:
    return DamagedData(
        "文本库的登记信息与入库时不一致。", "请运行 zeren status --verify 查看，或从备份恢复。"
    )


_NUMBER = re.compile(
    r"(?:(?:中华人民共和国)?[\u4e00-\u9fff]{2,16}令\s*[（(]?\s*第?\s*[0-9０-９一二三四五六七八九十百零〇]+\s*号"
    r"|[\u4e00-\u9fff]{2,6}[〔\[﹝（(][12][0-9]{3}[〕\]﹞）)]\s*第?[0-9]+\s*号)"
)
_LEADING = re.compile(r"^.*[以据日年月](?=.{2,16}令)")


def numbers_in(nodes: Sequence[Node]) -> tuple[str, ...]:
    """The order and document numbers above a text, comparable; the last is that of this version."""
    found: dict[str, None] = {}
    for node in nodes:
        if node.level is Level.MASTHEAD:
            for number in _NUMBER.findall(node.text):
                found[number_key(_LEADING.sub("", number))] = None
    return tuple(found)


def numbers_from(facts: str | None) -> tuple[str, ...]:
    """The numbers of a stored row."""
    return tuple(_facts(facts).get("numbers", ())) if facts else ()


def repeals_from(facts: str) -> tuple[Repeal, ...]:
    """The repeal clauses of a stored row."""
    return tuple(Repeal(**clause) for clause in _facts(facts)["repeals"])


_MENTIONED = (
    "SELECT key, mention.provision, start, stop, target, mention.article, mention.suffix, "
    "mention.paragraph, mention.item, mention.subitem, p.article, p.suffix, p.paragraph, p.item, "
    "p.subitem, p.section, p.annex, p.sole FROM mention JOIN document ON document.id = mention.document "
    "JOIN provision AS p ON p.id = (mention.document << 20) + mention.provision WHERE "
)


def mentioned(db: Any, where: str, values: tuple[Any, ...]) -> tuple[Mentioned, ...]:
    """The stored citations that a condition of this module's callers selects, with their addresses."""
    rows = db.execute(_MENTIONED + where + " ORDER BY mention.id", values)
    return tuple(Mentioned(row[0], _address(row[10:18]), Mention(*row[1:10])) for row in rows)


def _address(cells: Sequence[Any]) -> Address:
    a, suffix, paragraph, item, subitem, section, annex, sole = cells
    return Address(a, suffix, paragraph, item, subitem, section, annex, bool(sole))


_DECLARED = re.compile(
    r"《((?:[^《》]|《[^《》]*》)+)》(?:[（(][^（）()]*[）)])?"
    r"[（(](?:以下|下)?(?:简称|统称)为?[：:]?《?([^（）()《》]{2,20})》?[）)]"
)


def short_names_in(provisions: Sequence[Provision]) -> dict[str, str]:
    """The short names of titles a text declares: 《…》（以下简称《…》）."""
    found: dict[str, str] = {}
    for p in provisions:
        if "简称" in p.text or "统称" in p.text:
            for full, short in _DECLARED.findall(p.text):
                found.setdefault(title_key(short), full)
    return found


def short_names_from(facts: str) -> dict[str, str]:
    """The declared short names of a stored row."""
    return dict(_facts(facts).get("short", {}))


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("corpus") / name).read_text(encoding="utf-8"))


@cache
def main_works() -> frozenset[str]:
    """The works of the catalogue: the main texts of the field, by their title keys."""
    return frozenset(title_key(entry["title"]) for entry in _table("catalogue.toml")["text"])


def known_dates() -> dict[tuple[str, str], str]:
    """Effective dates by (work, version) of texts that do not state their own (corpus/catalogue.toml)."""
    table = _table("catalogue.toml")
    listed = [(entry["title"], entry.get("effective", {})) for entry in table["text"]]
    listed += table["effective"].items()
    return {(title_key(title), version): day for title, dates in listed for version, day in dates.items()}


def missing(library: Any) -> list[str]:
    """The titles of the catalogue that a library does not hold."""
    held = {bare_title(work) for work in library.works()}
    return [
        entry["title"] for entry in _table("catalogue.toml")["text"] if title_key(entry["title"]) not in held
    ]


@cache
def aliases() -> dict[str, str]:
    """Short names people use, each with the key of the work it means (corpus/aliases.toml)."""
    return {title_key(short): title_key(full) for short, full in _table("aliases.toml")["alias"].items()}


def _listed_numbers() -> list[tuple[str, str]]:
    """Order numbers of the catalogue's texts: an amended text is also cited by that of its amendment."""
    entries = _table("catalogue.toml")["text"]
    return [(number_key(n), title_key(e["title"])) for e in entries for n in e.get("numbers", ())]


def names_of(
    works: Mapping[str, Sequence[Edition]], numbers: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Every name a work goes by → the works it may mean; `numbers` holds those of each text by its key."""
    names: dict[str, list[str]] = defaultdict(list)
    for work, held in works.items():
        title = bare_title(work)
        keys = {title, *shorter_titles(title)}
        keys |= {number_key(e.masthead.number) for e in held if e.masthead.number}
        keys.update(*(numbers.get(e.key, ()) for e in held))
        for key in keys:
            names[key].append(work)
    for key in [key for key in names if key.startswith("公告")]:
        del names[key]  # each standing committee counts its own announcements: 公告第1号 names no text
    for short, full in (*aliases().items(), *_listed_numbers()):
        if full in works and full not in names[short] and short not in works:
            names[short].append(full)
    return {name: tuple(dict.fromkeys(held)) for name, held in names.items() if held}


def shorter_titles(title: str) -> tuple[str, ...]:
    """国务院关于预防…的特别规定 is also called 关于预防…的特别规定 and 预防…的特别规定."""
    if not title.startswith("国务院关于"):
        return ()
    about = title.removeprefix("国务院")
    return (about, about.removeprefix("关于")) if title.endswith(("规定", "办法", "条例")) else (about,)


def lookup(names: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """The works a name means; () when none does."""
    return names.get(title_key(name)) or names.get(number_key(name), ())
