"""Which of several near provisions an official wants first when the question names no place and no text.

National texts come before local ones (DOMAIN §6, ranks of texts) and the main texts of work safety
(corpus/catalogue.toml) before those of other fields. Both only weigh: a provision that fits much better
stays first. Weights and what they change: docs/answers.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.derived import main_works
from corpus.library import Library
from corpus.works import title_key
from retriever.hit import Hit
from retriever.question import Question

LOCAL = 0.4
MAIN = 1.5
LOOKED_AT = 20


def in_order(question: Question, hits: Sequence[Hit], library: Library) -> tuple[Hit, ...]:
    """The hits by weighed score; unchanged where a place or a text is named."""
    if question.region or question.named.works:
        return tuple(hits)

    def weighed(hit: Hit) -> float:
        edition = library.edition(hit.key)
        local = LOCAL if edition.masthead.region is not None else 1.0
        return -hit.score * local * (MAIN if title_key(edition.title) in main_works() else 1.0)

    return tuple(sorted(hits, key=weighed))
