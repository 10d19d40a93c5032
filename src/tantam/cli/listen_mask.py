"""``tantam listen mask``: stdin to stdout, without anybody's numbers, addresses or names."""

from __future__ import annotations

import codecs
import sys
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import click

_CHUNK = 1 << 20
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""What Windows programs write: known by its first two bytes."""


@click.command()
@click.option("--count", is_flag=True, help="Say on stderr how many of each kind were masked.")
def mask(count: bool) -> None:
    """Take numbers, addresses and names of people out of a text: stdin to stdout, line by line.

    UTF-8 or UTF-16; line ends stay as they are, and so do bytes that are no text. What is taken out is written as a
    word in brackets: [số điện thoại], [thư điện tử], [số riêng], [số thẻ bảo hiểm], [biển số], [trang cá nhân], [tên].

    \b
    tantam listen mask < notes.txt > masked.txt
    """
    from tantam.listen.mask import KINDS

    counts: Counter[str] = Counter()
    for before, after in _masked(sys.stdin.buffer, sys.stdout.buffer):
        for kind, word in KINDS.items():
            counts[kind] += after.count(word.encode()) - before.count(word.encode())
    if count:
        click.echo(", ".join(f"{kind} {counts[kind]:,}" for kind in KINDS), err=True)


def _masked(source: BinaryIO, target: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Mask a stream as it comes, and give the lines that changed, before and after."""
    import pyarrow as pa

    from tantam.listen.mask import mask_batch

    head = source.read(2)
    wide = _WIDE.get(head)
    target.write(head if wide else b"")
    for lines in _lines(_utf8(source, wide, b"" if wide else head)):
        before = pa.array(lines, pa.large_binary())
        after = mask_batch(before)
        masked = after.to_pylist()
        text = b"".join(masked)
        target.write(text.decode().encode(wide) if wide else text)
        target.flush()
        if after is not before:
            yield from ((a, b) for a, b in zip(lines, masked, strict=True) if a != b)


def _utf8(source: BinaryIO, wide: str | None, head: bytes) -> Iterator[bytes]:
    """The bytes as they come; those of UTF-16 as UTF-8."""
    decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None
    yield head
    while chunk := source.read1(_CHUNK):  # type: ignore[attr-defined]
        yield decoder.decode(chunk).encode() if decoder else chunk
    if decoder:
        yield decoder.decode(b"", final=True).encode()


def _lines(chunks: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Whole lines with their ends, as many as have come; a line without an end when nothing more comes."""
    waiting: list[bytes] = []
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        waiting.append(chunk[:cut] if cut else chunk)
        if cut:
            yield b"".join(waiting).splitlines(keepends=True)
            waiting = [chunk[cut:]]
    rest = b"".join(waiting)
    if rest:
        yield [rest]
