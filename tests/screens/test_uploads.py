"""What a browser sends is checked on the server: how many files, how large, what names, what content."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest

from corpus.errors import InputRefused
from corpus.limits import MAX_FILE
from generator import study_upkeep
from indexer.intake import take_in
from screens import uploads
from screens.uploads import as_file, as_folder, label
from tests.reliability import hostile_files as hostile

LAW = "某市规定\n第一条 单位应当检查第{n}号设备。\n".encode()


class Upload(io.BytesIO):
    """What Streamlit hands over."""

    def __init__(self, name: str, body: bytes = LAW, size: int | None = None) -> None:
        super().__init__(body)
        self.name, self.size = name, len(body) if size is None else size


NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "C:\\a.txt",
    "..",
    ".",
    "",
    "   ",
    "a\0b.txt",
    "a\nb.txt",
    "\u202egnp.txt",
    "很长" * 200 + ".txt",
    "a/b/规定.txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_chooses_a_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with as_folder([Upload(name)]) as folder:
        (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
        assert path.parent == Path(folder)
        assert path.read_bytes() == LAW
        assert path.name.isprintable()
    assert list(tmp_path.iterdir()) == []


def test_control_a_bare_name_would_leave_the_folder(tmp_path: Path) -> None:
    assert (tmp_path / "in" / "../../etc/passwd").resolve().parent != tmp_path / "in"
    assert label("../../etc/passwd") == "passwd"


def test_two_of_one_name_are_both_kept(tmp_path: Path) -> None:
    sent = [Upload("规定.txt", LAW.replace(b"{n}", b"%d" % n)) for n in (1, 2, 3)]
    with as_folder(sent) as folder:
        report = take_in(tmp_path / "d", [Path(folder)], workers=1)
    assert len(report.added) == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([Upload(f"{n}.txt") for n in range(uploads.MOST_FILES + 1)], "上限是 500 个"),
        ([Upload("大.pdf", size=MAX_FILE + 1)], "大.pdf 超过 200 MiB"),
        ([Upload(f"{n}.pdf", size=MAX_FILE) for n in range(6)], "合计超过 1024 MiB"),
    ],
    ids=["count", "size", "sum"],
)
def test_too_many_or_too_large_is_a_sentence(sent: list[Upload], said: str) -> None:
    with pytest.raises(InputRefused, match=said) as refusal:
        as_folder(sent)
    assert refusal.value.next_step
    with as_folder(sent[:1] if sent[0].size < MAX_FILE else [Upload("好.txt")]):
        pass


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    """A spreadsheet called .txt, a program called .docx and a bomb are refused by name; the honest stay."""
    sent = [
        Upload("好.txt"),
        Upload("程序.docx", b"MZ\x90\0" + bytes(500)),
        Upload("表.txt", hostile.zipped({"xl/workbook.xml": "<x/>"})),
        Upload("空.md", b""),
        Upload("炸弹.docx", hostile.WORD_BOMBS["lying"]()),
    ]
    with as_folder(sent) as folder:
        report = take_in(tmp_path / "d", [Path(folder)], workers=1)
    assert report.added == ["好.txt"]
    assert sorted(name for name, _ in report.refused) == sorted(one.name for one in sent[1:])


@pytest.mark.parametrize("name", ["deep.json", "list.json", "binary.json"])
def test_a_bank_that_is_none_is_a_sentence(name: str) -> None:
    with as_file(Upload(name, hostile.SETTINGS_BOMBS[name]())) as path, pytest.raises(InputRefused):
        study_upkeep.load(path)
