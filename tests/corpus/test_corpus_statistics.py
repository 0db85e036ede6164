"""The whole collection at once: what must prove, and the texts that are known to be damaged."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from corpus.errors import InputRefused
from corpus.structure import read_document

LOST_NUMBERS = {
    "山东省中医药条例(2020-11-27)": "第13条",
    "山东省人民代表大会代表建议、批评和意见办理工作条例(2017-05-19)": "第4条",
    "山东省企业工资集体协商条例(2016-11-26)": "第16条",
    "山东省突发事件应对条例(2012-05-31)": "第12条",
    "烟台市森林防火条例(2016-09-23)": "第3条",
}
"""Texts in which an article lost its number altogether (counted by hand over the collection)."""

EMPTY = {
    "汕头经济特区突发公共卫生事件应急条例(2022-05-30)",
    "重庆市实施《农业技术推广法》办法(2016-09-29)",
    "重庆市实施《国家赔偿法》办法(2012-09-27)",
    "重庆市实施《母婴保健法》办法(2018-07-26)",
}
"""Texts that have a masthead and no body."""


@pytest.mark.shared
@pytest.mark.long
def test_the_collection_proves_but_for_the_known_damage(shared: Path) -> None:
    root = shared / "laws"
    found: dict[str, dict[str, str]] = defaultdict(dict)
    articles = documents = 0
    for path in sorted(root.rglob("*.md")):
        try:
            document = read_document(path, source=path.relative_to(root).as_posix())
        except InputRefused:
            assert path.name == "_index.md"
            continue
        documents += 1
        articles += document.counts.articles
        for remark in document.remarks:
            found[remark.code][path.stem] = remark.message
    assert documents == 3477
    assert articles == 147_408
    assert not found["characters"]
    assert not found["contents_differ"]
    assert not found["address_repeated"]
    assert {
        name: message.split("缺")[1] for name, message in found["article_missing"].items()
    } == LOST_NUMBERS
    assert set(found["article_sequence"]) == set(LOST_NUMBERS)
    assert set(found["no_text"]) == EMPTY
