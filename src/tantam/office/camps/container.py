"""The ``.camp`` file: facts of one camp, and what its kit needs, closed with the camp's key.

One line says what it is, one line of JSON names the camp, the kit and its key under the opening words; then sealed
chunks, each with its length before it. Chunks are numbered inside and the last one says so, so that nothing can be cut
off, swapped or put in. Inside: gzipped lines of JSON, first the ``secrets`` (TLS keys, say), then a fact a line. The
same format is the kit's pack, its copy on a USB stick, and what it brings home at dusk.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import os
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from tantam.errors import BadInput, Refused
from tantam.office.camps import locks
from tantam.office.camps.facts import Fact, from_line, to_line
from tantam.office.camps.on_disk import private

MAGIC = b"TANTAM-CAMP 1\n"
CHUNK_BYTES = 1 << 20
LARGEST_BYTES = 1 << 30


@dataclass(frozen=True)
class Header:
    """What stands outside the lock: the camp, the kit (0: headquarters), and its key under the opening words.

    Headquarters has the key itself, and no wrap for it travels: once it destroyed that key, its own opens no old file.
    """

    camp: UUID
    kit: int
    under_words: bytes = b""

    @property
    def about(self) -> bytes:
        """What the wrap of this camp's key is bound to."""
        return self.camp.bytes


@dataclass(frozen=True)
class Opened:
    """A container read: its header, its secrets, its facts."""

    header: Header
    facts: list[Fact]
    secrets: dict[str, Any] = field(default_factory=dict)


def write(
    path: Path,
    header: Header,
    key: bytes,
    facts: Iterable[Fact],
    *,
    secrets: dict[str, Any] | None = None,
    random: locks.Random = os.urandom,
) -> int:
    """Write a container (0600), whole or not at all, on the disk when this returns; gives its size in bytes."""
    lines = [json.dumps(secrets or {}, sort_keys=True).encode(), *(to_line(fact) for fact in facts)]
    plain = gzip.compress(b"\n".join(lines), compresslevel=6, mtime=0)
    with private(path) as out:
        out.write(MAGIC + _header_line(header))
        starts = range(0, len(plain), CHUNK_BYTES)
        for number, start in enumerate(starts):
            last = number == len(starts) - 1
            box = locks.seal(
                key, plain[start : start + CHUNK_BYTES], about=_place(header, number, last), random=random
            )
            out.write(struct.pack(">I", len(box)) + box)
        size = out.tell()
    return size


def header_of(path: Path) -> Header:
    """What stands outside the lock; BadInput ``not_a_camp``."""
    with path.open("rb") as file:
        return _read_header(file.read(len(MAGIC)), file.readline(100_000), path)


def read(path: Path, key_of: Callable[[Header], bytes]) -> Opened:
    """Open a container with the key that ``key_of`` finds for its header. BadInput ``not_a_camp``, ``camp_cut_off``,
    ``bad_fact``; refuses ``camp_key_wrong``."""
    if path.stat().st_size > LARGEST_BYTES:
        raise _not_a_camp(path)
    with path.open("rb") as file:
        header = _read_header(file.read(len(MAGIC)), file.readline(100_000), path)
        key = key_of(header)
        plain = bytearray()
        number, last = 0, False
        while not last:
            size = file.read(4)
            box = file.read(struct.unpack(">I", size)[0]) if len(size) == 4 else b""
            if len(size) < 4 or len(box) < struct.unpack(">I", size)[0]:
                raise _cut_off(path)
            part, last = _open_chunk(key, header, number, box)
            plain += part
            number += 1
        if file.read(1):
            raise _cut_off(path)
    lines = gzip.decompress(bytes(plain)).split(b"\n")
    return Opened(header, [from_line(line) for line in lines[1:]], json.loads(lines[0]))


def _open_chunk(key: bytes, header: Header, number: int, box: bytes) -> tuple[bytes, bool]:
    try:
        return locks.unseal(key, box, about=_place(header, number, False)), False
    except Refused:
        return locks.unseal(key, box, about=_place(header, number, True)), True


def _place(header: Header, number: int, last: bool) -> bytes:
    return header.about + struct.pack(">HI?", header.kit, number, last)


def _header_line(header: Header) -> bytes:
    row = {
        "camp": str(header.camp),
        "kit": header.kit,
        "under_words": base64.b64encode(header.under_words).decode(),
    }
    return json.dumps(row, sort_keys=True).encode() + b"\n"


def _read_header(magic: bytes, line: bytes, path: Path) -> Header:
    if magic != MAGIC:
        raise _not_a_camp(path)
    try:
        row = json.loads(line)
        return Header(
            UUID(row["camp"]),
            int(row["kit"]),
            base64.b64decode(row["under_words"], validate=True),
        )
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise _not_a_camp(path) from None


def _not_a_camp(path: Path) -> BadInput:
    return BadInput(
        "not_a_camp",
        f"{path.name} is no file of a camp.",
        "Give a file that ends in .camp, as `tantam camp pack` and the kit write them.",
        vi=f"{path.name} không phải tệp của trại. Chọn tệp có đuôi .camp do trại hoặc trụ sở xuất ra.",
    )


def _cut_off(path: Path) -> BadInput:
    return BadInput(
        "camp_cut_off",
        f"{path.name} is not whole: its end is missing, or something was added.",
        "Copy it again from the kit or the USB stick.",
        vi=f"{path.name} không nguyên vẹn. Chép lại từ máy của trại hoặc từ USB.",
    )
