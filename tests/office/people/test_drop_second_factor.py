"""A telephone lost: the second step is set up anew."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tantam.office.journal.models import Entry
from tantam.office.people import actions
from tests.office.people.said import NOT_ADMINS, last, refused


@pytest.fixture
def lam(world):
    """A director with a second step."""
    TOTP.activate(world.lam, generate_totp_secret())
    return world.lam


def test_dropped_and_told(world, lam):
    assert actions.drop_second_factor(lam, actor=world.admin, at=world.at) == 1
    assert not Authenticator.objects.filter(user=lam).exists()
    assert (last().act, last().on_id) == ("factor.dropped", str(lam.pk))
    before = Entry.objects.count()
    assert actions.drop_second_factor(lam, actor=world.admin, at=world.at) == 0
    assert Entry.objects.count() == before


def test_never_ones_own(world):
    with refused("own_factor"):
        actions.drop_second_factor(world.admin, actor=world.admin, at=world.at)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, lam, who):
    with refused("not_your_duty"):
        actions.drop_second_factor(lam, actor=getattr(world, who), at=world.at)
