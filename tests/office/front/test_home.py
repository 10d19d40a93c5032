"""The front page: the one number, what is late and whose, what comes next; and whose it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tantam import clock
from tantam.office.promises import actions
from tests.office.promises.given import HELD, promise

TODAY = clock.to_date(clock.today())


def owed(world: Any, due: date, keep: int | None = None, **changes: Any) -> Any:
    """A promise made forty days before its due day; kept so many days after that day."""
    at = datetime(due.year, due.month, due.day, 2, tzinfo=UTC)
    one = promise(world, due, at=at - timedelta(days=40), **changes)
    if keep is not None:
        actions.keep(one, actor=world.lam, at=at + timedelta(days=keep), **HELD)
    return one


def test_with_nothing_due_it_says_so_and_teaches(world: Any, page: Any) -> None:
    said = page(world.lam).get("/").content.decode()
    assert "Chưa lời hứa nào đến hạn" in said
    assert "Lập buổi cà phê" in said


def test_below_thirty_no_percentage(world: Any, page: Any) -> None:
    for n in range(28):
        owed(world, TODAY, 0 if n else None)
    for n in range(2):
        owed(world, TODAY - timedelta(days=1), None, what=f"trễ {n}")
    said = page(world.lam).get("/").content.decode()
    assert "27 trong 29" in said  # the one due today and open is not late yet
    assert "%" not in re.sub(r"<[^>]*>", "", said.split("<main")[1].split("</main>")[0])


def test_from_thirty_on_the_one_number(world: Any, page: Any) -> None:
    for _ in range(38):
        owed(world, TODAY, 0, people=6)
    for _ in range(2):
        owed(world, TODAY - timedelta(days=1))
    said = page(world.lam).get("/").content.decode()
    assert "95,0\u00a0%" in said
    assert "38 trong 40 lời hứa đến hạn" in said


def test_every_figure_opens_to_as_many_rows(world: Any, page: Any) -> None:
    quarter = (TODAY.month - 1) // 3
    first = date(TODAY.year, 3 * quarter + 1, 1)
    for n in range(5):
        owed(world, min(first + timedelta(days=n), TODAY), 0)
    owed(world, min(first, TODAY - timedelta(days=1)), 1, kind="gift")
    owed(world, TODAY - timedelta(days=1))
    client = page(world.hoa)
    front = client.get("/")
    assert len(front.context["parts"]) >= 2
    for part in front.context["parts"]:
        assert len(client.get(part["href"]).context["rows"]) == part["n"], part
    rate = front.context["rate"]
    assert len(client.get(front.context["counted"]).context["rows"]) == rate.due
    for kind in front.context["kinds"]:
        assert len(client.get(kind["href"]).context["rows"]) == kind["due"]


def test_the_late_list_law_first_then_people_and_days(world: Any, page: Any) -> None:
    for n in range(6):
        owed(world, TODAY - timedelta(days=1), people=10 + n, what=f"lời {n}")
    owed(world, TODAY - timedelta(days=1), what="theo luật", legal="complaint_answer")
    front = page(world.lam).get("/")
    assert [row["promise"].what for row in front.context["late"]] == [
        "theo luật",
        "lời 5",
        "lời 4",
        "lời 3",
        "lời 2",
    ]
    assert "Xem cả 7 lời đang trễ" in front.content.decode()


def test_a_branch_sees_its_own_and_its_rhythm(world: Any, page: Any) -> None:
    owed(world, TODAY - timedelta(days=30), 0, kind="gathering", what="Cà phê Nha Trang")
    owed(
        world,
        TODAY - timedelta(days=2),
        office=world.ca_mau,
        owner=world.khoi,
        actor=world.khoi,
        what="Cà Mau nợ",
    )
    said = page(world.lam).get("/").content.decode()
    assert "Ta có gặp khách đều không?" in said
    assert "Cà Mau nợ" not in said
    assert "Cà Mau nợ" in page(world.hoa).get("/").content.decode()
    assert page(world.lam).get(f"/?office={world.ca_mau.pk}").status_code == 403
    assert "Cà Mau nợ" in page(world.hoa).get(f"/?office={world.cm.pk}").content.decode()


def test_quarters_before_and_addresses_amiss(world: Any, page: Any) -> None:
    client = page(world.hoa)
    assert client.get("/?quarter=2026-1").context["quarter"].code == "2026-1"
    for bad in ("quarter=2099-1", "quarter=x", "office=x", "office=99999999"):
        assert client.get(f"/?{bad}").status_code == 422


def test_the_queries_are_as_many_for_few_as_for_many(world: Any, page: Any) -> None:
    client = page(world.hoa)
    taken = []
    for _ in range(2):
        for n in range(30):
            owed(world, TODAY - timedelta(days=n), 0 if n % 3 else None)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        taken.append(len(queries))
    assert 5 < taken[0] == taken[1] <= 16, [q["sql"][:120] for q in queries]


def test_a_stranger_sees_nothing(world: Any, page: Any) -> None:
    for address in ("/", "/search/?q=a", "/held/"):
        assert page(world.stranger).get(address).status_code == 403
        assert page(None).get(address).status_code == 302
