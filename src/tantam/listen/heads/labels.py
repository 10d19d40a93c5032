"""Labelled texts from a file: a table with the columns ``text`` and ``label``."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tantam.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEVERAL = "|"
"""What stands between labels of which several hold."""


def read(file: Path) -> tuple[list[str], list[str]]:
    """The texts and their labels, in the file's order; CSV in any encoding the base reads, or Parquet.

    Refuses ``no_file``, ``missing_column``, ``line_broken``, ``csv_broken``, ``empty_label`` and what is no table
    (``not_a_table``, ``parquet_broken`` and the codes of :mod:`tantam.base.encodings`).
    """
    from tantam.base.sources import resolve
    from tantam.listen.run import sources

    (found,) = resolve([file])[:1]
    # What our label is called does not matter to whoever reads the table: it comes as the row's “id”.
    asked = sources.Asked(text="text", id="label")
    texts: list[str] = []
    labels: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for given in sources.read([found], asked, Path(scratch)):
            if given.rejects:
                raise BadInput(
                    "line_broken",
                    f"Row {given.rejects[0][1]} of {file} has more or fewer fields than the header.",
                    "Put quotation marks around texts that hold commas, or export it again.",
                )
            texts += ["" if t is None else str(t) for t in given.rows["text"].to_pylist()]
            labels += ["" if t is None else str(t) for t in given.rows["id"].to_pylist()]
    for row, label in enumerate(labels, 1):
        if not all(part.strip() for part in label.split(SEVERAL)):
            raise BadInput(
                "empty_label",
                f"Row {row} of {file} has no label, or an empty one beside a {SEVERAL}.",
                "Label it, or leave the row out.",
            )
    return texts, labels


def truths(labels: Sequence[str], known: Sequence[str] = ()) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """The labels (those ``known`` first, then new ones in their order) and which hold: bool [n, labels]."""
    sets = [{part.strip() for part in label.split(SEVERAL)} for label in labels]
    names = (*known, *sorted(set().union(*sets) - set(known)))
    at = {name: i for i, name in enumerate(names)}
    truth = np.zeros((len(sets), len(names)), np.bool_)
    for row, held in enumerate(sets):
        truth[row, [at[name] for name in held]] = True
    return names, truth
