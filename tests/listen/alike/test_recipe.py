"""Edited copies of made-up opinions are found again, and strangers are not."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import tantam.listen
from tantam.listen import alike
from tantam.listen.alike import groups
from tantam.listen.clean import Tokens, tokenize
from tests.listen.alike.a_recipe import EDITS, Recipe, recipe, scores

OPINIONS = Path(tantam.listen.__file__).parent / "telecom" / "opinions.csv"

Made = tuple[Recipe, Tokens, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def made() -> Made:
    with OPINIONS.open(encoding="utf-8", newline="") as file:
        texts = recipe([row["text"] for row in csv.DictReader(file)], 2_000, 400, seed=7)
    tokens = tokenize(pa.array(texts.texts))
    return texts, tokens, *alike.fingerprint(tokens)


def test_copies_are_found_and_strangers_stay_strangers(made: Made) -> None:
    texts, tokens, hashes, signatures = made
    found = scores(texts, tokens, alike.link(hashes, signatures))
    assert found["recall"] >= 0.96, found
    assert found["precision"] >= 0.98, found
    assert found["precision_against_head"] >= 0.97, found
    assert found["largest_group"] <= 3 * (1 + len(EDITS)), found
    assert found["format"] == 1
    assert min(found[name] for name in ("drop_1_2", "insert_1_2", "halves_swapped", "cut_to_75")) >= 0.97, (
        found
    )


def test_the_order_of_texts_and_their_batches_change_no_group(made: Made) -> None:
    texts, _, hashes, signatures = made
    heads = alike.link(hashes, signatures)
    order = np.random.default_rng(3).permutation(hashes.size)
    shuffled = alike.link(hashes[order], signatures[order])
    lowest = np.full(hashes.size, hashes.size)
    np.minimum.at(lowest, shuffled, order)
    back = np.empty_like(heads)
    back[order] = lowest[shuffled]
    assert np.array_equal(back, heads)
    parts = [
        alike.fingerprint(tokenize(pa.array(texts.texts[i : i + 501]))) for i in range(0, hashes.size, 501)
    ]
    assert np.array_equal(np.concatenate([h for h, _ in parts]), hashes)
    assert np.array_equal(np.concatenate([s for _, s in parts]), signatures)


def test_linking_again_or_linking_heads_alone_changes_nothing(made: Made) -> None:
    *_, hashes, signatures = made
    heads = alike.link(hashes, signatures)
    assert np.array_equal(alike.link(hashes, signatures), heads)
    assert np.array_equal(heads[heads], heads)
    assert (heads <= np.arange(heads.size)).all()


def test_who_asks_for_more_gets_smaller_groups(made: Made) -> None:
    *_, hashes, signatures = made
    sizes = [np.unique(alike.link(hashes, signatures, at_least=least)).size for least in (0.4, 0.6, 0.8, 1.0)]
    assert sizes == sorted(sizes)
    exact = np.unique(hashes).size
    assert sizes[-1] >= exact - exact // 50, "at 1 little but equal sets of words is linked"


def test_partitions_of_a_band_give_the_same_edges_as_the_whole(made: Made) -> None:
    *_, hashes, signatures = made
    _, first = np.unique(hashes, return_index=True)
    signatures = signatures[first]
    heads = np.arange(first.size) // 2 * 2 + 10**10  # every second text follows the one before
    follows = signatures[(heads - 10**10)]
    for band in (0, 9):
        keys = groups.band_keys(signatures, band)
        whole = groups.edges(keys, heads, follows)
        assert len(whole) > 100
        cuts = np.quantile(keys, [0.3, 0.8]).astype(np.uint32)
        part = np.digitize(keys, cuts)
        parts = [groups.edges(keys[part == p], heads[part == p], follows[part == p]) for p in (2, 0, 1)]
        assert np.array_equal(np.unique(np.concatenate(parts), axis=0), np.unique(whole, axis=0))
        assert (whole[:, 0] < whole[:, 1]).all()
