"""A model as one file: an .npz of the table and a page of JSON, never a pickle; the same bytes for the same model."""

from __future__ import annotations

import json
import math
import os
import zipfile
import zlib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from tantam.errors import BadInput
from tantam.listen.clean import HASH_VERSION
from tantam.listen.heads.features import MOST_BITS
from tantam.listen.heads.model import MOST_UNIT, Head, Model, padded

FORMAT = 1
MOST_COLUMNS = 1_024
_PARTS = {"table.npy", "about.npy"}
_MOST_ABOUT = 1 << 22
_MOST_TABLE = 1 << 29
_BROKEN = (
    OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error
)  # fmt: skip
"""What reading a file that is no whole .npz, or no whole page of JSON, may raise."""
_FLOATS = ("scale", "bias", "slope", "offset", "cut")


def save(model: Model, path: Path) -> None:
    """Write the model, whole or not at all: beside its place first, then put there."""
    width = 1 + max(max(h.norm, *h.columns) for h in model.heads)
    about = {"format": FORMAT, "hash": HASH_VERSION, "heads": [asdict(head) for head in model.heads]}
    page = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            # Column by column the small integers pack best.
            np.savez_compressed(file, table=np.asfortranarray(model.table[:, :width]), about=page)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path) -> Model:
    """Read a model that :func:`save` has written.

    Refuses ``no_file``, ``not_a_model`` (something else, cut off, or made by hand to harm: nothing larger than a table
    can be is unpacked, nothing is executed) and ``wrong_hash_version``.
    """
    if not path.is_file():
        raise BadInput(
            "no_file", f"There is no file {path}.", "Name a model that `tantam listen train` has written."
        )
    try:
        about, table = _parts(path)
    except _BROKEN as wrong:
        raise _not_a_model(path, "it cannot be unpacked") from wrong
    if about.get("hash") != HASH_VERSION:
        raise BadInput(
            "wrong_hash_version",
            f"{path} was trained on words hashed by version {about.get('hash')}; this is version {HASH_VERSION}.",
            "Train it again from its labels.",
        )
    heads = tuple(_head(path, made, table.shape[1]) for made in about["heads"])
    if len({head.name for head in heads}) < len(heads):
        _refuse(path, "two heads of one name")
    return Model(heads, padded(table))


def _parts(path: Path) -> tuple[dict[str, Any], np.ndarray[Any, np.dtype[np.int16]]]:
    """The page and the table, each looked at before it is unpacked."""
    with zipfile.ZipFile(path) as packed:
        sizes = {part.filename: part.file_size for part in packed.infolist()}
    if set(sizes) != _PARTS:
        _refuse(path, "not the parts of a model")
    if sizes["about.npy"] > _MOST_ABOUT or sizes["table.npy"] > _MOST_TABLE:
        _refuse(path, "too large")
    with np.load(path, allow_pickle=False) as parts:
        about = json.loads(parts["about"].tobytes())
        table = parts["table"]
    if (
        not isinstance(about, dict)
        or about.get("format") != FORMAT
        or not isinstance(about.get("heads"), list)
    ):
        _refuse(path, "its page is not one of ours")
    if table.dtype != np.int16 or table.ndim != 2 or not about["heads"]:
        _refuse(path, "its table is not one of ours")
    rows, width = table.shape
    if not 1 << 10 <= rows <= 1 << MOST_BITS or rows & rows - 1 or not 2 <= width <= MOST_COLUMNS:
        _refuse(path, "its table has an impossible shape")
    if np.abs(table, dtype=np.int32).max() > MOST_UNIT:
        _refuse(path, "its table's numbers are too large")
    return about, table


def _head(path: Path, made: Any, width: int) -> Head:
    """One head as its page tells it, checked so that the kernel never reads beside the table."""
    if not isinstance(made, dict) or set(made) != {field.name for field in fields(Head)}:
        _refuse(path, "a head lacks a part")
    labels, columns = made["labels"], made["columns"]
    if not isinstance(labels, list) or len(labels) < 2 or not all(isinstance(x, str) and x for x in labels):
        _refuse(path, "a head's labels are not words")
    several, name = made["several"], made["name"]
    wanted = 1 if len(labels) == 2 and several is False else len(labels)
    places = [made["norm"], *columns] if isinstance(columns, list) else []
    if len(places) != 1 + wanted or not all(type(c) is int and 0 <= c < width for c in places):
        _refuse(path, "a head's columns are not in its table")
    numbers = {part: _numbers(path, made[part]) for part in _FLOATS}
    if any(len(v) != (wanted if part in ("scale", "bias") else len(labels)) for part, v in numbers.items()):
        _refuse(path, "a head's numbers do not fit its labels")
    facts = made["trained_on"], made["seed"]
    if not isinstance(several, bool) or not isinstance(name, str) or not all(type(f) is int for f in facts):
        _refuse(path, "a head's facts are not what they should be")
    (sure_from,) = _numbers(path, [made["sure_from"]])
    return Head(
        name=name, labels=tuple(labels), several=several, norm=places[0], columns=tuple(places[1:]),
        sure_from=sure_from, trained_on=facts[0], seed=facts[1], **numbers,
    )  # fmt: skip


def _numbers(path: Path, values: Any) -> tuple[float, ...]:
    if not isinstance(values, list) or not all(type(v) in (int, float) and math.isfinite(v) for v in values):
        _refuse(path, "its numbers are none")
    return tuple(float(v) for v in values)


def _refuse(path: Path, why: str) -> NoReturn:
    raise _not_a_model(path, why)


def _not_a_model(path: Path, why: str) -> BadInput:
    return BadInput(
        "not_a_model", f"{path} is not a whole model: {why}.", "Train it again with `tantam listen train`."
    )
