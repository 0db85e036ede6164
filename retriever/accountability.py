"""General accountability of officials in a text: 玩忽职守, 不依法履行职责 of a body's own staff.

A power or duty of a body seldom has a penalty of its own; the chapter on liability holds its officials to
account in general (安全生产法 第九十条). Shown as 一般追责, never as the penalty for one duty.
"""

from __future__ import annotations

import re

from corpus.document import Level
from corpus.library import Library
from indexer.penalty_units import is_penalty_chapter
from retriever.penalties import Penalty

GENERAL = "一般追责"
_OFFICIALS = re.compile(
    r"^[^。；]{0,60}(?:工作人员|国家机关|人民政府|监督管理部门|主管部门|监察机构|有关部门|行政机关)[^。；]{0,60}"
    r"(?:玩忽职守|滥用职权|徇私舞弊|不依法履行|未依法履行|不履行[^，。]{0,12}职责|失职|渎职|有下列(?:行为|情形)之一)"
)
_SANCTION = re.compile(r"处分|追究|责令改正|降级|撤职")
_HEAD = 60  # characters in which a provision says whom it means


def general(library: Library, key: str, bearer: str, *, on: str) -> tuple[Penalty, ...]:
    """The provision of a text that holds its officials to account in general, the one nearest to the bearer
    where there are several; () where there is none.
    """
    edition, found = library.edition(key), []
    for provision in library.provisions(key):
        if provision.level is not Level.PARAGRAPH or not is_penalty_chapter(provision):
            continue
        words = provision.text
        if _OFFICIALS.match(words) and _SANCTION.search(words):
            place = edition.place(provision, on=on)
            found.append(Penalty(key, place, words, 0.0, relation=GENERAL))
    wanted = _pairs(bearer)
    return tuple(sorted(found, key=lambda one: -len(wanted & _pairs(one.text[:_HEAD])))[:1])


def _pairs(words: str) -> set[str]:
    return {words[i : i + 2] for i in range(len(words) - 1)}
