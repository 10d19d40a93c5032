"""The health database's backend: everything Django does on SQLite, on a file that only its key opens."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections, models, transaction
from django.db.models import F, Window
from django.db.models.functions import MD5, Rank, TruncMonth
from django.db.utils import ConnectionHandler

from tantam.errors import Refused
from tantam.office import keyring
from tantam.office.sqlcipher.base import DatabaseWrapper
from tests.office.databases.a_home import SampleVisit, opened, with_rows, words

AT = datetime(2026, 11, 22, 3, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def visits(tmp_path: Path) -> Any:
    """The visits of a real encrypted file, under an alias of its own for as long as the test runs."""
    both = opened(tmp_path)
    connections["sealed"] = both["health"]
    connections.settings["sealed"] = both.settings["health"]
    try:
        with both["health"].schema_editor() as editor:
            editor.create_model(SampleVisit)
        yield SampleVisit._default_manager.using("sealed")
    finally:
        both["health"].close()
        del connections["sealed"], connections.settings["sealed"]


def _add(visits: Any, code: str = "a", **more: Any) -> SampleVisit:
    row = {"at": AT, "on": date(2026, 11, 22), "weight": Decimal("61.50"), "facts": {"ô": [1, 2]}, **more}
    made: SampleVisit = visits.create(code=code, **row)
    return made


def test_rows_come_back_as_they_went(visits: Any) -> None:
    _add(visits, paid=True)
    row = visits.get()
    assert (row.at, row.on, row.paid, row.weight) == (AT, date(2026, 11, 22), True, Decimal("61.50"))
    assert row.facts == {"ô": [1, 2]}


def test_querying_as_on_sqlite(visits: Any) -> None:
    for n, code in enumerate(["Nha Trang", "Cà Mau", "100%_ok"]):
        _add(visits, code, weight=Decimal(50 + n))
    assert visits.filter(code__regex=r"^N.a").count() == 1
    assert visits.filter(code__icontains="trang").count() == 1
    assert visits.get(code__contains="%_").code == "100%_ok"
    assert visits.filter(facts__ô__1=2).count() == 3
    assert visits.annotate(m=TruncMonth("at")).values_list("m", flat=True).distinct().count() == 1
    ranked = visits.annotate(r=Window(Rank(), order_by=F("weight").desc())).order_by("r")
    assert [row.code for row in ranked] == ["100%_ok", "Cà Mau", "Nha Trang"]
    assert visits.annotate(d=MD5("code")).first().d
    assert float(visits.aggregate(s=models.StdDev("weight"))["s"]) == pytest.approx(0.8165, abs=1e-3)


def test_bulk_writing(visits: Any) -> None:
    visits.bulk_create(
        [SampleVisit(code=str(n), at=AT, on=AT.date(), weight=Decimal(n)) for n in range(500)], batch_size=100
    )
    visits.bulk_create(
        [SampleVisit(code="7", at=AT, on=AT.date(), weight=Decimal(99))],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["weight"],
    )
    assert visits.count() == 500
    assert visits.get(code="7").weight == 99


def test_errors_and_rolling_back_are_djangos(visits: Any) -> None:
    _add(visits)
    with pytest.raises(IntegrityError), transaction.atomic(using="sealed"):
        _add(visits, "b")
        with pytest.raises(IntegrityError), transaction.atomic(using="sealed"):
            _add(visits, "b")
        assert visits.count() == 2, "the inner one was rolled back alone"
        _add(visits, "a")
    assert [row.code for row in visits.all()] == ["a"]


def test_parameters_in_each_style(visits: Any) -> None:
    with connections["sealed"].cursor() as cursor:
        cursor.execute("SELECT '50%'")
        assert cursor.fetchone() == ("50%",)
        cursor.execute("SELECT %s, '50%%'", ["%s"])
        assert cursor.fetchone() == ("%s", "50%")
        cursor.execute("SELECT %(b)s, %(a)s", {"a": 1, "b": 2})
        assert cursor.fetchone() == (2, 1)
        cursor.execute("CREATE TABLE n (a)")
        cursor.executemany("INSERT INTO n VALUES (%s)", ([n] for n in range(3)))
        cursor.executemany("INSERT INTO n VALUES (%(a)s)", [{"a": 3}])
        cursor.executemany("INSERT INTO n VALUES (%s)", [])
        cursor.execute("SELECT count(*) FROM n")
        assert cursor.fetchone() == (4,)


def test_a_writer_waits_from_the_beginning(visits: Any, tmp_path: Path) -> None:
    other = opened(tmp_path)["health"]
    other.settings_dict["OPTIONS"] = {**other.settings_dict["OPTIONS"], "timeout": 0, "init_command": ""}
    with transaction.atomic(using="sealed"), pytest.raises(OperationalError, match="locked"):
        other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    other.close()


def test_the_file_says_nothing_without_its_key(tmp_path: Path) -> None:
    both = with_rows(tmp_path, 200)
    file = tmp_path / "health.sqlite3"
    assert "chữ 1".encode() not in file.with_name(file.name + "-wal").read_bytes()
    both["health"].close()
    both["default"].close()
    assert not file.read_bytes().startswith(b"SQLite format 3")
    assert "chữ 1".encode() not in file.read_bytes()
    assert "chữ 1".encode() in (tmp_path / "office.sqlite3").read_bytes(), "the same rows are plain there"
    assert file.stat().st_mode & 0o777 == 0o600
    plain = sqlite3.connect(file)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        plain.execute("SELECT * FROM sqlite_master")
    plain.close()


def test_the_offices_connection_cannot_attach_it(tmp_path: Path) -> None:
    both = with_rows(tmp_path)
    both["health"].close()
    with both["default"].cursor() as cursor:
        with pytest.raises(Exception, match="not a database"):
            cursor.execute("ATTACH %s AS health", [str(tmp_path / "health.sqlite3")])
        with pytest.raises(Exception, match="no such table"):
            cursor.execute("SELECT * FROM health.t")


def test_a_wrong_key_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with_rows(tmp_path)["health"].close()
    keyring.path(tmp_path, "health-key").write_text("ab" * 32)
    with pytest.raises(Refused) as refused:
        words(opened(tmp_path), "health")
    assert refused.value.code == "health_key_wrong"
    assert "ab" * 32 not in str(refused.value) + refused.value.vi
    assert capfd.readouterr().err == "", "the library does not write past our logs"


def test_no_key_file_no_connection(tmp_path: Path) -> None:
    settings = {**opened(tmp_path).settings["health"], "OPTIONS": {}}
    with pytest.raises(ImproperlyConfigured, match="key_file"):
        DatabaseWrapper(settings, "health").get_connection_params()


def test_a_database_in_memory_is_shared_between_threads(tmp_path: Path) -> None:
    settings = opened(tmp_path).settings["health"]
    shared = {**settings, "NAME": "file:threads?mode=memory&cache=shared"}
    both = ConnectionHandler({DEFAULT_DB_ALIAS: shared})
    with both[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("CREATE TABLE t (word)")
        cursor.execute("INSERT INTO t VALUES ('chung')")
    found: list[str] = []

    def read() -> None:
        with both[DEFAULT_DB_ALIAS].cursor() as cursor:
            found.extend(row[0] for row in cursor.execute("SELECT word FROM t"))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert found == ["chung"]
