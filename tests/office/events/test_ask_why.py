"""Why not somebody: answered from the draw, and the look is journalled."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from tantam.care.guests import AGE_BANDS, CONDITIONS, SPREAD
from tantam.errors import Refused
from tantam.office.events import actions, shown
from tests.office.events.a_cafe import Cafe, code_of, entries


def ask(cafe: Cafe, key: int | None) -> str:
    assert key is not None
    return actions.ask_why(cafe.event, key=key, **cafe.by).code


def test_everybody_has_an_answer(cafe: Cafe) -> None:
    guests = cafe.invite()
    assert ask(cafe, guests[0].key) == "drawn"
    assert ask(cafe, guests[6].key) == "reserve"
    assert ask(cafe, 1) == "unknown"


def test_every_neighbour_has_an_answer_in_words(cafe: Cafe, base_home: object) -> None:
    cafe.invite()
    table = pq.read_table(f"{base_home}/base", columns=["key", "province"]).to_pylist()
    near = [row["key"] for row in table if row["province"] == "56"]
    for key in near[::8]:
        reason = actions.ask_why(cafe.event, key=key, **cafe.by)
        assert reason.code != "unknown" and shown.why(reason.code, reason.facts)


def test_every_condition_of_the_draw_has_its_words() -> None:
    assert set(CONDITIONS) <= set(shown.FUNNEL) and set(CONDITIONS) <= set(shown.WHY_NOT)
    assert set(SPREAD) == set(shown.SPREAD) and {code for code, _ in AGE_BANDS} == set(shown.AGES)


def test_the_look_is_journalled_by_a_digest(cafe: Cafe) -> None:
    key = cafe.invite()[0].key
    ask(cafe, key)
    (entry,) = entries("event.asked_why")
    assert len(entry.digest) == 64 and entry.facts == {"found": "drawn"}


def test_it_refuses_before_the_draw(cafe: Cafe) -> None:
    cafe.plan()
    with pytest.raises(Refused) as no:
        ask(cafe, 1)
    assert code_of(no) == "not_chosen"


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.invite()
    with pytest.raises(Refused):
        actions.ask_why(cafe.event, actor=getattr(cafe.world, who), at=cafe.at, key=1)
    assert not entries("event.asked_why")
