"""Django's SQLite backend on ``sqlcipher3``: the same in everything, but the file is encrypted, pages, WAL and all.

``OPTIONS["key_file"]`` names the file that holds the key (64 hexadecimal digits, :mod:`tantam.office.keyring`). It is
read when a connection opens and kept nowhere: settings, tracebacks and query logs never show it.

``sqlcipher3`` is a module of its own beside ``sqlite3``, with its own table of converters, its own errors and its own
cursor; so what Django does to ``sqlite3`` when its backend is imported is done here once more.
"""

from __future__ import annotations

import datetime
import decimal
import os
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as Database  # type: ignore[import-untyped] # noqa: N812 (Django's name)

from tantam.errors import Refused
from tantam.office import keyring

Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", base.decoder(parse_date))
Database.register_converter("time", base.decoder(parse_time))
Database.register_converter("datetime", base.decoder(parse_datetime))
Database.register_converter("timestamp", base.decoder(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, base.adapt_date)
Database.register_adapter(datetime.datetime, base.adapt_datetime)


class Cursor(Database.Cursor):  # type: ignore[misc]
    """SQLCipher's cursor taking Django's ``%s`` and ``%(name)s``, as Django's wrapper of SQLite's cursor does."""

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; without parameters it goes as it is, percent signs and all."""
        if params is None:
            return super().execute(query)
        return super().execute(_in_sqlite_style(query, params), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run one statement for each of many parameters, which may come from a generator."""
        rows = iter(param_list)
        first = next(rows, None)
        if first is None:
            return super().executemany(_in_sqlite_style(query, ()), ())
        return super().executemany(_in_sqlite_style(query, first), chain([first], rows))


def _in_sqlite_style(query: str, params: Any) -> str:
    if isinstance(params, Mapping):
        return query % {name: f":{name}" for name in params}
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to an encrypted SQLite file; a wrong key is refused (``health_key_wrong``)."""

    display_name = "SQLCipher"
    Database = Database
    init_commands: list[str]

    def get_connection_params(self) -> dict[str, Any]:
        """What a connection opens with; ``key_file`` is a path, never the key."""
        params: dict[str, Any] = super().get_connection_params()
        if not params.get("key_file"):
            raise ImproperlyConfigured(f"OPTIONS['key_file'] of the database “{self.alias}” names no file.")
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open, give the key before anything else, then make it a connection as Django knows it."""
        params = dict(conn_params)
        key_file = Path(params.pop("key_file"))
        if not str(params["database"]).startswith(("file:", ":")):
            _make_private(Path(params["database"]))
        conn = Database.connect(**params)
        try:
            _unlock(conn, key_file)
            register_functions(conn)
            for command in (
                "PRAGMA foreign_keys = ON",
                "PRAGMA legacy_alter_table = OFF",
                *self.init_commands,
            ):
                if command.strip():
                    conn.execute(command)
        except BaseException:
            conn.close()
            raise
        return conn

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that takes Django's ``%s``."""
        return self.connection.cursor(factory=Cursor)


def _make_private(file: Path) -> None:
    """Nobody else may read even the encrypted file; SQLite gives its WAL the same rights."""
    if not file.exists():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def _unlock(conn: Any, key_file: Path) -> None:
    conn.execute(
        "PRAGMA cipher_log_level = NONE"
    )  # it writes to stderr, past our logs; errors come as exceptions
    # Raw bytes, not a passphrase: nothing is derived, so a connection opens at once.
    conn.execute(f"""PRAGMA key = "x'{keyring.read_file(key_file)}'" """)
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Database.DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise Refused(
            "health_key_wrong",
            f"The key {key_file} does not open the health database.",
            "Put the health database and the secret folder back from backups of the same office.",
            vi=f"Khoá {key_file} không mở được cơ sở dữ liệu sức khoẻ. Hãy chép lại cơ sở dữ liệu và thư mục secret "
            "từ bản sao lưu của cùng một văn phòng.",
        ) from None
