"""A camp as a FHIR bundle: the same bytes for the same facts, every code of its value set, every reference in it, read
again by another's models; and nothing in it that has no place there."""

from __future__ import annotations

import json
import random
from collections import Counter
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.errors import Fault, Refused
from tantam.office.camps import kinds, made_up
from tantam.office.camps.day import fold
from tantam.office.camps.facts import digest
from tantam.office.camps.fhir import checking
from tantam.office.camps.fhir.bundle import Export, export

OPERATOR = "Nhà mạng Mẫu"
SHARED = {
    "Organization": "identifier type name",
    "Location": "identifier name description managingOrganization",
    "Practitioner": "name qualification",
    "Medication": "code form batch",
    "Patient": "identifier name gender birthDate address managingOrganization",
    "Consent": "status scope category patient dateTime organization policyRule verification",
    "Encounter": "status class subject participant period reasonCode diagnosis location serviceProvider",
    "Observation": "status category code subject encounter effectiveDateTime performer valueQuantity valueBoolean "
    "component",
    "AllergyIntolerance": "clinicalStatus verificationStatus category code patient encounter recordedDate recorder",
    "Condition": "clinicalStatus category code subject encounter recordedDate recorder",
    "MedicationRequest": "status statusReason intent medicationCodeableConcept subject encounter authoredOn requester "
    "note dosageInstruction dispenseRequest",
    "MedicationDispense": "status medicationCodeableConcept medicationReference subject context performer location "
    "authorizingPrescription quantity whenHandedOver",
    "ServiceRequest": "status intent code subject encounter occurrencePeriod authoredOn requester performer reasonCode",
}
"""What of each resource is written: elements of R4 (4.0.1) that R4B took over."""


@cache
def played(seed: int = 1, kits: int = 2) -> made_up.MadeUp:
    return made_up.play(seed, kits, people=150)


@cache
def made(seed: int = 1, kits: int = 2) -> Export:
    return export(played(seed, kits).facts, operator=OPERATOR)


def entries(content: bytes) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(content)["entry"]]


def test_the_same_facts_in_any_order_give_the_same_bytes() -> None:
    facts = played().facts
    shuffled = [*facts, *facts[: len(facts) // 3]]
    random.Random(5).shuffle(shuffled)
    assert export(shuffled, operator=OPERATOR).content == made().content


def test_another_reader_takes_it_and_writes_it_again_the_same() -> None:
    from fhir.resources.R4B.bundle import Bundle

    read = Bundle.model_validate_json(made().content)
    assert read.model_dump_json().encode() + b"\n" == made().content
    assert read.type == "collection"
    tags = {tag.system: tag.code for tag in read.meta.tag}
    assert tags == {
        "urn:tantam:camp:facts-digest": digest(played().facts),
        "urn:tantam:camp:made-up": "made-up",
    }


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), kits=st.integers(1, 3))
def test_every_made_up_day_holds_together(seed: int, kits: int) -> None:
    day = made_up.play(seed, kits, people=25)
    done = export(day.facts, operator=OPERATOR)
    bundle = json.loads(done.content)
    checking.check(bundle)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls) == done.resources
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"])
    came = fold(day.facts).came
    counted = Counter(one["resourceType"] for one in entries(done.content))
    assert counted["Encounter"] == counted["Consent"] == len(came)
    assert counted["Patient"] == done.patients <= len(came)
    findings = sum(len(body.findings) for visit in came for _, body in visit.examinations)
    assert counted["Condition"] == findings
    given_out = [
        one.units for visit in came for fact in visit.dispensed
        if isinstance(fact.body, kinds.Dispensed) for one in fact.body.given
    ]  # fmt: skip
    written = [
        one["quantity"]["value"]
        for one in entries(done.content)
        if one["resourceType"] == "MedicationDispense"
    ]
    assert sorted(written) == sorted(given_out)


