"""What must be so after any quarter, counted anew from rows and from what the players know, by other code than the
office's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from tantam import keys
from tantam.clock import HANOI, day_of
from tantam.office.channels.models import Incoming, Message, Part
from tantam.office.opinions.models import Answer, Deed, Opinion, Telling, Theme, Voice
from tantam.office.promises.models import Promise, rate
from tests.sim.quarter import Quarter

SECRET = b"k" * 32


def check(played: Quarter) -> dict[str, int]:
    """Assert all of it; gives how much there was to check, so that nobody takes an empty quarter for a good one."""
    return {
        **_every_opinion_stands_in_one_place(played),
        **_every_speaker_is_told_at_most_once(played),
        **_nobody_is_contacted_against_the_gate(played),
        **_every_number_can_be_counted_again(played),
    }


def _every_opinion_stands_in_one_place(played: Quarter) -> dict[str, int]:
    assert not Part.objects.exists() and not Incoming.objects.filter(handled_at__isnull=True).exists()
    opinions = list(Opinion.objects.filter(current=True))
    assert Counter(one.text for one in opinions) == Counter(list(played.said)), (
        "an opinion was lost or doubled"
    )
    for one in opinions:
        assert one.speaker_key == keys.of_phone(SECRET, played.said[one.text])
    roots = {theme.pk: _root(theme) for theme in Theme.objects.all()}
    assert all(one.theme_id is None or one.theme_id in roots for one in opinions)
    return {"opinions": len(opinions), "joined": sum(root != pk for pk, root in roots.items())}


def _every_speaker_is_told_at_most_once(played: Quarter) -> dict[str, int]:
    handed = Counter(number for _, number, _, _ in played.net.handed)
    assert not [number for number, times in handed.items() if times > 1], "handed over twice"
    told = Message.objects.filter(about_kind="telling")
    twice = Counter(told.values_list("about_id", "key"))
    assert not [one for one, times in twice.items() if times > 1], "asked for twice"
    for telling in Telling.objects.filter(done_at__isnull=False):
        asked = set(told.filter(about_id=str(telling.pk)).values_list("key", flat=True))
        assert len(asked) == telling.asked_count
        spoke_then = Opinion.objects.filter(
            theme=telling.theme_id, said_at__lt=telling.begun_at, current=True
        )
        still_there = set(spoke_then.values_list("speaker_key", flat=True)) - {None}
        untouched = not _touched_since(telling)
        assert not untouched or still_there <= asked, "somebody who spoke was not told"
    return {"tellings": Telling.objects.count(), "told": told.count(), "handed": len(handed)}


def _touched_since(telling: Telling) -> bool:
    """Whether themes were put in another order since a telling began: who stands where is then another question."""
    return (
        Deed.objects.filter(at__gte=telling.begun_at).exists()
        or Deed.objects.filter(undone_at__gte=telling.begun_at).exists()
    )


def _nobody_is_contacted_against_the_gate(played: Quarter) -> dict[str, int]:
    stops: dict[int, list[datetime]] = defaultdict(list)
    for one in Incoming.objects.filter(became="stop"):
        assert one.key is not None and one.handled_at is not None
        stops[one.key].append(one.handled_at)
    confirmations: Counter[int] = Counter()
    purposes = dict(Message.objects.values_list("pk", "purpose"))
    for at, number, key, _ in played.net.handed:
        if purposes[number] == "service":
            confirmations[key] += 1
            continue
        hour = at.astimezone(HANOI).hour
        assert 7 <= hour < 22, f"somebody was written to at {hour}"
        assert all(at < stop for stop in stops.get(key, ())), "somebody was written to after his STOP"
    assert all(times == 1 for times in confirmations.values()), "a STOP was confirmed twice"
    assert set(confirmations) <= set(stops)
    return {"stops": len(stops)}


def _every_number_can_be_counted_again(played: Quarter) -> dict[str, int]:
    opinions = list(Opinion.objects.filter(current=True, theme__isnull=False).select_related("theme"))
    by_root: dict[int, list[Opinion]] = defaultdict(list)
    for one in opinions:
        assert one.theme is not None
        by_root[_root(one.theme)].append(one)
    for theme in Theme.objects.filter(into__isnull=True):
        mine = by_root.get(theme.pk, [])
        people = {one.speaker_key for one in mine}
        complained = {one.speaker_key for one in mine if one.complaint}
        counted = (theme.opinions_count, theme.people_count, theme.complaints_count, theme.weight)
        assert counted == (len(mine), len(people), len(complained), len(people) + len(complained)), theme.name
    voices = Voice.objects.values_list("theme", "key")
    assert set(voices) == {(one.theme_id, one.speaker_key) for one in opinions}
    today = day_of(played.net.now)
    found = rate(today=today)
    due = [one for one in Promise.objects.all() if one.first_due <= today]
    kept = [one for one in due if one.state == "kept"]
    assert found.kept_on_time == sum(one.settled_on <= one.first_due for one in kept if one.settled_on)
    assert found.kept_late == sum(one.settled_on > one.first_due for one in kept if one.settled_on)
    assert found.broken == sum(one.state == "broken" for one in due)
    assert found.open_late == sum(one.state == "open" and one.first_due < today for one in due)
    return {"answers": Answer.objects.count(), "promises": Promise.objects.count()}


def _root(theme: Theme) -> int:
    while theme.into is not None:
        theme = theme.into
    return theme.pk
