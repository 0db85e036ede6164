"""The model card of the shipped encoder."""

from __future__ import annotations

from collections.abc import Mapping

from training.optimise import Settings
from training.vocabulary import Vocabulary

_CARD = """---
language: [zh, en]
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding, retrieval, law]
---
# Zeren encoder

A static embedding for Chinese law: a text's vector is the normalised sum of the vectors of its character
1- and 2-grams, Latin words and numbers. {tokens} tokens × {dimension} dimensions, 8-bit with a scale a token.
Traditional characters are folded to simplified ones. It loads with
`SentenceTransformer("indexer/model")`, offline and without remote code.

## Data
- Law texts: {units} articles and sections of 3,504 Chinese laws (public texts), wording only.
- Questions written for this project by reading the articles: {ours} (training/questions.jsonl.gz). About
  one article in eight was set aside before and none of its questions is here.
- STARD (MIT licence), train part: {stard} laypeople's questions.
- The term glossary of this project (Chinese–English).

## Recipe (`make train`, seed {seed})
1. TF-IDF, SVD to {dimension} dimensions.
2. {pair_steps} contrastive steps on pairs made from the law texts (heading → article, sentence → rest,
   rule-made questions → article, English term → Chinese term).
3. {steps} steps on the questions: {batch} a batch, {negatives} mined negatives each and {random_units}
   random articles, several right answers allowed, token dropout {dropout}, mined {minings} times.

## Figures
Cross-validated on one eighth of the articles, which an encoder trained the same way without them has not
seen; over all units. `fused` is this encoder with BM25, `ranked` with the learned ranker on top.

{figures}

See docs/retrieval.md for more, and for what each figure has and has not seen.

## Limits
It knows grams, not word order, and was trained on questions about work safety and neighbouring fields
above all. Alone, outside its domain, BM25 is better: use the fusion. English is covered through a
glossary of terms only.
"""


def write(
    words: Vocabulary,
    settings: Settings,
    facts: Mapping[str, int],
    figures: Mapping[str, Mapping[str, float]],
) -> str:
    """The card's text."""
    head = "| | hit@1 | hit@3 | hit@10 | hit@100 |\n|---|---|---|---|---|"
    rows = [
        f"| {name} | {' | '.join(f'{value:.3f}' for value in row.values())} |"
        for name, row in figures.items()
    ]
    return _CARD.format(
        tokens=f"{len(words.tokens):,}",
        figures="\n".join([head, *rows]),
        **facts,
        **{name: getattr(settings, name) for name in settings.__slots__},
    )
