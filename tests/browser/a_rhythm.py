"""A year of gatherings as promised and as held, and thanks to two who spoke."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Any


def tell(story: Any) -> None:
    """Cafés every month, a gathering every quarter, one day for all; then thanks, one of them given."""
    from tantam.office.programmes import actions as programmes

    world, year = story.world, story.today.year
    begun = {
        "actor": world.policy,
        "at": story.now - timedelta(days=200),
        "owner": world.policy,
        "office": world.hq,
    }
    quarterly = programmes.start(
        **begun, code="gap-mat-quy", name="Gặp mặt quý", purpose="Nghe một trăm khách mỗi quý.", year=year,
        event_kind="quarterly", rhythm="quarterly_per_branch", people=100,
    )  # fmt: skip
    whole = programmes.start(
        **begun, code="ngay-hoi-lang-nghe", name="Ngày hội lắng nghe", purpose="Một ngày chỉ để nghe.", year=year,
        event_kind="listening_day", rhythm="yearly_on", rhythm_day="10-15", people=2_000,
    )  # fmt: skip
    for branch, missed, late in ((world.nha_trang, {3}, {6, 7}), (world.ca_mau, {2, 5, 9}, {4})):
        for month in range(1, 13):
            _owe(story, story.programme, branch, _last(year, month), month in missed, month in late)
        for month in (3, 6, 9, 12):
            _owe(story, quarterly, branch, _last(year, month), month in missed, month in late)
    _owe(story, whole, world.hq, date(year, 10, 15))
    _listened(story)
    _thank(story)


def _listened(story: Any) -> None:
    """Cà Mau met customers six weeks ago."""
    from tantam.office.events.models import Event

    at = story.now - timedelta(days=43)
    Event.objects.create(
        office=story.world.ca_mau, host=story.world.khoi, on=story.today - timedelta(days=43), starts_at=time(8),
        ends_at=time(9), place="Quán Đất Mũi", seed="xa", state="sealed", planned_at=at, held_at=at, sealed_at=at,
        forwarded_at=at,
    )  # fmt: skip


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _owe(
    story: Any, programme: Any, office: Any, due: date, missed: bool = False, late: bool = False
) -> None:
    """One gathering of a rhythm, unless the rhythm promised it already."""
    from tantam.office.programmes.rules import promise_id
    from tantam.office.promises import actions

    owner = story.world.policy
    made = actions.make(
        actor=owner, at=datetime(due.year - 1, 12, 1, 3, tzinfo=UTC), kind="gathering", owner=owner, office=office,
        what=f"{programme.name} · {due:%d/%m/%Y}", first_due=due, to=("public", ""), people=programme.people,
        about=("programme", programme.pk), once=promise_id(programme.pk, office.pk, due),
    )  # fmt: skip
    held = datetime(due.year, due.month, due.day, 3, tzinfo=UTC) + timedelta(days=4 if late else -6)
    if not missed and held <= story.now and made.state == "open":
        actions.keep(made, actor=owner, at=held, proof_kind="event", proof="Sổ đã niêm phong")


def _thank(story: Any) -> None:
    from tantam.office.opinions import contributors, thanks
    from tantam.office.opinions.models import Voice

    world, year = story.world, story.today.year
    found = [key for key, _ in contributors.best(year)]
    gift = {"amount_dong": 2_000_000, "budget_line": "CSKH-07", "owner": world.dung, "actor": world.policy}
    first = thanks.thank(
        found[0], **gift, at=story.now, what="một máy phát sóng nhỏ cho nhà văn hóa thôn", tax_class="unsure",
        due=story.today + timedelta(days=21), year=year,
    )  # fmt: skip
    other = thanks.thank(
        found[1], **gift, at=story.now, what="một năm cước và thư cảm ơn", tax_class="gift",
        due=story.today + timedelta(days=7), year=year,
    )  # fmt: skip
    thanks.given(other, actor=world.policy, at=story.now, receipt="PC-118")
    voices = Voice.objects.order_by("pk")
    story.ids |= {
        "voice": voices.filter(key=contributors.best(year)[0][0]).values_list("pk", flat=True)[0],
        "voice_thanked": voices.filter(key=first.key).values_list("pk", flat=True)[0],
    }
