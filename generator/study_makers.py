"""Draws up a bank of study items: chosen texts in force → makers → verifier → the items asked for.

    texts = choose(library, taxonomy, works=["安全生产法"], on=day)
    drawn = draw_up(library, texts, wanted=Wanted(count=100), seed=7, on=day, taxonomy=taxonomy)

What cannot be asked soundly is refused and counted; what the independent verifier rejects is refused too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.document import Edition
from corpus.errors import NothingFound, WrongUsage
from corpus.library import Library
from corpus.place import Status
from generator import (
    study_duties,
    study_lists,
    study_modality,
    study_numbers,
    study_penalties,
    study_subjects,
    study_topics,
)
from generator.study_item import Bank, Item, Kind, Refusal, Rule
from generator.study_text import StudyText, dice
from generator.study_verifier import Verifier
from indexer.taxonomy import Post, Taxonomy

MAKERS = (
    study_numbers.make,
    study_subjects.make,
    study_lists.make,
    study_modality.make,
    study_penalties.make,
    study_duties.make,
    study_topics.make,
)
REJECTED = "复核未通过"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are asked for; empty means all. `count` None takes every sound item."""

    kinds: tuple[Kind, ...] = ()
    rules: tuple[Rule, ...] = ()
    post: Post | None = None
    difficulties: tuple[int, ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bank and what stood behind it: `available` sound items, by kind, and `shortage` in one sentence."""

    bank: Bank
    available: int
    by_kind: dict[str, int]
    shortage: str = ""
    notes: tuple[str, ...] = field(default=())


def kinds_of(words: str) -> tuple[Kind, ...]:
    """The kinds of a comma list, English or Chinese names. Raises WrongUsage naming the unknown one."""
    names = {kind.value: kind for kind in Kind} | {kind.chinese: kind for kind in Kind}
    names |= {kind.chinese.removesuffix("题"): kind for kind in Kind}
    out: list[Kind] = []
    for word in filter(
        None, (part.strip() for part in words.replace("，", ",").replace("、", ",").split(","))
    ):
        if word not in names:
            raise WrongUsage(f"没有名为“{word}”的题型。", f"可用：{'、'.join(kind.value for kind in Kind)}。")
        if names[word] not in out:
            out.append(names[word])
    if not out:
        raise WrongUsage("没有给出题型。", f"可用：{'、'.join(kind.value for kind in Kind)}。")
    return tuple(out)


def choose(
    library: Library,
    taxonomy: Taxonomy,
    *,
    works: Sequence[str] = (),
    industry: str | None = None,
    on: str,
) -> tuple[StudyText, ...]:
    """The texts in force on the day: those named, and the national ones of an industry.

    Raises WrongUsage for an unknown or ambiguous name, NothingFound where none is in force.
    """
    if not works and not industry:
        raise WrongUsage("没有选择文本。", "请给出 --work（可重复）或 --industry。")
    found: dict[str, Edition] = {}
    for name in works:
        edition = _named(library, name, on)
        found.setdefault(edition.key, edition)
    if industry:
        for edition in _of_industry(library, taxonomy, industry, on):
            found.setdefault(edition.key, edition)
    if not found:
        raise NothingFound(
            f"文本库里没有“{industry}”行业现行有效的全国性文本。", "请先用 zeren add 加入，或换一个行业。"
        )
    return tuple(StudyText(edition, library.provisions(edition.key), on) for edition in found.values())


def _named(library: Library, name: str, on: str) -> Edition:
    works = library.find_works(name.strip().strip("《》"))
    if not works:
        raise NothingFound(f"文本库里没有《{name}》。", "请用 zeren list 查看，或用 zeren add 加入。")
    if len(works) > 1:
        raise WrongUsage(f"“{name}”可能是几个文本：{'、'.join(works[:5])}。", "请写全名称。")
    edition = library.in_force(works[0], on=on)
    if edition is None:
        held = library.versions(works[0])
        state = "尚未生效" if held[0].status(on) is Status.NOT_YET else "已废止、已修改或施行日期不详"
        raise NothingFound(f"《{held[0].title}》在 {on} {state}，不出题。", "请加入现行有效的文本。")
    return edition


def _of_industry(library: Library, taxonomy: Taxonomy, industry: str, on: str) -> Iterator[Edition]:
    line = set(taxonomy.line(taxonomy.industry(industry).name))
    for edition in library.editions():
        usable = edition.masthead.region is None and edition.rank <= 5 and edition.masthead.language == "zh"
        if (
            usable
            and edition.status(on) is Status.IN_FORCE
            and line & set(taxonomy.scope(edition.title).industries)
        ):
            yield edition


def draw_up(
    library: Library, texts: Sequence[StudyText], *, wanted: Wanted, seed: int, on: str, taxonomy: Taxonomy,
    progress: Progress | None = None,
) -> Drawn:  # fmt: skip
    """The bank: every item made, verified, then chosen evenly by kind and rule with the seed.

    `progress` is told how many texts of how many are done; it may end the work by raising.
    Raises NothingFound when no provision of the texts gives a sound item of what is asked.
    """
    refused: Counter[str] = Counter()
    items = tuple(_sound(library, texts, seed, on, refused=refused, progress=progress))
    fitting = [one for one in items if _fits(one, wanted, taxonomy)]
    if not fitting:
        raise NothingFound(
            f"所选文本没有可以出题的条文（试出{len(items)}题，均不合所选条件；拒绝{sum(refused.values())}处）。",
            "请增加文本，或放宽岗位、题型、难度。",
        )
    chosen = _seated(fitting if wanted.count is None else _spread(fitting, wanted.count, seed), seed)
    bank = Bank(
        tuple(chosen), seed, on, tuple(f"{t.edition.title}（{t.version}）" for t in texts),
        dict(refused.most_common()),
    )  # fmt: skip
    return Drawn(
        bank,
        len(fitting),
        dict(Counter(one.kind.value for one in fitting)),
        _shortage(wanted, fitting, refused),
    )


def _told(texts: Sequence[StudyText], progress: Progress | None) -> Iterator[StudyText]:
    """The texts one by one, `progress` told before each."""
    for done, text in enumerate(texts):
        if progress is not None:
            progress(done, len(texts))
        yield text


def _sound(
    library: Library, texts: Sequence[StudyText], seed: int, on: str, *, refused: Counter[str],
    progress: Progress | None,
) -> Iterator[Item]:  # fmt: skip
    verifier = Verifier(library, on=on)
    seen: set[str] = set()
    stems: set[tuple[str, ...]] = set()
    for text in _told(texts, progress):
        for one in made(text, pool=texts, seed=seed):
            if isinstance(one, Refusal):
                refused[f"{one.rule.chinese}：{one.reason}"] += 1
                continue
            problems = verifier.problems(one)
            shape = (one.kind.value, one.stem, *sorted(one.options))
            if problems:
                refused[f"{one.rule.chinese}：{REJECTED}（{problems[0].split('“')[0]}）"] += 1
            elif one.id in seen or shape in stems:
                refused[f"{one.rule.chinese}：与前题重复"] += 1
            else:
                seen.add(one.id)
                stems.add(shape)
                yield one


def made(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:
    """Everything the makers say of one text; `pool` are the texts whose words may serve as distractors."""
    for make in MAKERS:
        yield from make(text, pool=tuple(pool), seed=seed)


def _fits(item: Item, wanted: Wanted, taxonomy: Taxonomy) -> bool:
    if wanted.kinds and item.kind not in wanted.kinds:
        return False
    if wanted.rules and item.rule not in wanted.rules:
        return False
    if wanted.difficulties and item.difficulty not in wanted.difficulties:
        return False
    return wanted.post is None or _of_post(item, wanted.post, taxonomy)


def _of_post(item: Item, post: Post, taxonomy: Taxonomy) -> bool:
    """The item's subject is the post, or a post whose duties it has too."""
    if not item.subject:
        return False
    return any(one.borne_by(item.subject) for one in (post, *taxonomy.ancestors(post)))


def _spread(items: Sequence[Item], count: int, seed: int) -> list[Item]:
    """`count` items, taken in turn from every kind and rule, one provision as seldom as can be."""
    groups: dict[tuple[Kind, Rule], list[Item]] = {}
    for one in items:
        groups.setdefault((one.kind, one.rule), []).append(one)
    order = {kind: n for n, kind in enumerate(Kind)}
    queues: list[list[Item]] = []
    for (kind, rule), held in sorted(groups.items(), key=lambda pair: (order[pair[0][0]], pair[0][1])):
        dice(seed, kind, rule, "choice").shuffle(held)
        queues.append(held)
    picked: list[Item] = []
    used: Counter[str] = Counter()
    while len(picked) < min(count, len(items)):
        for queue in queues:
            if queue and len(picked) < count:
                best = min(range(len(queue)), key=lambda n: (used[queue[n].place.citation], n))
                one = queue.pop(best)
                used[one.place.citation] += 1
                picked.append(one)
    return sorted(picked, key=lambda one: (order[one.kind], picked.index(one)))


def _seated(items: Sequence[Item], seed: int) -> list[Item]:
    """The same items, the keys of the single-choice ones dealt evenly over A to D with the seed."""
    singles = [item.id for item in items if item.kind is Kind.SINGLE]
    deck = [number % 4 for number in range(len(singles))]
    dice(seed, "positions").shuffle(deck)
    seats = dict(zip(singles, deck, strict=True))
    out: list[Item] = []
    for item in items:
        if item.kind is Kind.SINGLE:
            options, seat, now = list(item.options), seats[item.id], item.answer[0]
            options[seat], options[now] = options[now], options[seat]
            out.append(replace(item, options=tuple(options), answer=(seat,)))
        else:
            out.append(item)
    return out


def _shortage(wanted: Wanted, fitting: Sequence[Item], refused: Counter[str]) -> str:
    if wanted.count is None or len(fitting) >= wanted.count:
        return ""
    reasons = "、".join(f"{reason}{number}处" for reason, number in refused.most_common(3))
    return f"要求{wanted.count}题，合条件的只有{len(fitting)}题；未出的主要原因：{reasons or '条文有限'}。"