def test_only_elements_that_both_versions_know() -> None:
    for one in entries(made().content):
        known = {"resourceType", "id", *SHARED[one["resourceType"]].split()}
        assert set(one) <= known, one["resourceType"]


def test_every_bound_element_that_is_written_is_checked() -> None:
    """The models name the codes of a required binding without holding anybody to them: each such element of ours must
    stand in our own table."""
    from fhir.resources.R4B import get_fhir_model_class

    loose = set()
    for one in entries(made().content):
        fields = get_fhir_model_class(one["resourceType"]).model_fields
        by_alias = {field.alias or name: field for name, field in fields.items()}
        for name in one:
            extra = (by_alias[name].json_schema_extra or {}) if name in by_alias else {}
            if isinstance(extra, dict) and extra.get("enum_values"):
                loose.add(f"{one['resourceType']}.{name}")
    assert loose and loose <= set(checking.BOUND)


PLANTED = [
    ("Patient", "gender", "nam"),
    ("Encounter", "status", "done"),
    ("Observation", "status", "ok"),
    ("ServiceRequest", "intent", "wish"),
    ("AllergyIntolerance", "category", ["pollen"]),
    ("Encounter", "class", {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "CAMP"}),
    ("Condition", "clinicalStatus", {"coding": [{"system": "http://elsewhere", "code": "active"}]}),
    ("Condition", "category", [{"text": "no code at all"}]),
    ("Condition", "code", {"coding": [{"system": "http://loinc.org", "code": "1234-5"}]}),
    ("Observation", "valueQuantity", {"value": 1, "system": checking.UCUM, "code": "stone"}),
]


@pytest.mark.parametrize(("kind", "name", "wrong"), PLANTED)
def test_a_planted_bad_code_is_found(kind: str, name: str, wrong: Any) -> None:
    bundle = json.loads(made().content)
    next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind)[name] = wrong
    with pytest.raises(Fault) as fault:
        checking.check(bundle)
    assert fault.value.code == "bad_fhir_code"
    assert f"{kind}.{name}" in fault.value.what


def test_a_reference_to_nothing_is_found() -> None:
    bundle = json.loads(made().content)
    bundle["entry"] = [one for one in bundle["entry"] if one["resource"]["resourceType"] != "Location"]
    with pytest.raises(Fault) as fault:
        checking.check(bundle)
    assert fault.value.code == "bad_fhir_reference"


def test_no_phone_no_card_no_pin_no_voice_is_in_it() -> None:
    facts = played(7, 1).facts
    text = made(7, 1).content.decode()
    named = {one.body.name for one in facts if isinstance(one.body, kinds.Member | kinds.Registered)}
    hidden = 0
    for fact in facts:
        match fact.body:
            case kinds.Member(pin=pin) if pin:
                assert pin not in text
            case kinds.Registered(card=card, guardian=guardian, witness=witness, know_me=know_me):
                for word in {card, guardian, witness, know_me} - named - {""}:
                    hidden += 1
                    assert word not in text
            case kinds.Voiced(words=words):
                assert words not in text
            case kinds.Device(entry=entry) if entry:
                assert entry not in text
    assert hidden


def test_a_guessed_year_is_not_written_as_known() -> None:
    facts = played().facts
    guessed = {
        str(fact.body.visit)
        for fact in facts
        if isinstance(fact.body, kinds.Registered) and fact.body.born_about
    }
    assert guessed
    for one in entries(made().content):
        if one["resourceType"] == "Patient" and {said["value"] for said in one["identifier"]} & guessed:
            assert "birthDate" not in one


def test_a_camp_where_nobody_came_is_no_export() -> None:
    with pytest.raises(Refused) as refused:
        export(played().plan, operator=OPERATOR)
    assert refused.value.code == "nobody_came"


def test_every_kind_of_sex_is_a_gender_of_fhir() -> None:
    for sex in get_args(kinds.Sex):
        patient = {"resourceType": "Patient", "id": "1", "gender": sex}
        checking.check({"type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "resource": patient}]})
