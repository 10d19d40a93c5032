"""Which texts to label next: those the head is least sure of, spread over words, and no two nearly the same."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantam.listen.heads.answering import answer
from tantam.listen.heads.model import Model
from tantam.listen.heads.training import encoded

POOL = 20
"""So many times the asked count of the least sure texts are looked at closely."""
NEAR = 0.5
"""Texts that share this share of their words are near copies."""
_SHORT = 5
"""A text of so many words is worth half of a long one of equally new words: single words teach little."""

Words = frozenset[int]


@dataclass(frozen=True)
class Suggestion:
    """A text to label, what the head would have said, and how probable that is (None, None without a head)."""

    text: str
    likeliest: str | None
    p: float | None


def suggest(
    batches: Iterable[Sequence[str]], model: Model | None = None, head: str | None = None, *, count: int = 200
) -> list[Suggestion]:
    """Up to ``count`` of the texts of all batches, the most useful first; without a model, spread over words alone.

    The same for the same texts in any order. Each is the one with the most doubt times the most words that few of
    those before it have. Memory for :data:`POOL` times ``count`` texts and one batch. Refuses ``no_such_head``.
    """
    pool: dict[Words, Suggestion] = {}
    for batch in batches:
        for words, found in _answered(batch, model, head):
            held = pool.get(words)
            if words and (held is None or _rank(found) < _rank(held)):
                pool[words] = found
        if len(pool) > POOL * count:
            kept = heapq.nsmallest(POOL * count, pool.items(), key=lambda item: _rank(item[1]))
            pool = dict(kept)
    return _spread(pool, count)


def _answered(
    texts: Sequence[str], model: Model | None, head: str | None
) -> Iterable[tuple[Words, Suggestion]]:
    tokens = encoded(texts)
    ends = tokens.offsets.tolist()
    plain = tokens.plain.tolist()
    said = labels = None
    if model is not None:
        chosen = model.head(head) if head else model.heads[0]
        said, labels = answer(model, tokens)[chosen.name], chosen.labels
    for i, text in enumerate(texts):
        words = frozenset(plain[ends[i] : ends[i + 1]])
        if said is None or labels is None:
            yield words, Suggestion(text, None, None)
        else:
            yield words, Suggestion(text, labels[said.label[i]], float(said.p[i]))


def _rank(found: Suggestion) -> tuple[float, str]:
    return (0.0 if found.p is None else found.p), found.text


def _spread(pool: dict[Words, Suggestion], count: int) -> list[Suggestion]:
    """Greedy, and lazy: a text's worth only falls as others are taken, so an old worth is a bound (Minoux 1978)."""
    taken: list[Suggestion] = []
    seen: Counter[int] = Counter()
    chosen: list[Words] = []

    def worth(words: Words, found: Suggestion) -> float:
        doubt = 1.0 if found.p is None else 1.0 - found.p
        return doubt * sum(1 / (1 + seen[word]) for word in words) / (len(words) + _SHORT)

    heap = [(-worth(words, found), *_rank(found), words) for words, found in pool.items()]
    heapq.heapify(heap)
    while heap and len(taken) < count:
        _, p, text, words = heapq.heappop(heap)
        found = pool[words]
        now = -worth(words, found)
        if heap and (now, p, text) > heap[0][:3]:
            heapq.heappush(heap, (now, p, text, words))
            continue
        if any(len(words & other) >= NEAR * len(words | other) for other in chosen):
            continue
        taken.append(found)
        chosen.append(words)
        seen.update(words)
    return taken
