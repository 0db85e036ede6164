"""The hand-labelled examples, run through the command line as others run it, and scored.

`python -m bench.examples --data DIR [--only qa,citation] [--cases FOLDER]` prints one line a kind and
every case that failed. DIR holds the library of ../shared/laws; FOLDER defaults to ../shared/examples.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.scoring import SHARED, Row, Score, alike, batch, is_place, load, one, squeeze

STATUS_NAMES = {
    "ok": "ok",
    "ok_repealed": "ok",
    "ok_context": "ok",
    "article_not_found": "no_such_article",
    "kuan_not_found": "no_such_paragraph",
    "xiang_not_found": "no_such_item",
    "law_not_in_corpus": "no_such_work",
    "ambiguous": "ambiguous",
}


def score_parse(cases: Path, _: str) -> Score:
    score = Score("parse")
    for row in load(cases / "parse.jsonl"):
        got = one("parse", str(SHARED / "laws" / row["path"]))
        if not got:
            score.mark("read", False, row["path"])
            continue
        wanted = {"parts": row["bian"], "subparts": row["fenbian"], "chapters": row["chapters"],
                  "sections": row["sections"], "articles": row["articles"]}  # fmt: skip
        for key, value in wanted.items():
            score.mark(
                "counts", got["counts"][key] == value, f"{row['id']} {key} {got['counts'][key]}≠{value}"
            )
        for key, label in (("effective", "effective"), ("last_amended", "version")):
            if str(row.get(key) or "")[:4].isdigit():
                score.mark(
                    "dates", got.get(label) == row[key], f"{row['id']} {key} {got.get(label)}≠{row[key]}"
                )
        score.mark("title", got["title"] == row["title"], f"{row['id']} {got['title']}≠{row['title']}")
        for sample in row["samples"]:
            if sample["article"] is None:  # an amendment's numbered section
                _score_section(score, row["id"], sample, got["provisions"])
                continue
            _score_sample(score, row["id"], sample, got["provisions"])
    return score


def _score_section(score: Score, case: str, sample: Row, provisions: list[Row]) -> None:
    number = str(sample["no"])
    rows = [p for p in provisions if p["section"] and p["section"].split(".")[0] == number]
    text = squeeze("".join(p["text"] for p in rows)).removeprefix(sample["item"])
    ends = text.startswith(squeeze(sample["first20"])) and text.endswith(squeeze(sample["last20"]))
    score.mark("section", ends, f"{case} {sample['item']} {text[:20]}…{text[-20:]}")


def _score_sample(score: Score, case: str, sample: Row, provisions: list[Row]) -> None:
    suffix = sample.get("zhi")
    if isinstance(suffix, str):
        suffix = "一二三四五六七八九十".index(suffix[-1]) + 1
    rows = [p for p in provisions if p["article"] == sample["no"] and p["article_suffix"] == suffix]
    items: Counter[int] = Counter(
        p["paragraph"] for p in rows if p["item"] is not None and p["subitem"] is None
    )
    paragraphs = max((p["paragraph"] for p in rows), default=0)
    per = [items[k + 1] for k in range(paragraphs)]
    subitems = sum(p["subitem"] is not None for p in rows)
    name = f"{case} {sample['article']}"
    score.mark("款", paragraphs == sample["kuan"], f"{name} 款 {paragraphs}≠{sample['kuan']}")
    score.mark("项", per == sample["xiang_per_kuan"], f"{name} 项 {per}≠{sample['xiang_per_kuan']}")
    score.mark("目", subitems == sample["mu"], f"{name} 目 {subitems}≠{sample['mu']}")
    text = squeeze("".join(p["text"] for p in rows))
    ends = text.startswith(squeeze(sample["first20"])) and text.endswith(squeeze(sample["last20"]))
    score.mark("text", ends, f"{name} {text[:20]}…{text[-20:]}")


def score_duty(cases: Path, _: str) -> Score:
    score = Score("duty")
    by_doc: dict[str, list[Row]] = {}
    for row in load(cases / "duty.jsonl"):
        by_doc.setdefault(row["doc"], []).append(row)
    for doc, rows in by_doc.items():
        got = one("extract", str(SHARED / "laws" / doc)).get("obligations", [])
        for row in rows:
            _score_duty_row(score, row, got)
    return score


def _score_duty_row(score: Score, row: Row, got: list[Row]) -> None:
    here = [
        g
        for g in got
        if (g["article"], g["paragraph"], g["item"]) == (row["article"], row["kuan"], row["xiang"])
    ]
    if not row["is_obligation"]:
        text = squeeze(row.get("text") or row.get("sentence") or row.get("quote") or "")
        hits = [g for g in here if not text or squeeze(g["action"]) in text]
        score.mark("silent", not hits, f"{row['id']} {text[:60]} → {[g['action'] for g in hits]}")
        return
    found = [g for g in here if g["modality"] == row["modality"] and alike(g["action"], row["action"])]
    if row["implicit"] and not found:
        return
    score.mark(
        "found",
        bool(found),
        f"{row['id']} {row['article_cn']} {row['modality']} {row['action']} "
        f"← {[(g['modality'], g['action']) for g in here]}",
    )
    if found:
        good = any(
            row["bearer"] in (g["bearer"] or "-") or (g["bearer"] or "-") in row["bearer"] for g in found
        )
        score.mark("bearer", good, f"{row['id']} {row['bearer']} ← {[g['bearer'] for g in found]}")
        kinds = {row["bearer_type"], *row.get("bearer_type_alt", [])}
        score.mark(
            "type",
            any(g["bearer_type"] in kinds for g in found),
            f"{row['id']} {row['bearer']} {kinds} ← {[g['bearer_type'] for g in found]}",
        )


def score_citation(cases: Path, data: str) -> Score:
    score = Score("citation")
    rows = load(cases / "citation.jsonl")
    asked = []
    for row in rows:
        line = {"id": row["id"], "text": row["citation"]}
        if row["context"]:
            line["context"] = _context(row["context"])
        asked.append(line)
    got = batch(asked, "cite", "--data", data)
    for row in rows:
        answer = got.get(row["id"], {"status": "-", "targets": []})
        wanted = STATUS_NAMES.get(row["status"], row["status"])
        score.mark(
            "status",
            answer["status"] == wanted,
            f"{row['id']} {row['citation']} {answer['status']}≠{wanted} {answer.get('message')}",
        )
        if wanted == "ok":
            targets = answer["targets"]
            good = len(targets) == len(row["targets"]) and all(map(is_place, targets, row["targets"]))
            score.mark(
                "target",
                good,
                f"{row['id']} {row['citation']} ← {[(t['source'], t['label']) for t in targets]}",
            )
    return score


def _context(context: Row) -> str:
    from corpus.numeral import to_chinese

    title = Path(context["doc"]).name.split("(")[0].removesuffix(".md")
    text = f"《{title}》第{to_chinese(context['article'])}条"
    return text + (f"第{to_chinese(context['kuan'])}款" if context.get("kuan") else "")


def score_qa(cases: Path, data: str) -> Score:
    score = Score("qa")
    rows = load(cases / "qa.jsonl")
    got = batch(({"id": r["id"], "text": r["question"]} for r in rows), "ask", "--data", data)
    for row in rows:
        answer = got.get(row["id"], {})
        statements = answer.get("statements", [])
        if not row["answerable"]:
            score.mark(
                "not found",
                answer.get("status") == "not_found",
                f"{row['id']} {row['question']} → {[s['citation'] for s in statements[:2]]}",
            )
            continue
        score.mark("answered", answer.get("status") == "answered", f"{row['id']} {row['question']}")
        right = row["gold"] + row["also_acceptable"]
        first = bool(statements) and any(is_place(statements[0], t, deep=False) for t in right)
        score.mark(
            "first",
            first,
            f"{row['id']} {row['question']} → "
            f"{[s['citation'] for s in statements[:3]]} gold {row['gold'][0]['law']}"
            f"{row['gold'][0]['article_cn']}",
        )
        said = all(any(squeeze(f) in squeeze(s["text"]) for s in statements) for f in row["key_facts"])
        score.mark("facts", said, f"{row['id']} {row['question']} {row['key_facts']}")
    return score


def score_post_query(cases: Path, data: str) -> Score:
    score = Score("post_query")
    rows = load(cases / "post_query.jsonl")
    got = batch(({"id": r["id"], "text": r["query"]} for r in rows), "duties", "--data", data)
    for row in rows:
        order: dict[tuple[str, int], int] = {}
        for rank, duty in enumerate(got.get(row["id"], {}).get("duties", [])):
            for place in (duty, *duty.get("also", [])):
                order.setdefault((place["source"], place["article"]), rank)
        gold = [(g["doc"], g["article"]) for g in row["gold"]]
        for place in gold:
            score.mark("recall", place in order, f"{row['id']} {row['query']} misses {place}")
        last = max((order[g] for g in gold if g in order), default=-1)
        for wrong in row["distractors"]:
            place = (wrong["doc"], wrong["article"])
            score.mark(
                "distractor",
                order.get(place, 10**6) > last,
                f"{row['id']} {row['query']} ranks {place} at {order.get(place)} above {last}",
            )
    return score


def score_penalty(cases: Path, data: str) -> Score:
    from corpus.numeral import to_chinese

    score = Score("penalty")
    for row in load(cases / "penalty.jsonl"):
        ref = f"《{row['law']}》第{to_chinese(row['duty_article'])}条第{to_chinese(row['duty_kuan'])}款"
        penalties = one("penalties", ref, "--data", data).get("penalties", [])
        if row["penalty_article"] is None:
            score.mark("none", not penalties, f"{row['id']} {ref} → {[p['label'] for p in penalties]}")
            continue
        wanted = {
            (row["penalty_article"], row["penalty_kuan"], item) for item in row["penalty_items"] or [None]
        }
        first = (
            penalties[0] if penalties else {"article": None, "paragraph": None, "item": None, "label": None}
        )
        good = (first["article"], first["paragraph"], first["item"]) in wanted
        score.mark(
            "first",
            good,
            f"{row['id']} {ref} {row['violation']} → {[p['label'] for p in penalties[:3]]} gold {wanted}",
        )
    return score


def score_policies(cases: Path, data: str) -> Score:
    score = Score("policies")
    rows = load(cases / "policies.jsonl")
    parsed: dict[str, list[Row]] = {}
    asked = [{"id": r["id"], "text": r["question"]} for r in rows if r["kind"] == "qa"]
    got = batch(asked, "ask", "--data", data)
    for row in rows:
        if row["kind"] == "qa":
            statements = got.get(row["id"], {}).get("statements", [])
            said = all(any(squeeze(f) in squeeze(s["text"]) for s in statements) for f in row["key_facts"])
            score.mark(
                "facts", said, f"{row['id']} {row['question']} → {[s['text'][:80] for s in statements[:2]]}"
            )
            continue
        source = row["source"]
        if source not in parsed:
            parsed[source] = one("parse", str(SHARED / "policies" / source)).get("provisions", [])
        texts = [squeeze(p["text"]) for p in parsed[source]]
        at = [
            next((i for i, t in enumerate(texts) if squeeze(item["text"]) in t), None)
            for item in row["items"]
        ]
        good = (
            None not in at
            and at == sorted(at, key=lambda i: -1 if i is None else i)
            and len(set(at)) == len(at)
        )
        score.mark("enumerations", good, f"{row['id']} {row['list_name']} at {at}")
    return score


def score_findings(cases: Path, data: str) -> Score:
    score = Score("findings")
    rows = load(cases / "letters" / "findings.jsonl")
    asked = [
        {"id": r["id"], "text": r["finding"], "industry": r["industry"], "region": r["region"]} for r in rows
    ]
    got = batch(asked, "basis", "--data", data)
    for row in rows:
        answer = got.get(row["id"], {})
        for key, name in (("breached", "breached"), ("penalty", "penalties")):
            found, wanted = answer.get(name, []), row[key]
            labels = [(p["title"], p["label"]) for p in found[:3]]
            if not wanted:
                score.mark(f"no {key}", not found, f"{row['id']} {row['finding']} → {labels}")
                continue
            article = any(is_place(p, t, deep=False) for p in found[:3] for t in wanted)
            exact = any(is_place(p, t) for p in found[:3] for t in wanted)
            score.mark(key, article, f"{row['id']} {row['finding']} → {labels}")
            score.mark(f"{key} exact", exact, f"{row['id']} {row['finding']} → {labels}")
    return score


def score_recommendations(cases: Path, _: str) -> Score:
    score = Score("recommendations")
    for row in load(cases / "letters" / "recommendations.jsonl"):
        file = str(cases / "letters" / row["file"])
        got = one("recommendation", file)
        for key in ("number", "issuer", "addressee", "date", "reply_deadline_text", "objection_text"):
            score.mark("fields", got.get(key) == row[key], f"{row['file']} {key}: {got.get(key)}")
        for key in ("problems", "recommendations"):
            wanted = [part["text"] for part in row[key]]
            score.mark(key, got.get(key) == wanted, f"{row['file']} {key}: {got.get(key)}")
        for received, due in row["due"].items():
            answer = one("recommendation", file, "--received", received)
            score.mark("due", answer.get("due") == due, f"{received} {answer.get('due')}≠{due}")
    return score


def score_check(cases: Path, data: str) -> Score:
    score = Score("check")
    for row in load(cases / "letters" / "check.jsonl"):
        findings = one("check", str(cases / "letters" / row["doc"]), "--data", data).get("findings", [])
        score.mark("count", len(findings) == row["n"], f"{row['doc']} {len(findings)}≠{row['n']}")
        for wanted in row["citations"]:
            same = [f for f in findings if squeeze(wanted["citation"]) in squeeze(f["citation"])]
            got = same[0]["status"] if same else None
            score.mark(
                "status",
                got == wanted["status"],
                f"{row['doc']} {wanted['citation']} {got}≠{wanted['status']}",
            )
    return score


SCORERS: dict[str, Callable[[Path, str], Score]] = {
    "parse": score_parse,
    "duty": score_duty,
    "citation": score_citation,
    "qa": score_qa,
    "post_query": score_post_query,
    "penalty": score_penalty,
    "policies": score_policies,
    "findings": score_findings,
    "recommendations": score_recommendations,
    "check": score_check,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="data")
    parser.add_argument("--cases", type=Path, default=SHARED / "examples")
    parser.add_argument("--only", default=",".join(SCORERS))
    args = parser.parse_args()
    for name in args.only.split(","):
        try:
            SCORERS[name](args.cases, args.data).show()
        except (KeyError, ImportError, TypeError, ValueError) as error:
            print(f"{name}: not measurable yet ({type(error).__name__}: {error})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
