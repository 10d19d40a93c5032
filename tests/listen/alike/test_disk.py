"""Linking on disk: the very groups of linking in memory, however it is partitioned; heads of earlier runs stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tantam.listen import alike
from tantam.listen.alike import disk, groups, kernels, stored
from tantam.listen.alike.signature import SIGNATURE_BYTES
from tantam.listen.clean import Tokens


def _marked(rows: NDArray[np.integer], size: int = 12) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    words = (np.asarray(rows, np.uint64) * np.uint64(0x9E3779B97F4A7C15)).ravel()
    return alike.fingerprint(Tokens(np.arange(len(rows) + 1, dtype=np.int64) * size, words, words))


def _linked(
    folder: Path,
    hashes: NDArray[np.int64],
    signatures: NDArray[np.uint8],
    rows: int,
    threads: int = 1,
    at_least: float = groups.AT_LEAST,
) -> NDArray[np.int64]:
    """What :func:`alike.link` gives, by way of the disk."""
    distinct = groups.Distinct.of(hashes)
    texts = disk.Texts(folder, len(distinct.rows), 0, rows).make()
    texts.put(distinct.rank, signatures[distinct.rows])
    texts.link(threads=threads, at_least=at_least)
    out = np.empty(len(hashes), np.int64)
    kernels.lowest(distinct.place, texts.heads.read(0, texts.count)[distinct.rank], out)
    return out


def _crowd(seed: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Wordings that overlap in every degree, some many times."""
    r = np.random.default_rng(seed)
    rows = r.integers(0, count // 4, count)[:, None] * 3 + np.arange(12)
    rows += r.integers(0, 2, rows.shape) * (r.random(rows.shape) < 0.06) * 10**6
    return _marked(rows)


@pytest.mark.parametrize(("rows", "threads", "held"), [(10**6, 1, 1 << 26), (701, 2, 1 << 26), (97, 2, 64)])
def test_partitions_change_no_group(
    rows: int, threads: int, held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "HELD", held)
    hashes, signatures = _crowd(1, 4_000)
    expected = alike.link(hashes, signatures)
    assert 100 < np.unique(expected).size < np.unique(hashes).size - 500
    assert np.array_equal(_linked(tmp_path, hashes, signatures, rows, threads), expected)


@given(
    kinds=st.lists(st.integers(0, 11), min_size=1, max_size=60),
    rows=st.integers(1, 70),
    at_least=st.sampled_from([0.3, groups.AT_LEAST, 0.8]),
)
def test_any_mixture_in_any_partitions(
    kinds: list[int], rows: int, at_least: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hashes, signatures = _marked(np.array([[*range(kind, kind + 12)] for kind in kinds]))
    folder = tmp_path_factory.mktemp("disk")
    expected = alike.link(hashes, signatures, at_least=at_least)
    assert np.array_equal(_linked(folder, hashes, signatures, rows, at_least=at_least), expected)


def test_a_key_that_everybody_shares_goes_through_in_stretches(tmp_path: Path) -> None:
    """All ten bands meet; some agree with one of few leaders, most with nobody."""
    r = np.random.default_rng(1)
    signatures = r.integers(0, 256, (6_000, SIGNATURE_BYTES), np.uint8)
    signatures[:, 32:] = 9
    signatures[::5, :32] = signatures[r.integers(0, 12, 1_200), :32]
    hashes = r.integers(1, 2**63, 6_000)
    expected = alike.link(hashes, signatures, at_least=0.9)
    assert np.unique(expected).size < 5_900
    assert np.array_equal(_linked(tmp_path, hashes, signatures, 251, at_least=0.9), expected)


def test_heads_that_are_fixed_join_nobody_and_are_joined(tmp_path: Path) -> None:
    hashes, signatures = _crowd(2, 1_000)
    first = np.unique(hashes, return_index=True)[1]
    texts = disk.Texts(tmp_path, len(first), 200, 300).make()
    texts.put(np.arange(len(first), dtype=np.uint32), signatures[first])
    texts.link()
    heads = texts.heads.read(0, texts.count).astype(np.int64)
    assert np.array_equal(heads[:200], np.arange(200))
    assert (heads[200:] < 200).sum() > 20
    assert np.array_equal(heads[heads], heads)


def test_nothing_is_no_trouble(tmp_path: Path) -> None:
    texts = disk.Texts(tmp_path, 0).make()
    texts.link()
    assert texts.heads.read(0, 9).tolist() == []


def test_records_come_back_in_the_order_in_which_they_were_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for held in (0, 100, 1 << 20):
        monkeypatch.setattr(stored, "HELD", held)
        spill = stored.Spill(tmp_path, f"some-{held}", 3, 2)
        put = np.arange(60, dtype=np.uint64).reshape(-1, 2)
        for start in range(0, 30, 10):
            spill.put(put[start : start + 10, 0] % 3, put[start : start + 10])
        for bucket in range(3):
            runs = list(spill.runs(bucket, 4))
            assert len(runs) == 2
            assert np.array_equal(np.concatenate(runs), put[put[:, 0] % 3 == bucket])
            assert not len(spill.take(bucket))
        assert not list(tmp_path.iterdir())
