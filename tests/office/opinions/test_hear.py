"""What a machine reads in an opinion is kept beside what the writer heard, and never stands in an opinion's way."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import Any

import pytest

from tantam.listen import reading
from tantam.listen.columns import FEELINGS, TOPICS, URGENCIES
from tantam.office.journal.models import Entry
from tantam.office.opinions import actions, rules
from tantam.office.opinions.actions import correct, forget, held_on, read_waiting, sort
from tantam.office.opinions.models import Opinion
from tantam.office.worker.actions import run_due
from tantam.office.worker.chores import CHORES
from tests.office.opinions.words import an_opinion, number

RENEWED = "Gói D10 tự gia hạn trừ mất 50.000 đồng, yêu cầu hoàn tiền ngay"


def _broken(*_: Any) -> Any:
    raise RuntimeError("0912345678")


def test_it_is_read_by_the_very_function_that_reads_files(world: Any) -> None:
    opinion = an_opinion(world, text=RENEWED, tone="praise")
    said = reading.read(opinion.text)
    assert (opinion.topic, opinion.feeling, opinion.complaint) == (
        said.topics[0],
        said.feeling,
        said.complaint,
    )
    assert (opinion.also, opinion.urgency, opinion.unsure) == (
        "|".join(said.topics[1:]),
        said.urgency,
        "|".join(said.unsure),
    )
    assert opinion.topic in TOPICS and opinion.feeling in FEELINGS and opinion.urgency in URGENCIES
    assert opinion.tone == "praise"  # what the writer heard stays his
    assert opinion.feeling == "negative" and opinion.complaint is True


def test_the_numbers_are_gone_before_it_reads(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(reading, "read", lambda words, **_: seen.append(words))
    an_opinion(world, text="Gọi 0912345678 giúp tôi")
    assert seen and "0912345678" not in seen[0]


def test_a_machine_that_fails_loses_nobodys_words(
    world: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(reading, "read", _broken)
        opinion = an_opinion(world)
    assert opinion.text.startswith("Sóng ở chợ") and (opinion.topic, opinion.complaint) == ("", None)
    assert "0912345678" not in capsys.readouterr().out
    assert read_waiting(at=world.at) == opinion.pk
    opinion.refresh_from_db()
    assert opinion.topic in TOPICS
    entry = Entry.objects.get(act="opinion.read")
    assert (entry.actor, entry.count, entry.on_id) == (None, 1, "many")


def test_new_words_are_read_anew(world: Any) -> None:
    old = an_opinion(world)
    fresh = correct(old, actor=world.dung, at=world.at, text=RENEWED, reason="nghe nhầm")
    assert fresh.topic == reading.read(RENEWED).topics[0] != old.topic
    assert Opinion.objects.get(pk=old.pk).topic == old.topic


def test_those_from_before_are_read_by_the_worker_in_batches(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        an_opinion(world, id=number(n), key=n)
    forget(4, actor=None, at=world.at)
    Opinion.objects.update(topic="", also="", feeling="", complaint=None, urgency="", unsure="")
    monkeypatch.setattr(actions, "BATCH", 2)
    chores = {"opinions.read": CHORES["opinions.read"]}
    assert run_due(chores, holder="one", now=lambda: world.at) == {"opinions.read": True}
    assert Opinion.objects.filter(topic="").get().text == rules.GONE
    assert [e.count for e in Entry.objects.filter(act="opinion.read").order_by("id")] == [2, 2]
    assert read_waiting(at=world.at) is None


def test_what_the_machine_cannot_read_does_not_hold_up_the_rest(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_opinion(world)
    Opinion.objects.update(topic="")
    monkeypatch.setattr(reading, "read", _broken)
    chores = {"opinions.read": CHORES["opinions.read"]}
    assert run_due(chores, holder="one", now=lambda: world.at) == {"opinions.read": True}
    assert not Entry.objects.filter(act="opinion.read").exists()


def test_a_person_who_was_read_may_see_it(world: Any) -> None:
    an_opinion(world, key=5, text=RENEWED)
    assert "negative, complaint" in held_on(5)[0]["read"]
    assert rules.read_codes("", "", "", None, "") == ""


def test_a_corrected_topic_outlives_corrected_words(world: Any) -> None:
    opinion = sort(an_opinion(world), actor=world.dung, at=world.at, topic="roaming")
    fresh = correct(opinion, actor=world.dung, at=world.at, text=RENEWED, reason="nghe nhầm")
    assert (fresh.topic, fresh.sorted_by_person, fresh.feeling) == ("roaming", True, "negative")


def test_nothing_is_loaded_before_the_first_opinion() -> None:
    code = """
        import os, sys, tempfile
        os.environ.update(TANTAM_HOME=tempfile.mkdtemp(), DJANGO_SETTINGS_MODULE="tantam.office.settings")
        import django
        django.setup()
        import tantam.office.urls, tantam.office.worker.chores
        heavy = ("tantam.listen.reading", "tantam.listen.heads", "tantam.listen.clean", "sklearn")
        sys.exit(any(name in sys.modules for name in heavy))
    """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False).returncode == 0
