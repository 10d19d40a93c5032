"""The office's three keys, in ``home/secret/``: 32 random bytes each, as hexadecimal, readable by the owner alone.

``django-key`` signs sessions and forms, ``journal-key`` seals the journal, ``health-key`` encrypts the health
database. They lie outside every database, so that a stolen database opens nothing and forges nothing.

A new home gets them by itself: Django wants its key before the first command can run, so :func:`read` makes all three
where there has been no office yet. Where there has been one (a database lies there, or ``django-key``, which is made
last), a missing key is refused and never made anew: a new health key would lock the old data away, and a new
journal key would make an honest journal look forged.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tantam.errors import Refused

NAMES = ("journal-key", "health-key", "django-key")
"""In the order they are made; the last one says that all are there."""
KEY_BYTES = 32
DATABASE_FILES = ("office.sqlite3", "health.sqlite3")


def path(home: Path, name: str) -> Path:
    """Where a key of this home lies."""
    return home / "secret" / name


def read(home: Path, name: str) -> str:
    """A key as 64 hexadecimal digits; a home where there has been no office gets its keys first.

    Refuses ``key_missing``, ``key_open`` (others may read the file) and ``key_broken``.
    """
    if not path(home, name).exists() and _is_new(home):
        make(home)
    return read_file(path(home, name))


def read_file(file: Path) -> str:
    """The key in this file; refuses ``key_missing``, ``key_open`` and ``key_broken``, and makes nothing."""
    try:
        with file.open(encoding="ascii", errors="replace") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            text = opened.read(10 * KEY_BYTES).strip()
    except FileNotFoundError:
        raise Refused(
            "key_missing",
            f"The key {file} is not there, though the office has been opened before.",
            "Put the secret folder back from its own backup; a new key would not open what the old one closed.",
            vi=f"Không thấy khoá {file}, mà văn phòng đã từng mở. Hãy chép lại thư mục secret từ bản sao lưu của nó; "
            "khoá mới không mở được những gì khoá cũ đã đóng.",
        ) from None
    if mode & 0o077:
        raise Refused(
            "key_open",
            f"Other users of this machine may read the key {file}.",
            f"Close it: chmod 600 {file}; and find out who may have read it.",
            vi=f"Người khác trên máy này đọc được khoá {file}. Hãy đóng lại: chmod 600 {file}, "
            "và xem ai đã có thể đọc.",
        )
    if len(text) != 2 * KEY_BYTES or not set(text) <= set("0123456789abcdef"):
        raise Refused(
            "key_broken",
            f"The key {file} is not {2 * KEY_BYTES} hexadecimal digits.",
            "Put the secret folder back from its own backup.",
            vi=f"Khoá {file} không phải {2 * KEY_BYTES} chữ số thập lục phân. "
            "Hãy chép lại thư mục secret từ bản sao lưu.",
        )
    return text


def make(home: Path) -> None:
    """Make the keys of a new home, each whole or not at all; where there has been an office, nothing happens.

    Two processes that start together make one set: the second waits, and finds them made.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = home / "secret"
    folder.mkdir(mode=0o700, exist_ok=True)
    with _locked(folder):
        if not _is_new(home):
            return
        for name in NAMES:
            _make_one(path(home, name))


def _is_new(home: Path) -> bool:
    made = [path(home, NAMES[-1]), *(home / name for name in DATABASE_FILES)]
    return not any(file.exists() for file in made)


def _make_one(file: Path) -> None:
    if file.exists():
        return  # left by a start that was killed: nothing has been closed with it yet, and it is whole
    half = file.with_name(f".{file.name}.part")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secrets.token_hex(KEY_BYTES) + "\n")
        out.flush()
        os.fsync(out.fileno())
    os.link(half, file)  # unlike a rename, a link never takes another key's place
    half.unlink()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)  # a key is on the disk before anything is closed with it
    finally:
        os.close(handle)
