"""The medicine of one who came: what was prescribed, and what was handed out of which lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tantam.office.camps import kinds
from tantam.office.camps.day import Visit
from tantam.office.camps.facts import Fact
from tantam.office.camps.fhir.parts import Context, Resource, concept, filled


def lots(of: Context, visits: Iterable[Visit]) -> Iterator[Resource]:
    """The lots that something was handed out of."""
    used = {one.lot for visit in visits for _, body in _handed(visit) for one in body.given}
    for number, lot in sorted(of.day.lots.items()):
        if number in used and lot.medicine:
            known = of.day.plan.medicines.get(lot.medicine)
            yield filled(
                {
                    "resourceType": "Medication",
                    "id": of.id("Medication", number),
                    "code": of.medicine(lot.medicine),
                    "form": concept(known.form) if known and known.form else None,
                    "batch": {"lotNumber": lot.number, "expirationDate": str(lot.expires_on)},
                }
            )


def prescribed(of: Context, visit: Visit) -> Iterator[Resource]:
    """What doctors prescribed, with the reasons for which a warning was passed over."""
    for fact, body in visit.examinations:
        answer = _answer(visit, fact)
        for number, one in enumerate(body.prescribed):
            refused = [
                entry.reason
                for entry in (answer.not_given if answer else [])
                if entry.medicine == one.medicine
            ]
            notes = [f"Cảnh báo {past.warning}: {past.reason}" for past in one.overruled]
            amount = f"{one.how} ({one.a_day} {_unit(of, one.medicine)} một ngày)" if one.a_day else one.how
            yield filled(
                {
                    "resourceType": "MedicationRequest",
                    "id": of.id("MedicationRequest", fact.mark, number),
                    "status": "active" if answer is None else "cancelled" if refused else "completed",
                    "statusReason": concept("; ".join(refused)) if refused else None,
                    "intent": "order",
                    "medicationCodeableConcept": of.medicine(one.medicine),
                    "subject": of.patient(visit),
                    "encounter": of.to("Encounter", visit.id),
                    "authoredOn": of.when(fact),
                    "requester": of.by(fact),
                    "note": [{"text": note} for note in notes],
                    "dosageInstruction": [{"text": amount}] if amount else [],
                    "dispenseRequest": {"quantity": {"value": one.units, "unit": _unit(of, one.medicine)}},
                }
            )


def handed_out(of: Context, visit: Visit) -> Iterator[Resource]:
    """What pharmacists handed out, each lot for itself, tied to the prescription that it answers."""
    asked = {fact.id: (fact, body) for fact, body in visit.examinations}
    for fact, body in _handed(visit):
        by = of.by(fact)
        for number, given in enumerate(body.given):
            lot = of.day.lots.get(given.lot)
            medicine = lot.medicine if lot else ""
            answers = []
            if body.examined in asked:
                examined, found = asked[body.examined]
                answers = [
                    of.to("MedicationRequest", examined.mark, place)
                    for place, one in enumerate(found.prescribed)
                    if one.medicine == medicine
                ]
            named = (
                {"medicationReference": of.to("Medication", given.lot)}
                if medicine
                else {"medicationCodeableConcept": concept(given.lot)}
            )
            yield filled(
                {
                    "resourceType": "MedicationDispense",
                    "id": of.id("MedicationDispense", fact.mark, number),
                    "status": "completed",
                    **named,
                    "subject": of.patient(visit),
                    "context": of.to("Encounter", visit.id),
                    "performer": [{"actor": by}] if by else [],
                    "location": of.to("Location"),
                    "authorizingPrescription": answers,
                    "quantity": {"value": given.units, "unit": _unit(of, medicine)},
                    "whenHandedOver": of.when(fact),
                }
            )


def _answer(visit: Visit, examined: Fact) -> kinds.Dispensed | None:
    """What a pharmacist answered to an examination, if one did."""
    return next((body for _, body in _handed(visit) if body.examined == examined.id), None)


def _handed(visit: Visit) -> list[tuple[Fact, kinds.Dispensed]]:
    return [(fact, fact.body) for fact in visit.dispensed if isinstance(fact.body, kinds.Dispensed)]


def _unit(of: Context, medicine: str) -> str:
    known = of.day.plan.medicines.get(medicine)
    return known.unit if known else ""
