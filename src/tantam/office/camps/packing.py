"""Packing a camp for one laptop, at headquarters: all its facts, the kit's certificates, closed under new words."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from tantam.clock import HANOI
from tantam.errors import Refused
from tantam.office.camps import actions, keys, ledger
from tantam.office.camps.container import Header
from tantam.office.camps.kit import opening, tls, wording
from tantam.office.camps.models import Camp


@dataclass(frozen=True)
class Packed:
    """What was written; ``words`` open it and are kept nowhere."""

    words: str
    facts: int
    size: int
    addresses: str


def pack(camp: Camp, kit: int, *, address: str | None, out: Path, home: Path, at: datetime) -> Packed:
    """Write the pack of a kit. Refuses ``camp_not_open``, ``no_such_kit``, ``camp_key_gone``, and what
    :func:`actions.check_ready` refuses; BadInput ``bad_address``."""
    if camp.state != "open":
        raise Refused(
            "camp_not_open",
            "This camp is not open, so that nothing can be packed.",
            "Finish its plan and open it: the permit, the team's licences and the signed formulary are needed.",
            vi="Trại chưa mở nên chưa xuất gói được. Hoàn tất kế hoạch rồi mở: cần giấy phép, chứng chỉ hành nghề của "
            "đoàn và danh mục thuốc đã ký.",
        )
    actions.check_ready(camp)  # the plan may have changed since it was opened
    planned = ledger.day_of(camp).plan.kits.get(kit)
    if planned is None:
        raise Refused(
            "no_such_kit",
            f"The plan has no kit {kit}.",
            "Add it to the plan first: its name, its address, its first ticket.",
            vi=f"Kế hoạch chưa có máy {kit}. Thêm máy vào kế hoạch trước: tên, địa chỉ, số đầu tiên.",
        )
    where = tls.addresses(address or planned.address)
    ends = datetime.combine(camp.on, time.max, HANOI) + timedelta(days=tls.DAYS_AFTER)
    made = tls.make(keys.headquarters(home), camp.id, kit, where, begins=at, ends=ends)
    words = wording.words(os.urandom)
    facts = ledger.facts_of(camp)
    size = opening.write_pack(
        out,
        Header(camp.id, kit),  # headquarters has the key: no wrap for it travels
        keys.of_camp(home, camp.id),
        facts,
        words=words,
        secrets={
            "addresses": [str(one) for one in where],
            "authority": made.authority,
            "server": made.server,
            "server_key": made.key,
        },
    )
    return Packed(words, len(facts), size, ", ".join(str(one) for one in where))
