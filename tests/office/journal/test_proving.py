"""Whatever anybody does to sealed rows, with the triggers gone and without the key, is found."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.office import keyring
from tantam.office.journal import actions, proving, rules
from tantam.office.journal.models import Entry, Seal
from tests.office.journal import some

pytestmark = pytest.mark.django_db

ENTRIES, BATCH = 10, 3
FIELDS = {
    "at": "2020-01-01 00:00:00+00:00",
    "actor": 99,
    "act": "promise.broken",
    "on_kind": "gift",
    "on_id": "777",
    "office": None,
    "because": "flood",
    "count": 4,
    "digest": "ab",
    "facts": '{"late": 9}',
}
SEAL_FIELDS = {"at": "2020-01-01 00:00:00+00:00", "first": 77, "last": 99, "count": 2}
SEAL_FIELDS |= dict.fromkeys(("digest", "previous", "mark"), "ab" * 32)

entry = st.integers(0, ENTRIES - 1)
seal = st.integers(1, 4)
tampering = st.one_of(
    st.tuples(st.just("field"), entry, st.sampled_from(sorted(FIELDS))),
    st.tuples(st.just("delete"), entry),
    st.tuples(st.just("copy"), entry),
    st.tuples(st.just("renumber"), entry),
    st.tuples(st.just("unseal"), entry),
    st.tuples(st.just("move"), entry, seal),
    st.tuples(st.just("swap"), entry, entry),
    st.tuples(st.just("seal_field"), seal, st.sampled_from(sorted(SEAL_FIELDS))),
    st.tuples(st.just("seal_delete"), seal),
    st.tuples(st.just("seal_renumber"), seal),
    st.tuples(st.just("seal_swap"), seal, seal),
    st.tuples(st.just("broken_facts"), entry),
    st.tuples(st.just("rewrite"), seal),
)


@given(tampering)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_single_tampering_is_found(what):
    sid = transaction.savepoint()
    some.write(ENTRIES)
    some.seal(BATCH)
    assert proving.prove().ok
    some.drop_triggers()
    changed = _tamper(*what)
    proof = proving.prove()
    assert proof.ok is (not changed), (what, proof)
    assert all(finding.sentence for finding in proof.findings) and proof.sentence
    transaction.savepoint_rollback(sid)


def _tamper(how, one, *more):
    """Do it; whether anything was changed."""
    ids = list(Entry.objects.order_by("id").values_list("id", flat=True))
    pk = ids[one] if one < len(ids) else 0
    rows, seals = Entry.objects.filter(pk=pk), Seal.objects.filter(pk=one)
    if how == "field":
        return rows.update(**{more[0]: {"late": 9} if more[0] == "facts" else FIELDS[more[0]]})
    if how == "delete":
        return some.sql("DELETE FROM journal_entry WHERE id = %s", pk)
    if how == "copy":
        return Entry.objects.create(**{**rows.values().get(), "id": None})
    if how == "renumber":
        return rows.update(id=10_000_000 + pk)
    if how == "unseal":
        return rows.update(seal=None)
    if how == "move":
        return rows.exclude(seal=more[0]).update(seal=more[0])
    if how == "swap":
        return one != more[0] and _swap_entries(pk, ids[more[0]])
    if how == "seal_field":
        return seals.update(**{more[0]: SEAL_FIELDS[more[0]]}) and Seal.objects.get(pk=one)
    if how == "seal_delete":
        return some.sql("DELETE FROM journal_seal WHERE sequence = %s", one)
    if how == "seal_renumber":
        return seals.update(sequence=one + 50)
    if how == "seal_swap":
        return one != more[0] and _swap_seals(one, more[0])
    if how == "broken_facts":
        return some.sql("UPDATE journal_entry SET facts = %s WHERE id = %s", "[1]", pk)
    return _rewrite(one)


def _swap_entries(one, other):
    """Two entries exchange their ids: their order."""
    Entry.objects.filter(pk=one).update(id=-1)
    Entry.objects.filter(pk=other).update(id=one)
    return Entry.objects.filter(pk=-1).update(id=other)


def _swap_seals(one, other):
    Seal.objects.filter(pk=one).update(sequence=-1)
    Seal.objects.filter(pk=other).update(sequence=one)
    return Seal.objects.filter(pk=-1).update(sequence=other)


def _rewrite(first, key=b"a guessed key"):
    """Change an entry and make every seal from there on anew."""
    Entry.objects.filter(seal=first).update(because="flood")
    for seal in Seal.objects.filter(pk__gte=first).order_by("pk"):
        seal.count, seal.digest = rules.batch_digest(actions.sealed_lines(seal.pk))
        before = Seal.objects.filter(pk=seal.pk - 1).values_list("mark", flat=True).first()
        seal.previous = before or rules.GENESIS
        seal.mark = rules.mark(
            key,
            {
                name: getattr(seal, name)
                for name in ("sequence", "at", "first", "last", "count", "digest", "previous")
            },
        )
        seal.save()
    return True


def _own_key(settings):
    return bytes.fromhex(keyring.read(settings.HOME, "journal-key"))


def test_a_head_kept_elsewhere_finds_a_chain_rewritten_with_the_key(settings):
    some.write(9)
    some.seal()
    printed = actions.head()
    assert proving.prove(printed).ok
    some.drop_triggers()
    _rewrite(2, _own_key(settings))
    assert proving.prove().ok  # the chain alone cannot know
    assert [f.code for f in proving.prove(printed).findings] == ["head_not_in_chain"]


def test_and_an_end_that_was_cut_off():
    some.write(9)
    some.seal()
    earlier, printed = f"2:{Seal.objects.get(pk=2).mark}", actions.head()
    some.drop_triggers()
    some.sql("DELETE FROM journal_entry WHERE seal = 3")
    some.sql("DELETE FROM journal_seal WHERE sequence = 3")
    assert proving.prove().ok and proving.prove(earlier).ok
    assert not proving.prove(printed).ok


def test_an_older_head_still_fits_after_more_was_sealed():
    some.write(3)
    some.seal()
    printed = actions.head()
    some.write(3)
    some.seal()
    assert proving.prove(printed).ok and proving.prove(f"0:{rules.GENESIS}").ok


def test_what_is_told(settings):
    some.write(8)
    seen = []
    some.seal()
    some.write(2)
    proof = proving.prove(progress=lambda done, total: seen.append((done, total)))
    assert (proof.ok, proof.sequence, proof.entries, proof.unsealed, proof.head) == (
        True,
        3,
        8,
        2,
        actions.head(),
    )
    assert seen == [(3, 8), (6, 8), (8, 8)]
    assert proof.figures()["findings"] == [] and "8 dòng" in proof.sentence


def test_one_entry_says_whether_its_seal_holds():
    some.write(6)
    some.seal()
    first, last = Entry.objects.order_by("id").first(), Entry.objects.order_by("id").last()
    assert proving.prove_one(first) is None and proving.prove_one(last) is None
    some.drop_triggers()
    Entry.objects.filter(pk=last.pk).update(because="flood")
    assert proving.prove_one(first) is None
    assert proving.prove_one(last).code == "entry_changed"


def test_a_journal_broken_everywhere_does_not_say_so_for_ever():
    some.write(250)
    some.seal(batch=2)
    some.drop_triggers()
    some.sql("UPDATE journal_entry SET because = 'flood'")
    proof = proving.prove()
    assert len(proof.findings) == proving.MOST_FINDINGS and proof.more == 25
