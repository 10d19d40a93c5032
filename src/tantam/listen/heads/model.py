"""A model: heads that answer one question each about a text, all on one table of small integers.

Row ``r`` of the table belongs to every feature that is hashed to it. One column of a head (shared by heads that were
trained on the same texts) holds the squared weight of the feature (idf²), the others its part in the margin of each
label. Sums of integers are exact, so an answer hangs neither on the order of the texts nor on that of their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam.errors import BadInput

LANES = 16
"""Rows are padded to a multiple of so many columns, the width of a vector register."""
MOST_UNIT = 2047
"""The largest integer of a table. Twelve bits lose no answer (measured; eight lose a tenth of a point of F1), pack
better than sixteen, and the sums of any text still fit 32 bits."""


@dataclass(frozen=True)
class Head:
    """One question and how its answer is read off the table.

    The margin of column k is ``scale[k] * sum / sqrt(sum of the norm column) + bias[k]``; two labels of which one
    holds share one column, that of the second. The probability of a label is
    ``1 / (1 + exp(-(slope * margin + offset)))``; where one label alone holds, the margin over the next best one is
    meant. ``several``: every label whose margin reaches ``cut`` holds, and the likeliest in any case. An answer less
    probable than ``sure_from`` is unsure.
    """

    name: str
    labels: tuple[str, ...]
    several: bool
    norm: int
    columns: tuple[int, ...]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    slope: tuple[float, ...]
    offset: tuple[float, ...]
    cut: tuple[float, ...]
    sure_from: float
    trained_on: int
    seed: int


@dataclass(frozen=True)
class Layout:
    """The heads as arrays, for the kernel.

    ``heads`` int64 [heads, 5]: norm column, first column and first label in the lists below, number of labels, several.
    ``columns`` int64, ``scale`` and ``bias`` float64: one for each column of each head. ``slope``, ``offset``, ``cut``
    float64: one for each label of each head. ``sure_from`` float64 [heads].
    """

    heads: NDArray[np.int64]
    columns: NDArray[np.int64]
    scale: NDArray[np.float64]
    bias: NDArray[np.float64]
    slope: NDArray[np.float64]
    offset: NDArray[np.float64]
    cut: NDArray[np.float64]
    sure_from: NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """Heads and their table, int16 [2**bits, width]."""

    heads: tuple[Head, ...]
    table: NDArray[np.int16]

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model's file; refuses ``no_file``, ``not_a_model``, ``wrong_hash_version``."""
        from tantam.listen.heads import file

        return file.load(path)

    def save(self, path: Path) -> None:
        """Write the model as one .npz, whole or not at all; the same model gives the same bytes."""
        from tantam.listen.heads import file

        file.save(self, path)

    @property
    def bits(self) -> int:
        """The table has ``2**bits`` rows."""
        return int(self.table.shape[0]).bit_length() - 1

    def head(self, name: str) -> Head:
        """The head of that name; refuses ``no_such_head``."""
        for head in self.heads:
            if head.name == name:
                return head
        names = ", ".join(h.name for h in self.heads)
        raise BadInput("no_such_head", f"The model has no head “{name}”.", f"It has: {names}.")

    @cached_property
    def packed(self) -> tuple[NDArray[np.uint32], NDArray[np.int16]]:
        """The table without the rows that hold nothing, half of them: where each row stands, uint32 [2**bits], and the
        rows [1 + those that hold anything, width], the first of nought. It fits a smaller cache."""
        held = self.table.any(axis=1)
        rows = np.zeros((1 + int(held.sum()), self.table.shape[1]), np.int16)
        rows[1:] = self.table[held]
        return (np.cumsum(held) * held).astype(np.uint32), rows

    @cached_property
    def layout(self) -> Layout:
        """What the kernel needs to know of the heads."""
        first_column = np.cumsum([0, *(len(h.columns) for h in self.heads)])
        first_label = np.cumsum([0, *(len(h.labels) for h in self.heads)])
        heads = [
            (h.norm, first_column[i], first_label[i], len(h.labels), int(h.several))
            for i, h in enumerate(self.heads)
        ]

        def listed(name: str) -> NDArray[np.float64]:
            return np.array([value for h in self.heads for value in getattr(h, name)], np.float64)

        return Layout(
            heads=np.array(heads, np.int64).reshape(-1, 5),
            columns=np.array([c for h in self.heads for c in h.columns], np.int64),
            scale=listed("scale"),
            bias=listed("bias"),
            slope=listed("slope"),
            offset=listed("offset"),
            cut=listed("cut"),
            sure_from=np.array([h.sure_from for h in self.heads], np.float64),
        )


def join(models: Sequence[Model]) -> Model:
    """The heads of several models on one table; of heads of one name the last stays. The columns that nobody needs
    any more are left out, and equal norm columns become one.

    Refuses ``no_heads`` and ``other_table_size`` (tables of different sizes).
    """
    last = {head.name: (model, head) for model in models for head in model.heads}
    if not last:
        raise BadInput("no_heads", "There is no head to join.", "Name at least one model.")
    if len({model.table.shape[0] for model in models}) > 1:
        sizes = ", ".join(f"2^{model.bits}" for model in models)
        raise BadInput(
            "other_table_size",
            f"The models' tables have different numbers of rows: {sizes}.",
            "Train them with the same --bits.",
        )
    kept: list[NDArray[np.int16]] = []
    norms: dict[bytes, int] = {}

    def put(column: NDArray[np.int16]) -> int:
        kept.append(column)
        return len(kept) - 1

    heads = []
    for model, head in last.values():
        norm = model.table[:, head.norm]
        at = norms.setdefault(norm.tobytes(), len(kept))
        if at == len(kept):
            put(norm)
        columns = tuple(put(model.table[:, c]) for c in head.columns)
        heads.append(replace(head, norm=at, columns=columns))
    return Model(tuple(heads), padded(np.stack(kept, axis=1)))


def padded(columns: NDArray[np.int16]) -> NDArray[np.int16]:
    """A table [rows, k] with columns of nought up to a multiple of :data:`LANES`."""
    rows, width = columns.shape
    table = np.zeros((rows, -(-width // LANES) * LANES), np.int16)
    table[:, :width] = columns
    return table
