"""What may happen to a mail address: a person's own is written down, changed, removed, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tantam.errors import BadInput, Refused
from tantam.office.channels.consents import check_said
from tantam.office.channels.models import Address
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Staff


def record(
    *, actor: Staff | None, at: datetime, key: int, mail: str, said_at: datetime, proof: str
) -> Address:
    """Write down where somebody wants mails; the one he had before is no longer kept. The same one twice changes
    nothing.

    Refuses ``bad_mail``, ``no_proof``, ``said_in_the_future``, ``newer_address`` (he has given another since).
    """
    enter(actor, "address.record")
    mail, proof = mail.strip(), proof.strip()[:120]
    _check(mail, proof)
    check_said(said_at, at)
    with transaction.atomic():
        before = Address.objects.select_for_update().filter(key=key).first()
        if before is not None and before.mail == mail:
            return before
        if before is not None and before.said_at > said_at:
            raise Refused(
                "newer_address",
                "This person has given another address since.",
                "Ask which one holds.",
                vi="Sau lúc ấy người này đã cho địa chỉ khác. Hỏi lại địa chỉ nào còn dùng.",
            )
        row = {"mail": mail, "said_at": said_at, "proof": proof}
        address, _ = Address.objects.update_or_create(key=key, defaults=row)
        write(actor=actor, act="address.recorded", at=at, on=("subscriber", key))
    return address


def remove(key: int, *, actor: Staff | None, at: datetime) -> int:
    """Keep no mail address of somebody any more; gives 1, or 0 where there was none."""
    enter(actor, "address.record")
    return _remove(key, "address.removed", actor, at)


def of(keys: Iterable[int]) -> dict[int, str]:
    """The mail address of each of these people who gave one."""
    return {
        key: mail
        for part in parts(sorted(set(keys)))
        for key, mail in Address.objects.filter(key__in=part).values_list("key", "mail")
    }


def held_on(key: int) -> list[dict[str, Any]]:
    """The mail address that one subscriber gave."""
    return [
        {"what": "address", "mail": row.mail, "said": row.said_at, "proof": row.proof}
        for row in Address.objects.filter(key=key)
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The address goes, with all that was written down of it."""
    return _remove(key, "address.forgotten", actor, at)


def _remove(key: int, act: str, actor: Staff | None, at: datetime) -> int:
    with transaction.atomic():
        removed = Address.objects.filter(key=key).delete()[0]
        if removed:
            # Who was forgotten stands in no entry of the journal.
            on: tuple[str, Any] = ("subscriber", key) if act == "address.removed" else ("address", "one")
            write(actor=actor, act=act, at=at, on=on)
    return removed


def _check(mail: str, proof: str) -> None:
    try:
        validate_email(mail)
        if not mail.isascii() or len(mail) > 254:
            raise ValidationError("")
    except ValidationError as no:
        raise BadInput(
            "bad_mail",
            "This is no mail address.",
            "Write it as lan@example.com, without accents.",
            vi="Đây không phải địa chỉ thư. Ghi như lan@example.com, không dấu.",
        ) from no
    if not proof:
        raise Refused(
            "no_proof",
            "An address without a proof does not hold.",
            "Say where it can be looked up: the message, the form, the recording.",
            vi="Địa chỉ mà không có bằng chứng thì không dùng được. Ghi nơi tra được: tin nhắn, phiếu, bản ghi âm.",
        )
