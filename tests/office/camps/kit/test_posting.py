"""Rows are stored for good or refused with a reason, and kept either way."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from tantam.office.camps import ledger
from tantam.office.camps.models import StoredFact, Unread

pytestmark = pytest.mark.django_db(databases=["default", "health"])
Sealed = Callable[..., dict[str, Any]]


def post(client: Client, *rows: Any) -> Any:
    answer = client.post("/facts/", json.dumps({"rows": rows}), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def triage(kit: Any) -> Client:
    return kit.device("k1-triage-1")


@pytest.fixture
def visit(kit: Any) -> str:
    day = ledger.day_of(kit.camp)
    return str(next(one.id for one in day.came if one.waits_for == "triage"))


def test_a_row_is_stored_once_and_said_to_be_each_time(
    kit: Any, triage: Client, visit: str, sealed: Sealed
) -> None:
    row, before = sealed("measured", {"visit": visit, "pulse": 71}), StoredFact.objects.count()
    for _ in range(3):
        assert post(triage, row) == {"stored": [row["id"]], "refused": []}
    assert StoredFact.objects.count() == before + 1
    fact = next(one for one in ledger.facts_of(kit.camp) if str(one.id) == row["id"])
    assert (fact.author, fact.device, fact.kit, fact.body.pulse) == ("k1-triage-1", "k1-triage-1", 1, 71)
    assert not Unread.objects.exists()


def test_rows_of_whoever_signed_out_go_out_from_his_device(
    kit: Any, triage: Client, visit: str, sealed: Sealed
) -> None:
    row = sealed("measured", {"visit": visit}, member="k1-triage-2", device="k1-triage-1")
    assert post(triage, row)["stored"] == [row["id"]]


def refused(client: Client, row: Any, code: str) -> None:
    before = StoredFact.objects.count()
    said = post(client, row)
    assert [one["code"] for one in said["refused"]] == [code], said
    assert said["stored"] == [] and said["refused"][0]["vi"] and said["refused"][0]["en"]
    assert StoredFact.objects.count() == before
    assert Unread.objects.filter(code=code).exists()


def test_what_another_key_closed_is_kept_and_not_believed(
    kit: Any, triage: Client, visit: str, sealed: Sealed
) -> None:
    from tests.office.camps.kit.rows import sealed as seal

    body = {"visit": visit}
    refused(triage, seal(bytes(32), "measured", body), "row_unreadable")  # another camp's
    other = sealed("measured", body, member="k1-triage-2", device="k1-triage-2")
    refused(triage, other, "row_of_another_device")
    refused(triage, {**other, "device": "k1-triage-1"}, "row_unreadable")  # it claims to be of this one
    refused(triage, {**sealed("measured", body), "member": "lead"}, "row_unreadable")
    refused(triage, {**sealed("measured", body), "member": "nobody"}, "row_unreadable")
    refused(triage, {**sealed("measured", body), "id": str(uuid7())}, "row_unreadable")  # swapped ids
    assert Unread.objects.count() == 6


@pytest.mark.parametrize("wrong", [None, 7, "x", "é", "=" * 40, "A" * 100_000, [], {}])
def test_a_broken_seal_is_unreadable(kit: Any, triage: Client, sealed: Sealed, wrong: Any) -> None:
    refused(triage, {**sealed("called", {}), "sealed": wrong}, "row_unreadable")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("measured", {}),
        ("measured", {"visit": "no id"}),
        ("measured", {"visit": str(uuid7()), "pulse": 9_000}),
        ("measured", {"visit": str(uuid7()), "diagnosis": "not a word of this kind"}),
        ("nothing", {}),
        ("called", {"visit": str(uuid7()), "desk": "<script>"}),
        ("measured", []),
        ("measured", None),
    ],
)
def test_what_does_not_fit_its_kind_is_a_bad_fact(
    triage: Client, sealed: Sealed, kind: str, body: Any
) -> None:
    refused(triage, sealed(kind, body), "bad_fact")


def test_ids_and_moments_must_be_what_they_say(triage: Client, visit: str, sealed: Sealed) -> None:
    body = {"visit": visit}
    refused(triage, sealed("measured", body, number="0d6a4b1e-3c55-4f0e-9d62-2a7c6f1b8e90"), "bad_fact")
    refused(triage, sealed("measured", body, number="x" * 40), "row_unreadable")
    refused(triage, sealed("measured", body, number=str(uuid7()).upper()), "row_unreadable")
    refused(triage, sealed("measured", body, at="yesterday"), "bad_fact")
    refused(triage, sealed("measured", body, at="2026-11-21T08:00:00"), "bad_fact")  # of no time zone
    refused(triage, sealed("measured", body, paper="<b>"), "bad_paper")


def test_a_duty_writes_its_own_kinds_only(kit: Any, triage: Client, visit: str, sealed: Sealed) -> None:
    refused(triage, sealed("examined", {"visit": visit}), "not_your_kind")
    planned = {"id": "me", "name": "Tự thêm", "roles": ["lead"], "pin": ""}
    for client, who in ((triage, "k1-triage-1"), (kit.device("k1-lead"), "lead")):
        refused(client, sealed("member", planned, member=who, device=_device(who)), "not_your_kind")
    signed = {"kit": 1, "facts": 0, "digest": "0" * 64, "signatures": [{"member": "a", "role": "lead"}] * 2}
    refused(kit.device("k1-lead"), sealed("closed", signed, member="lead", device="k1-lead"), "not_your_kind")
    said = {"id": str(uuid7()), "tone": "thanks", "words": "Cảm ơn các bác sĩ."}
    row = sealed("voiced", said)
    assert post(triage, row)["stored"] == [row["id"]]  # everybody hears thanks


def _device(who: str) -> str:
    return "k1-lead" if who == "lead" else who


def test_a_correction_names_a_fact_of_its_own_kind(
    kit: Any, triage: Client, visit: str, sealed: Sealed
) -> None:
    first = sealed("measured", {"visit": visit, "pulse": 71})
    post(triage, first)
    doctor_said = next(one for one in ledger.facts_of(kit.camp) if one.kind == "examined")
    again = {"visit": visit, "pulse": 72}
    refused(triage, sealed("measured", again, corrects=str(doctor_said.id)), "wrong_correction")
    refused(triage, sealed("measured", again, corrects=str(uuid7())), "wrong_correction")
    row = sealed("measured", again, corrects=first["id"])
    assert post(triage, row)["stored"] == [row["id"]]
    vitals = ledger.day_of(kit.camp).visits[_uuid(visit)].vitals
    assert vitals is not None and vitals.pulse == 72
    refused(triage, sealed("measured", {"visit": visit, "pulse": 99}, number=first["id"]), "id_taken")


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


def test_a_row_and_its_correction_may_come_together(triage: Client, visit: str, sealed: Sealed) -> None:
    first = sealed("measured", {"visit": visit})
    second = sealed("measured", {"visit": visit, "pulse": 60}, corrects=first["id"])
    assert post(triage, first, second)["stored"] == [first["id"], second["id"]]


def test_one_bad_row_keeps_no_other_back(triage: Client, visit: str, sealed: Sealed) -> None:
    good, bad = sealed("measured", {"visit": visit}), sealed("examined", {"visit": visit})
    said = post(triage, bad, good, {"id": ["x"]})
    assert said["stored"] == [good["id"]]
    assert [one["code"] for one in said["refused"]] == ["not_your_kind", "row_of_another_device"]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[]",
        b'{"rows": 1}',
        b'{"rows": [1]}',
        b"[" * 100_000,
        json.dumps({"rows": [{}] * 101}).encode(),
    ],
)
def test_what_is_no_list_of_rows_is_bad_input(triage: Client, sent: bytes) -> None:
    answer = triage.post("/facts/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_rows")


def test_other_types_and_huge_bodies_are_not_read(triage: Client) -> None:
    assert triage.post("/facts/", b"{}", content_type="text/plain").status_code == 422
    assert triage.post("/facts/", b"[" + b" " * 3_000_000, content_type="application/json").status_code == 400


def test_a_flood_of_unreadable_rows_fills_no_disk(
    kit: Any, triage: Client, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tantam.office.camps.kit.posting.MOST_UNREAD", 3)
    rows = [
        {"id": str(uuid7()), "device": "k1-triage-1", "sealed": base64.b64encode(bytes(40)).decode()}
        for _ in range(9)
    ]
    assert len(post(triage, *rows)["refused"]) == 9
    assert Unread.objects.count() == 3


def test_unknown_lots_desks_and_medicines_are_refused(kit: Any, visit: str, sealed: Sealed) -> None:
    doctor, pharmacist = kit.device("k1-doctor-1"), kit.device("k1-pharmacist-1")
    mine, theirs = {"member": "k1-doctor-1"}, {"member": "k1-pharmacist-1"}
    unknown = [{"medicine": "NOBODY-1", "units": 2, "how": "uống"}]
    refused(doctor, sealed("examined", {"visit": visit, "prescribed": unknown}, **mine), "not_of_this_camp")
    refused(doctor, sealed("called", {"visit": visit, "desk": "d9"}, **mine), "not_of_this_camp")
    given = {"visit": visit, "examined": str(uuid7()), "given": [{"lot": "NO-1", "units": 1}]}
    refused(pharmacist, sealed("dispensed", given, **theirs), "not_of_this_camp")
    refused(pharmacist, sealed("counted", {"lot": "NO-1", "units": 1}, **theirs), "not_of_this_camp")


def test_a_prescription_without_its_reason_is_kept_and_waits_for_the_doctors_word(
    kit: Any, sealed: Sealed
) -> None:
    visit = next(one for one in ledger.day_of(kit.camp).came if one.waits_for == "doctor")
    one = {"medicine": "mau-p", "units": 5, "how": "buổi tối"}  # the file has a sentence on it for everybody
    mine, doctor = {"member": "k1-doctor-1"}, kit.device("k1-doctor-1")
    first = sealed("examined", {"visit": str(visit.id), "prescribed": [one]}, **mine)
    assert post(doctor, first)["stored"] == [first["id"]]

    def seen(station: str) -> Any:
        who = "lead" if station == "lead" else f"k1-{station}-1"
        queue = kit.signed_in(who).get(f"/view/{station}/").json()["queue"]
        return next(row for row in queue if row["visit"] == str(visit.id)).get("unexplained")

    for station in ("doctor", "pharmacist", "lead"):
        (told,) = seen(station)
        assert (told["examined"], told["medicine"]) == (first["id"], "mau-p")
        assert told["vi"].startswith("Danh mục ghi: Câu cảnh báo mẫu") and told["en"]
    assert seen("exit") is None
    reason = [{"warning": "of_the_file", "reason": "đã hỏi, không lái xe"}]
    said = {"visit": str(visit.id), "prescribed": [{**one, "overruled": reason}]}
    assert post(doctor, sealed("examined", said, corrects=first["id"], **mine))["stored"]
    assert seen("pharmacist") == []


def test_a_paper_form_goes_the_same_way_and_is_seen_again(
    kit: Any, triage: Client, visit: str, sealed: Sealed
) -> None:
    row = sealed("measured", {"visit": visit}, paper="P-0012")
    assert post(triage, row)["stored"] == [row["id"]]
    client = kit.signed_in("k1-triage-1")
    assert [one["fact"] for one in client.get("/late/P-0012/").json()["rows"]] == [row["id"]]
    assert kit.signed_in("k1-doctor-1").get("/late/P-0012/").json()["rows"] == []
