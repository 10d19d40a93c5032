"""Camps whose kits came home: one with a made-up day of two kits, one that waits for its deletion, one that is gone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

_OWN: list[str] = []


def tell(story: Any) -> None:
    """Put them into an office; ``camp_home``, ``camp_asked`` and ``camp_gone`` are their ids, ``camp_referral`` a
    referral's fact."""
    from tantam.office.camps import actions, deleting, kinds, ledger, referrals, voices

    letter: Any
    w, now = story.world, story.now
    by: dict[str, Any] = {"actor": w.head, "at": now}
    home = _home(story)
    for came_off, words in (
        (True, "Cha mẹ đi nương tối mới về: mở bàn đăng ký đến 19 giờ là kịp."),
        (False, "Thiếu người nói tiếng Mông ở bàn bác sĩ thứ hai."),
    ):
        actions.say(home, kinds.Lesson(came_off=came_off, words=words), act="camp.close", **by)
    actions.say(home, kinds.Spent(what="Thuốc, xe, ăn ở", dong=48_600_000), act="camp.plan", **by)
    letter = voices.write_letter(
        home, tone="thanks", words="Cảm ơn các bác sĩ đã lên tận bản.", publish=True, **by
    )
    voices.tell_story(
        home, letter.body.id, words="Trong bản có người sáu mươi năm mới gặp bác sĩ lần đầu.", **by
    )
    rows = referrals.all_of(home)
    for row in rows[: len(rows) // 2]:
        referrals.follow(home, row.root, outcome="treated", on=home.on, words="Đã lên tuyến huyện.", **by)
    small = [
        actions.plan(_planned(name, story), office=w.hq, owner=w.head, **by)
        for name in ("Khám ở Sà Phìn", "Khám ở Mèo Vạc")
    ]
    for camp in small:
        deleting.ask(camp, reason="Hết hạn giữ dữ liệu.", **by)
    deleting.confirm(small[1], actor=w.privacy, at=now, digest=ledger.digest(small[1])[1])
    story.ids |= {"camp_home": f"{home.pk}", "camp_asked": f"{small[0].pk}", "camp_gone": f"{small[1].pk}"}
    story.ids["camp_referral"] = f"{rows[0].root}"
    day = ledger.day_of(home)
    _OWN.extend(name for visit in day.came for name in (visit.person.name, visit.person.village) if name)


def texts() -> Iterator[str]:
    """Each word of a person's name; whole texts are every camp's (:mod:`tests.browser.a_camp`)."""
    yield from (word for text in _OWN for word in text.split())


def _planned(name: str, story: Any) -> Any:
    from tantam.office.camps import kinds

    return kinds.Planned(
        name=name, theme="Khám tổng quát cho mọi người", general=True, place_code="SP",
        place=name.removeprefix("Khám ở "), province="08", on=story.today - timedelta(days=1), made_up=True,
    )  # fmt: skip


def _home(story: Any) -> Any:
    """A made-up day, told as of a camp that headquarters planned."""
    from django.conf import settings

    from tantam.office.camps import actions, container, keys, ledger, made_up, merging
    from tantam.office.camps.facts import digest
    from tantam.office.camps.models import Camp

    w = story.world
    camp = actions.plan(
        _planned("Khám ở Lũng Cú", story), actor=w.head, at=story.now, office=w.hq, owner=w.head
    )
    made = made_up.play(11, 2, people=90, on=camp.on)
    plan = [replace(fact, camp=camp.pk) for fact in made.plan if fact.kind != "planned"]
    ledger.append(camp, plan)
    Camp.objects.filter(pk=camp.pk).update(state="open")
    for kit, facts in made.kits.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"kit-{kit}.camp"
            own = [replace(fact, camp=camp.pk) for fact in facts]
            work = [*plan, *(fact for fact in own if fact.kind != "closed")]
            signed: Any = next(fact for fact in own if fact.kind == "closed")
            counted = signed.body.model_copy(update={"facts": len(work), "digest": digest(work)})
            key = keys.of_camp(settings.HOME, camp.pk)
            container.write(file, container.Header(camp.pk, kit), key, [*work, replace(signed, body=counted)])
            merging.take_in(file, actor=w.head, at=story.now)
    return Camp.objects.get(pk=camp.pk)
