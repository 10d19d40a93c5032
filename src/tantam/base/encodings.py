"""Any text file as clean UTF-8: its encoding is found from its content, or the file is refused in one sentence.

UTF-8 and UTF-16 (with a mark at the beginning or without), Windows-1258, and the exports of TCVN3 (ABC) and VNI
fonts are read, the last two also when some program has saved their codes as UTF-8. The old encodings are told
apart by which of them makes Vietnamese syllables of the words that are not plain ASCII.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tantam.base.legacy import from_tcvn3, from_vni, is_syllable
from tantam.errors import BadInput

MOST_LINE = 2_000_000
"""Bytes of the longest line that is still taken for a row."""
_CHUNK = 1 << 22
_HEAD = 1 << 20
_SURE = 0.75
_APART = 0.1
_MOST_WORDS = 200_000

_WORD = re.compile(r"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_MAGIC = {
    b"PK\x03\x04": "a zip or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "compressed (gzip)",
    b"%PDF": "a PDF",
}


def _from_1258(text: str) -> str:
    return unicodedata.normalize("NFC", text.encode("latin-1", "replace").decode("cp1258", "replace"))


def _from_utf8(text: str) -> str:
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


_READINGS: dict[str, Callable[[str], str]] = {
    "utf-8": _from_utf8,
    "windows-1258": _from_1258,
    "tcvn3": from_tcvn3,
    "vni": from_vni,
}
"""Encoding → from its bytes shown as Latin-1 to what they say."""
_SAID = {"utf-8": "UTF-8", "windows-1258": "Windows-1258", "tcvn3": "TCVN3 (ABC)", "vni": "VNI"}


@dataclass(frozen=True)
class Text:
    """A UTF-8 file to read (the original, or a clean copy) and what the original was."""

    path: Path
    encoding: str
    clean: bool = False

    def lines(self) -> int:
        """How many lines it has, the header with them."""
        count, last = 0, b"\n"
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                count += chunk.count(b"\n")
                last = chunk[-1:]
        return count + (last != b"\n")


def at_sight(path: Path, copy: Path) -> Text:
    """``path`` as UTF-8, judged by its first megabyte; anything but plain UTF-8 goes through :func:`cleaned`.

    Refuses ``empty_file`` and ``not_a_table`` (a binary or a workbook), and what :func:`cleaned` refuses. What
    comes later in the file is not looked at: whoever reads it and stumbles asks for :func:`cleaned`.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    _refuse_binary(path, head)
    whole = head if len(head) < _HEAD else head[: head.rfind(b"\n") + 1]
    plain = whole and not _wide(head) and _is_utf8(whole) and not _old_codes_as_utf8(whole)
    return Text(path, "utf-8") if plain else cleaned(path, copy)


