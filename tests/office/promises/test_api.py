"""What machines see of promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tantam import clock
from tests.office.promises.given import promise

TODAY = clock.to_date(clock.today())


def made(world: Any, days: int, **changes: Any) -> Any:
    return promise(world, TODAY + timedelta(days=days), at=clock.now() - timedelta(days=40), **changes)


def test_the_late_first_page_by_page(world: Any, page: Any) -> None:
    for n in range(60):
        made(world, -n // 2)
    client = page(world.lam)
    first = client.get("/api/promises/").json()
    assert len(first["rows"]) == 50
    assert first["rows"][0]["first_due"] == (TODAY - timedelta(days=30)).isoformat()
    second = client.get("/api/promises/", {"after": first["after"]}).json()
    assert (len(second["rows"]), second["after"]) == (10, "")


def test_the_rate_as_the_contract_names_it(world: Any, page: Any) -> None:
    made(world, -3, people=312)
    found = page(world.hoa).get("/api/promises/rate").json()
    assert found == {
        "due": 1, "kept_on_time": 0, "kept_late": 0, "broken": 0, "open_late": 1, "released": 0, "rate": 0.0
    }  # fmt: skip
    assert page(world.hoa).get("/api/promises/rate?people=true").json()["due"] == 312


def test_one_promise(world: Any, page: Any) -> None:
    one = made(world, 3)
    found = page(world.lam).get(f"/api/promises/{one.pk}").json()
    assert (found["id"], found["state"], found["owner"]) == (one.pk, "open", world.dung.pk)


def test_each_error_is_a_problem(world: Any, page: Any) -> None:
    one = made(world, 3)
    for client, address, code in (
        (page(None), "/api/promises/", 401),
        (page(world.stranger), "/api/promises/", 403),
        (page(world.khoi), f"/api/promises/{one.pk}", 403),
        (page(world.hoa), "/api/promises/99999", 404),
        (page(world.hoa), "/api/promises/x", 422),
        (page(world.hoa), "/api/promises/?state=x", 422),
        (page(world.hoa), "/api/promises/" + "9" * 30, 422),
    ):
        response = client.get(address)
        assert response.status_code == code, (address, response.content)
        if code != 401:
            assert response["Content-Type"] == "application/problem+json"
            assert response.json()["status"] == code


def test_the_schema_declares_its_errors(page: Any, db: None) -> None:
    paths = page(None).get("/api/openapi.json").json()["paths"]
    for address in ("/api/promises/", "/api/promises/rate", "/api/promises/{number}"):
        assert {"200", "401", "403", "404", "422"} <= set(paths[address]["get"]["responses"])
