"""The day's end on a kit: each lot counted, each difference explained, signed by the lead and a pharmacist with their
PINs. What is written later is still taken; then the day is signed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from uuid_utils.compat import uuid7

from tantam import clock
from tantam.errors import BadInput, Refused, TantamError
from tantam.office.camps import kinds, ledger, stock
from tantam.office.camps.day import Day
from tantam.office.camps.differing import differences as differing_facts
from tantam.office.camps.facts import Fact, digest
from tantam.office.camps.kit import backup, door, viewing
from tantam.office.camps.kit.holding import held
from tantam.office.camps.models import Camp, Unread
from tantam.office.watch import status

PHARMACISTS = ("pharmacist", "chief_pharmacist")


def signed(day: Day, facts: list[Fact]) -> bool:
    """Whether the last signature of this kit still covers all that lies here."""
    own = [
        one.body for one in day.closed if isinstance(one.body, kinds.Closed) and one.body.kit == held().number
    ]
    return bool(own) and own[-1].facts == len(_work(facts))


def close(
    camp: Camp, *, device: str, signers: dict[str, tuple[str, str]], reasons: dict[str, str], at: datetime
) -> Fact:
    """Sign the day. ``signers``: ``lead`` and ``pharmacist`` → (member, PIN); ``reasons``: lot → why its count differs.

    Refuses ``not_counted``, ``not_explained``, ``not_a_signer``, and a PIN as :func:`door.check_pin` does.
    """
    day = ledger.day_of(camp)
    explained = _explained(day, reasons)
    lead = _signer(device, signers["lead"], ("lead",), at)
    pharmacist = _signer(device, signers["pharmacist"], PHARMACISTS, at)
    if lead.id == pharmacist.id:
        raise _not_a_signer()
    work = _work(ledger.facts_of(camp))
    body = kinds.Closed(
        kit=held().number,
        facts=len(work),
        digest=digest(work),
        explained=explained,
        signatures=[
            kinds.Signature(member=lead.id, role="lead"),
            kinds.Signature(member=pharmacist.id, role="pharmacist"),
        ],
    )
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    fact = Fact(uuid7(), camp.id, body, device, lead.id, at, held().number, at)
    ledger.append(camp, [fact])
    return fact


@require_GET
@door.member("lead", "pharmacist")
def day_page(request: Any) -> HttpResponse:
    """The day's sheet: counts, stock, what differs, who signs."""
    return render(request, "kit/day.html", _sheet(request))


@require_POST
@door.member("lead", "pharmacist")
def close_day(request: Any) -> HttpResponse:
    """Sign, copy to the stick, and show the sheet again."""
    sent, at = request.POST, clock.now()
    signers = {who: (sent.get(who, "")[:64], sent.get(f"{who}_pin", "")) for who in ("lead", "pharmacist")}
    reasons = {name[4:]: text.strip()[:300] for name, text in sent.items() if name.startswith("why-")}
    camp = door.camp()
    try:
        close(camp, device=request.device.id, signers=signers, reasons=reasons, at=at)
    except TantamError as no:
        sheet = {
            **_sheet(request, reasons),
            "error": no,
            "chosen": {k: v[0] for k, v in signers.items()},
        }
        return render(request, "kit/day.html", sheet, status=status(no))
    if held().usb is not None:
        backup.copy_once(camp, held(), at)
    return redirect("day")


@require_GET
@door.member("lead")
def home_file(request: HttpRequest) -> HttpResponse | FileResponse:
    """The signed day as the file that goes home."""
    path = held().folder / f"kit{held().number}.home.camp"
    write_home(door.camp(), path)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def write_home(camp: Camp, path: Any) -> tuple[int, str]:
    """Write what goes home, read back; gives how many facts, and their digest. Refuses ``not_closed``."""
    if not signed(ledger.day_of(camp), ledger.facts_of(camp)):
        raise Refused(
            "not_closed",
            "The day is not signed, or something was written after it was.",
            "Count, explain and sign on the page of the day first.",
            vi="Ngày khám chưa ký, hoặc có lượt ghi sau khi ký. Đếm, giải thích và ký ở trang Kết thúc ngày trước.",
        )
    return backup.write_home(camp, held(), path)


