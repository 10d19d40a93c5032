"""The rate at the terminal, as the contract names it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings

from tantam import clock
from tantam.cli.promises import promises
from tantam.errors import BadInput, Fault, Refused
from tantam.office.promises import actions
from tests.office.promises.given import HELD, promise

TODAY = clock.to_date(clock.today())


@pytest.fixture
def owed(world: Any) -> Any:
    """One kept in time, one kept late, one late; ten days apart."""
    (settings.HOME / "office.sqlite3").touch()
    made = {"at": clock.now() - timedelta(days=60)}
    actions.keep(promise(world, TODAY, **made), actor=world.lam, at=clock.now(), **HELD)
    late = promise(world, TODAY - timedelta(days=10), kind="gift", **made)
    actions.keep(late, actor=world.lam, at=clock.now(), **HELD)
    promise(
        world, TODAY - timedelta(days=20), office=world.ca_mau, owner=world.khoi, actor=world.khoi, **made
    )
    return world


def run(*words: str) -> str:
    done = CliRunner().invoke(
        promises,
        ["rate", "--home", str(settings.HOME), *words],
        catch_exceptions=False,
        standalone_mode=False,
    )
    return done.output


def test_the_figures_add_up(owed: Any) -> None:
    found = json.loads(run("--json"))
    assert found == {
        "due": 3, "kept_on_time": 1, "kept_late": 1, "broken": 0, "open_late": 1, "released": 0, "rate": 1 / 3
    }  # fmt: skip


def test_a_period_is_of_first_due_dates(owed: Any) -> None:
    days = {n: (TODAY - timedelta(days=n)).isoformat() for n in (0, 10, 20, 21)}
    assert json.loads(run("--json", "--from", days[10]))["due"] == 2
    assert json.loads(run("--json", "--to", days[10]))["due"] == 2
    assert json.loads(run("--json", "--from", days[10], "--to", days[10]))["kept_late"] == 1
    nothing = json.loads(run("--json", "--to", days[21]))
    assert (nothing["due"], nothing["rate"]) == (0, None)


@pytest.mark.parametrize(
    ("by", "names"), [("branch", {"nt", "cmau"}), ("owner", {"dung", "khoi"}), ("kind", {"reply", "gift"})]
)
def test_by_branch_owner_and_kind(owed: Any, by: str, names: set[str]) -> None:
    found = json.loads(run("--json", "--by", by))
    assert {row["id"] for row in found["by"]} == names
    assert sum(row["due"] for row in found["by"]) == found["due"] == 3
    rates = [row["rate"] for row in found["by"]]
    assert rates == sorted(rates)


def test_for_people_it_is_a_sentence_and_a_table(owed: Any) -> None:
    said = run("--by", "branch")
    assert "1 trong 3 lời hứa đến hạn đã giữ đúng ngày, có bằng chứng." in said
    assert "Nha" in said


def test_it_refuses(owed: Any, tmp_path: Path, monkeypatch: Any) -> None:
    with pytest.raises(BadInput, match="bad_day"):
        run("--from", "mai")
    monkeypatch.delenv("TANTAM_DATABASE_URL", raising=False)
    with pytest.raises(Refused, match="no_office"):
        run("--home", str(tmp_path))
    (tmp_path / "office.sqlite3").touch()
    with pytest.raises(Fault, match="another_home"):
        run("--home", str(tmp_path))
