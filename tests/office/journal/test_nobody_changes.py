"""The database itself refuses to change or remove what was written."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from tantam.office.journal.models import Entry, Seal
from tests.office.journal import some

pytestmark = pytest.mark.django_db

CHANGES = [
    "UPDATE journal_entry SET act = 'promise.broken' WHERE on_id = '1'",
    "UPDATE journal_entry SET facts = '{}' WHERE on_id = '1'",
    "UPDATE journal_entry SET at = '2020-01-01 00:00:00' WHERE on_id = '1'",
    "UPDATE journal_entry SET actor = 5 WHERE on_id = '1'",
    "UPDATE journal_entry SET count = count + 1 WHERE on_id = '5'",
    "UPDATE journal_entry SET office = NULL WHERE on_id = '5'",
    "UPDATE journal_entry SET seal = NULL WHERE on_id = '1'",
    "UPDATE journal_entry SET seal = 2 WHERE on_id = '1'",
    "DELETE FROM journal_entry WHERE on_id = '1'",
    "DELETE FROM journal_entry WHERE on_id = '5'",
    "UPDATE journal_seal SET mark = 'x' WHERE sequence = 1",
    "UPDATE journal_seal SET at = '2020-01-01 00:00:00' WHERE sequence = 1",
    "DELETE FROM journal_seal",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_refused(statement):
    some.write(3)
    some.seal()
    some.write(6)  # rows 3 to 5 of these are not sealed yet, and stay as they are all the same
    before = list(Entry.objects.order_by("id").values()), list(Seal.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (list(Entry.objects.order_by("id").values()), list(Seal.objects.values())) == before


def test_an_entry_is_not_deleted_by_the_model_either():
    some.write(1)
    with pytest.raises(TypeError):
        Entry.objects.get().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.count() == 1
