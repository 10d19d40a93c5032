"""Entries are sealed in batches, each tied to the one before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction

from tantam.errors import BadInput
from tantam.office.journal import actions, proving, rules
from tantam.office.journal.models import Entry, Seal
from tests.office.journal import some

pytestmark = pytest.mark.django_db


def test_sealed_in_order_and_once():
    some.write(8)
    assert some.seal(batch=3) == 8
    assert list(Seal.objects.order_by("pk").values_list("sequence", "count")) == [(1, 3), (2, 3), (3, 2)]
    marks = list(Seal.objects.order_by("pk").values_list("previous", "mark"))
    assert marks[0][0] == rules.GENESIS and [m for m, _ in marks[1:]] == [m for _, m in marks[:-1]]
    assert some.seal() == 0 and Seal.objects.count() == 3
    assert proving.prove().ok


def test_nothing_to_seal_makes_no_seal():
    assert some.seal() == 0 and actions.head() == f"0:{rules.GENESIS}"


def test_an_id_that_comes_late_goes_into_a_later_seal():
    some.write(4)
    late = Entry.objects.order_by("id")[1].pk
    some.drop_triggers()
    row = Entry.objects.filter(pk=late).values().get()
    some.sql("DELETE FROM journal_entry WHERE id = %s", late)
    some.seal(batch=10)
    Entry.objects.create(**row)  # written by a slower transaction that took its id first
    assert some.seal(batch=10) == 1
    proof = proving.prove()
    assert proof.ok and (proof.entries, proof.sequence) == (4, 2)


def test_another_sealer_took_these_entries():
    some.write(3)
    rows = list(Entry.objects.order_by("id").values_list("id", flat=True))
    some.seal(batch=10)
    with pytest.raises(actions._Overtaken), transaction.atomic():
        actions._give_seal(rows, 9)
    assert proving.prove().ok


def test_the_head_is_read_again():
    some.write(2)
    some.seal()
    sequence, mark = rules.parse_head(f" {actions.head()}\n")
    assert (sequence, mark) == (1, Seal.objects.get().mark)


@pytest.mark.parametrize(
    "text", ["x", "1:", ":" + "0" * 64, "1:" + "0" * 63, "1:" + "G" * 64, "-1:" + "0" * 64, "01:" + "0" * 64]
)
def test_no_head(text):
    with pytest.raises(BadInput) as no:
        proving.prove(text)
    assert no.value.code == "bad_head" and no.value.vi


def test_writers_and_two_sealers_at_once(tmp_path):
    """In a home of its own: the tests' SQLite lies in memory, where two connections do not wait for each other."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.office.journal.two_sealers"],
        env={**os.environ, "TANTAM_HOME": str(tmp_path)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "True 60 60 0\n"), done.stderr
