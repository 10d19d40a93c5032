"""What a kit could not read goes home with its facts, beside the TLS keys in the file's secrets, and is kept there."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from tantam.office.camps import keys, ledger, locks
from tantam.office.camps.models import Camp, Unread


def to_send(camp: Camp) -> list[dict[str, Any]]:
    """The rows of a camp that were refused here, for ``secrets["unread"]`` of a file."""
    key = keys.here(camp.id)
    return [
        {
            "sent": base64.b64encode(locks.unseal(key, bytes(row.sealed), about=camp.id.bytes)).decode(),
            "code": row.code,
            "device": row.device,
            "kit": row.kit,
            "at": row.at.isoformat(),
        }
        for row in Unread.objects.filter(camp=camp).order_by("id")
    ]


def take(camp: Camp, rows: list[dict[str, Any]]) -> int:
    """Keep what a file brought; gives how many are new. The same again is kept once."""
    before = Unread.objects.filter(camp=camp).count()
    for row in rows:
        ledger.keep_unread(
            camp,
            base64.b64decode(row["sent"]),
            code=str(row["code"])[:40],
            device=str(row["device"])[:64],
            kit=int(row["kit"]),
            at=datetime.fromisoformat(row["at"]),
        )
    return Unread.objects.filter(camp=camp).count() - before
