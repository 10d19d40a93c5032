from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.listen.clean import HASH_VERSION
from tantam.listen.heads import Model, answer
from tests.listen.heads.a_head import random_model, random_tokens


@pytest.fixture
def file(tmp_path: Path) -> Path:
    random_model(1).save(tmp_path / "m.npz")
    return tmp_path / "m.npz"


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as wrong:
        Model.load(path)
    return wrong.value.code


def test_saved_and_read_it_is_the_same(file: Path, tmp_path: Path) -> None:
    model, again = random_model(1), Model.load(file)
    assert again.heads == model.heads and np.array_equal(again.table, model.table)
    again.save(tmp_path / "deep" / "er" / "again.npz")
    assert (tmp_path / "deep" / "er" / "again.npz").read_bytes() == file.read_bytes()
    tokens = random_tokens(1, [3, 0, 9])
    assert all(np.array_equal(a.p, answer(again, tokens)[n].p) for n, a in answer(model, tokens).items())


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.mkdir()
    with pytest.raises(OSError):
        random_model(1).save(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.npz") == "no_file"
    assert refused(tmp_path) == "no_file"


@given(cut=st.floats(0, 0.999), noise=st.binary(max_size=3))
def test_a_broken_file_is_refused(cut: float, noise: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("broken")
    random_model(1).save(folder / "m.npz")
    whole = (folder / "m.npz").read_bytes()
    (folder / "m.npz").write_bytes(whole[: int(cut * len(whole))] + noise)
    assert refused(folder / "m.npz") == "not_a_model"


@given(at=st.floats(0, 0.9999), bit=st.integers(0, 7))
def test_a_flipped_bit_harms_nothing(at: float, bit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is refused, or read as the very same model (bits of the archive that mean nothing)."""
    folder = tmp_path_factory.mktemp("flipped")
    random_model(1).save(folder / "m.npz")
    raw = bytearray((folder / "m.npz").read_bytes())
    raw[int(at * len(raw))] ^= 1 << bit
    (folder / "m.npz").write_bytes(raw)
    try:
        read = Model.load(folder / "m.npz")
    except BadInput as wrong:
        assert wrong.code == "not_a_model"
    else:
        assert read.heads == random_model(1).heads and np.array_equal(read.table, random_model(1).table)


@pytest.mark.parametrize(
    "raw", [b"", b"PK\x03\x04", b"text,label\na,b\n", b"\x93NUMPY\x01\x00", b"\0" * 1000]
)
def test_other_files(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(raw)
    assert refused(tmp_path / "x") == "not_a_model"


def written(path: Path, about: Any, table: Any, **more: Any) -> str:
    page = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez_compressed(path, table=table, about=page, **more)
    return refused(path)


def page() -> dict[str, Any]:
    heads = json.loads(json.dumps([asdict(head) for head in random_model(1).heads]))
    return {"format": 1, "hash": HASH_VERSION, "heads": heads}


TABLE = np.zeros((1024, 8), np.int16)


def changed(**head: Any) -> dict[str, Any]:
    about = page()
    about["heads"][1] |= head
    return about


@pytest.mark.parametrize(
    "about",
    [
        [],
        {"format": 2, "hash": HASH_VERSION, "heads": []},
        {**page(), "heads": []},
        {**page(), "heads": {}},
        {**page(), "heads": [1]},
        {**page(), "heads": [*page()["heads"], page()["heads"][0]]},
        changed(columns=[2, 3, 8]),
        changed(columns=[2, 3, -1]),
        changed(columns=[2, 3]),
        changed(columns=[2, 3, 4.0]),
        changed(columns=[2, 3, True]),
        changed(columns="234"),
        changed(norm=99),
        changed(norm=None),
        changed(labels=["a"]),
        changed(labels=["a", "b", ""]),
        changed(labels=["a", "b", 3]),
        changed(several="yes"),
        changed(several=1),
        changed(name=7),
        changed(scale=[1, 2]),
        changed(scale=[1, 2, "3"]),
        changed(slope=[1, 2, float("nan")]),
        changed(offset=[1, 2, float("inf")]),
        changed(cut=None),
        changed(sure_from=None),
        changed(trained_on="many"),
        changed(extra=1),
    ],
)
def test_a_page_made_by_hand_to_harm(about: Any, tmp_path: Path) -> None:
    assert written(tmp_path / "m.npz", about, TABLE) == "not_a_model"


@pytest.mark.parametrize(
    "table",
    [
        TABLE.astype(np.int8),
        TABLE.astype(np.float32),
        TABLE[:1000],
        TABLE[:512],
        TABLE[:, :1],
        TABLE[:, :, None],
        TABLE + 3000,
        np.array([{}], object),
    ],
)
def test_a_table_made_by_hand_to_harm(table: Any, tmp_path: Path) -> None:
    assert written(tmp_path / "m.npz", page(), table) == "not_a_model"


def test_other_parts_and_a_bomb(tmp_path: Path) -> None:
    assert written(tmp_path / "a.npz", page(), TABLE, more=TABLE) == "not_a_model"
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("about.npy", b"\0" * (1 << 23))
        bomb.writestr("table.npy", b"\0")
    assert refused(tmp_path / "bomb.npz") == "not_a_model"


def test_another_version_of_the_hash(tmp_path: Path) -> None:
    assert written(tmp_path / "m.npz", {**page(), "hash": HASH_VERSION + 1}, TABLE) == "wrong_hash_version"
