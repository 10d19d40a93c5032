"""Which engine there is, what it refuses, and errors that travel."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tantam import engines
from tantam.engines import session
from tantam.engines.engine import in_threads
from tantam.errors import BadInput, Fault, Refused, TantamError


def test_duckdb_is_the_engine_unless_another_is_asked_for() -> None:
    assert engines.start(threads=1).name == "duckdb"


def test_a_machine_without_spark_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Refused, match=r"requirements/spark\.lock") as told:
        engines.start("spark")
    assert told.value.code == "spark_missing"


@pytest.mark.parametrize(("said", "means"), [(None, "no Java"), ("11.0.2", "is 11"), ("1.8.0_372", "is 1")])
def test_a_machine_without_java_is_told_what_to_install(
    said: str | None, means: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if said:
        (tmp_path / "bin").mkdir()
        java = tmp_path / "bin" / "java"
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{said}\"' >&2\n")
        java.chmod(0o755)
    with pytest.raises(Refused, match="openjdk-17-jre-headless") as told:
        session.check()
    assert told.value.code == "spark_missing" and means in str(told.value)


@pytest.mark.parametrize("kind", [Refused, BadInput, Fault])
def test_an_error_is_the_same_out_of_another_process(kind: type[TantamError]) -> None:
    told = pickle.loads(pickle.dumps(kind("code", "What.", "Do.", vi="Gì.")))
    assert type(told) is kind
    assert (told.code, told.what, told.do, told.vi) == ("code", "What.", "Do.", "Gì.")


def test_no_more_tasks_are_begun_than_are_asked_for_ahead() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for n in range(10):
            taken.append(n)
            yield n

    answers = in_threads(abs, tasks(), 2, ahead=2)
    assert next(answers) == 0
    assert taken == [0, 1, 2]
    assert list(answers) == list(range(1, 10))


def test_a_failed_task_ends_the_others_that_have_not_begun() -> None:
    begun, lock = [], threading.Lock()

    def work(n: int) -> int:
        with lock:
            begun.append(n)
        return 1 // n

    with pytest.raises(ZeroDivisionError):
        list(in_threads(work, range(100), 2))
    assert len(begun) < 20


def test_duckdb_writes_no_progress_of_its_own() -> None:
    con = engines.connect()
    for each in (con, con.cursor()):
        assert each.sql("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
