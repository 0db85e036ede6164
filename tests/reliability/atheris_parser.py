# ruff: noqa: E501 - the table is wide in Chinese
"""Coverage-guided fuzzing of the parser: no exception, and no letter lost, whatever the lines are.

    PYTHONPATH=<folder with atheris> python -m tests.reliability.atheris_parser CORPUS -max_total_time=600

Atheris is no dependency of the project. Each byte of an input names a piece of text from PIECES, so that the
fuzzer's mutations stay near what a regulation looks like; an input that begins with an odd byte is taken as
UTF-8 instead. The inputs kept in tests/reliability/parser_inputs.txt (hex) replay in `make test` without atheris.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("parser_inputs.txt")
PIECES = (
    "\n", "\n\n", "第", "条", "章", "节", "编", "款", "项", "目", "之", "一", "二", "三", "十", "百", "零", "〇", "两",
    "（", "）", "(", ")", "、", "，", "。", "；", "：", "\u3000", " ", "\t", "《", "》", "“", "”", "〔", "〕", "[",
    "]", "第一条", "第二条", "第十条", "第一百二十条之一", "第一章", "\u7b2c\u4e8c\u7ae0\u3000\u603b\u5219", "第一节", "第一编",
    "附则", "目录", "附件", "附件1", "附录", "附表", "（一）", "（二）", "(1)", "1.", "1．", "1、", "一、", "二、", "①", "a.",
    "A", "Article 1", "Chapter I", "Section 2", "# ", "## ", "**", "- ", "| a | b |\n|---|---|\n",
    "<!-- INFO END -->", "---\n", "2020年3月1日", "2020-03-01", "通过", "公布", "施行", "自公布之日起施行", "修订", "修正",
    "令第3号", "〔2020〕5号", "单位", "应当", "不得", "可以", "本法", "本条例", "前款", "以下简称", "废止", "\u200b", "\ufeff",
    "\u3000\u3000", "\x0b", "\x00", "\ud800", "\U0002070e", "字", "é", "ﬁ", "１２", "Ⅳ", "%", "…", "——",
    "-", "\r\n", "\x85", "\u2028", "删去", "修改为",
)  # fmt: skip


def text_of(data: bytes) -> str:
    """The lines an input stands for."""
    if data and data[0] % 2:
        return data[1:].decode("utf-8", "replace")
    return "".join(PIECES[byte % len(PIECES)] for byte in data[1:])


def try_one(data: bytes) -> None:
    """Parses one input. Raises whatever is wrong."""
    from corpus.document import Line
    from corpus.structure import parse

    lines = [Line(line, number) for number, line in enumerate(text_of(data).split("\n"), 1)]
    document = parse(lines, name="试验规定(2020-03-01).txt")
    lost = [remark.message for remark in document.remarks if remark.code == "characters"]
    assert not lost, lost


def main() -> None:
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["corpus"]):
        import corpus.structure  # noqa: F401
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
