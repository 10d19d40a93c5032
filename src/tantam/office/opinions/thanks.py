"""What may happen to thanks: promised to somebody whose words led to something, told, and given with a receipt."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions as channels
from tantam.office.door import enter, may
from tantam.office.journal.actions import write
from tantam.office.opinions import contributors, score
from tantam.office.opinions.models import Reward
from tantam.office.people.models import Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise

TAX_CLASSES = {
    "unsure": ("chưa xác định, phải hỏi kế toán", "not settled yet, the accountant is to say"),
    "gift": ("quà tặng", "a gift"),
    "prize": ("giải thưởng", "a prize"),
}
"""What the accountant called it. No tax is computed here."""

LARGE_DONG = 100_000_000
MOST_DONG = 10**12
LONGEST, LONGEST_LINE = 200, 20

_SPACE = UUID("7d9f0a35-0a5d-5c1e-8f0e-4f2a5b6c7d18")


def thank(
    key: int,
    *,
    actor: Staff,
    at: datetime,
    what: str,
    amount_dong: int | None,
    tax_class: str,
    budget_line: str,
    owner: Staff,
    due: date,
    year: int | None = None,
) -> Reward:
    """Promise somebody thanks by ``due`` for what the opinions of a year (this one) led to, and tell him through the
    gate. ``what``: as he will read it; ``budget_line``: of the operator's own books.

    Refuses ``no_thanks``, ``thanks_too_long``, ``bad_amount``, ``bad_tax_class``, ``bad_budget_line``, ``bad_year``,
    ``ask_an_executive`` (over 100 m), ``no_points``, ``thanked_already``; and what a promise refuses.
    """
    enter(actor, "reward.thank")
    year = _check_year(day_of(at).year if year is None else year, day_of(at))
    row = _checked(what, amount_dong, tax_class, budget_line)
    if (amount_dong or 0) > LARGE_DONG and not may(actor, "reward.thank_large"):
        raise Refused(
            "ask_an_executive",
            "Thanks of over VND 100 million are an executive's to promise.",
            "Ask one to do it, or thank with less.",
            vi="Phần thưởng trên 100 triệu đồng phải do ban lãnh đạo hứa. Nhờ ban lãnh đạo, hoặc giảm xuống.",
        )
    found = contributors.explained([key], year)[key]
    if not found:
        raise Refused(
            "no_points",
            f"No opinion of this person has led to anything in {year}.",
            "Thank for what was answered or done.",
            vi=f"Năm {year} chưa có ý kiến nào của người này được trả lời hay làm xong. Hãy cảm ơn khi đã có kết quả.",
        )
    row |= {"points": score.total(found), "arithmetic": score.as_kept(found), "by": actor, "at": at}
    with transaction.atomic():
        reward, new = Reward.objects.get_or_create(key=key, year=year, defaults=row)
        if not new:
            raise Refused(
                "thanked_already",
                f"This person was thanked for {year} already.",
                "Open the promise that was made.",
                vi=f"Người này đã được cảm ơn cho năm {year}. Mở lời hứa đã ghi.",
            )
        reward.promise = promises.make(
            actor=actor, at=at, kind="gift", what=reward.what, owner=owner, office=owner.office, first_due=due,
            to=("subscriber", key), about=("reward", reward.pk),
        )  # fmt: skip
        reward.save(update_fields=["promise"])
        channels.ask(
            actor=None, at=at, id=uuid5(_SPACE, f"{reward.pk}"), key=key, purpose="care", promise=reward.promise,
            text=text_of(found, reward.what, due), about=("reward", reward.pk),
        )  # fmt: skip
        write(
            actor=actor, act="reward.promised", at=at, on=("reward", reward.pk), year=year, points=reward.points,
            amount=reward.amount_dong, tax=tax_class,
        )  # fmt: skip
    return reward


def given(reward: Reward, *, actor: Staff, at: datetime, receipt: str) -> Promise:
    """It was handed over, and this is the receipt: that keeps the promise. Twice is once. Refuses ``no_proof``,
    ``promise_settled``."""
    enter(actor, "reward.thank")
    assert reward.promise is not None
    return promises.keep(reward.promise, actor=actor, at=at, proof_kind="receipt", proof=receipt)


def text_of(found: list[score.Line], what: str, due: date) -> str:
    """What the person is told: what came of his words first, then the thanks and their day."""
    best = found[0].name
    more = f" và {len(found) - 1} việc khác" if found[1:] else ""
    return (
        f"Cảm ơn anh chị đã góp ý về “{best}”{more}. Xin gửi anh chị: {what}. Hẹn trước ngày {due:%d/%m/%Y}."
    )


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber was thanked for, and with what."""
    rows = Reward.objects.filter(key=key).select_related("promise").order_by("year")
    return [
        {"what": "reward", "year": r.year, "promised": r.what, "points": r.points, "amount": r.amount_dong,
         "state": r.promise.state if r.promise else ""}
        for r in rows
    ]  # fmt: skip


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The tie to him and the words go; what was spent, and for how many points, stays."""
    with transaction.atomic():
        changed = Reward.objects.filter(key=key).update(key=None, what="—")
        if changed:
            write(actor=actor, act="reward.forgotten", at=at, on=("reward", "many"), count=changed)
    return changed


def _check_year(year: int, today: date) -> int:
    if not today.year - 1 <= year <= today.year:
        raise BadInput(
            "bad_year",
            "Thanks are for this year or the one before.",
            "Choose one of the two.",
            vi="Chỉ cảm ơn cho năm nay hoặc năm trước. Chọn một trong hai.",
        )
    return year


def _checked(what: str, amount: int | None, tax_class: str, line: str) -> dict[str, Any]:
    """The columns of what was typed, or why not."""
    what, line = " ".join(what.split()).rstrip("."), line.strip()
    if not what:
        raise BadInput(
            "no_thanks", "Nothing is written to thank with.", "Write what the person gets.",
            vi="Chưa ghi cảm ơn bằng gì. Viết điều người ấy sẽ nhận.",
        )  # fmt: skip
    if len(what) > LONGEST:
        raise BadInput(
            "thanks_too_long", f"This is longer than {LONGEST} letters.", "Shorten it: it goes to a phone.",
            vi=f"Dài quá {LONGEST} chữ. Viết ngắn lại, vì sẽ gửi tới máy của khách.",
        )  # fmt: skip
    if amount is not None and not 0 <= amount <= MOST_DONG:
        raise BadInput(
            "bad_amount", "The amount is no sum of đồng.", "Write whole đồng, or leave it empty.",
            vi="Số tiền chưa đúng. Viết số đồng, hoặc để trống.",
        )  # fmt: skip
    if tax_class not in TAX_CLASSES:
        raise BadInput(
            "bad_tax_class", "There is no such tax class.", f"One of: {', '.join(TAX_CLASSES)}.",
            vi="Chưa chọn loại thuế. Chưa rõ thì chọn “chưa xác định”.",
        )  # fmt: skip
    if len(line) > LONGEST_LINE or (amount and not line):
        raise BadInput(
            "bad_budget_line",
            f"Money needs the code of a budget line, of at most {LONGEST_LINE} letters.",
            "Ask the accountant for it.",
            vi=f"Có tiền thì phải có mã ngân sách, dài tối đa {LONGEST_LINE} chữ. Hỏi kế toán.",
        )
    return {"what": what, "amount_dong": amount, "tax_class": tax_class, "budget_line": line}
