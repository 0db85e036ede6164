"""Token vectors from pairs and from questions: initialisation, contrastive steps, hard negatives.

A text's vector is the normalised sum of its tokens' vectors. Runs on a GPU when there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp  # type: ignore[import-untyped]
import torch
from torch.nn import functional

from training.vocabulary import Bags, Numbers

Floats = npt.NDArray[np.float32]
Tell = Callable[[str], None]
SCALE = 0.3  # root mean square of the initial vectors: the learning rates below are meant for it
_SAMPLE = 60_000
_BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Settings:
    """What the training depends on, beside its data."""

    dimension: int = 256
    pair_steps: int = 450
    pair_batch: int = 1024
    pair_rate: float = 0.005
    pair_scale: float = 20.0
    steps: int = 320
    batch: int = 256
    rate: float = 0.07
    scale: float = 12.0
    dropout: float = 0.35
    negatives: int = 4
    mined: int = 16
    random_units: int = 512
    longest: int = 220
    minings: int = 3
    lay_steps: int = 60
    lay_rate: float = 0.03
    lay_minings: int = 2
    lay_weight: float = 0.75  # how far the vectors go from those before the lay steps to those after
    seed: int = 7


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def initial(units: Bags, documents: Numbers, settings: Settings) -> Floats:
    """TF-IDF, randomised SVD, rows brought near one length and weighted by rarity."""
    chance = np.random.default_rng(settings.seed)
    count, size = len(units), len(documents)
    idf = np.log(max(count, 2) / documents).clip(0.1).astype(np.float32)
    # sum_duplicates works in place: on copies, or it would destroy the bags.
    ones = np.ones(len(units.ids), np.float32)
    cells = sp.csr_matrix((ones, units.ids.copy(), units.starts.copy()), (count, size))
    cells.sum_duplicates()
    cells.data = 1 + np.log(cells.data)
    cells = (cells @ sp.diags(idf)).tocsr()[chance.permutation(count)[:_SAMPLE]]
    lengths = np.sqrt(np.asarray(cells.multiply(cells).sum(1)).ravel())
    cells = (sp.diags(1 / np.maximum(lengths, 1e-9)) @ cells).astype(np.float32)
    probe = chance.standard_normal((size, settings.dimension + 16)).astype(np.float32)
    for _ in range(2):
        basis, _ = np.linalg.qr(cells @ probe)
        probe = cells.T @ basis
    left, _, _ = np.linalg.svd(probe, full_matrices=False)
    left = left[:, : settings.dimension]
    left += chance.standard_normal(left.shape) * 1e-4
    vectors = left / np.linalg.norm(left, axis=1, keepdims=True) ** 0.75 * idf[:, None]
    scaled: Floats = (vectors / np.sqrt((vectors**2).mean()) * SCALE).astype(np.float32)
    return scaled


class Trainer:
    """Vectors being trained, with the random choices of one seed."""

    def __init__(self, vectors: Floats, settings: Settings) -> None:
        self.settings = settings
        self.chance = np.random.default_rng(settings.seed)
        self.weights = torch.tensor(vectors, device=device(), requires_grad=True)

    def vectors(self) -> Floats:
        plain: Floats = self.weights.detach().cpu().numpy()
        return plain

    def encode(self, bags: Bags, rows: Numbers, *, dropout: float = 0.0, longest: int = 0) -> torch.Tensor:
        """Unit vectors of the given texts; tokens are left out at random for `dropout` and `longest`."""
        lengths = bags.starts[rows + 1] - bags.starts[rows]
        begins = np.cumsum(lengths) - lengths
        owner = np.repeat(np.arange(len(rows)), lengths)
        ids = bags.ids[np.arange(lengths.sum()) + np.repeat(bags.starts[rows] - begins, lengths)]
        if dropout or longest:
            share = np.minimum(1, longest / np.maximum(lengths, 1)) if longest else np.ones(len(rows))
            kept = self.chance.random(len(ids)) < (share * (1 - dropout))[owner]
            ids, owner = ids[kept], owner[kept]
            lengths = np.bincount(owner, minlength=len(rows))
            begins = np.cumsum(lengths) - lengths
        where = self.weights.device
        summed = functional.embedding_bag(
            torch.from_numpy(ids.astype(np.int64)).to(where),
            self.weights,
            torch.from_numpy(begins.astype(np.int64)).to(where),
            mode="sum",
        )
        return functional.normalize(summed, dim=-1)

    @torch.no_grad()
    def encode_all(self, bags: Bags) -> torch.Tensor:
        """Unit vectors of every text."""
        blocks = [np.arange(at, min(at + _BLOCK, len(bags))) for at in range(0, len(bags), _BLOCK)]
        return torch.cat([self.encode(bags, block) for block in blocks])

    def learn_pairs(self, left: Bags, right: Bags, unit: Numbers, tell: Tell) -> None:
        """InfoNCE in both directions, other pairs of the batch as negatives."""
        s = self.settings
        optimiser = torch.optim.Adam([self.weights], lr=s.pair_rate)
        order = self.chance.permutation(len(unit))
        batch = min(s.pair_batch, len(unit))
        for step in range(s.pair_steps):
            _set_rate(optimiser, s.pair_rate, step, s.pair_steps)
            rows = order[(np.arange(batch) + step * batch) % len(order)]
            one, other = (self.encode(side, rows, dropout=0.1) for side in (left, right))
            scores = s.pair_scale * one @ other.T
            of = torch.from_numpy(unit[rows]).to(scores.device)
            same = (of[:, None] == of[None]).fill_diagonal_(False)
            scores = scores.masked_fill(same, -1e4)
            target = torch.arange(batch, device=scores.device)
            loss = (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
            _step(optimiser, loss)
            if step % 50 == 0:
                tell(f"pairs {step}/{s.pair_steps}: loss {loss.item():.3f}")

    def learn_questions(self, data: Labelled, course: Course, tell: Tell) -> None:
        """Questions against their units, mined negatives and random units; several answers may be right."""
        s = self.settings
        optimiser = torch.optim.Adam([self.weights], lr=course.rate)
        order, at, batch = self.chance.permutation(data.asked), 0, min(s.batch, len(data.asked))
        for step in range(course.steps):
            if step % -(-course.steps // course.minings) == 0:
                mined = self._mine(data)
            _set_rate(optimiser, course.rate, step, course.steps)
            if at + batch > len(order):
                order, at = self.chance.permutation(data.asked), 0
            rows = order[at : at + batch]
            at += batch
            _step(optimiser, loss := self._question_loss(data, rows, mined))
            if step % 50 == 0:
                tell(f"questions {step}/{course.steps}: loss {loss.item():.3f}")

    def _question_loss(self, data: Labelled, rows: Numbers, mined: Numbers) -> torch.Tensor:
        """Each right unit against all wrong ones: a question of three articles wants all three."""
        s = self.settings
        hard = mined[rows][:, self.chance.permutation(mined.shape[1])[: s.negatives]].ravel()
        answers = np.concatenate([data.answers[row] for row in rows])
        others = self.chance.choice(data.pool, min(s.random_units, len(data.pool)))
        pool = np.unique(np.concatenate([answers, hard, others]))
        asked = self.encode(data.questions, rows, dropout=s.dropout)
        held = self.encode(data.units, pool, dropout=s.dropout, longest=s.longest)
        scores = s.scale * asked @ held.T
        wanted = np.stack([np.isin(data.group[pool], data.group[data.answers[row]]) for row in rows])
        right = torch.from_numpy(wanted).to(scores.device)
        wrong = torch.logsumexp(scores.masked_fill(right, -1e4), 1, keepdim=True)
        each = (torch.logaddexp(scores, wrong) - scores) * right
        return (each.sum(1) / right.sum(1)).mean()

    @torch.no_grad()
    def _mine(self, data: Labelled) -> Numbers:
        """The nearest units of each asked question under the present vectors."""
        pool = torch.from_numpy(data.pool)
        held = self.encode_all(data.units)[pool.to(self.weights.device)]
        out = np.zeros((len(data.questions), min(self.settings.mined, len(data.pool))), np.int64)
        for at in range(0, len(data.asked), 512):
            rows = data.asked[at : at + 512]
            best = (self.encode(data.questions, rows) @ held.T).topk(out.shape[1], dim=1).indices.cpu()
            out[rows] = data.pool[best.numpy()]
        return out


@dataclass(frozen=True, slots=True)
class Labelled:
    """Questions with their answers: `asked` are the questions to learn from, `pool` the units that may
    be negatives, `group` tells units with the same words."""

    questions: Bags
    units: Bags
    answers: Sequence[Numbers]
    group: Numbers
    asked: Numbers
    pool: Numbers

    def only(self, asked: Numbers) -> Labelled:
        """The same with these questions alone to learn from."""
        return replace(self, asked=asked)


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast to learn, and how often to look for new negatives."""

    steps: int
    rate: float
    minings: int


def _set_rate(optimiser: torch.optim.Optimizer, rate: float, step: int, steps: int) -> None:
    """Up over 20 steps, then down to a tenth."""
    for group in optimiser.param_groups:
        group["lr"] = rate * min(1, (step + 1) / 20) * (1 - 0.9 * step / max(steps, 1))


def _step(optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
