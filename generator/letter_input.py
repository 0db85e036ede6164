"""What a letter is made from: JSON, YAML or Excel by the user, or an uploaded inspection record.

Field names are Chinese, as on the forms; `问题` is the list of findings. A provision a user names in
依据 is resolved in the library by the caller and quoted verbatim, never taken from the input.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import yaml
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from openpyxl import load_workbook

from corpus import archive
from corpus.deadlines import read_date
from corpus.errors import InputRefused

FINDING_HEADS = ("问题描述", "问题", "隐患", "隐患内容", "存在问题", "检查发现的问题", "内容")
COLUMNS = {
    name: field
    for field, names in {
        "位置": ("检查部位", "部位", "地点", "位置"),
        "证据编号": ("证据编号", "证据"),
        "等级": ("等级", "隐患等级"),
        "整改要求": ("整改要求", "整改措施", "要求"),
        "责任人": ("责任人", "责任单位"),
        "期限": ("期限", "整改期限", "时限"),
        "资金": ("资金",),
        "预案": ("预案",),
        "依据": ("依据",),
        "行业": ("行业",),
        "复查结果": ("复查结果", "反馈"),
    }.items()
    for name in names
}
SIGNATURES = ("签名", "签字", "检查人员", "被检查单位负责人")
ROW_LIMIT = 2000
_FACTS = {
    "被检查单位": re.compile(r"(?:被检查单位|受检单位)(?:名称)?\s*[：:]\s*([^\s：:（(]{2,60})"),
    "检查地点": re.compile(r"(?:检查地点|检查场所|地址)\s*[：:]\s*([^\s：:]{2,80})"),
    "检查日期": re.compile(r"检查(?:时间|日期)\s*[：:]\s*([^\n]{4,30})"),
}

Row = dict[str, str]


def read_input(path: Path) -> dict[str, Any]:
    """The fields of a letter from .json, .yaml or .xlsx. Raises InputRefused with the reason."""
    if not path.is_file():
        raise InputRefused(f"找不到输入文件：{path}。", "请检查 --input 的路径。")
    suffix = path.suffix.lower()
    if suffix in (".json", ".yaml", ".yml"):
        return _read_mapping(path, suffix)
    if suffix == ".xlsx":
        return _read_workbook(path)
    raise InputRefused(f"不支持的输入格式：{path.name}。", "请使用 JSON、YAML 或 XLSX。")


class _Yaml(yaml.SafeLoader):
    """YAML without aliases: a few lines of them stand for billions of values."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)


def _read_mapping(path: Path, suffix: str) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        value = json.loads(text) if suffix == ".json" else yaml.load(text, _Yaml)  # noqa: S506 - a SafeLoader
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise InputRefused(
            f"{path.name} 的内容无法解析。", "请检查括号、引号和缩进，并用 UTF-8 保存。"
        ) from error
    if not isinstance(value, dict):
        raise InputRefused(f"{path.name} 不是“字段：值”的形式。", "请参照 examples 文件夹中的样例。")
    return {str(name): _plain(item) for name, item in value.items()}


def _plain(value: Any) -> Any:
    """Dates that YAML or Excel recognised, back as ISO text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return value


def _read_workbook(path: Path) -> dict[str, Any]:
    """Name and value in the first two columns of sheet 文书; every other sheet is a table field."""
    fields: dict[str, Any] = {}
    for name, rows in _sheets(path).items():
        if name == "文书":
            fields |= {row[0]: row[1] for row in rows if len(row) > 1 and row[0] and row[1]}
        elif name == "问题":
            fields["问题"] = _table(rows)
        elif rows:
            head = rows[0]
            fields[name] = [dict(zip(head, row, strict=False)) for row in rows[1:] if any(row)]
    if not fields:
        raise InputRefused(f"{path.name} 没有可用的内容。", "工作表“文书”写字段，“问题”写检查发现。")
    return fields


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    archive.vet(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        return {
            sheet.title: [
                ["" if cell is None else str(_plain(cell)).strip() for cell in row]
                for row in sheet.iter_rows(values_only=True, max_row=ROW_LIMIT)
            ]
            for sheet in book.worksheets
        }
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise InputRefused(f"{path.name} 不是可读的 Excel 文件。", "请另存为 .xlsx 后再上传。") from error


def _record_tables(path: Path) -> Sequence[list[list[str]]]:
    suffix = path.suffix.lower()
    if not path.is_file():
        raise InputRefused(f"找不到检查记录：{path}。", "请检查 --record 的路径。")
    if suffix == ".xlsx":
        return list(_sheets(path).values())
    if suffix != ".docx":
        raise InputRefused(f"不支持的检查记录格式：{path.name}。", "请使用 .xlsx 或 .docx。")
    archive.vet(path)
    try:
        document = Document(str(path))
    except (OSError, ValueError, KeyError, SyntaxError, BadZipFile, PackageNotFoundError) as error:
        raise InputRefused(f"{path.name} 不是可读的 Word 文件。", "请另存为 .docx 后再上传。") from error
    return [[[cell.text.strip() for cell in row.cells] for row in t.rows] for t in document.tables]


def read_record(path: Path) -> list[Row]:
    """The findings of an inspection record (.xlsx or .docx table); title and signature rows are none.

    Raises InputRefused when no table has a column for findings.
    """
    found = [row for table in _record_tables(path) for row in _table(table)]
    if not found:
        raise InputRefused(
            f"{path.name} 中没有找到“问题”一列。", f"表头应含：{'、'.join(FINDING_HEADS[:4])}。"
        )
    return found


def record_facts(path: Path) -> Row:
    """What the lines above and below the findings of a record say of the letter: unit, place, day.

    Only fields that stand there under their own name are read.
    """
    words = "\n".join(cell for table in _record_tables(path) for row in table for cell in dict.fromkeys(row))
    if path.suffix.lower() == ".docx":
        words = "\n".join(p.text for p in Document(str(path)).paragraphs) + "\n" + words
    found = {name: pattern.search(words) for name, pattern in _FACTS.items()}
    facts = {name: match[1].strip() for name, match in found.items() if match}
    if "检查日期" in facts:
        facts["检查日期"] = read_date(facts["检查日期"]) or ""
    return {name: value for name, value in facts.items() if value}


def _table(rows: Sequence[Sequence[str]]) -> list[Row]:
    """The rows under the first header row that names a findings column."""
    at = next((n for n, row in enumerate(rows) if any(cell in FINDING_HEADS for cell in row)), None)
    if at is None:
        return []
    head = rows[at]
    found = []
    for row in rows[at + 1 :]:
        values = dict(zip(head, row, strict=False))
        text = next((values[name] for name in FINDING_HEADS if values.get(name)), "")
        if not text or any(word in "".join(row[:1]) for word in SIGNATURES):
            continue
        found.append({"内容": text} | _renamed(values))
    return found


def _renamed(values: Mapping[str, str]) -> Row:
    return {COLUMNS[name]: value for name, value in values.items() if name in COLUMNS and value}
