"""A secret link to one's own: who gives it, what it opens, how it ends, what its holder may do."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from tantam.errors import BadInput, Refused
from tantam.office.channels.models import Consent, Message
from tantam.office.channels.secrets import without
from tantam.office.desk import forgetting, voice
from tantam.office.desk.models import DataRequest, VoicePass
from tantam.office.journal.models import Entry
from tantam.office.people.models import Duty
from tests.office.desk.a_voice import KEY, OTHER, a_link
from tests.office.desk.asking import a_request


def test_only_the_digest_of_a_secret_of_128_bits_is_kept(world: Any) -> None:
    secret = a_link(world)
    made = VoicePass.objects.get()
    assert len(secret) == 22 and secret != a_link(world, OTHER)
    assert made.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert made.expires_at - made.made_at == timedelta(days=30)
    assert not [name for name, value in vars(made).items() if value == secret]
    entry = Entry.objects.filter(act="voice.given").first()
    assert entry is not None
    assert (entry.actor, entry.because, entry.on_kind, entry.on_id) == (
        world.dung.pk,
        "asked",
        "voice",
        str(made.pk),
    )
    assert secret not in str(entry.facts) and str(KEY) not in str(entry.facts)


def test_it_opens_until_it_is_too_old_and_the_first_time_is_told(world: Any) -> None:
    secret = a_link(world)
    for days in (0, 1, 29):
        assert voice.whose(secret, at=world.at + timedelta(days=days)).key == KEY
    assert Entry.objects.filter(act="voice.opened").count() == 1
    assert VoicePass.objects.get().seen_at == world.at
    with pytest.raises(Refused, match="voice_closed"):
        voice.whose(secret, at=world.at + timedelta(days=30))


@pytest.mark.parametrize(
    "guess", ["", "x", "A" * 22, "\0", "🐢" * 8, "\ud800", "%", "' OR 1=1 --", "a" * 10_000]
)
def test_a_guess_opens_nothing(world: Any, guess: str) -> None:
    a_link(world)
    with pytest.raises(Refused, match="voice_closed"):
        voice.whose(guess, at=world.at)
    with pytest.raises(Refused, match="voice_closed"):
        voice.whose(VoicePass.objects.get().digest, at=world.at)


def test_a_new_link_ends_the_old_one_and_everyone_has_his_own(world: Any) -> None:
    old, others, new = a_link(world), a_link(world, OTHER), a_link(world)
    with pytest.raises(Refused, match="voice_closed"):
        voice.whose(old, at=world.at)
    assert voice.whose(others, at=world.at).key == OTHER and voice.whose(new, at=world.at).key == KEY
    assert voice.revoke(KEY, actor=world.dung, at=world.at) == 1
    assert voice.revoke(KEY, actor=world.dung, at=world.at) == 0
    with pytest.raises(Refused, match="voice_closed"):
        voice.whose(new, at=world.at)
    assert voice.whose(others, at=world.at).key == OTHER
    assert Entry.objects.filter(act="voice.ended").count() == 2


def test_who_may_give_and_why(world: Any) -> None:
    for actor in (world.stranger, world.auditor, world.admin, world.policy):
        with pytest.raises(Refused, match="not_your_duty"):
            a_link(world, actor=actor)
        with pytest.raises(Refused, match="not_your_duty"):
            voice.revoke(KEY, actor=actor, at=world.at)
    for because in ("", "x", "audit"):
        with pytest.raises(BadInput, match="no_reason_code"):
            a_link(world, because=because)
    assert not VoicePass.objects.exists()
    a_link(world, actor=world.privacy)


def test_nobody_gives_more_than_so_many_a_day(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(voice, "MOST_GIVEN", 2)
    a_link(world), a_link(world, OTHER)
    with pytest.raises(Refused, match="too_many_links"):
        a_link(world, 43)
    assert VoicePass.objects.count() == 2
    a_link(world, 43, actor=world.lam)
    a_link(world, 43, at=world.at + timedelta(days=1))


def test_a_link_in_a_message_goes_through_the_gate_and_ends_sooner(world: Any) -> None:
    voice.send(KEY, "https://x.example/toi/{secret}/", actor=world.dung, at=world.at, because="asked")
    message, made = Message.objects.get(), VoicePass.objects.get()
    assert (message.key, message.purpose, message.state) == (KEY, "service", "waiting")
    assert (message.office, message.expires_at) == (world.nha_trang, made.expires_at)
    assert made.expires_at - made.made_at == timedelta(days=7)
    secret = message.text.partition("/toi/")[2].strip("/")
    assert voice.whose(secret, at=world.at).key == KEY
    a_link(world)  # a new one takes back what was not sent yet
    message.refresh_from_db()
    assert (message.state, message.code) == ("refused", "taken_back")
    with pytest.raises(Refused, match="not_your_duty"):
        voice.send(KEY, "{secret}", actor=world.privacy, at=world.at, because="asked")
    assert VoicePass.objects.count() == 2  # it made none


def test_the_address_of_the_page_is_one_whose_secret_channels_hide() -> None:
    assert without(reverse("voice", args=["x-_9"])) == reverse("voice", args=["…"]).replace("%E2%80%A6", "…")


def test_links_that_are_too_old_are_removed_and_others_stay(world: Any) -> None:
    old = a_link(world, at=world.at - timedelta(days=30))
    open_ = a_link(world, OTHER)
    assert voice.clear(at=world.at) == 1
    assert [one.key for one in VoicePass.objects.all()] == [OTHER]
    (entry,) = Entry.objects.filter(act="voice.cleared")
    assert (entry.actor, entry.count) == (None, 1)
    assert voice.clear(at=world.at) == 0 and Entry.objects.filter(act="voice.cleared").count() == 1
    assert voice.whose(open_, at=world.at).key == OTHER
    with pytest.raises(Refused, match="voice_closed"):
        voice.whose(old, at=world.at)


def test_a_no_and_a_yes_are_words_with_their_proof(world: Any) -> None:
    held, form = voice.whose(a_link(world), at=world.at), uuid4()
    for _ in range(2):
        voice.say_no(held, "everything", at=world.at, form=form)
    no = Consent.objects.get()
    assert (no.key, no.purpose, no.granted, no.how, no.said_at) == (
        KEY,
        "everything",
        False,
        "form",
        world.at,
    )
    yes = voice.say_yes(held, "care", at=world.at + timedelta(minutes=1), form=form)
    assert yes.granted and yes.proof == f"Trang Lời của tôi, đường dẫn số {held.pk}"
    with pytest.raises(Refused, match="yes_to_everything"):
        voice.say_yes(held, "everything", at=world.at, form=uuid4())
    with pytest.raises(BadInput, match="bad_purpose"):
        voice.say_no(held, "x", at=world.at, form=uuid4())
    other = voice.whose(a_link(world, OTHER), at=world.at)
    assert voice.say_no(other, "everything", at=world.at, form=form).key == OTHER  # the id is of the pass too
    assert Entry.objects.filter(act="consent.refused", actor=None).count() == 2


def test_what_is_asked_starts_the_clock_and_deletes_nothing(world: Any) -> None:
    held = voice.whose(a_link(world), at=world.at)
    asked = voice.ask_for(held, "delete", sure=True, at=world.at)
    assert voice.ask_for(held, "delete", sure=True, at=world.at) == asked
    assert (asked.key, asked.said_by, asked.taken_by, asked.owner) == (KEY, "web", None, world.privacy)
    assert asked.forgotten_at is None and asked.promise.due > asked.received_on
    assert voice.whose(voice_of := a_link(world), at=world.at).key == KEY and voice_of
    with pytest.raises(BadInput, match="not_sure"):
        voice.ask_for(voice.whose(a_link(world), at=world.at), "delete", sure=False, at=world.at)
    for kind in ("", "x", "withdraw"):
        with pytest.raises(BadInput, match="bad_request_kind"):
            voice.ask_for(held, kind, sure=True, at=world.at)


def test_without_anybody_to_answer_it_is_refused_and_not_lost_unseen(world: Any) -> None:
    Duty.objects.filter(code="privacy").delete()
    held = voice.whose(a_link(world), at=world.at)
    with pytest.raises(Refused, match="nobody_owes"):
        voice.ask_for(held, "access", sure=False, at=world.at)
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("end", ["revoked", "forgotten", "old"])
def test_a_page_that_stayed_open_writes_nothing_any_more(
    world: Any, end: str, tmp_path: Any, settings: Any
) -> None:
    settings.HOME = tmp_path
    held, late = voice.whose(a_link(world), at=world.at), world.at
    if end == "revoked":
        voice.revoke(KEY, actor=world.dung, at=world.at)
    elif end == "old":
        late += timedelta(days=31)
    else:
        asked = a_request(world, kind="delete", key=KEY)
        cleaned = forgetting.forget_everywhere(asked, actor=world.privacy, at=world.at)
        assert cleaned["desk"] == 1 and not VoicePass.objects.exists()
        assert Entry.objects.filter(act="voice.forgotten").count() == 1
        assert not any(forgetting.forget_everywhere(asked, actor=world.privacy, at=world.at).values())
    before = DataRequest.objects.count()
    for act in (
        lambda: voice.say_no(held, "care", at=late, form=uuid4()),
        lambda: voice.say_yes(held, "care", at=late, form=uuid4()),
        lambda: voice.ask_for(held, "access", sure=True, at=late),
    ):
        with pytest.raises(Refused, match="voice_closed"):
            act()
    assert not Consent.objects.exists() and DataRequest.objects.count() == before


def test_what_we_hold_names_the_link_and_not_its_secret(world: Any) -> None:
    secret = a_link(world)
    rows = forgetting.held_on(KEY)["desk"]
    assert [row["what"] for row in rows] == ["voice_pass"] and secret not in str(rows)
    assert VoicePass.objects.get().digest not in str(rows)