def _sheet(request: Any, reasons: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    camp, day = door.camp(), door.day()
    facts = ledger.facts_of(camp)
    last = _last(day)
    explained = {one.lot: one.reason for one in last[1].explained} if last else {}
    differing = stock.differences(day)
    medicines = day.plan.medicines
    rows = [
        {
            "lot": lot,
            "medicine": medicines.get(lot.medicine),
            "difference": differing.get(lot.id, 0),
            "counted": lot.counted,
            "reason": reasons.get(lot.id) or explained.get(lot.id, ""),
        }
        for lot in viewing.own_lots(day)
    ]
    members = day.plan.members.values()
    return {
        "station": "lead" if "lead" in request.member.roles else "pharmacist",
        "counts": viewing.counts(day, request.member.id),
        "rows": rows,
        "uncounted": [row for row in rows if row["counted"] is None],
        "leads": [one for one in members if "lead" in one.roles],
        "pharmacists": [one for one in members if set(PHARMACISTS) & set(one.roles)],
        "last": last[0] if last else None,
        "signers": [day.plan.members[one.member] for one in last[1].signatures] if last else [],
        "later": len(_work(facts)) - last[1].facts if last else 0,
        "differing": [
            (
                one,
                [
                    day.visits[number].person
                    for number in one.visits
                    if number in day.visits and day.visits[number].registered
                ],
            )
            for one in differing_facts(facts, day)
        ],
        "signed": signed(day, facts),
        "written_after": bool(day.closed) and not signed(day, facts),
        "late": sum(fact.entered_late for fact in facts),
        "unread": Unread.objects.filter(camp=camp, settled=False).count(),
        "facts": len(facts),
        "digest": digest(facts),
        "backup": backup.state(),
        "kit_state": viewing.kit(day),
    }


def _last(day: Day) -> tuple[Fact, kinds.Closed] | None:
    """The last signature of this kit."""
    own = [(one, one.body) for one in day.closed if isinstance(one.body, kinds.Closed)]
    return next((one for one in own[::-1] if one[1].kit == held().number), None)


def _explained(day: Day, reasons: dict[str, str]) -> list[kinds.Explained]:
    own = {lot.id for lot in viewing.own_lots(day)}
    if any(day.lots[lot].counted is None for lot in own):
        raise Refused(
            "not_counted",
            "Some lots are not counted yet.",
            "Count each lot by hand and write down what lies there.",
            vi="Còn lô thuốc chưa đếm. Đếm từng lô và ghi số thực có.",
        )
    explained = []
    for lot, difference in sorted(stock.differences(day).items()):
        if lot not in own:
            continue
        reason = reasons.get(lot, "")
        if len(reason) < 3:
            raise BadInput(
                "not_explained",
                f"The count of lot {day.lots[lot].number} differs by {difference} and nobody said why.",
                "Write the reason beside it, also if it is that nobody knows.",
                vi=f"Lô {day.lots[lot].number} lệch {difference} mà chưa có lý do. "
                "Ghi lý do bên cạnh, kể cả khi không ai biết vì sao.",
            )
        explained.append(kinds.Explained(lot=lot, difference=difference, reason=reason))
    return explained


def _signer(device: str, who: tuple[str, str], roles: tuple[str, ...], at: datetime) -> kinds.Member:
    found = door.check_pin(device, *who, at)
    if not set(roles) & set(found.roles):
        raise _not_a_signer()
    return found


def _not_a_signer() -> Refused:
    return Refused(
        "not_a_signer",
        "The day is signed by two people: the lead and a pharmacist.",
        "Choose both, each with his own PIN.",
        vi="Ngày khám cần hai người ký: trưởng đoàn và một dược sĩ. Chọn đủ hai người, mỗi người một mã PIN.",
    )


def _work(facts: list[Fact]) -> list[Fact]:
    """All but the signatures themselves."""
    return [fact for fact in facts if fact.kind != "closed"]
