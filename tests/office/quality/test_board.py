"""The board of quality: what is broken first, what is not known said, a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office.quality.figures import a_year

pytestmark = pytest.mark.usefixtures("on_the_day")


def test_the_board(world: Any, page: Any) -> None:
    pledge = a_year(world)
    for address in (
        "/quality/",
        f"/quality/pledges/{pledge.pk}/",
        "/quality/pledges/new/",
        "/quality/declare/",
    ):
        answer = page(world.policy).get(address)
        assert answer.status_code == 200, address
    for address in ("/public/quality/", f"/public/quality/{pledge.pk}/"):
        answer = page(None).get(address)
        assert answer.status_code == 200, address
