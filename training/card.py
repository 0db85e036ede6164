"""The model card of the shipped encoder."""

from __future__ import annotations

from collections.abc import Mapping

from training.optimise import Settings
from training.vocabulary import Vocabulary

BENCHMARK = "STARD "  # figures whose name starts so are STARD's
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
3. {steps} steps on our questions: {batch} a batch, {negatives} mined negatives each and {random_units}
   random articles, each right article against all wrong ones, token dropout {dropout}, mined {minings} times.
4. {lay_steps} steps on STARD's questions over STARD's own articles; the vectors shipped lie {lay_weight} of
   the way from those before these steps to those after.

`asked.safetensors` holds STARD's training questions as vectors of this encoder, with hashes of the words and
titles that answered them: evidence for the learned ranker, no text.

## Figures
None of these questions was seen by the encoder that answered them: ours are of one eighth of the articles,
which that encoder did not learn from; STARD's training questions are searched in fifths, each with an encoder
that learnt from the others (an article may answer questions in both, as in STARD's own split). `fused` is the
encoder with BM25; `ranked` has the learned ranker on top, cross-validated. The encoder shipped has learnt
from all of them.

Our questions, over all units of the library:

{ours_figures}

STARD's questions, over STARD's articles:

{lay_figures}

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
    lay = {name: row for name, row in figures.items() if name.startswith(BENCHMARK)}
    own = {name: row for name, row in figures.items() if name not in lay}
    return _CARD.format(
        tokens=f"{len(words.tokens):,}",
        ours_figures=_table(own),
        lay_figures=_table(lay),
        **facts,
        **{name: getattr(settings, name) for name in settings.__slots__},
    )


def _table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """A row a name, a column a measure."""
    measures = list(next(iter(figures.values()), {}))
    rows = [
        f"| {name.removeprefix(BENCHMARK)} | {' | '.join(f'{value:.3f}' for value in row.values())} |"
        for name, row in figures.items()
    ]
    return "\n".join([f"| | {' | '.join(measures)} |", "|---" * (len(measures) + 1) + "|", *rows])
