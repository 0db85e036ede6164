"""An office's own letterhead: its .docx with placeholders, filled from a letter.

The template lies in DATA/letterheads/NAME.docx. Placeholders are Jinja, in a sandbox without attribute
access: a template can print fields and loop over rows, and nothing else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from corpus import archive
from corpus.errors import InputRefused, WrongUsage
from generator.blocks import Block, Paragraph
from generator.letter import DRAFT, Letter
from generator.letter_days import chinese_date
from generator.letter_paper import PARTS, title_of
from generator.paper import clean, mark_draft

FOLDER = "letterheads"
OWN = {"letterhead", "general_name", "red_rule", "title", "number", "addressee", "seal", "copies"}
_OVERSIZE = 20 * 1024 * 1024


class _Fields(SandboxedEnvironment):
    """Rows are dictionaries: `row.名` means row["名"], and Python attributes do not exist."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)


def find_letterhead(data: Path, name: str) -> Path:
    """The template of that name. Raises WrongUsage naming those there are."""
    folder = data / FOLDER
    held = {path.stem: path for path in sorted(folder.glob("*.docx"))} if folder.is_dir() else {}
    if name not in held:
        known = "、".join(held) or "（尚无）"
        raise WrongUsage(f"没有名为“{name}”的单位模板。", f"把 .docx 放进 {folder}；现有：{known}。")
    return held[name]


def names(data: Path) -> tuple[str, ...]:
    """The letterheads a data folder holds."""
    return tuple(sorted(path.stem for path in (data / FOLDER).glob("*.docx")))


def fields_of(letter: Letter) -> dict[str, Any]:
    """Every placeholder a template may use; docs/letterhead.md lists them."""
    plain = {name: _cleaned(value) for name, value in letter.fields.items()}
    day = letter.get("成文日期")
    own = {
        "文种": letter.kind.name,
        "标题": title_of(letter),
        "文号": letter.get("文号"),
        "发文机关": letter.get("发文机关"),
        "主送": letter.get("被检查单位") or letter.get("主送") or letter.get("制发检察院"),
        "成文日期": chinese_date(day) if day else "",
        "抄送": letter.get("抄送"),
        "草稿": DRAFT if letter.kind.enforcement else "草稿",
        "正文": [clean(words) for words in _body(letter)],
        "问题": [_finding(number, letter) for number in range(1, len(letter.findings) + 1)],
    }
    return plain | own


def _cleaned(value: Any) -> Any:
    """Words, rows of words and lists of either, without the characters Word refuses."""
    if isinstance(value, Mapping):
        return {str(name): _cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return "" if value is None else clean(str(value))


def _finding(number: int, letter: Letter) -> dict[str, str]:
    one = letter.findings[number - 1]
    return {
        "序号": str(number),
        "内容": clean(one.text),
        "位置": clean(one.place),
        "依据": one.breached[0].printed if one.breached else "依据待核",
        "罚则": one.penalties[0].printed if one.penalties else "",
        "整改要求": clean(one.measure),
        "责任人": clean(one.person),
        "期限": one.deadline,
    }


def _body(letter: Letter) -> list[str]:
    blocks: list[Block] = [b for part in letter.kind.parts if part not in OWN for b in PARTS[part](letter)]
    words = []
    for block in blocks:
        if isinstance(block, Paragraph):
            words.append("".join(run.text for run in block.runs))
        elif hasattr(block, "text"):
            words.append(str(block.text))
    return words


def fill(template: Path, letter: Letter, path: Path) -> Path:
    """Writes the letter on the office's letterhead.

    Raises InputRefused for a file that is no .docx, carries macros, names an unknown placeholder, or breaks
    the sandbox.
    """
    _check_file(template)
    fields = fields_of(letter)
    environment = _Fields(undefined=StrictUndefined, autoescape=True)
    try:
        document = DocxTemplate(str(template))
        unknown = document.get_undeclared_template_variables(environment) - set(fields)
        if unknown:
            named = "、".join(sorted(unknown))
            raise InputRefused(
                f"模板 {template.name} 用了没有的字段：{named}。", "可用字段见 docs/letterhead.md。"
            )
        document.render(fields, jinja_env=environment, autoescape=True)
    except (TemplateError, KeyError, ValueError) as error:
        raise InputRefused(f"模板 {template.name} 无法填写：{error}。", "请检查占位符的写法。") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    if letter.kind.enforcement:
        mark_draft(path, DRAFT)
    return path


def _check_file(template: Path) -> None:
    try:
        with zipfile.ZipFile(template) as packed:
            names = packed.namelist()
            size = sum(entry.file_size for entry in packed.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise InputRefused(f"{template.name} 不是 Word 文件。", "请另存为 .docx。") from error
    if any("vbaProject" in name or "embeddings/" in name for name in names) or size > _OVERSIZE:
        raise InputRefused(f"{template.name} 含有宏、嵌入对象或过大。", "请换成不含宏的普通 .docx。")
    archive.vet(template)
