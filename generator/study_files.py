"""Everything a lesson needs as files in one folder, and the report on a bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.errors import InputRefused
from corpus.library import Library
from generator import study_exports, study_slides, study_upkeep
from generator.paper import typeset
from generator.study_exports import ColumnMap
from generator.study_handout import duties_of, handout
from generator.study_item import Bank
from generator.study_makers import Drawn
from generator.study_paper import answer_sheet, answers, exam_paper
from generator.study_text import StudyText
from generator.study_verifier import Verifier
from indexer.taxonomy import Post, Taxonomy


def title_for(texts: Sequence[StudyText], post: Post | None) -> str:
    """A title from the first text and the post."""
    more = "等" if len(texts) > 1 else ""
    who = f"（{post.name}）" if post else ""
    return f"《{texts[0].name}》{more}学习测试{who}"


def columns_from(path: str | None) -> ColumnMap | None:
    return study_exports.read_columns(Path(path)) if path else None


def write_banks(bank: Bank, folder: Path, *, columns: ColumnMap | None = None) -> list[Path]:
    """The bank itself and its exchange formats. Raises InputRefused when the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        plan = folder / "列对照.toml"
        plan.write_text(study_exports.columns_text(columns or ColumnMap.generic()), encoding="utf-8")
        return [
            study_upkeep.save(bank, folder / study_upkeep.FILE),
            study_exports.write_xlsx(bank, folder / "题库.xlsx", columns=columns),
            plan,
            study_exports.write_csv(bank, folder / "题库.csv", columns=columns),
            study_exports.write_gift(bank, folder / "题库-Moodle.gift.txt"),
            study_exports.write_moodle_xml(bank, folder / "题库-Moodle.xml"),
            study_exports.write_anki(bank, folder / "题库.apkg"),
        ]
    except OSError as error:
        raise InputRefused(
            f"写不进文件夹 {folder}：{error.strerror or error}。", "请换一个文件夹，或关闭正打开的文件。"
        ) from error


def write_all(
    bank: Bank,
    texts: Sequence[StudyText],
    folder: Path,
    *,
    title: str,
    post: Post | None,
    taxonomy: Taxonomy,
    columns: ColumnMap | None = None,
) -> list[Path]:
    """Every file: banks, handout, exam paper, answer sheet, answers, slides."""
    files = write_banks(bank, folder, columns=columns)
    duties = duties_of(texts, post, taxonomy)
    files.append(
        typeset(
            handout(bank, texts, duties, title=title.replace("测试", "讲义"), post=post), folder / "讲义.docx"
        )
    )
    files.append(typeset(exam_paper(bank, title=title), folder / "试卷.docx"))
    files.append(typeset(answer_sheet(bank, title=title), folder / "答题卡.docx"))
    files.append(typeset(answers(bank, title=title), folder / "参考答案.docx"))
    validity = [f"《{t.edition.title}》 {t.version}文本" for t in texts[:8]]
    slides = study_slides.slides_of(bank, duties)
    files.append(
        study_slides.write(
            slides, folder / "课件.pptx", title=title.replace("测试", "课件"), validity=validity
        )
    )
    return files


def report(drawn: Drawn, library: Library) -> dict[str, Any]:
    """The report of `zeren study --json`: counts, refusals by reason, the verifier's verdict, the items."""
    bank = drawn.bank
    verdict = Verifier(library, on=bank.as_of).bank(bank.items)
    return {
        "as_of": bank.as_of,
        "seed": bank.seed,
        "texts": list(bank.texts),
        "count": len(bank.items),
        "available": drawn.available,
        "available_kinds": drawn.by_kind,
        "kinds": bank.counts(),
        "rules": dict(Counter(item.rule.value for item in bank.items)),
        "refused": bank.refused,
        "shortage": drawn.shortage,
        "verified": verdict.as_json(),
        "items": [item.as_json() for item in bank.items],
    }
