"""A kit open in this process: its addresses, its middleware, its keys; a made-up morning lies in its database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings

from tantam.office.camps import made_up, made_up_plan
from tantam.office.camps.day import fold
from tantam.office.camps.facts import Fact

OF_THE_KIT = (
    "KIT_KEY",
    "SECRET_KEY",
    "ROOT_URLCONF",
    "MIDDLEWARE",
    "TEMPLATES",
    "CSRF_COOKIE_SAMESITE",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "CONTENT_SECURITY_POLICY",
)


STEPS = ("measured", "examined", "dispensed", "left")


@cache
def morning() -> made_up.MadeUp:
    """A morning stopped at nine; of each four visits one was held up at each station, so that somebody waits there."""
    day = made_up.play(1, 1, people=40, until=time(9))
    order = {visit.id: number for number, visit in enumerate(fold(day.facts).came)}

    def came_about(fact: Fact) -> bool:
        number = order.get(getattr(fact.body, "visit", None))
        return number is None or fact.kind not in STEPS[number % 4 :]

    return replace(day, kits={1: [fact for fact in day.kits[1] if came_about(fact)]})


@cache
def whole_day() -> made_up.MadeUp:
    """Forty people to the signatures."""
    return made_up.play(1, 1, people=40)


class Kit:
    """``day``: what was made up; ``camp``: its row; ``held``: what the kit holds."""

    def __init__(self, day: made_up.MadeUp, camp: Any, held: Any) -> None:
        self.day, self.camp, self.held = day, camp, held

    def device(self, device: str = "k1-doctor-1", **more: Any) -> Client:
        """A browser of a device of the camp, nobody signed in."""
        client = Client(**more)
        client.get("/enter/" + made_up_plan.entry_secret(self.day.key, device))
        return client

    def signed_in(self, who: str = "k1-doctor-1", device: str = "", **more: Any) -> Client:
        """A browser with somebody signed in, on the device of his own name or another."""
        client = self.device(device or (who if who.startswith("k1-") else "k1-lead"), **more)
        answer = client.post("/sign-in", {"member": who, "pin": made_up_plan.PIN})
        assert answer.status_code == 302, answer.content
        return client


def _open(day: made_up.MadeUp, folder: Path) -> Iterator[Kit]:
    from tantam import clock
    from tantam.office.camps import ledger
    from tantam.office.camps.kit import backup, door, holding
    from tantam.office.camps.models import Camp

    held = holding.Held(day.camp, day.key, 1, folder, hosts=("testserver",))
    holding.hold(held)
    from tantam.office.camps.kit import settings

    own = {name: getattr(settings, name) for name in OF_THE_KIT} | {"KIT_KEY": day.key}
    allowed = [*django_settings.ALLOWED_HOSTS, "testserver"]
    tried = patch.multiple(door, _tries={}, _ended=set())  # as if nobody had tried yet
    with tried, override_settings(**own, ALLOWED_HOSTS=allowed):
        planned = next(fact.body for fact in day.plan if fact.kind == "planned")
        assert planned.kind == "planned"
        said = {name: getattr(planned, name) for name in ("name", "place", "place_code", "province", "on")}
        camp = Camp.objects.create(
            id=day.camp, general=True, made_up=True, state="open", made_at=clock.now(), **said
        )
        ledger.append(camp, [*day.plan, *day.kits[1]])
        yield Kit(day, camp, held)
    ledger.forget_read(day.camp)
    backup.forget()
    holding.hold(None)


@pytest.fixture
def kit(db: None, tmp_path: Path) -> Iterator[Kit]:
    """The kit in the middle of a morning."""
    yield from _open(morning(), tmp_path)


@pytest.fixture
def evening(db: None, tmp_path: Path) -> Iterator[Kit]:
    """The kit at dusk, signed."""
    yield from _open(whole_day(), tmp_path)


@pytest.fixture
def sealed(kit: Kit) -> Callable[..., dict[str, Any]]:
    """``sealed("measured", body, member=…)``: a row as a page sends it."""
    from tests.office.camps.kit.rows import sealed as seal

    def row(kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        return seal(kit.day.key, kind, body, **more)

    return row
