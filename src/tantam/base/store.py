"""Reading the base: always through here, so that whoever asked to be forgotten is left out everywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tantam import engines
from tantam.base import finding, index
from tantam.base.columns import SCHEMA
from tantam.base.home import Home
from tantam.base.stage import settle


@dataclass(frozen=True)
class Base:
    """The subscribers as a lazy frame of :data:`tantam.base.columns.STORED`, and what the base is."""

    frame: nw.LazyFrame[Any]
    on: int
    rows: int
    digest: str
    operator: str | None
    made_up: bool
    engine: engines.Engine


def tombstones(home: Home) -> list[dict[str, int]]:
    """Who asked to be forgotten: ``key``, ``on`` (the day), ``held`` (rows of the base that still hold it)."""
    return list(json.loads(home.forgotten.read_text())) if home.forgotten.exists() else []


def forgotten(home: Home) -> list[int]:
    """The keys that asked to be forgotten, sorted; honoured at every read."""
    return sorted(stone["key"] for stone in tombstones(home))


def open_base(home: Home, engine: engines.Engine) -> Base:
    """The base of a home; refuses (``no_base``) a home without one.

    ``digest`` is that of the stored bytes, or of them and of the forgotten that still lie in them.
    """
    settle(home)
    files = home.files()
    facts = json.loads(home.facts.read_text())
    frame = engine.scan(files)
    stones = tombstones(home)
    gone = [stone["key"] for stone in stones if stone.get("held", 1)]
    rows, digest = int(facts["rows"]), str(facts["digest"])
    if gone:
        frame = frame.filter(~nw.col("key").is_in(gone))
        rows -= sum(stone.get("held", 0) for stone in stones)
        digest = hashlib.sha256(f"{digest} without {sorted(gone)}".encode()).hexdigest()
    return Base(
        frame, int(facts["on"]), rows, digest, facts.get("operator"), bool(facts.get("made_up")), engine
    )


def read_one(home: Home, key: int, columns: Sequence[str] = SCHEMA.names) -> dict[str, Any] | None:
    """Some columns of one subscriber's row by key, or None: found by the index of keys beside the base, and where an
    older base has none, by the row groups whose keys may hold it."""
    settle(home)
    files = home.files()
    if key in forgotten(home):
        return None
    starts = json.loads(home.facts.read_text()).get("starts")
    if starts is not None and home.keys.exists() and len(files) == 1:
        places = index.rows(home.keys, starts, key)
        found = (finding.with_key(files[0], key, columns, file_row_number=place) for place in places)
    else:
        found = (finding.with_key(file, key, columns) for file in files)
    return next((row for some in found for row in some), None)
