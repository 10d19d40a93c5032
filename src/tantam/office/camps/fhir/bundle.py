"""A camp's facts as one bundle: the same facts give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from tantam.errors import Refused
from tantam.office.camps import kinds
from tantam.office.camps.day import Visit, fold
from tantam.office.camps.differing import differences
from tantam.office.camps.differing import people as people_of
from tantam.office.camps.facts import Fact, digest, merge, roots
from tantam.office.camps.fhir import medicines, people, visits
from tantam.office.camps.fhir.checking import check
from tantam.office.camps.fhir.parts import DIGEST, MADE_UP, Context, Resource, filled, moment


@dataclass(frozen=True)
class Export:
    """A bundle as a file: how many patients and resources it holds, and how many differences nobody has decided."""

    content: bytes
    patients: int
    resources: int
    undecided: int


def export(facts: Iterable[Fact], *, operator: str) -> Export:
    """The bundle (``collection``, JSON in UTF-8) of one camp; ``operator``: its name.

    Visits that nobody registered are left out. Refuses ``nobody_came``; Fault ``bad_fhir_code``,
    ``bad_fhir_reference``, and fhir.resources' own errors where a resource is no resource.
    """
    held = merge(facts)
    day = fold(held)
    came = [sorted(visits, key=_number) for visits in people_of(day)]
    came.sort(key=lambda visits: _number(visits[0]))
    if not came or day.plan.planned is None:
        raise Refused(
            "nobody_came",
            "Nobody was registered at this camp: there is nothing to export.",
            "Merge what the kits brought home first.",
            vi="Trại này chưa ghi ai đến khám: không có gì để xuất. Gộp dữ liệu các máy mang về trước.",
        )
    firsts = {visit.id: ones[0].id for ones in came for visit in ones}
    of = Context(held[0].camp, day, operator, _systems(held), roots(held), firsts)
    every = list(chain.from_iterable(came))
    wrote = list(chain.from_iterable(map(visits.written, every)))
    resources = [
        *people.places(of),
        *people.team(of, wrote),
        *medicines.lots(of, every),
        *(people.patient(of, ones) for ones in came),
        *chain.from_iterable(_of_visit(of, visit) for visit in every),
    ]
    bundle = filled(
        {
            "resourceType": "Bundle",
            "meta": {"tag": _tags(of, held)},
            "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{of.camp}"},
            "type": "collection",
            "timestamp": moment(max(fact.kit_at for fact in held)),
            "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
        }
    )
    check(bundle)
    return Export(_as_json(bundle), len(came), len(resources), len(differences(held, day)))


def _as_json(bundle: Resource) -> bytes:
    """Read by the models, which refuse what is no element, and written by them."""
    from fhir.resources.R4B.bundle import Bundle

    written: str = Bundle.model_validate(bundle).model_dump_json()
    return written.encode() + b"\n"


def _of_visit(of: Context, visit: Visit) -> Iterator[Resource]:
    assert visit.registered is not None
    found = list(visits.conditions(of, visit))
    yield people.consent(of, visit, visit.registered)
    yield visits.encounter(of, visit, found)
    yield from visits.observations(of, visit)
    yield from visits.allergies(of, visit)
    yield from found
    yield from medicines.prescribed(of, visit)
    yield from medicines.handed_out(of, visit)
    yield from visits.referrals(of, visit)


def _number(visit: Visit) -> bytes:
    return visit.id.bytes


def _systems(facts: Iterable[Fact]) -> Mapping[str, str]:
    """Code → the list that the camp loaded it from."""
    return {
        code: fact.body.system
        for fact in facts
        if isinstance(fact.body, kinds.Codes)
        for code, _ in fact.body.rows
    }


def _tags(of: Context, facts: Iterable[Fact]) -> list[Resource]:
    tags = [{"system": DIGEST, "code": digest(facts)}]
    if of.planned.made_up:
        tags.append({"system": MADE_UP, "code": "made-up", "display": "Dữ liệu bịa để tập"})
    return tags
