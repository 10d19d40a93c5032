"""Referrals are followed, stories redacted, attendance passed with consent, data deleted with proof."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tantam.errors import TantamError
from tantam.office.camps import attended, deleting, kinds, ledger, merging, referrals, voices
from tantam.office.camps.models import Camp, Deletion, StoredFact, Unread
from tantam.office.desk.forgetting import forget_everywhere, held_on
from tantam.office.journal.models import Entry
from tantam.office.programmes.models import Attendance
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise
from tests.office.camps.after import NUMBER, ON, PERSON, SECRET, VILLAGE, Camped, camped, planted
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])


@pytest.fixture
def it(camp_world: Any, camps_home: Path) -> Camped:
    return camped(camp_world, camps_home)


def _home(it: Camped, folder: Path) -> None:
    merging.take_in(it.file(folder), actor=None, at=AT)


def _code(act: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(TantamError) as wrong:
        act(*args, **named)
    return wrong.value.code


def test_a_referral_is_one_promise_without_a_name(it: Camped, tmp_path: Path) -> None:
    planted(it)
    for _ in range(2):
        _home(it, tmp_path)
    promise = Promise.objects.get(about_kind="camp_fact")
    assert (promise.what, promise.kind, promise.state) == (referrals.WHAT, "referral", "open")
    assert promise.first_due == ON + timedelta(days=14)
    assert _code(promises.keep, promise, actor=None, at=AT, proof_kind="other", proof="ừ") == "settled_alone"


def test_a_referral_is_kept_with_its_deed(it: Camped, camp_world: Any, tmp_path: Path) -> None:
    _, fact = planted(it)
    _home(it, tmp_path)
    by = {"actor": camp_world.head, "at": AT}
    assert _code(referrals.follow, it.camp, fact.id, **by, outcome="", on=ON) == "bad_outcome"
    early = ON - timedelta(days=1)
    assert _code(referrals.follow, it.camp, fact.id, **by, outcome="treated", on=early) == "bad_follow_day"
    assert _code(referrals.follow, it.camp, uuid7(), **by, outcome="treated", on=ON) == "referral_unknown"
    no = {"actor": camp_world.lam, "at": AT}
    assert _code(referrals.follow, it.camp, fact.id, **no, outcome="treated", on=ON) == "not_your_duty"
    for _ in range(2):
        kept = referrals.follow(it.camp, fact.id, **by, outcome="treated", on=ON, words="Đã mổ")
        assert kept is not None and kept.state == "kept" and "mổ" not in kept.proof
    assert sum(f.kind == "followed" for f in ledger.facts_of(it.camp)) == 1
    assert _code(referrals.follow, it.camp, fact.id, **by, outcome="lost", on=None) == "referral_followed"


def test_a_referral_of_somebody_lost_is_owned_up_to(it: Camped, camp_world: Any, tmp_path: Path) -> None:
    _, fact = planted(it)
    _home(it, tmp_path)
    referrals.follow(it.camp, fact.id, actor=camp_world.head, at=AT, outcome="lost", on=None)
    assert Promise.objects.get(about_kind="camp_fact").state == "broken"
    assert not referrals.all_of(it.camp)[0].open


def test_a_corrected_examination_owes_once_and_one_taken_back_nothing(it: Camped, tmp_path: Path) -> None:
    visit, fact = planted(it)
    _home(it, tmp_path)
    there = kinds.Referral(to="Trạm khác", why="xa", within_days=3)
    second = it.say(1, kinds.Examined(visit=visit, referral=there), corrects=fact.id)
    _home(it, tmp_path)
    assert Promise.objects.filter(about_kind="camp_fact").count() == 1
    it.say(1, kinds.Examined(visit=visit, advice="Ở nhà"), corrects=second.id)
    _home(it, tmp_path)
    assert Promise.objects.get(about_kind="camp_fact").state == "kept"


def test_a_story_leaves_only_redacted_and_agreed(it: Camped, camp_world: Any, tmp_path: Path) -> None:
    visit, _ = planted(it)
    silent = it.say(1, kinds.Voiced(id=uuid7(), visit=visit, tone="complaint", words="Chờ lâu"))
    _home(it, tmp_path)
    day, by = ledger.day_of(it.camp), {"actor": camp_world.head, "at": AT}
    voice = next(f.body.id for f in day.voices if isinstance(f.body, kinds.Voiced) and f.body.publish)
    assert isinstance(silent.body, kinds.Voiced)
    said = {**by, "words": "Một bà trong bản được khám, bà rất vui."}
    assert _code(voices.tell_story, it.camp, silent.body.id, **said) == "no_consent_to_publish"
    assert _code(voices.tell_story, it.camp, uuid7(), **said) == "voice_unknown"
    for words in (
        f"{PERSON} vui lắm", f"bà {PERSON.split()[-1]} vui", f"Một bà ở {VILLAGE}", "zqxen thi kwya vui",
        f"Gọi {NUMBER}", "Thẻ 0123 4567 89", f"Bà bị {SECRET}", "Bà bị cao... zxqvitis hiem gap", "số 7313",
    ):  # fmt: skip
        assert _code(voices.tell_story, it.camp, voice, **{**by, "words": words}) == "story_names_somebody", (
            words
        )
    for _ in range(2):
        voices.tell_story(it.camp, voice, **said)
    day = ledger.day_of(it.camp)
    assert voices.published(day) == ["Một bà trong bản được khám, bà rất vui."]
    assert sum(f.kind == "story" for f in ledger.facts_of(it.camp)) == 1
    voices.agree(it.camp, voice, **by, publish=False)
    assert voices.published(ledger.day_of(it.camp)) == []
    assert (
        _code(
            voices.tell_story,
            it.camp,
            voice,
            **said,
        )
        == "no_consent_to_publish"
    )


def test_a_letter_that_came_afterwards(it: Camped, camp_world: Any) -> None:
    by = {"actor": camp_world.head, "at": AT}
    assert _code(voices.write_letter, it.camp, **by, tone="thanks", words=" ", publish=False) == "no_words"
    no = {"actor": camp_world.auditor, "at": AT}
    assert (
        _code(voices.write_letter, it.camp, **no, tone="thanks", words="Ơn", publish=True) == "not_your_duty"
    )
    fact = voices.write_letter(it.camp, **by, tone="thanks", words="Cảm ơn đoàn", publish=True)
    assert ledger.day_of(it.camp).voices == [fact]


@pytest.fixture
def keyed(camps_home: Path) -> Path:
    """A home that makes keys of numbers."""
    (camps_home / "secret" / "key").write_bytes(b"s" * 32)
    return camps_home


def test_who_agreed_is_known_as_having_come_and_nothing_else(
    it: Camped, camp_world: Any, keyed: Path, tmp_path: Path
) -> None:
    visit, _ = planted(it)
    it.person(know_me="không có")
    registered = it.kits[1][0]
    _home(it, tmp_path)
    by = {"actor": camp_world.head, "at": AT}
    done = attended.pass_on(it.camp, **by)
    assert (done.agreed, done.known, done.new) == (2, 1, 1)
    assert attended.pass_on(it.camp, **by).new == 0
    row = Attendance.objects.get()
    assert (row.what, row.on) == ("camp", ON)
    assert held_on(row.key)["programmes"] == [{"what": "attended", "kind": "camp", "on": ON}]
    again = registered.body.model_copy(update={"know_me": ""})
    it.say(1, again, corrects=registered.id)
    _home(it, tmp_path)
    assert attended.pass_on(it.camp, **by).withdrawn == 1
    assert not Attendance.objects.exists()
    assert visit in ledger.day_of(it.camp).visits


def test_forgetting_a_person_forgets_that_he_came(
    it: Camped, camp_world: Any, keyed: Path, tmp_path: Path
) -> None:
    from tantam.office.programmes import actions as programmes

    planted(it)
    _home(it, tmp_path)
    attended.pass_on(it.camp, actor=camp_world.head, at=AT)
    key = Attendance.objects.get().key
    assert programmes.forget(key, actor=None, at=AT) == 1
    assert programmes.forget(key, actor=None, at=AT) == 0
    assert held_on(key) == {}
    assert forget_everywhere


def test_a_themed_camp_passes_nothing(camp_world: Any, keyed: Path, tmp_path: Path) -> None:
    it = camped(camp_world, keyed, general=False, theme="Tim mạch")
    planted(it)
    _home(it, tmp_path)
    by = {"actor": camp_world.head, "at": AT}
    assert _code(attended.pass_on, it.camp, **by) == "themed_camp"
    from tantam.office.camps import actions
    from tests.office.camps.after import planned

    old = next(f for f in ledger.facts_of(it.camp) if f.kind == "planned")
    actions.say(it.camp, planned(), act="camp.plan", actor=camp_world.head, at=AT, corrects=old.id)
    assert _code(attended.pass_on, it.camp, **by) == "themed_camp", "calling it general later opens nothing"
    assert not Attendance.objects.exists()


def _digest(it: Camped) -> str:
    return ledger.digest(it.camp)[1]


def test_two_people_delete_a_camp_and_the_proof_is_left(
    it: Camped, camp_world: Any, camps_home: Path, tmp_path: Path
) -> None:
    planted(it)
    ledger.keep_unread(it.camp, b"?", code="x", device="D1", kit=1, at=AT)
    _home(it, tmp_path)
    asks, confirms = {"actor": camp_world.head, "at": AT}, {"actor": camp_world.privacy, "at": AT}
    assert _code(deleting.ask, it.camp, **asks, reason="hết hạn") == "referrals_open"
    referrals.follow(it.camp, referrals.all_of(it.camp)[0].root, **asks, outcome="declined", on=ON)
    assert _code(deleting.ask, it.camp, **asks, reason=" ") == "no_reason"
    assert _code(deleting.confirm, it.camp, **confirms, digest=_digest(it)) == "deletion_not_asked"
    no = {"actor": camp_world.auditor, "at": AT}
    assert _code(deleting.ask, it.camp, **no, reason="hết hạn") == "not_your_duty"
    for _ in range(2):
        deleting.ask(it.camp, **asks, reason="hết hạn giữ")
    assert _code(deleting.confirm, it.camp, **asks, digest=_digest(it)) == "deletion_same_person"
    assert _code(deleting.confirm, it.camp, **confirms, digest="0" * 64) == "camp_changed"
    count, digest = ledger.digest(it.camp)
    for _ in range(2):
        done = deleting.confirm(it.camp, **confirms, digest=digest)
        assert (done.facts, done.digest, done.reason) == (count, digest, "hết hạn giữ")
    assert Camp.objects.get(pk=it.camp.pk).state == "deleted"
    assert not StoredFact.objects.filter(camp=it.camp).exists() and not Unread.objects.exists()
    assert Entry.objects.filter(act="camp.deleted", digest=digest).count() == 1
    assert _code(ledger.facts_of, it.camp) == "camp_key_gone"
    assert _code(_home, it, tmp_path) in {"camp_key_gone", "camp_deleted"}
    assert deleting.is_finished(it.camp)


def test_a_deletion_that_was_killed_is_finished(
    it: Camped, camp_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    it.person()
    deleting.ask(it.camp, actor=camp_world.head, at=AT, reason="thử")
    digest = _digest(it)

    def killed(*_args: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(deleting, "finish", killed)
        deleting.confirm(it.camp, actor=camp_world.second, at=AT, digest=digest)
    assert Deletion.objects.exists() and not deleting.is_finished(it.camp)
    it.camp.refresh_from_db()
    deleting.confirm(it.camp, actor=camp_world.head, at=AT, digest="")
    assert deleting.is_finished(it.camp)


def test_how_long_data_is_kept_is_said_and_not_verified(it: Camped) -> None:
    from tantam import law

    assert deleting.keep_until(it.camp).isoformat() == "2028-11-21"
    assert law.of("camp_keep_months")[0].verify