def cleaned(path: Path, copy: Path) -> Text:
    """A copy of ``path`` in clean UTF-8 with one kind of line end, its encoding found from all of its content.

    Refuses ``mixed_encodings`` (names the first line that does not fit), ``encoding_unknown``,
    ``encoding_broken``, ``enormous_line``, ``not_a_table``. Bounded memory; two passes over an old encoding.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    wide = _wide(head)
    if wide:
        return _write(path, copy, wide, lambda text: text, wide)
    if not _all_utf8(path):
        encoding = _old(path)
        return _write(path, copy, "latin-1", _READINGS[encoding], encoding)
    encoding = _old_codes_as_utf8(head) or "utf-8"
    read = _READINGS[encoding] if encoding != "utf-8" else lambda text: text
    return _write(path, copy, "utf-8", read, encoding)


def _refuse_binary(path: Path, head: bytes) -> None:
    if not head.strip():
        raise BadInput("empty_file", f"{path} is empty.", "Export it again, with a header line and rows.")
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            raise BadInput(
                "not_a_table",
                f"{path} is {name}, not a CSV or Parquet file.",
                "Save it as CSV (UTF-8) and load that.",
            )
    if b"\0" in head and not _wide(head):
        raise BadInput("not_a_table", f"{path} is not a text file.", "Load a CSV or a Parquet file.")


def _wide(head: bytes) -> str | None:
    """UTF-16 by its mark, or because every other byte of it is nought."""
    if head[:2] in _UTF16:
        return _UTF16[head[:2]]
    pairs = max(len(head) // 2, 1)
    even, odd = head[::2].count(0) / pairs, head[1::2].count(0) / pairs
    if max(even, odd) > 0.4 and min(even, odd) < 0.1:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _all_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not _fits(decoder, chunk):
                return False
    return not decoder.getstate()[0]


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _old_codes_as_utf8(head: bytes) -> str | None:
    """``tcvn3`` or ``vni`` where a program has saved their codes as UTF-8 letters; None for honest UTF-8."""
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    if text.isascii() or not _shown_as_1252(text):
        return None
    words = Counter(_WORD.findall(text))
    shares = {name: _share(words, _READINGS[name]) for name in ("tcvn3", "vni")}
    best = max(shares, key=lambda name: shares[name])
    plain = _share(words, lambda word: word)
    return best if shares[best] >= _SURE and shares[best] - plain > _APART else None


def _shown_as_1252(text: str) -> bool:
    """Are all its letters and signs those of Windows-1252: then no Vietnamese was ever written so."""
    try:
        "".join(set(text)).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _old(path: Path) -> str:
    """Which old encoding a file that is not UTF-8 has, by its words; refuses mixtures and doubt."""
    words = _words(path)
    shares = {name: _share(words, read) for name, read in _READINGS.items()}
    first, second = sorted(shares, key=lambda name: -shares[name])[:2]
    if first == "utf-8" and shares[first] > 0:
        raise _mixed(path, first, _first_line(path, lambda row: not _is_utf8(row)))
    if shares[first] < 0.5 or shares[first] - shares[second] < _APART:
        raise _unknown(path)
    astray = _first_line(path, _Astray(first, words))
    if astray:
        raise _mixed(path, first, astray)
    if shares[first] < _SURE:
        raise _unknown(path)
    return first


class _Astray:
    """Does a line read as Vietnamese only in another encoding than the rest of the file."""

    def __init__(self, first: str, words: Counter[str]) -> None:
        self._fits = {word for word in words if is_syllable(_READINGS[first](word))}
        others = [read for name, read in _READINGS.items() if name != first]
        self._strays = {
            word
            for word in words.keys() - self._fits
            if len(word) > 1 and not word.isupper() and any(is_syllable(read(word)) for read in others)
        }

    def __call__(self, row: bytes) -> bool:
        found = _WORD.findall(row.decode("latin-1")) if self._strays else ()
        return sum(w in self._strays for w in found) > sum(w in self._fits for w in found)


def _words(path: Path) -> Counter[str]:
    """The words that are not plain ASCII, as Latin-1, with how often each stands in the file."""
    words: Counter[str] = Counter()
    for _, piece in _pieces(path):
        words.update(
            word
            for word in _WORD.findall(piece.decode("latin-1"))
            if word in words or len(words) < _MOST_WORDS
        )
    return words


def _share(words: Counter[str], read: Callable[[str], str]) -> float:
    """Which share of the words becomes a Vietnamese syllable."""
    good = sum(n for word, n in words.items() if is_syllable(read(word)))
    return good / max(words.total(), 1)


def _first_line(path: Path, odd: Callable[[bytes], bool]) -> int:
    """The number of the first line that is odd; 0 if none is."""
    for line, piece in _pieces(path):
        for at, row in enumerate(piece.split(b"\n")):
            if not row.isascii() and odd(row):
                return line + at
    return 0


def _is_utf8(row: bytes) -> bool:
    return _fits(codecs.getincrementaldecoder("utf-8")(), row + b"\n")


def _mixed(path: Path, first: str, line: int) -> BadInput:
    return BadInput(
        "mixed_encodings",
        f"{path} mixes encodings: most of it is {_SAID[first]}, but line {line} is not.",
        "Export it again in one encoding, best UTF-8.",
    )


def _unknown(path: Path) -> BadInput:
    line = _first_line(path, lambda row: True)
    return BadInput(
        "encoding_unknown",
        f"{path} is not UTF-8, and its letters (first in line {line}) read as Vietnamese neither in Windows-1258 "
        "nor in TCVN3 nor in VNI.",
        "Open it in the program it came from and save it as CSV UTF-8.",
    )


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    """Whole lines of a file in pieces of a few megabytes, each with the number of its first line."""
    line, rest = 1, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            piece, newline, tail = (rest + chunk).rpartition(b"\n")
            if newline:
                yield line, piece + newline
                line += piece.count(b"\n") + 1
            rest = tail
            if len(rest) > MOST_LINE:
                raise enormous(path, line)
    if rest:
        yield line, rest


def enormous(path: Path, line: int) -> BadInput:
    """One line is longer than any row can be."""
    return BadInput(
        "enormous_line",
        f"Line {line} of {path} is longer than {MOST_LINE:,} bytes, so this is not a table of subscribers.",
        "Look for a quotation mark that never closes, or for missing line ends, and export again.",
    )


def _write(path: Path, copy: Path, codec: str, read: Callable[[str], str], encoding: str) -> Text:
    """A clean UTF-8 copy, line by line in bounded memory."""
    lines = 0
    with (
        path.open(encoding=codec, newline=None) as source,
        copy.open("w", encoding="utf-8", newline="\n") as out,
    ):
        try:
            while line := source.readline(MOST_LINE + 1):
                lines += 1
                if len(line) > MOST_LINE:
                    raise enormous(path, lines)
                if "\0" in line:
                    raise BadInput(
                        "not_a_table", f"{path} is not a text file.", "Load a CSV or a Parquet file."
                    )
                out.write(read(line.removeprefix("\ufeff") if lines == 1 else line))
        except UnicodeError:
            raise BadInput(
                "encoding_broken",
                f"{path} begins as {encoding.upper()}, but line {lines + 1} does not go on so.",
                "Export it again, best as CSV UTF-8.",
            ) from None
    return Text(copy, encoding, clean=True)
