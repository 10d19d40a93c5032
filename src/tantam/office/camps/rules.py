"""What a camp needs before it opens, and what may not stand in its plan. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from tantam.errors import BadInput, Refused
from tantam.letters import fold
from tantam.office.camps import formulary, kinds
from tantam.office.camps.day import Day, Plan

B = TypeVar("B", bound=kinds.Body)

ROLES: dict[str, tuple[str, str]] = {
    "registrar": ("đón tiếp", "registrar"),
    "triage": ("đo, hỏi", "triage"),
    "doctor": ("bác sĩ", "doctor"),
    "pharmacist": ("phát thuốc", "pharmacist"),
    "exit": ("tiễn về", "exit"),
    "lead": ("trưởng đoàn", "lead"),
    "chief_pharmacist": ("dược sĩ trưởng", "chief pharmacist"),
}
NEEDED = (*kinds.STATIONS, "lead")
"""Roles that somebody must hold: every station, and who closes the day."""
LICENSED = {"doctor", "pharmacist", "chief_pharmacist"}
PARTNERS = {
    "hospital": ("bệnh viện", "hospital"),
    "donor": ("nhà tài trợ", "donor"),
    "authority": ("cơ quan", "authority"),
    "commune": ("xã", "commune"),
}


def missing(day: Day) -> list[Refused]:
    """All that keeps a camp from opening, in the order in which it is usually brought; empty when it may open.

    Codes: ``no_permit``, ``permit_expired``, ``no_team``, ``no_licence``, ``formulary_unsigned``, ``demo_formulary``,
    ``no_stock``.
    """
    return [*_permit(day.plan), *_team(day.plan), *_medicine(day)]


def no_permit() -> Refused:
    """A camp, and telling people of it, waits for the health authority's yes."""
    return Refused(
        "no_permit",
        "There is no permit of the health authority.",
        "Write down the authority, the number and the dates.",
        vi="Chưa có giấy phép của cơ quan y tế. Ghi cơ quan cấp, số và ngày.",
    )


def _permit(plan: Plan) -> Iterator[Refused]:
    if plan.permit is None:
        yield no_permit()
        return
    permit, on = plan.permit[1], plan.planned.on if plan.planned else None
    if on is not None and not permit.issued_on <= on <= permit.valid_to:
        yield Refused(
            "permit_expired",
            f"Permit {permit.number} does not hold on the camp day, {on:%d/%m/%Y}.",
            "Have it extended and write down the new one, or move the day.",
            vi=f"Giấy phép {permit.number} không có hiệu lực vào ngày khám {on:%d/%m/%Y}. "
            "Xin gia hạn rồi ghi giấy mới, hoặc dời ngày khám.",
        )


def _team(plan: Plan) -> Iterator[Refused]:
    held = {role for one in plan.members.values() if one.pin for role in one.roles}
    lacking = [role for role in NEEDED if role not in held]
    if lacking:
        yield Refused(
            "no_team",
            f"Nobody with a PIN is there for: {', '.join(ROLES[role][1] for role in lacking)}.",
            "Add members with a PIN; one may hold several roles.",
            vi=f"Chưa có người (có mã PIN) cho việc: {', '.join(ROLES[role][0] for role in lacking)}. "
            "Ghi thêm người và đặt mã PIN; một người làm được nhiều việc.",
        )
    bare = sum(bool(LICENSED & set(one.roles)) and not one.licence for one in plan.members.values())
    if bare:
        yield Refused(
            "no_licence",
            f"{bare} of the doctors and pharmacists have no licence written down.",
            "Write down the number of each.",
            vi=f"Có {bare} bác sĩ, dược sĩ chưa ghi số chứng chỉ hành nghề. Ghi số của từng người.",
        )


def _medicine(day: Day) -> Iterator[Refused]:
    plan = day.plan
    if plan.formulary is None:
        yield Refused(
            "formulary_unsigned",
            "There is no formulary yet.",
            "Bring the file, then the chief pharmacist reads each line and signs.",
            vi="Chưa có danh mục thuốc. Nạp tệp, rồi dược sĩ trưởng đọc từng dòng và ký.",
        )
        return
    try:
        formulary.check_for(plan.formulary, plan.permit[1] if plan.permit else _REHEARSAL)
    except Refused as no:
        yield no
    if not any(lot.held > 0 and lot.medicine in plan.medicines for lot in day.lots.values()):
        yield Refused(
            "no_stock",
            "No lot of a medicine of the formulary has come in.",
            "Write down the lots: number, expiry, units.",
            vi="Chưa nhận lô thuốc nào của danh mục. Ghi các lô đã nhận: số lô, hạn dùng, số lượng.",
        )


_REHEARSAL = kinds.Permit(
    authority="-", number="-", issued_on=date(1970, 1, 1), valid_to=date(1970, 1, 1), dossier="", real=False
)


def unsigned(one: kinds.Formulary) -> bool:
    """Whether a formulary still waits for its signature."""
    return one.signed_by == formulary.UNSIGNED


def check_day(on: date, today: date) -> None:
    """Refuse (``camp_day_past``) a day that is over."""
    if on < today:
        raise Refused(
            "camp_day_past",
            f"The camp day, {on:%d/%m/%Y}, is over.",
            "Give a day that is still to come.",
            vi=f"Ngày khám {on:%d/%m/%Y} đã qua. Chọn ngày sắp tới.",
        )


