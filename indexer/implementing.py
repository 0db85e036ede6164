"""Which works a text carries out: 实施〈X〉办法, X实施条例, and the 根据《X》 of its first article.

A penalty for a duty of a law may stand in the text that carries it out, and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Provision

_CARRIES = re.compile(r"(?:实施|贯彻|执行)[《〈＜](?P<work>[^》〉＞]{2,40})[》〉＞]")
_CARRIES_PLAIN = re.compile(r"^(?P<work>.{2,30}(?:法|条例|规定))实施(?:条例|细则|办法|规定)$")
_BY = re.compile(
    r"(?:根据|依据|依照|按照)(?P<list>(?:[^，。《]{0,8}《[^》]{2,60}》[^，。《》]{0,6}[、和与及]{0,2})+)"
)
_WORK = re.compile(r"《(?P<work>[^》]{2,60})》")
_FIRST = 3


def bases(title: str, provisions: Sequence[Provision]) -> tuple[str, ...]:
    """The titles, as written, of the works a text of that title carries out; its own is never among them."""
    found = list(named_in_title(title))
    for provision in provisions[:_FIRST]:
        for named in _BY.finditer(provision.text):
            found += [m["work"] for m in _WORK.finditer(named["list"])]
    return tuple(dict.fromkeys(work for work in found if work != title and "|" not in work))


def named_in_title(title: str) -> tuple[str, ...]:
    """The works a title says it carries out.

    >>> named_in_title("中华人民共和国矿山安全法实施条例")
    ('中华人民共和国矿山安全法',)
    """
    plain = _CARRIES_PLAIN.match(title)
    return (*(m["work"] for m in _CARRIES.finditer(title)), *((plain["work"],) if plain else ()))
