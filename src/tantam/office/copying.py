"""A whole copy of a database while people work in it, and putting one back: what backups are made of.

SQLite is copied by its online backup: one consistent moment, readers and writers go on. A copy of the health
database is encrypted with the same key. PostgreSQL is copied by ``pg_dump`` in its custom format. A copy appears
whole or not at all, and only once it has been read back and found sound.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from tantam.base.stage import to_disk
from tantam.errors import BadInput, Fault, Refused

_SIDE_FILES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Copy:
    """A copy that was read back: where it lies, how long it is, and the SHA-256 of its bytes."""

    path: Path
    size_bytes: int
    digest: str


def copy_to(alias: str, path: Path, *, among: ConnectionHandler = connections) -> Copy:
    """Copy a database to a new file (0600), checked; the database may be in use.

    Refuses ``copy_exists``; Fault ``copy_failed`` where what was copied is not sound or a program is missing.
    One pass over the database; the copy is on the disk when this returns.
    """
    if path.exists():
        raise Refused(
            "copy_exists",
            f"There is a file {path} already.",
            "Give another name; a copy never takes the place of another.",
            vi=f"Đã có tệp {path}. Hãy chọn tên khác; bản sao không bao giờ ghi đè lên bản sao khác.",
        )
    half = path.with_name(f".{path.name}.part")
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if among[alias].vendor == "sqlite":
            _copy_sqlite(among[alias], half)
        else:
            _run(among[alias], "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={half}")
        to_disk(half)
        os.link(half, path)
        to_disk(path.parent)
    finally:
        half.unlink(missing_ok=True)
    return Copy(path, path.stat().st_size, digest_of(path))


def restore_from(alias: str, path: Path, *, digest: str = "", among: ConnectionHandler = connections) -> None:
    """Put a copy in a database's place; nobody else may have the database open.

    SQLite: the database's file is then the copy, byte for byte; killed half-way, it is the old one or the new one.
    A database too damaged to open is kept beside it as ``….damaged``. PostgreSQL: one transaction.
    BadInput ``copy_changed`` (its bytes are not those of ``digest``), ``copy_unsound``; refuses ``database_in_use``.
    """
    if digest and digest_of(path) != digest:
        raise BadInput(
            "copy_changed",
            f"{path} is not the file that was backed up: its digest differs.",
            "Take another copy of this backup.",
            vi=f"{path} không còn là tệp đã sao lưu: mã kiểm tra khác. Hãy dùng một bản sao khác của lần sao lưu này.",
        )
    connection = among[alias]
    connection.close()
    if connection.vendor == "sqlite":
        _restore_sqlite(connection, path)
    else:
        steps = ["--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-acl"]
        _run(connection, "pg_restore", *steps, "--dbname", str(connection.settings_dict["NAME"]), str(path))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(connection: BaseDatabaseWrapper, half: Path) -> None:
    with (
        _opened(connection, str(connection.settings_dict["NAME"])) as source,
        _opened(connection, str(half)) as copy,
    ):
        source.backup(copy)
    trouble = _unsound(connection, half)
    if trouble:
        raise Fault(
            "copy_failed",
            f"The copy of “{connection.alias}” is not sound: {trouble}.",
            "The database itself may be damaged: stop the office, and restore the last good backup.",
        )


def _restore_sqlite(connection: BaseDatabaseWrapper, path: Path) -> None:
    place = Path(str(connection.settings_dict["NAME"]))
    half = place.with_name(f".{place.name}.part")
    with (
        path.open("rb") as source,
        os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
    ):
        shutil.copyfileobj(source, out, 1 << 20)
    before = digest_of(half)
    trouble = _unsound(connection, half)
    if trouble or digest_of(half) != before:
        half.unlink()
        raise BadInput(
            "copy_unsound",
            f"{path} cannot be put back: {trouble or 'reading it changes it'}.",
            "Take an older backup.",
            vi=f"Không thể khôi phục từ {path}: tệp hỏng hoặc được đóng bằng khoá khác. Hãy dùng bản sao lưu cũ hơn.",
        )
    to_disk(half)
    if place.exists():
        _put_to_rest(connection, place)
    half.replace(place)
    to_disk(place.parent)


def _put_to_rest(connection: BaseDatabaseWrapper, place: Path) -> None:
    """Leave no WAL behind that SQLite would play into the restored file.

    Leaving WAL mode writes the WAL into the database and deletes it, and SQLite does that only for the last one who
    has the database open: so it also tells whether anybody else has.
    """
    errors: Any = connection.Database  # type: ignore[attr-defined]
    try:
        with _opened(connection, str(place)) as last:
            last.execute("PRAGMA busy_timeout = 1000")
            last.execute("PRAGMA journal_mode = DELETE").fetchone()
            last.execute("BEGIN EXCLUSIVE")
            last.execute("ROLLBACK")
    except errors.OperationalError as error:
        raise Refused(
            "database_in_use",
            f"Somebody has {place} open: {error}.",
            "Stop the office and its worker, then restore.",
            vi=f"Còn chương trình đang mở {place}. Hãy dừng văn phòng và tiến trình nền rồi khôi phục.",
        ) from None
    except (errors.DatabaseError, Refused):  # damaged, or closed with a key that is gone
        for suffix in ("", *_SIDE_FILES):
            file = place.with_name(place.name + suffix)
            if file.exists():
                file.replace(place.with_name(place.name + ".damaged" + suffix))


def _unsound(connection: BaseDatabaseWrapper, file: Path) -> str:
    """What is wrong with a copy, in a few words; nothing if it is sound."""
    errors: Any = connection.Database  # type: ignore[attr-defined]
    try:
        with _opened(connection, str(file), quiet=True) as copy:
            wrong = [row[0] for row in copy.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
            wrong += [
                f"a row of {row[0]} points nowhere" for row in copy.execute("PRAGMA foreign_key_check")
            ][:3]
            wrong += [row[0] for row in copy.execute("PRAGMA cipher_integrity_check")][
                :3
            ]  # nothing where no cipher
            if not copy.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                wrong.append("it is empty")
    except (errors.DatabaseError, Refused) as error:
        return str(error)
    return "; ".join(wrong)


@contextmanager
def _opened(connection: BaseDatabaseWrapper, name: str, *, quiet: bool = False) -> Iterator[Any]:
    """A bare connection of the same kind and key to this file, apart from Django's own."""
    options = {
        key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "init_command"
    }
    if quiet:
        name = f"{Path(name).absolute().as_uri()}?immutable=1"
    settings = {**connection.settings_dict, "NAME": name, "OPTIONS": options}
    other = type(connection)(settings, connection.alias)
    opened = other.get_new_connection(other.get_connection_params())
    try:
        yield opened
    finally:
        opened.close()


def _run(connection: BaseDatabaseWrapper, program: str, *words: str) -> None:
    if not shutil.which(program):
        raise Fault(
            "copy_failed",
            f"The program {program} is not on this machine.",
            "apt-get install postgresql-client",
        )
    settings = connection.settings_dict
    where = [
        f"--{word}={settings[key]}"
        for word, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER"))
        if settings[key]
    ]
    target = [] if program == "pg_restore" else [str(settings["NAME"])]
    env = {**os.environ, **({"PGPASSWORD": str(settings["PASSWORD"])} if settings["PASSWORD"] else {})}
    done = subprocess.run(  # noqa: S603 (two programs by name, no shell)
        [program, *where, *words, *target], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise Fault(
            "copy_failed", f"{program} failed: {last}", "Its version must not be older than the server's."
        )
