"""What came off and what did not yet."""

import pytest

from tantam.office.journal.models import Entry
from tantam.office.programmes import actions
from tests.office.programmes.begun import begin, last, refused


def learn(world, programme, who="policy", kind="not_yet", text="Khách lớn tuổi khó đi xa."):
    return actions.add_lesson(programme, actor=getattr(world, who), at=world.at, kind=kind, text=text)


def test_kept_in_its_own_words_and_not_in_the_journal(world):
    programme = begin(world)
    lesson = learn(world, programme, text=" Khách lớn tuổi khó đi xa. ")
    assert (lesson.text, lesson.by) == ("Khách lớn tuổi khó đi xa.", world.policy)
    assert (last().act, last().facts) == ("programme.learned", {"lesson": lesson.pk, "kind": "not_yet"})


def test_the_same_words_twice_are_one_lesson(world):
    programme = begin(world)
    first, before = learn(world, programme), Entry.objects.count()
    assert learn(world, programme) == first and Entry.objects.count() == before


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"kind": "maybe"}, "bad_lesson"), ({"text": " "}, "bad_lesson"), ({"text": "x" * 401}, "too_long")],
)
def test_what_is_not_right(world, wrong, code):
    programme = begin(world)
    with refused(code):
        learn(world, programme, **wrong)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("lam", "not_your_office")])
def test_who_may_not(world, who, code):
    programme = begin(world)
    with refused(code):
        learn(world, programme, who)
