"""Who and where: the operator, the hospitals beside it, the place, those of the team who did something, the patients
and their consent. No phone, no card, not even its last digits, no guardian's name, nobody's voice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tantam.office.camps import kinds
from tantam.office.camps.day import Visit
from tantam.office.camps.facts import Fact
from tantam.office.camps.fhir.parts import LICENCE, VISIT, Context, Resource, bound, concept, filled

LAW = "Luật Khám bệnh, chữa bệnh số 15/2023/QH15"
CONSENT = {
    "heard": "Đồng ý khám, nghe bằng thứ tiếng mình hiểu",
    "by_guardian": "Người giám hộ đồng ý cho khám",
}


def places(of: Context) -> Iterator[Resource]:
    """The operator, the hospitals, the place of the camp."""
    yield {"resourceType": "Organization", "id": of.id("Organization"), "name": of.operator}
    for number, partner in sorted(of.day.plan.partners.items()):
        if partner.role == "hospital":
            yield {
                "resourceType": "Organization",
                "id": of.id("Organization", number),
                "type": [bound("organization-type", "prov")],
                "name": partner.name,
            }
    yield {
        "resourceType": "Location",
        "id": of.id("Location"),
        "identifier": [{"system": "urn:tantam:place", "value": of.planned.place_code}],
        "name": of.planned.place,
        "description": of.planned.name,
        "managingOrganization": of.to("Organization"),
    }


def team(of: Context, facts: Iterable[Fact]) -> Iterator[Resource]:
    """Those of the team who wrote one of these facts, with their licence; never a PIN."""
    wrote = {fact.author for fact in facts}
    for number, member in sorted(of.day.plan.members.items()):
        if number in wrote:
            licence = {
                "identifier": [{"system": LICENCE, "value": member.licence}],
                "code": concept(member.title or "Chứng chỉ hành nghề"),
            }
            yield filled(
                {
                    "resourceType": "Practitioner",
                    "id": of.id("Practitioner", number),
                    "name": [filled({"text": member.name, "prefix": [member.title] if member.title else []})],
                    "qualification": [licence] if member.licence else [],
                }
            )


def patient(of: Context, visits: list[Visit]) -> Resource:
    """One who came, with his visits: the name as first written, the day of birth or the year alone (none where it was
    a guess)."""
    person = visits[0].person
    year = "" if person.born_about or person.born_year is None else f"{person.born_year:04}"
    return filled(
        {
            "resourceType": "Patient",
            "id": of.id("Patient", visits[0].id),
            "identifier": [{"system": VISIT, "value": str(visit.id)} for visit in visits],
            "name": [{"text": person.name}],
            "gender": person.sex,
            "birthDate": str(person.born_on) if person.born_on else year,
            "address": [{"text": person.village}] if person.village else [],
            "managingOrganization": of.to("Organization"),
        }
    )


def consent(of: Context, visit: Visit, registered: Fact) -> Resource:
    """That somebody agreed to be examined, heard at registration."""
    assert isinstance(registered.body, kinds.Registered)
    when = of.when(registered)
    return filled(
        {
            "resourceType": "Consent",
            "id": of.id("Consent", visit.id),
            "status": "active",
            "scope": bound("consentscope", "treatment"),
            "category": [concept(CONSENT[registered.body.consent])],
            "patient": of.patient(visit),
            "dateTime": when,
            "organization": [of.to("Organization")],
            "policyRule": concept(LAW),
            "verification": [{"verified": True, "verificationDate": when}] if registered.body.witness else [],
        }
    )
