"""The pages after a camp: who opens which, what they show, and what a form does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from uuid_utils.compat import uuid7

from tantam.office.camps import differing, kinds, ledger, merging, referrals, voices
from tantam.office.camps.models import Camp, Deletion
from tantam.office.promises.models import Promise
from tests.office.camps.after import NUMBER, ON, PERSON, SECRET, VILLAGE, Camped, camped, planted
from tests.office.world import AT

pytestmark = [pytest.mark.django_db(databases=["default", "health"]), pytest.mark.usefixtures("on_the_day")]

PAGES = {
    "camp-merge": {"head", "second"},
    "camp-differences": {"head", "second"},
    "camp-sheet": {"head", "second"},
    "camp-referrals": {"head", "second"},
    "camp-voices": {"head", "second"},
    "camp-impact": {"head", "second", "pharmacist", "hoa", "policy", "auditor", "lam", "khoi"},
    "camp-delete": {"head", "second", "privacy"},
}
STAFF = (
    "head", "second", "pharmacist", "lam", "dung", "khoi", "hoa", "policy", "auditor", "admin", "privacy", "stranger",
)  # fmt: skip
BELOW = {"lam", "khoi"}
"""Directors of branches: the camp is of headquarters."""


@pytest.fixture
def it(camp_world: Any, camps_home: Path, tmp_path: Path) -> Camped:
    it = camped(camp_world, camps_home, kits=(1, 2))
    planted(it)
    for _ in range(6):
        it.person(village="Bản Đông")
    merging.take_in(it.file(tmp_path), actor=None, at=AT)
    return it


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_its_duties_alone(it: Camped, camp_world: Any, page: Any, name: str) -> None:
    address = reverse(name, args=[it.camp.id])
    for who in STAFF:
        answer = page(getattr(camp_world, who)).get(address)
        opens = who in PAGES[name] - BELOW
        assert (answer.status_code == 200) is opens, (who, answer.status_code)
        assert opens or SECRET not in answer.content.decode()
        assert opens or PERSON not in answer.content.decode()
    assert page(None).get(address).status_code == 302
    unknown = reverse(name, args=[uuid7()])
    assert page(camp_world.head).get(unknown).status_code == 404
    assert page(camp_world.stranger).get(unknown).status_code in {403, 404}


def test_names_stand_only_where_the_camp_duty_reads(it: Camped, camp_world: Any, page: Any) -> None:
    asked = page(camp_world.head)
    shown = {name: asked.get(reverse(name, args=[it.camp.id])).content.decode() for name in PAGES}
    assert PERSON in shown["camp-referrals"] and SECRET in shown["camp-referrals"]
    assert PERSON in shown["camp-voices"]
    for name in ("camp-impact", "camp-merge", "camp-delete", "camp-sheet"):
        assert not any(word in shown[name] for word in (PERSON, SECRET, VILLAGE, NUMBER)), name


def test_a_file_is_sent_and_joined(it: Camped, camp_world: Any, page: Any, tmp_path: Path) -> None:
    it.person(2)
    it.close(2)
    address = reverse("camp-merge", args=[it.camp.id])
    asked = page(camp_world.head)
    file = it.file(tmp_path, 2)
    for said in ("2 lượt ghi mới", "không có gì mới"):
        with file.open("rb") as sent:
            answer = asked.post(address, {"file": [sent]})
        assert said in answer.content.decode()
    assert asked.post(address).status_code == 422
    (tmp_path / "x.camp").write_bytes(b"?")
    with (tmp_path / "x.camp").open("rb") as sent:
        answer = asked.post(address, {"file": sent})
    assert answer.status_code == 422 and "not_a_camp" in answer.content.decode()
    answer = asked.post(address, {"do": "attended"})
    assert answer.status_code == 303


def test_a_referral_is_followed_from_its_page(it: Camped, camp_world: Any, page: Any) -> None:
    asked, address = page(camp_world.head), reverse("camp-referrals", args=[it.camp.id])
    root = referrals.all_of(it.camp)[0].root
    wrong = asked.post(address, {"referral": str(root), "outcome": "treated", "on": "khi nào"})
    assert wrong.status_code == 422 and "bad_follow_day" in wrong.content.decode()
    done = asked.post(address, {"referral": str(root), "outcome": "treated", "on": ON.isoformat()})
    assert done.status_code == 303 and Promise.objects.get(about_kind="camp_fact").state == "kept"
    link = asked.get(reverse("camp-referral", args=[root]))
    assert link.status_code == 302 and address in link["Location"]
    assert page(camp_world.lam).get(reverse("camp-referral", args=[root])).status_code == 403
    promise = Promise.objects.get(about_kind="camp_fact")
    shown = page(camp_world.auditor).get(f"/promises/{promise.pk}/").content.decode()
    assert not any(word in shown for word in (PERSON, SECRET, VILLAGE))


def test_a_difference_is_decided_by_a_person(it: Camped, camp_world: Any, page: Any, tmp_path: Path) -> None:
    it.person(1, name="Lò Thị Một", village="Bản Tây", card="cd" * 32)
    it.person(2, name="Lò Thị Một", village="Bản Tây", card="cd" * 32)
    for kit in (1, 2):
        merging.take_in(it.file(tmp_path, kit), actor=None, at=AT)
    asked, address = page(camp_world.head), reverse("camp-differences", args=[it.camp.id])
    shown = asked.get(address).content.decode()
    assert shown.count("Lò Thị Một") >= 2 and "Có vẻ là một người" in shown
    found = differing.differences(ledger.facts_of(it.camp), ledger.day_of(it.camp))
    code = next(one.code for one in found if one.kind == "same_person")
    sent = {"code": code, "choice": "same", "reason": "Cùng thẻ, cùng mặt"}
    assert asked.post(address, {**sent, "reason": ""}).status_code == 422
    assert asked.post(address, {**sent, "choice": ""}).status_code == 422
    assert asked.post(address, {**sent, "code": "?"}).status_code == 409
    before = len(differing.people(ledger.day_of(it.camp)))
    assert asked.post(address, sent).status_code == 303
    assert len(differing.people(ledger.day_of(it.camp))) == before - 1
    assert asked.post(address, sent).status_code == 409


def test_a_letter_and_its_story(it: Camped, camp_world: Any, page: Any) -> None:
    asked, address = page(camp_world.head), reverse("camp-voices", args=[it.camp.id])
    said = {"do": "letter", "tone": "thanks", "words": "Cảm ơn các bác sĩ", "publish": "1"}
    assert asked.post(address, said).status_code == 303
    letter = next(
        f.body for f in ledger.day_of(it.camp).voices if getattr(f.body, "words", "").startswith("Cảm ơn các")
    )
    assert isinstance(letter, kinds.Voiced)
    sent = {"do": "story", "voice": str(letter.id), "words": f"Ở {VILLAGE} ai cũng vui."}
    wrong = asked.post(address, sent)
    assert wrong.status_code == 409 and "story_names_somebody" in wrong.content.decode()
    assert asked.post(address, {**sent, "words": "Trong bản ai cũng vui."}).status_code == 303
    Camp.objects.filter(pk=it.camp.pk).update(state="closed")
    public = page(None).get(reverse("public-camp", args=[it.camp.id])).content.decode()
    assert "Trong bản ai cũng vui." in public
    assert not any(word in public for word in (PERSON, SECRET, VILLAGE, NUMBER, "Cảm ơn các bác sĩ"))
    off = {"do": "agree", "voice": str(letter.id), "publish": "0"}
    assert asked.post(address, off).status_code == 303
    assert voices.published(ledger.day_of(it.camp)) == []


def test_the_public_page_opens_once_the_camp_is_closed(it: Camped, page: Any) -> None:
    address = reverse("public-camp", args=[it.camp.id])
    assert page(None).get(address).status_code == 404
    Camp.objects.filter(pk=it.camp.pk).update(state="closed")
    assert page(None).get(address).status_code == 200
    assert page(None).get(reverse("public-camp", args=[uuid7()])).status_code == 404


def test_a_lesson_is_written_by_the_head_of_camps(it: Camped, camp_world: Any, page: Any) -> None:
    address = reverse("camp-impact", args=[it.camp.id])
    sent = {"kind": "not_yet", "words": "Thiếu người phiên dịch."}
    assert page(camp_world.auditor).post(address, sent).status_code == 403
    assert page(camp_world.head).post(address, {**sent, "words": ""}).status_code == 422
    for _ in range(2):
        assert page(camp_world.head).post(address, sent).status_code == 303
    assert [one.words for one in ledger.day_of(it.camp).plan.lessons] == ["Thiếu người phiên dịch."]


def test_two_people_delete_from_the_page(it: Camped, camp_world: Any, page: Any) -> None:
    address = reverse("camp-delete", args=[it.camp.id])
    head, second = page(camp_world.head), page(camp_world.second)
    assert head.post(address, {"do": "ask", "reason": "hết hạn"}).status_code == 409  # a referral is open
    referrals.follow(
        it.camp, referrals.all_of(it.camp)[0].root, actor=camp_world.head, at=AT, outcome="declined", on=ON
    )
    assert head.post(address, {"do": "ask", "reason": "hết hạn"}).status_code == 303
    digest = ledger.digest(it.camp)[1]
    ticked = {"do": "confirm", "digest": digest, "kits": "1", "words": "1"}
    assert head.post(address, ticked).status_code == 409
    assert second.post(address, {**ticked, "kits": ""}).status_code == 409
    assert second.post(address, ticked).status_code == 303
    proof = head.get(address).content.decode()
    assert digest in proof and Deletion.objects.filter(camp=it.camp).exists()
    for name in set(PAGES) - {"camp-delete"}:
        assert head.get(reverse(name, args=[it.camp.id])).status_code in {200, 409}
