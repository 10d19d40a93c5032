"""Mail addresses: given by their owner with a proof, one a person, held, forgotten, never in the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.channels import actions, addresses
from tantam.office.channels.models import Address
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import Wire, a_message

MAIL = "lan@saomai.example"


def an_address(world: Any, key: int = 5, **changed: Any) -> Address:
    """Somebody tells at the counter where he wants mails."""
    row = {
        "actor": world.dung,
        "at": world.at,
        "key": key,
        "mail": MAIL,
        "said_at": world.at,
        "proof": "phiếu 12/2026",
    }
    return addresses.record(**{**row, **changed})


def entries() -> list[str]:
    """The acts on addresses, in order."""
    return list(Entry.objects.filter(act__startswith="address.").order_by("id").values_list("act", flat=True))


def test_written_down_changed_removed(world: Any) -> None:
    an_address(world)
    an_address(world)
    assert addresses.of([5, 6]) == {5: MAIL}
    an_address(world, mail=" lan.moi@saomai.example ", said_at=world.at)
    assert addresses.of([5]) == {5: "lan.moi@saomai.example"}
    by = {"actor": world.dung, "at": world.at}
    assert [addresses.remove(5, **by), addresses.remove(5, **by)] == [1, 0]
    assert addresses.of([5]) == {}
    assert entries() == ["address.recorded", "address.recorded", "address.removed"]
    assert "saomai" not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        ("", "bad_mail"),
        ("lan", "bad_mail"),
        ("lan@example.com\nBcc: all@example.com", "bad_mail"),
        ("lan@example.com, hoa@example.com", "bad_mail"),
        ("Lan <lan@example.com>", "bad_mail"),
        ("lần@example.com", "bad_mail"),
        ("lan@mưa.example", "bad_mail"),
        ("l" * 255 + "@example.com", "bad_mail"),
    ],
)
def test_what_is_no_address(world: Any, mail: str, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        an_address(world, mail=mail)
    assert not Address.objects.exists()


def test_a_proof_a_moment_and_the_latest_word(world: Any) -> None:
    with pytest.raises(Refused, match="no_proof"):
        an_address(world, proof=" ")
    with pytest.raises(BadInput, match="said_in_the_future"):
        an_address(world, said_at=world.at + timedelta(seconds=1))
    an_address(world)
    with pytest.raises(Refused, match="newer_address"):
        an_address(world, mail="cu@saomai.example", said_at=world.at - timedelta(days=3))
    assert addresses.of([5]) == {5: MAIL}


@pytest.mark.parametrize("who", ["stranger", "auditor", "policy", "hoa"])
def test_nobody_without_the_duty(world: Any, who: str) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        an_address(world, actor=getattr(world, who))
    with pytest.raises(Refused, match="not_your_duty"):
        addresses.remove(5, actor=getattr(world, who), at=world.at)


def test_held_and_forgotten_with_the_rest(world: Any) -> None:
    an_address(world)
    an_address(world, 6, mail="khac@saomai.example")
    assert [row["mail"] for row in actions.held_on(5) if row["what"] == "address"] == [MAIL]
    forget = {"actor": world.privacy, "at": world.at}
    assert [actions.forget(5, **forget), actions.forget(5, **forget)] == [1, 0]
    assert addresses.of([5, 6]) == {6: "khac@saomai.example"}
    assert entries()[-1] == "address.forgotten"


class Post(Wire):
    """A gateway of mails that asks for the address."""

    channels = frozenset({"mail"})
    dials = True
    window = 50


def test_a_mail_goes_to_the_address_and_to_nobody_without_one(world: Any) -> None:
    an_address(world)
    for name, key, channel in ((1, 5, "mail"), (2, 6, "mail"), (3, 5, "sms")):
        a_message(world, name, key=key, channel=channel)
    post = Post()
    assert actions.send_due(post, at=world.at) == {"send": 1, "refuse": 1}
    assert [(one.key, one.to) for one in post.out] == [(5, MAIL)]
