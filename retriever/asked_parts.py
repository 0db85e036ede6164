"""A question that asks two things: each part as a question of its own.

单位堵塞安全出口罚多少，消防安全重点单位多久巡查一次？ asks of two articles. A clause that only sets the scene
goes with the clause that asks after it; a part too short to stand alone takes the words of the first.
"""

from __future__ import annotations

import re

MOST = 3
ALONE = 6  # letters of a part's own topic from which it is searched as it stands
_CLAUSE = re.compile(r"[，,；;。？?！!]|(?<=[么些谁久少哪])、|还有(?=.{0,12}(?:什么|多|几|谁|哪|怎))")
_ASKS = re.compile(
    r"多少|几(?!乎|率)|什么|哪|谁|怎么|怎样|如何|多[久长大高远]|吗|能不能|可不可以|是否|要不要|是不是|有没有|呢$"
)
_ASKING = re.compile(
    r"请问|什么|哪[些个里种一]?级?|怎么|怎样|如何|多少|多[久长大高远]|几|是否|能不能|可不可以|应当|应该|需要|要不要|"
    r"有没有|吗|呢|么|的|了|在|是|要|会|能|被|给|把|和|与|对|得|还|又|又要|一般|最多|至少|\s"
)


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a Chinese question that asks two or three things; empty where it asks one.

    >>> parts_of("特种设备检验到期前多久报检，没报检罚多少？")
    ('特种设备检验到期前多久报检', '特种设备检验到期前报检 没报检罚多少')
    >>> parts_of("特种设备没办使用登记，逾期不改罚多少？")
    ()
    """
    asked: list[str] = []
    scene: list[str] = []
    for clause in _CLAUSE.split(text):
        if not clause.strip():
            continue
        scene.append(clause.strip())
        if _ASKS.search(clause):
            asked.append("，".join(scene))
            scene = []
    if not 2 <= len(asked) <= MOST:
        return ()
    first = topic(asked[0])
    rest = (part if len(topic(part)) >= ALONE else f"{first} {part}" for part in asked[1:])
    return (asked[0], *rest)


def topic(part: str) -> str:
    """The letters of a part that say what it is about."""
    return _ASKING.sub("", part)
