"""What the tests of quality pledge and measure."""

from datetime import date
from decimal import Decimal

from tantam.office.quality import actions, loading
from tests.office.programmes.begun import last, refused

__all__ = ["declare", "last", "load", "pledge", "refused"]

OCTOBER = date(2026, 10, 1)
HEAD = "indicator,month,place,value,n,good,spread,method,source\n"


def declare(world, level="5", indicator="call_drop", who="policy", **changed):
    given = {"from_on": date(2026, 1, 1), "document": "Công văn 12/2026"} | changed
    return actions.declare(
        actor=getattr(world, who), at=world.at, indicator=indicator, level=Decimal(level), **given
    )


def pledge(world, level="2", indicator="call_drop", who="policy", **changed):
    given = {
        "code": "1",
        "text_vi": "Một trăm cuộc gọi, nhiều nhất hai cuộc rơi.",
        "remedy_vi": "Sửa trạm và tặng phút gọi cho người bị rơi cuộc.",
        "remedy_days": 20,
        "owner": world.policy,
        "office": world.hq,
        "from_on": date(2026, 1, 1),
    } | changed
    return actions.pledge(
        actor=getattr(world, who), at=world.at, indicator=indicator, level=Decimal(level), **given
    )


def load(world, lines, measured_by="self", who="policy", head=HEAD, at=None, **changed):
    """Take in rows written as CSV."""
    content = (head + "\n".join(lines) + "\n").encode() if not isinstance(lines, bytes) else lines
    return loading.take_in(
        content,
        name="so-do.csv",
        measured_by=measured_by,
        actor=getattr(world, who),
        at=at or world.at,
        **changed,
    )
