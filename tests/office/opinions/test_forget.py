"""What somebody said is shown to him, and forgotten."""

from __future__ import annotations

from typing import Any

from tantam.office.journal.models import Entry
from tantam.office.opinions.actions import correct, forget, held_on
from tantam.office.opinions.models import Opinion
from tests.office.opinions.words import an_opinion, number


def test_words_and_ties_go_and_the_count_stays(world: Any) -> None:
    old = an_opinion(world, key=5)
    correct(old, actor=world.dung, at=world.at, text="Sóng yếu", reason="nghe nhầm")
    other = an_opinion(world, id=number(8), key=6)
    assert [row["text"][:4] for row in held_on(5)] == ["Sóng", "Sóng"]
    assert [forget(5, actor=None, at=world.at) for _ in range(2)] == [2, 0]
    assert held_on(5) == [] and len(held_on(6)) == 1
    gone = Opinion.objects.exclude(pk=other.pk)
    assert set(gone.values_list("text", "reason", "speaker_key", "speaker_party")) == {("—", "", None, None)}
    assert gone.filter(current=True, tone="idea", office=world.nha_trang).count() == 1
    assert Entry.objects.get(act="opinion.forgotten").count == 2
