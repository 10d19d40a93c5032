"""Copies of opinions: what is found again, what is glued wrongly, how fast; and repeats inside the seed articles.

Near-copies: 44,000 documents, 16,000 of them distinct real opinions of 8 to 60 words, 4,000 of these with seven edited
copies each. Recall: a copy lies in its original's group. Precision: a grouped document has in its group one of its own
source or one of a Jaccard of words of at least 0.5. Beside it, on the same signatures: equal words alone, and plain
union-find over texts that share a band key, which glues strangers together through chains. Many near-copies: the same
made anew with other lots until there are five million (``TANTAM_BENCH_NEAR``), linked on disk as `listen run` does;
the same opinion is one source however often it was drawn, and precision is that of 20,000 grouped documents drawn by
lot. Articles: the truth is
every pair of passages of five words or more, aligned word by word. Speeds are texts per CPU second of one core; the
billion is a projection, not a measurement.

TANTAM_DATA=… python -m bench listen_alike
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from tests.listen.alike.a_recipe import EDITS, recipe, scores

from bench.listen_texts import texts
from tantam.listen import alike
from tantam.listen.alike import disk, groups, kernels, signature
from tantam.listen.alike.aligning import common_words
from tantam.listen.alike.passages import SIMILAR, WITHIN
from tantam.listen.clean import tokenize

ORIGINALS, EDITED = 16_000, 4_000
SIZES = (400_000, 2_000_000)
MANY = 5_000_000
JUDGED = 20_000
BILLION = 1_000_000_000
FEWEST_WORDS = 5

Heads = NDArray[np.int64]


def run(sizes: tuple[int, ...] = SIZES) -> dict[str, object]:
    """All figures; shares are fractions."""
    data = Path(os.environ["TANTAM_DATA"])
    return {
        "near_copies": near_copies(list(opinions(data))),
        "many_near_copies": many_near_copies(
            list(opinions(data)), int(os.environ.get("TANTAM_BENCH_NEAR", MANY))
        ),
        "articles": articles(
            [f.read_text(encoding="utf-8") for f in sorted((data / "seed-articles").glob("*.txt"))]
        ),
        "speed": [speed(size) for size in sizes],
    }


def opinions(data: Path) -> Iterator[str]:
    """Remarks of students, reviews of phones and of banking apps."""
    for part in ("train", "dev"):
        yield from (data / "uit-vsfc" / part / "sents.txt").read_text(encoding="utf-8").splitlines()
    for file, column in (
        ("uit-visfd/Train.csv", "comment"),
        ("uit-visfd/Dev.csv", "comment"),
        ("vn-bank-app-reviews/reviews.csv", "content"),
    ):
        with (data / file).open(encoding="utf-8-sig", newline="") as lines:
            yield from (row[column] for row in csv.DictReader(lines))


def near_copies(real: list[str], seed: int = 0) -> dict[str, object]:
    """Each way of grouping by kind of edit."""
    made = recipe(real, ORIGINALS, EDITED, seed)
    tokens = tokenize(pa.array(made.texts))
    hashes, signatures = alike.fingerprint(tokens)
    _, first, same = np.unique(hashes, return_index=True, return_inverse=True)
    ways = {
        f"ours_at_{groups.AT_LEAST}": alike.link(hashes, signatures),
        "ours_at_0.6": alike.link(hashes, signatures, at_least=0.6),
        "equal_words_alone": first[same],
        "plain_union_find_as_a_warning": union_find(signatures),
    }
    return {
        "documents": len(made.texts),
        **{way: {k: round(v, 4) for k, v in scores(made, tokens, h).items()} for way, h in ways.items()},
    }


def many_near_copies(real: list[str], count: int) -> dict[str, float]:
    """Recall by kind of edit and precision over ``count`` documents, linked on disk."""
    worlds = -(-count // (ORIGINALS + len(EDITS) * EDITED))
    hashes: list[Heads] = []
    signatures: list[NDArray[np.uint8]] = []
    sources, originals, kinds, words = [], [], [], []
    known: dict[str, int] = {}
    for seed in range(worlds):
        made = recipe(real, ORIGINALS, EDITED, seed)
        tokens = tokenize(pa.array(made.texts))
        exact, signed = alike.fingerprint(tokens)
        hashes.append(exact)
        signatures.append(signed)
        mine = np.array([known.setdefault(text, len(known)) for text in made.texts[:ORIGINALS]])
        sources.append(mine[made.source])
        originals.append(made.source + seed * len(made.texts))
        kinds += made.kind
        words += np.split(tokens.plain.astype(np.uint32), tokens.offsets[1:-1])
    start = process_time()
    heads = on_disk(np.concatenate(hashes), np.concatenate(signatures))
    linked = process_time() - start
    kind, together = np.array(kinds), heads == heads[np.concatenate(originals)]
    found = {name: round(float(together[kind == name].mean()), 4) for name in EDITS}
    right, right_head, largest = judged(heads, np.concatenate(sources), words)
    return {
        "documents": len(heads),
        "different": int(np.unique(np.concatenate(hashes)).size),
        "sources": len(known),
        **found,
        "recall": round(sum(found.values()) / len(EDITS), 4),
        "precision": round(right, 4),
        "precision_against_head": round(right_head, 4),
        "largest_group": largest,
        "linked_a_cpu_second": round(len(heads) / linked),
    }


def on_disk(hashes: NDArray[np.int64], signatures: NDArray[np.uint8]) -> Heads:
    """The groups of :func:`alike.link`, by way of the disk."""
    distinct = groups.Distinct.of(hashes)
    out = np.empty(len(hashes), np.int64)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TANTAM_BENCH_DIR")) as folder:
        texts = disk.Texts(Path(folder), len(distinct.rows)).make()
        texts.put(distinct.rank, signatures[distinct.rows])
        texts.link()
        kernels.lowest(distinct.place, texts.heads.read(0, texts.count)[distinct.rank], out)
    return out


def judged(
    heads: Heads, sources: NDArray[np.int64], words: list[NDArray[np.uint32]]
) -> tuple[float, float, int]:
    """Precision, precision against the head, and the largest group."""
    sizes = np.bincount(heads, minlength=len(heads))
    order = np.argsort(heads, kind="stable")
    ends = np.cumsum(sizes)

    def akin(a: int, b: int) -> bool:
        if sources[a] == sources[b]:
            return True
        one, other = set(words[a].tolist()), set(words[b].tolist())
        return 2 * len(one & other) >= len(one | other)

    grouped = np.flatnonzero(sizes[heads] > 1).tolist()
    drawn = random.Random(0).sample(grouped, min(JUDGED, len(grouped)))
    right = []
    for i in drawn:
        members = order[ends[heads[i]] - sizes[heads[i]] : ends[heads[i]]]
        same = (sources[members] == sources[i]).sum() > 1
        right.append(bool(same) or any(akin(i, int(j)) for j in members.tolist() if j != i))
    against = [akin(i, int(heads[i])) for i in drawn]
    return float(np.mean(right)), float(np.mean(against)), int(sizes.max())


def union_find(signatures: NDArray[np.uint8]) -> Heads:
    """Everybody who shares a band key is linked, unchecked: the lowest index of each component."""
    rows, columns = [], []
    for band in range(signature.BANDS):
        keys = groups.band_keys(signatures, band)
        order = np.argsort(keys, kind="stable")
        meets = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        rows.append(order[meets])
        columns.append(order[meets + 1])
    one, other = np.concatenate(rows), np.concatenate(columns)
    graph = coo_array((np.ones(one.size, np.int8), (one, other)), shape=(len(signatures),) * 2)
    _, component = connected_components(graph, directed=False)
    _, first = np.unique(component, return_index=True)
    return np.asarray(first[component], np.int64)


def articles(pages: list[str]) -> dict[str, float]:
    """Pairs of passages that are similar, or contained in one another, found of all there are."""
    found = alike.contained(pages)
    raw = [pages[p.text][p.start : p.end] for p in found.passages]
    tokens = tokenize(pa.array(raw))
    words = [tokens.plain[a:b] for a, b in zip(tokens.offsets, tokens.offsets[1:], strict=False)]
    whole = [i for i, w in enumerate(words) if w.size >= FEWEST_WORDS]
    similar, inside = set(), set()
    for pair in combinations(whole, 2):
        short, long = sorted((words[i] for i in pair), key=len)
        common = common_words(short, long)
        similar |= {pair} if common >= SIMILAR * long.size else set()
        inside |= {pair} if common >= WITHIN * short.size else set()
    equal: dict[bytes, list[int]] = {}
    for i in whole:
        equal.setdefault(words[i].tobytes(), []).append(i)
    told = {pair for same in equal.values() for pair in combinations(same, 2)}
    for repeat in found.repeats:
        one, other = (equal.get(words[i].tobytes(), []) for i in (repeat.part, repeat.whole))
        told |= {(min(a, b), max(a, b)) for a in one for b in other if a != b}
    return {
        "passages": len(raw),
        "of_five_words_or_more": len(whole),
        "similar_pairs": len(similar),
        "contained_pairs": len(inside),
        "told_pairs": len(told),
        "recall_similar": round(len(told & similar) / len(similar), 4),
        "recall_contained": round(len(told & inside) / len(inside), 4),
        "precision": round(len(told & (similar | inside)) / len(told), 4),
    }


def speed(count: int) -> dict[str, float | str]:
    """Fingerprinting and linking of opinions with noise, and what a billion would take at this rate."""
    tokens = tokenize(texts(count, 0))
    start = process_time()
    hashes, signatures = alike.fingerprint(tokens)
    fingerprinted = process_time()
    heads = alike.link(hashes, signatures)
    linked = process_time()
    distinct, sizes = np.unique(hashes).size, np.bincount(heads)
    rate = round(count / (linked - fingerprinted))
    return {
        "texts": count,
        "words_a_text": round(tokens.plain.size / count, 2),
        "distinct": distinct,
        "groups_of_two_and_more": int((sizes > 1).sum()),
        "largest_group": int(sizes.max()),
        "fingerprints_a_second": round(count / (fingerprinted - start)),
        "linked_a_second": rate,
        "bytes_a_text_held": signature.SIGNATURE_BYTES + hashes.itemsize,
        "projection_linking_a_billion": f"{BILLION:.0e} / {rate} a second / 3600 = {BILLION / rate / 3600:.2f} hours "
        "of one core, if the rate held at that size; not measured",
    }


if __name__ == "__main__":
    print(json.dumps(run(tuple(map(int, sys.argv[1:])) or SIZES), indent=1, ensure_ascii=False))
