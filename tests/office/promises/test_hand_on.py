"""What is owed goes to somebody else to keep."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import Refused
from tantam.office.journal.models import Entry
from tantam.office.promises.actions import hand_on, keep, make
from tantam.office.promises.models import Promise


def _made(world: Any) -> Promise:
    return make(
        actor=world.lam, at=world.at, kind="reply", what="Gọi lại", owner=world.lam, office=world.nha_trang,
        first_due=world.at.date(), to=("public", ""),
    )  # fmt: skip


def test_the_owner_changes_once(world: Any) -> None:
    promise = _made(world)
    for _ in range(2):
        promise = hand_on(promise, actor=world.lam, at=world.at, owner=world.dung)
    assert promise.owner == world.dung
    entry = Entry.objects.get(act="promise.handed_on")
    assert entry.facts == {"before": world.lam.pk, "to": world.dung.pk}


def test_it_refuses(world: Any) -> None:
    promise = _made(world)
    for actor, code in ((world.stranger, "not_your_duty"), (world.khoi, "not_your_office")):
        with pytest.raises(Refused, match=code):
            hand_on(promise, actor=actor, at=world.at, owner=world.dung)
    world.dung.is_active = False
    with pytest.raises(Refused, match="owner_left"):
        hand_on(promise, actor=world.lam, at=world.at, owner=world.dung)
    keep(promise, actor=world.lam, at=world.at, proof_kind="other", proof="đã gọi")
    world.khoi.is_active = True
    with pytest.raises(Refused, match="promise_settled"):
        hand_on(promise, actor=world.lam, at=world.at, owner=world.khoi)
