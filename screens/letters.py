"""The letter form of the page: fields and findings in, a Word draft out, its law proposed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from generator.letter import Finding, Letter, find_kind, kinds, prepare
from generator.letter_basis import findings_with_law
from generator.letter_input import read_record
from generator.letter_paper import compose
from generator.paper import typeset
from retriever import basis
from screens import desk
from screens.uploads import as_file
from screens.wording import plain, t

FINDING_COLUMNS = ("内容", "位置", "证据编号", "等级", "依据", "整改要求", "责任人", "期限", "资金", "预案")
PROGRESS_COLUMNS = ("建议", "措施", "责任部门", "完成时间", "证据附件号", "状态", "理由")
REVIEW_COLUMNS = ("问题", "意见")
TABLES = {"问题": FINDING_COLUMNS, "落实情况": PROGRESS_COLUMNS, "复查结果": REVIEW_COLUMNS}


def show_form() -> None:
    """The form of the kind chosen; what is missing is named, and nothing is written."""
    name = st.selectbox(t("letter_kind"), list(kinds()), key="letter_kind")
    kind = find_kind(name)
    columns = st.columns(2)
    fields: dict[str, Any] = {"成文日期": str(date.today())}
    plain_fields = [field for field in kind.required if field not in (*TABLES, "处理措施")]
    for number, field in enumerate([*plain_fields, "行业", "地域", "文号"]):
        value = columns[number % 2].text_input(field, key=f"letter_{name}_{field}")
        fields[field] = value.strip()
    if "处理措施" in kind.required:
        measures = st.text_area("处理措施", key="letter_measures")
        fields["处理措施"] = [line for line in measures.splitlines() if line.strip()]
    for field, heads in TABLES.items():
        if field in kind.required:
            fields[field] = _table(field, heads)
    if st.button(t("letter_draft"), type="primary", key="letter_button"):
        _offer(_drafted(name, fields))


def _table(field: str, heads: tuple[str, ...]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = [dict.fromkeys(heads, "")]
    if field == "问题":
        upload = st.file_uploader(t("letter_record"), type=["xlsx", "docx"], key="letter_record")
        if upload is not None:
            with as_file(upload) as path:
                rows = [{head: row.get(head, "") for head in heads} for row in read_record(path)]
    st.caption(field)
    key = f"letter_{field}_{len(rows)}"
    edited = st.data_editor(rows, num_rows="dynamic", width="stretch", hide_index=True, key=key)
    filled = [{name: str(value or "").strip() for name, value in row.items()} for row in edited]
    return [row for row in filled if row.get(heads[0])]


def _drafted(name: str, fields: dict[str, Any]) -> Letter:
    day = fields["成文日期"]

    def propose(text: str, industry: str | None, region: str | None) -> basis.Basis:
        return basis.find(desk.grounds(), text, industry=industry, region=region, on=day)

    findings: tuple[Finding, ...] = findings_with_law(fields, library=desk.library(), propose=propose, on=day)
    return prepare(find_kind(name), fields, findings, on=day)


def _offer(letter: Letter) -> None:
    for warning in letter.warnings:
        st.caption(plain(warning))
    for number, finding in enumerate(letter.findings, 1):
        law = finding.breached[0].citation if finding.breached else t("nothing_breached")
        st.markdown(f"{number}\\. {plain(finding.text)} → {plain(law)}")
    with TemporaryDirectory() as folder:
        path = typeset(compose(letter), Path(folder) / "letter.docx")
        st.download_button(
            t("download_word"),
            path.read_bytes(),
            file_name=f"{letter.kind.name}.docx",
            icon=":material/download:",
            key="letter_download",
        )
    shown = json.dumps(dict(letter.fields), ensure_ascii=False, indent=1)
    st.download_button(t("letter_save"), shown, file_name=f"{letter.kind.name}.json", key="letter_json")
