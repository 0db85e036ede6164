"""Mutated files through the readers: what comes of each, and whether anything was lost without a word.

    python -m tests.reliability.mutations --count 5000            (make fuzz)
    python -m tests.reliability.mutations --first 2500 --count 500

File `number` is the same in every run: its mutations are drawn from (SEED, number).
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus import proof
from corpus.document import Document
from corpus.errors import InputRefused
from corpus.isolation import Reader
from corpus.word_binary import find_libreoffice

SEED = 20_261_122
LAW = "安全生产许可证条例"
CONTAINERS = (".docx", ".pdf", ".ofd", ".doc")  # damage to these is not an edit of the text
QUICK = (".docx", ".pdf", ".html", ".txt", ".ofd")
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SHARED = Path(__file__).resolve().parents[3] / "shared"
KEPT = 0.98  # a container that gives less than this share of its words must carry a remark


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Flips, cuts, swaps, repeats or fills a stretch of a file."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(out)), rng.choice((1, 2, 16, 300))
        kind = rng.randrange(6)
        if kind == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del out[at : at + length]
        elif kind == 2:
            out[at:at] = out[at : at + length]
        elif kind == 3:
            out[at : at + length] = bytes(rng.randrange(256) for _ in range(length))
        elif kind == 4:
            out[at : at + length] = rng.choice((b"\0", b"\xff", b"<", b"(")) * length
        else:
            del out[max(at, 16) :]
        if not out:
            return b"\0"
    return bytes(out)


def ofd() -> bytes:
    """A page of forty articles as an OFD file."""
    code = f'<ofd:TextCode X="9" Y="9">{"第一条　甲。" * 40}</ofd:TextCode>'
    page = f'<ofd:Page {NS}><ofd:TextObject Size="5">{code}</ofd:TextObject></ofd:Page>'
    parts = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "D.xml": f'<ofd:D {NS}><ofd:Page BaseLoc="P.xml"/></ofd:D>',
        "P.xml": page,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


def seeds(shared: Path) -> dict[str, bytes]:
    """One law in each form to mutate; .doc only where LibreOffice is installed."""
    forms = [".docx", ".pdf", ".html", ".txt"] + ([".doc"] if find_libreoffice() else [])
    found = {form: (shared / "formats" / f"{LAW}{form}").read_bytes() for form in forms}
    return {**found, ".ofd": ofd()}


@dataclass(slots=True)
class Outcome:
    """What came of the files: by form and kind; losses nobody was told of; refusals that are no sentence."""

    kinds: Counter[str] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)
    wordless: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def note(self, name: str, result: Document | InputRefused, whole: int) -> None:
        form = Path(name).suffix
        if isinstance(result, InputRefused):
            self.kinds[f"{form} refused"] += 1
            said = result.message
            if name not in said or not said.endswith("。") or not result.next_step or "Traceback" in said:
                self.wordless.append(f"{name}: {result}")
            return
        remarked = bool(result.remarks)
        self.kinds[f"{form} {'remarks' if remarked else 'ok'}"] += 1
        if form in CONTAINERS and not remarked and letters(result) < KEPT * whole:
            self.silent.append(f"{name}: {letters(result)} of {whole} letters")


def letters(document: Document) -> int:
    return len(proof.tree_text(document.nodes))


def _files(shared: Path, folder: Path, forms: tuple[str, ...], first: int, count: int) -> Iterator[Path]:
    originals = seeds(shared)
    wanted = [form for form in forms if form in originals]
    for number in range(first, first + count):
        form = wanted[number % len(wanted)]
        path = folder / f"{number}{form}"
        path.write_bytes(mutated(originals[form], random.Random(f"{SEED}-{number}")))
        yield path


def _whole(shared: Path, folder: Path, reader: Reader) -> dict[str, int]:
    """How many letters each form gives unharmed."""
    found = {}
    for form, body in seeds(shared).items():
        path = folder / f"whole{form}"
        path.write_bytes(body)
        found[form] = letters(reader.read_document(path))
    return found


def fuzz(shared: Path, folder: Path, count: int, forms: tuple[str, ...], *, first: int = 0) -> Outcome:
    """Reads `count` mutated files in child processes; every one must end in a document or a sentence."""
    outcome = Outcome()
    with Reader(workers=2) as reader:
        whole = _whole(shared, folder, reader)
        last = time.monotonic()
        for path, result in reader.read_all(_files(shared, folder, forms, first, count)):
            now = time.monotonic()
            outcome.slowest, last = max(outcome.slowest, now - last), now
            outcome.note(path.name, result, whole[path.suffix])
            path.unlink()
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description="mutated files through the readers")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    args = parser.parse_args()
    if not (SHARED / "formats").is_dir():
        sys.stdout.write("SKIPPED LOUDLY: ../shared with the real files is not beside the project\n")
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = fuzz(SHARED, Path(folder), args.count, (*QUICK, ".doc"), first=args.first)
    row = {
        "seed": SEED,
        "files": [args.first, args.first + args.count],
        "seconds": round(time.monotonic() - begun),
        "slowest": round(found.slowest, 1),
        "kinds": dict(sorted(found.kinds.items())),
        "silent": found.silent,
        "wordless": found.wordless,
    }
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 1 if found.silent or found.wordless else 0


if __name__ == "__main__":
    sys.exit(main())
