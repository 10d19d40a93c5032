"""Every bound code and every reference of a bundle, checked by us: the models of fhir.resources check neither."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tantam.errors import Fault

OUR_OWN = "urn:tantam:"
UCUM = "http://unitsofmeasure.org"
UNITS = {"mm[Hg]", "/min", "Cel", "%", "kg", "cm"}
"""The units of what triage measures, as UCUM writes them."""
BOUND = {
    "Bundle.type": "bundle-type",
    "Patient.gender": "administrative-gender",
    "Encounter.status": "encounter-status",
    "Observation.status": "observation-status",
    "AllergyIntolerance.category": "allergy-intolerance-category",
    "MedicationRequest.status": "medicationrequest-status",
    "MedicationRequest.intent": "medicationrequest-intent",
    "MedicationDispense.status": "medicationdispense-status",
    "ServiceRequest.status": "request-status",
    "ServiceRequest.intent": "request-intent",
    "Consent.status": "consent-state-codes",
}
"""Elements that hold a bare code → the code system it must be of."""
CODED = {
    "Organization.type": "organization-type",
    "Encounter.class": "v3-ActCode",
    "Observation.category": "observation-category",
    "Condition.clinicalStatus": "condition-clinical",
    "Condition.category": "condition-category",
    "AllergyIntolerance.clinicalStatus": "allergyintolerance-clinical",
    "AllergyIntolerance.verificationStatus": "allergyintolerance-verification",
    "Consent.scope": "consent-scope",
}
"""Elements that hold a coding → the code system it must be of."""


def check(bundle: Mapping[str, Any]) -> None:
    """Fault ``bad_fhir_code`` or ``bad_fhir_reference``: the first of them, by its place alone."""
    for place, code in _wrong_codes(bundle):
        raise Fault(
            "bad_fhir_code",
            f"The bundle has a code at {place} that its value set does not know: {code[:40]}.",
            "Nothing was exported. This is our mistake: tell whoever runs the program.",
            vi=f"Gói FHIR có mã không đúng ở {place}. Chưa xuất gì; lỗi của chương trình, hãy báo người quản trị.",
        )
    there = {entry["fullUrl"] for entry in bundle.get("entry", [])}
    for place, target in _walk(bundle, "Bundle"):
        if place.endswith(".reference") and target not in there:
            raise Fault(
                "bad_fhir_reference",
                f"The bundle refers at {place} to something that is not in it.",
                "Nothing was exported. This is our mistake: tell whoever runs the program.",
                vi=f"Gói FHIR nhắc ở {place} tới một mục không có trong gói. Chưa xuất gì; hãy báo người quản trị.",
            )


@cache
def _systems() -> dict[str, tuple[str, frozenset[str]]]:
    """Code system → its address and its codes."""
    written = (files("tantam.office.camps") / "data" / "fhir-codes.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, set[str]]] = {}
    for row in csv.DictReader(written.splitlines()):
        found.setdefault(row["codesystem"], (row["system"], set()))[1].add(row["code"])
    return {name: (address, frozenset(codes)) for name, (address, codes) in found.items()}


def _wrong_codes(bundle: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if bundle.get("type") not in _systems()["bundle-type"][1]:
        yield "Bundle.type", str(bundle.get("type"))
    for entry in bundle.get("entry", []):
        resource = entry["resource"]
        kind = resource["resourceType"]
        for name, value in resource.items():
            place = f"{kind}.{name}"
            if place in BOUND:
                known = _systems()[BOUND[place]][1]
                yield from ((place, str(one)) for one in _listed(value) if one not in known)
            elif place in CODED:
                system, known = _systems()[CODED[place]]
                for coding in _codings(value):
                    if coding.get("system") != system or coding.get("code") not in known:
                        yield place, str(coding.get("code"))
            else:
                yield from _of_others(place, value)


def _of_others(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Codings and quantities where no value set is required: a list of the camp, or a unit that we know."""
    for coding in _dicts(value):
        system, code = coding.get("system"), coding.get("code")
        if system == UCUM:
            if code not in UNITS:
                yield place, str(code)
        elif isinstance(code, str) and not str(system).startswith(OUR_OWN):
            yield place, str(code)


def _codings(value: Any) -> list[Any]:
    """The codings of a coding, of a concept or of a list of concepts; a concept without one is a wrong one."""
    found: list[Any] = []
    for one in _listed(value):
        found += one.get("coding") or ([one] if "code" in one else [{}])
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _dicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts(inner)


def _walk(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every leaf with its place."""
    if isinstance(value, dict):
        place = value.get("resourceType", place)
        for name, inner in value.items():
            yield from _walk(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, place)
    else:
        yield place, value
