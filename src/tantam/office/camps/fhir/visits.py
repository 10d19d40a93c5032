"""What happened to one who came: the encounter, what triage measured, what the doctor found, whom he refers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from tantam.office.camps.day import Visit
from tantam.office.camps.facts import Fact
from tantam.office.camps.fhir.checking import UCUM
from tantam.office.camps.fhir.parts import (
    ALLERGY_GROUP,
    MEASURE,
    Context,
    Resource,
    address_of,
    bound,
    concept,
    filled,
)

MEASURES = (
    ("pulse", "Mạch", "/min", "lần/phút"),
    ("temperature_tenths", "Nhiệt độ", "Cel", "°C"),
    ("oxygen", "Độ bão hoà oxy", "%", "%"),
    ("weight_tenths", "Cân nặng", "kg", "kg"),
    ("height_cm", "Chiều cao", "cm", "cm"),
)
"""What triage measures: a field of the fact, its name, its unit for machines and for people; ``_tenths`` are."""
PRESSURES = (("systolic", "Huyết áp tâm thu"), ("diastolic", "Huyết áp tâm trương"))


def encounter(of: Context, visit: Visit, conditions: list[Resource]) -> Resource:
    """The visit itself, from registration to leaving."""
    assert visit.registered is not None
    wrote = [visit.registered, visit.measured, *visit.examined, *visit.dispensed, visit.left]
    seen = dict.fromkeys(fact.author for fact in wrote if fact and of.by(fact))
    start, end = of.when(visit.registered), of.when(visit.left) if visit.left else ""
    if end < start:  # two kits whose clocks differ, or nobody has left
        end = ""
    return filled(
        {
            "resourceType": "Encounter",
            "id": of.id("Encounter", visit.id),
            "status": "finished" if visit.left else "in-progress",
            "class": bound("v3-ActCode", "FLD")["coding"][0],
            "subject": of.patient(visit),
            "participant": [{"individual": of.to("Practitioner", number)} for number in seen],
            "period": filled({"start": start, "end": end}),
            "reasonCode": [concept(visit.vitals.complaint)]
            if visit.vitals and visit.vitals.complaint
            else [],
            "diagnosis": [{"condition": {"reference": f"urn:uuid:{one['id']}"}} for one in conditions],
            "location": [{"location": of.to("Location")}],
            "serviceProvider": of.to("Organization"),
        }
    )


def conditions(of: Context, visit: Visit) -> Iterator[Resource]:
    """What doctors found. Neither suspected nor confirmed is said: the camp's form does not ask which."""
    for fact, body in visit.examinations:
        for number, finding in enumerate(body.findings):
            system = address_of(of.systems.get(finding.code, ""))
            yield _about(
                of,
                visit,
                fact,
                "Condition",
                number,
                {
                    "clinicalStatus": bound("condition-clinical", "active"),
                    "category": [bound("condition-category", "encounter-diagnosis")],
                    "code": concept(
                        finding.words, system, finding.code if finding.code in of.systems else ""
                    ),
                    "recordedDate": of.when(fact),
                    "recorder": of.by(fact),
                },
            )


def observations(of: Context, visit: Visit) -> Iterator[Resource]:
    """What triage measured: one resource a figure, blood pressure with its two."""
    fact, body = visit.measured, visit.vitals
    if fact is None or body is None:
        return
    pressures = [
        {"code": concept(name, MEASURE, field), "valueQuantity": _quantity(value, "mm[Hg]", "mmHg")}
        for field, name in PRESSURES
        if (value := getattr(body, field)) is not None
    ]
    if pressures:
        code = concept("Huyết áp", MEASURE, "blood-pressure")
        yield _observation(of, visit, fact, {"code": code, "component": pressures})
    for field, name, unit, words in MEASURES:
        value = getattr(body, field)
        if value is not None:
            short = field.removesuffix("_tenths").removesuffix("_cm")
            exact = Decimal(value) / 10 if field.endswith("_tenths") else value
            quantity = {"valueQuantity": _quantity(exact, unit, words)}
            yield _observation(of, visit, fact, {"code": concept(name, MEASURE, short), **quantity})
    if body.pregnant:
        code = concept("Đang có thai, theo lời kể", MEASURE, "pregnant")
        yield _observation(of, visit, fact, {"code": code, "valueBoolean": True}, category="survey")


def allergies(of: Context, visit: Visit) -> Iterator[Resource]:
    """Allergies as they were told at triage: by group, and in words."""
    fact, body = visit.measured, visit.vitals
    if fact is None or body is None:
        return
    told = [concept(group, ALLERGY_GROUP, group) for group in body.allergy_groups]
    told += [concept(body.allergy_told)] if body.allergy_told else []
    for number, code in enumerate(told):
        yield filled(
            {
                "resourceType": "AllergyIntolerance",
                "id": of.id("AllergyIntolerance", visit.id, number),
                "clinicalStatus": bound("allergyintolerance-clinical", "active"),
                "verificationStatus": bound("allergyintolerance-verification", "unconfirmed"),
                "category": ["medication"] if "coding" in code else [],
                "code": code,
                "patient": of.patient(visit),
                "encounter": of.to("Encounter", visit.id),
                "recordedDate": of.when(fact),
                "recorder": of.by(fact),
            }
        )


def referrals(of: Context, visit: Visit) -> Iterator[Resource]:
    """Where doctors sent somebody, and what became of it."""
    for fact, body in visit.examinations:
        if body.referral is None:
            continue
        root = of.roots.get(fact.id, fact.id)
        followed = of.day.followed.get(root) or of.day.followed.get(fact.id)
        ended = {"treated": "completed", "declined": "revoked"}
        due = of.planned.on + timedelta(days=body.referral.within_days)
        yield _about(
            of,
            visit,
            fact,
            "ServiceRequest",
            0,
            {
                "status": ended.get(followed.outcome, "active") if followed else "active",
                "intent": "order",
                "code": concept("Chuyển tuyến khám, chữa bệnh"),
                "occurrencePeriod": {"end": str(due)},
                "authoredOn": of.when(fact),
                "requester": of.by(fact),
                "performer": [{"display": body.referral.to}],
                "reasonCode": [concept(body.referral.why)] if body.referral.why else [],
            },
        )


def _about(of: Context, visit: Visit, fact: Fact, kind: str, number: int, said: Resource) -> Resource:
    whose = {"subject": of.patient(visit), "encounter": of.to("Encounter", visit.id)}
    return filled({"resourceType": kind, "id": of.id(kind, fact.mark, number), **said, **whose})


def _observation(
    of: Context, visit: Visit, fact: Fact, said: Resource, category: str = "vital-signs"
) -> Resource:
    by = of.by(fact)
    return filled(
        {
            "resourceType": "Observation",
            "id": of.id("Observation", visit.id, said["code"]["coding"][0]["code"]),
            "status": "corrected" if fact.corrects else "final",
            "category": [bound("observation-category", category)],
            "subject": of.patient(visit),
            "encounter": of.to("Encounter", visit.id),
            "effectiveDateTime": of.when(fact),
            "performer": [by] if by else [],
            **said,
        }
    )


def _quantity(value: int | Decimal, code: str, words: str) -> Resource:
    return {"value": value, "unit": words, "system": UCUM, "code": code}


def written(visit: Visit) -> list[Fact]:
    """The facts of a visit that the export tells of."""
    facts = [visit.registered, visit.measured, *visit.examined, *visit.dispensed, visit.left]
    return [fact for fact in facts if fact]
