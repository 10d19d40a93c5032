"""One opinion read, or a stream of them: what was said without anybody's numbers, what about, how it feels.

:func:`read` and :class:`Listener` are the same function, on one text and on Arrow batches: masked, cleaned, answered
by every head, and given the fingerprint that finds its copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.listen import alike, heads
from tantam.listen.clean import Tokens, clean
from tantam.listen.columns import SCHEMA
from tantam.listen.mask import mask_batch

if TYPE_CHECKING:
    from tantam.listen.heads import Answer, Model
    from tantam.listen.themes import Themes

HEADS = ("topic", "feeling", "complaint", "urgency")
"""What a model must answer to read with it, in the order in which the unsure ones are named."""

CARRIED = ("id", "key", "when", "where", "channel")
"""Columns that go through as they come."""

READ = pa.schema(
    [SCHEMA.field(i) for i in range(len(SCHEMA)) if SCHEMA.names[i] not in ("theme", "copy_of")]
    + [
        pa.field("signature", pa.binary(alike.SIGNATURE_BYTES)),
        pa.field("words", pa.large_list(pa.uint32())),
    ]
)
"""What :class:`Listener` gives: readings still without their theme and their group, and what finds them: the signature,
and the words (:class:`tantam.listen.themes.Words`) of those that themes are sought in, none of the others."""


@dataclass(frozen=True)
class Reading:
    """What one opinion says. ``unsure`` names the heads whose answer a person should check; ``theme`` is the id of a
    theme where themes were handed in; ``hash`` is the same for texts of the same words without accents."""

    text: str
    topics: tuple[str, ...]
    feeling: str
    feeling_p: float
    complaint: bool
    complaint_p: float
    urgency: str
    theme: str | None
    hash: int
    unsure: tuple[str, ...]


class Listener:
    """Reads batches with columns ``text`` (string or binary) and :data:`CARRIED`; gives batches of :data:`READ`.

    Built once a worker: its signature is that of Spark's ``mapInArrow``. Nothing but the text is looked at, and a
    reading hangs on its own text alone, so any split into batches gives the same rows.
    """

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or heads.shipped()
        self._topics = _labels(self.model, "topic")

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from tantam.listen.themes import Words

        for batch in batches:
            columns, tokens = self.columns(batch.column("text"))
            columns |= {name: batch.column(name).cast(READ.field(name).type) for name in CARRIED}
            negative = pc.equal(columns["feeling"], "negative").to_numpy(zero_copy_only=False)
            complaint = columns["complaint"].to_numpy(zero_copy_only=False)
            words = Words.of(tokens.only(is_for_themes(complaint, negative)))
            columns["words"] = pa.LargeListArray.from_arrays(words.offsets, words.codes)
            yield pa.RecordBatch.from_arrays([columns[name] for name in READ.names], schema=READ)

    def columns(self, texts: pa.Array) -> tuple[dict[str, pa.Array], Tokens]:
        """The read columns of an array of texts, and their words."""
        cleaned = clean(mask_batch(texts))
        tokens = cleaned.tokens
        hashes, signatures = alike.fingerprint(tokens)
        answers = heads.answer(self.model, tokens)
        complaint = answers["complaint"]
        is_complaint = complaint.label == _labels(self.model, "complaint").index("true")
        columns = {
            "text": pc.fill_null(cleaned.text, "").cast(pa.string()),
            "topic": _named(_several(answers["topic"], self._topics)),
            "topic_p": pa.array(answers["topic"].p),
            "feeling": _chosen(answers["feeling"], _labels(self.model, "feeling")),
            "feeling_p": pa.array(answers["feeling"].p),
            "complaint": pa.array(is_complaint),
            "complaint_p": pa.array(np.where(is_complaint, complaint.p, np.float32(1) - complaint.p)),
            "urgency": _chosen(answers["urgency"], _labels(self.model, "urgency")),
            "unsure": _named(_unsure(answers)),
            "hash": pa.array(hashes),
            "signature": pa.FixedSizeBinaryArray.from_buffers(
                READ.field("signature").type,
                len(texts),
                [None, pa.py_buffer(np.ascontiguousarray(signatures))],
            ),
        }
        return columns, tokens


def read(text: str, model: Model | None = None, themes: Themes | None = None) -> Reading:
    """One opinion, under a millisecond once the tables are loaded; the same answer as in a batch.

    Takes any string, also one with lone surrogates or NULs. ``themes`` name its theme where it is a complaint or
    negative.
    """
    raw = text.encode("utf-8", "surrogatepass")
    columns, tokens = Listener(model).columns(pa.array([raw], pa.large_binary()))
    row: dict[str, Any] = {name: column[0].as_py() for name, column in columns.items() if name != "signature"}
    theme = None
    if themes is not None and is_for_themes(row["complaint"], row["feeling"] == "negative"):
        from tantam.listen.themes import assign

        at = int(assign(themes, tokens)[0][0])
        theme = themes.ids[at] if at >= 0 else None
    return Reading(
        text=row["text"],
        topics=tuple(row["topic"].split("|")),
        feeling=row["feeling"],
        feeling_p=row["feeling_p"],
        complaint=row["complaint"],
        complaint_p=row["complaint_p"],
        urgency=row["urgency"],
        theme=theme,
        hash=row["hash"],
        unsure=tuple(filter(None, row["unsure"].split("|"))),
    )


def is_for_themes(complaint: Any, negative: Any) -> Any:
    """Themes are sought inside complaints and negatives: else praise fills the biggest ones."""
    return complaint | negative


def _labels(model: Model, head: str) -> tuple[str, ...]:
    return next(h.labels for h in model.heads if h.name == head)


def _chosen(answer: Answer, labels: tuple[str, ...]) -> pa.Array:
    return _named((answer.label.astype(np.int32), labels))


def _several(answer: Answer, labels: tuple[str, ...]) -> tuple[NDArray[np.int32], list[str]]:
    """Each combination of topics once, its likeliest first; and which one each text has."""
    held = answer.on.astype(np.int64) @ (1 << np.arange(len(labels)))
    combos = pa.array(held | answer.label.astype(np.int64) << 32).dictionary_encode()
    names = []
    for combo in combos.dictionary.to_pylist():
        likeliest = combo >> 32
        others = [labels[i] for i in range(len(labels)) if combo >> i & 1 and i != likeliest]
        names.append("|".join([labels[likeliest], *others]))
    return combos.indices.to_numpy(), names


def _unsure(answers: dict[str, Answer]) -> tuple[NDArray[np.int32], list[str]]:
    codes = sum((~answers[name].sure).astype(np.int32) << i for i, name in enumerate(HEADS))
    names = ["|".join(h for i, h in enumerate(HEADS) if code >> i & 1) for code in range(1 << len(HEADS))]
    return np.asarray(codes, np.int32), names


def _named(coded: tuple[NDArray[np.int32], Iterable[str]]) -> pa.Array:
    codes, names = coded
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(names))).cast(pa.string())