_PROMOTION = re.compile(
    r"\b(khuyen mai|khuyen mi|uu dai|giam gia|chiet khau|voucher|goi cuoc|goi data|nap the|the nap|hoa mang"
    r"|chuyen mang|dang ky goi|tang data|tang phut|tang dung luong|mua sim|sim [45]g|\d+ ?gb|\d+ ?%"
    r"|promotion|promo|discount|special offer|top up|data plan)\b"
)


def check_notice(words: str) -> str:
    """A notice's words, tidied. Refuses ``empty_notice``, ``promotion_in_notice``: a camp sells nothing, and where
    people are examined the law lets nobody promote anything."""
    said = "\n".join(line for line in (" ".join(line.split()) for line in words.splitlines()) if line)
    if not said:
        raise BadInput(
            "empty_notice",
            "The notice says nothing.",
            "Write where, when and what to bring.",
            vi="Lời báo còn trống. Viết ở đâu, lúc nào, mang theo gì.",
        )
    found = _PROMOTION.search(fold(said))
    if found:
        raise Refused(
            "promotion_in_notice",
            f"“{found[0]}” reads as a promotion: nothing is sold or offered at a camp.",
            "Take it out. People come to be examined, whoever their operator is.",
            vi=f"“{found[0]}” là lời khuyến mại: trại khám không bán, không mời mua gì. "
            "Bỏ chữ ấy đi. Bà con đến để khám, dùng mạng nào cũng vậy.",
        )
    return said


def check_pin(pin: str) -> str:
    """A PIN of four to eight digits; refuses ``bad_pin``."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise BadInput(
            "bad_pin",
            "A PIN has 4 to 8 digits.",
            "Type digits only.",
            vi="Mã PIN có 4 đến 8 chữ số. Chỉ gõ chữ số.",
        )
    return pin


def made(kind: type[B], **fields: Any) -> B:
    """A body of a kind out of what somebody typed. BadInput ``bad_camp_entry`` names the fields that do not fit."""
    try:
        return kind(**fields)
    except ValidationError as wrong:
        names = sorted({str(one["loc"][0]) for one in wrong.errors() if one["loc"]})
        vi = ", ".join(FIELDS.get(name, (name, name))[0] for name in names)
        en = ", ".join(FIELDS.get(name, (name, name))[1] for name in names)
    raise BadInput(
        "bad_camp_entry",
        f"This cannot be written down: {en} is missing, too long or no such value.",
        "Correct it.",
        vi=f"Chưa ghi được: {vi} còn thiếu, quá dài hoặc không hợp lệ. Sửa lại giúp.",
    )


FIELDS: dict[str, tuple[str, str]] = {
    "name": ("tên", "the name"),
    "theme": ("chủ đề", "the theme"),
    "place": ("xã", "the commune"),
    "place_code": ("mã xã", "the commune's code"),
    "province": ("tỉnh", "the province"),
    "authority": ("cơ quan cấp phép", "the authority"),
    "number": ("số", "the number"),
    "issued_on": ("ngày cấp", "the day of issue"),
    "valid_to": ("hạn giấy phép", "the permit's end"),
    "dossier": ("hồ sơ", "the dossier"),
    "role": ("vai trò", "the role"),
    "roles": ("việc ở trại", "the roles"),
    "licence": ("số chứng chỉ", "the licence"),
    "station": ("bàn", "the station"),
    "address": ("địa chỉ", "the address"),
    "first_ticket": ("số đầu tiên", "the first ticket"),
    "letter": ("chữ trên phiếu", "the letter"),
    "medicine": ("thuốc", "the medicine"),
    "lot": ("lô", "the lot"),
    "expires_on": ("hạn dùng", "the expiry"),
    "units": ("số lượng", "the units"),
    "dong": ("số tiền", "the amount"),
    "what": ("khoản gì", "what for"),
    "source": ("nguồn tiền", "whose money"),
    "reason": ("lý do", "the reason"),
    "words": ("lời", "the words"),
    "where": ("chỗ khám", "where"),
    "times": ("giờ từng thôn", "the villages' hours"),
    "bring": ("mang theo", "what to bring"),
    "id": ("mã", "the code"),
}
"""Field of a kind → its name in a sentence."""


def reason(text: str) -> str:
    """Why a plan changes, in words; refuses ``no_reason``."""
    said = " ".join(text.split())[:300]
    if len(said) < 3:
        raise BadInput(
            "no_reason",
            "It is not said why.",
            "Write it in a sentence that the commune can read.",
            vi="Chưa nói vì sao. Viết một câu cho xã đọc được.",
        )
    return said


def next_code(prefix: str, known: Iterable[str]) -> str:
    """The first free code of a member, desk or partner: ``BS1``, ``B3``."""
    taken = set(known)
    return next(code for n in range(1, len(taken) + 2) if (code := f"{prefix}{n}") not in taken)


def next_letter(known: Sequence[str]) -> str:
    """The first free letter of a device: A … Z, AA …"""
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    every = [*letters, *(one + other for one in letters for other in letters)]
    return next(one for one in every if one not in known)
