"""The law of contact as a matrix over time, and what holds for any history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam import law
from tantam.clock import HANOI
from tantam.errors import BadInput
from tantam.office.channels import findings, rules
from tantam.office.channels.rules import (
    CHANNELS,
    EVERYTHING,
    HOUSE,
    PURPOSES,
    Ask,
    Consented,
    Contact,
    Known,
    decide,
)
from tantam.office.channels.verdicts import SENTENCES

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def at(text: str, day: int = 18) -> datetime:
    """A time in Vietnam on a day of November 2026."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{text}").replace(tzinfo=HANOI)


def yes(purpose: str = "advertising", product: str = "", when: datetime | None = None) -> Consented:
    return Consented(purpose, product, True, when or at("09:00", 1), "form", "form 7")


def no(purpose: str = "advertising", product: str = "", when: datetime | None = None) -> Consented:
    return Consented(purpose, product, False, when or at("10:00", 2), "sms", "TC")


def ads(*times: datetime, channel: str = "sms", advertiser: str = "") -> tuple[Contact, ...]:
    return tuple(Contact(time, "advertising", channel, advertiser) for time in times)


AGREED = Known((yes(),))


@pytest.mark.parametrize(
    ("channel", "time", "outcome", "until", "rule"),
    [
        ("sms", "06:59:59", "hold", at("07:00"), "ads_sms_from"),
        ("sms", "07:00", "send", None, "ads_consent_first"),
        ("sms", "21:59", "send", None, "ads_consent_first"),
        ("sms", "21:59:59.999999", "send", None, "ads_consent_first"),
        ("sms", "22:00", "hold", at("07:00", 19), "ads_sms_until"),
        ("sms", "22:59", "hold", at("07:00", 19), "ads_sms_until"),
        ("sms", "23:00", "hold", at("07:00", 19), "ads_sms_until"),
        ("sms", "00:00", "hold", at("07:00"), "ads_sms_from"),
        ("call", "07:59:59", "hold", at("08:00"), "ads_call_from"),
        ("call", "08:00", "send", None, "ads_consent_first"),
        ("call", "16:59:59", "send", None, "ads_consent_first"),
        ("call", "17:00", "hold", at("08:00", 19), "ads_call_until"),
        ("mail", "03:00", "send", None, "ads_consent_first"),
    ],
)
def test_advertising_keeps_the_hours(
    channel: str, time: str, outcome: str, until: datetime | None, rule: str
) -> None:
    for moment in (at(time), at(time).astimezone(UTC)):
        found = decide(Ask("advertising", channel, moment), AGREED)
        assert (found.outcome, found.until, found.rule) == (outcome, until, rule)


def test_holidays_and_sundays_make_no_difference() -> None:
    for day in ("2026-02-17", "2026-04-30", "2026-09-02", "2026-11-22"):
        moment = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=HANOI)
        known = Known((yes(when=moment - DAY),))
        assert decide(Ask("advertising", "call", moment), known).outcome == "send"


def test_the_fourth_message_across_midnight_waits() -> None:
    known = replace(AGREED, contacts=ads(at("20:00"), at("21:00"), at("21:30")))
    found = decide(Ask("advertising", "sms", at("07:00", 19)), known)
    assert (found.outcome, found.code, found.until) == ("hold", "frequency", at("20:00", 19))
    assert (found.rule, "ads_window" in found.warn) == ("ads_sms_per_24h", True)
    assert "Trong 24 giờ đã có 3, tối đa là 3; sớm nhất là 20:00 ngày 19/11/2026." in found.vi
    assert decide(Ask("advertising", "sms", at("20:00", 19)), known).outcome == "send"


def test_window_and_hours_count_together() -> None:
    full = replace(AGREED, contacts=ads(at("21:00"), at("21:10"), at("21:20")))
    assert decide(Ask("advertising", "sms", at("22:30")), full).until == at("21:00", 19)
    late = replace(AGREED, contacts=ads(at("22:15", 17), at("09:00"), at("09:30")))
    found = decide(Ask("advertising", "sms", at("21:00")), late)
    assert (found.code, found.until) == ("frequency", at("07:00", 19))
    assert decide(Ask("advertising", "sms", at("22:05")), late).code == "hours"


def test_a_contact_one_window_ago_is_out_of_it() -> None:
    contacts = ads(at("10:00", 17), at("11:00", 17), at("12:00", 17))
    ask = Ask("advertising", "sms", at("10:00"))
    assert decide(ask, replace(AGREED, contacts=contacts)).outcome == "send"
    found = decide(replace(ask, at=ask.at - SECOND), replace(AGREED, contacts=contacts))
    assert (found.outcome, found.until) == ("hold", at("10:00"))


def test_half_a_minute_is_said_rounded_up() -> None:
    known = replace(AGREED, contacts=ads(*[at("10:00:30.5")] * 3))
    found = decide(Ask("advertising", "sms", at("11:00")), known)
    assert found.until == at("10:00:30.5", 19)
    assert "10:01 ngày 19/11/2026" in found.vi
    assert "10:01 on 19/11/2026" in found.en


def test_one_call_a_window_and_three_mails() -> None:
    called = replace(AGREED, contacts=ads(at("09:00"), channel="call"))
    found = decide(Ask("advertising", "call", at("16:00")), called)
    assert (found.outcome, found.rule, found.until) == ("hold", "ads_call_per_24h", at("09:00", 19))
    three = replace(called, contacts=ads(at("09:00"), at("10:00"), at("11:00"), channel="call"))
    assert decide(Ask("advertising", "call", at("16:00")), three).until == at("11:00", 19)
    assert decide(Ask("advertising", "sms", at("16:00")), three).outcome == "send"
    mails = replace(AGREED, contacts=ads(*[at("09:00")] * 3, channel="mail"))
    assert decide(Ask("advertising", "mail", at("16:00")), mails).rule == "ads_mail_per_24h"


def test_two_advertisers_have_windows_of_their_own() -> None:
    known = replace(AGREED, contacts=ads(*[at("09:00")] * 3, advertiser="Sao Mai"))
    ask = Ask("advertising", "sms", at("16:00"), advertiser="Sao Mai")
    assert decide(ask, known).outcome == "hold"
    assert decide(replace(ask, advertiser="Sao Hôm"), known).outcome == "send"


def test_contacts_that_are_no_advertising_do_not_count_as_such() -> None:
    served = tuple(Contact(at("09:00"), purpose, "sms") for purpose in ("service", "care", "reply", "survey"))
    assert decide(Ask("advertising", "sms", at("16:00")), replace(AGREED, contacts=served)).outcome == "send"


def test_a_clock_that_went_back_forgets_nothing() -> None:
    later = replace(AGREED, contacts=ads(at("12:00"), at("12:00"), at("13:00")))
    found = decide(Ask("advertising", "sms", at("08:00")), later)
    assert (found.outcome, found.until) == ("hold", at("12:00", 19))
    assert decide(Ask("registration", "sms", at("08:00")), _registered(at("12:00"))).outcome == "refuse"
    stopped = Known((yes(), no(when=at("12:00"))))
    assert decide(Ask("advertising", "sms", at("08:00")), stopped).outcome == "refuse"
    not_yet = Known((yes(when=at("12:00")),))
    assert decide(Ask("advertising", "sms", at("08:00")), not_yet).code == "no_consent"
    assert decide(Ask("advertising", "sms", at("12:00")), not_yet).outcome == "send"


def _registered(when: datetime, *consents: Consented) -> Known:
    return Known(consents, contacts=(Contact(when, "registration", "sms"),))


def test_consent_comes_first() -> None:
    found = decide(Ask("advertising", "sms", at("10:00")), Known())
    assert (found.outcome, found.code, found.rule) == ("refuse", "no_consent", "ads_consent_first")
    other = Known((yes("care"), yes(product="5G")))
    assert decide(Ask("advertising", "sms", at("10:00")), other).code == "no_consent"
    assert decide(Ask("advertising", "sms", at("10:00"), product="TV"), other).code == "no_consent"
    assert decide(Ask("advertising", "sms", at("10:00"), product="5G"), other).code == "consented"


def test_silence_after_a_registration_is_a_refusal() -> None:
    found = decide(Ask("advertising", "sms", at("10:00")), _registered(at("09:00", 3)))
    assert (found.outcome, found.code, found.rule) == ("refuse", "silence", "ads_registration_sms")
    assert "03/11/2026" in found.vi
    answered = _registered(at("09:00", 3), yes(when=at("09:05", 3)))
    assert decide(Ask("advertising", "sms", at("10:00")), answered).outcome == "send"


def test_one_registration_ever() -> None:
    ask = Ask("registration", "sms", at("10:00"))
    first = decide(ask, Known())
    assert (first.outcome, first.code, first.rule) == ("send", "first_registration", "ads_registration_sms")
    assert first.warn == ("ads_registration_label",), (
        "by a secondary source: it warns, and the label is added"
    )
    assert not decide(replace(ask, channel="mail"), Known()).warn
    assert decide(replace(ask, at=at("22:00")), Known()).until == at("07:00", 19)
    for known in (_registered(at("09:00", 3)), _registered(at("09:00", 3), yes())):
        for again in (ask, replace(ask, advertiser="Sao Hôm"), replace(ask, at=at("10:00") + 1000 * DAY)):
            assert decide(again, known).code == "registered_once"
    for refused in (no(), no(product="5G"), no(EVERYTHING), no("registration")):
        assert decide(ask, Known((refused, yes(when=at("09:00", 10))))).code == "refused"
    assert decide(ask, Known(listed=True)).code == "listed"


def test_listed_people_get_no_advertising() -> None:
    known = replace(AGREED, listed=True)
    for channel, rule in (
        ("sms", "ads_do_not_call_check"),
        ("call", "ads_do_not_call_check"),
        ("mail", "house_list"),
    ):
        found = decide(Ask("advertising", channel, at("10:00")), known)
        assert (found.outcome, found.code, found.rule) == ("refuse", "listed", rule)
    assert decide(Ask("care", "sms", at("10:00")), known).outcome == "send"


@pytest.mark.parametrize(
    ("consents", "product", "outcome"),
    [
        ((yes(), no(product="5G")), "5G", "refuse"),
        ((yes(), no(product="5G")), "TV", "send"),
        ((yes(), no(product="5G")), "", "send"),
        ((yes(), no()), "5G", "refuse"),
        ((yes(), no(EVERYTHING)), "5G", "refuse"),
        ((yes(), no("care")), "5G", "send"),
        ((yes(when=at("10:00", 2)), no()), "", "refuse"),
        ((yes(when=at("11:00", 2)), no()), "", "send"),
        ((yes(when=at("11:00", 2)), no(EVERYTHING)), "", "send"),
        ((yes(when=at("11:00", 2)), no(product="5G")), "5G", "refuse"),
        ((yes(product="5G", when=at("11:00", 2)), no()), "5G", "send"),
        ((yes(product="5G", when=at("11:00", 2)), no()), "TV", "refuse"),
        ((yes("care", when=at("11:00", 2)), yes(), no()), "", "refuse"),
        ((yes(), no(), yes(when=at("10:01"))), "", "refuse"),  # the last yes is still to come
    ],
)
def test_a_refusal_stands_for_its_product_or_for_everything(
    consents: tuple[Consented, ...], product: str, outcome: str
) -> None:
    for order in (consents, consents[::-1]):
        found = decide(Ask("advertising", "sms", at("10:00"), product=product), Known(order))
        assert found.outcome == outcome
        assert outcome == "send" or found.rule == "ads_stop_after_refusal"


@pytest.mark.parametrize("purpose", ["care", "reply", "survey", "invitation", "health"])
def test_our_own_rules_are_said_to_be_ours(purpose: str) -> None:
    known = Known((yes(purpose),))
    found = decide(Ask(purpose, "sms", at("23:00")), known)
    assert (found.outcome, found.rule, found.until) == ("hold", "house_hours", at("07:00", 19))
    assert found.vi.endswith("Đây là lệ của ta, không phải luật.")
    assert found.en.endswith("This is our own rule, not the law.")
    assert decide(Ask(purpose, "call", at("17:00")), known).outcome == "hold"
    assert decide(Ask(purpose, "sms", at("10:00")), known).outcome == "send"
    for refused in (no(purpose), no(EVERYTHING)):
        found = decide(Ask(purpose, "sms", at("10:00")), Known((yes(purpose), refused)))
        assert (found.outcome, found.rule) == ("refuse", "house_refused")
    assert decide(Ask(purpose, "sms", at("10:00")), Known((yes(purpose), no()))).outcome == "send"


def test_a_fourth_invitation_in_a_day_waits() -> None:
    known = Known(contacts=tuple(Contact(at(f"{h}:00"), "invitation", "sms") for h in (10, 11, 12)))
    found = decide(Ask("care", "sms", at("15:00")), known)
    assert (found.outcome, found.rule, found.until) == ("hold", "house_frequency", at("10:00", 19))
    assert decide(Ask("reply", "sms", at("15:00")), known).outcome == "send"
    mixed = tuple(Contact(at("10:00"), purpose, "sms") for purpose in ("care", "survey", "advertising"))
    assert decide(Ask("invitation", "sms", at("15:00")), Known(contacts=mixed)).outcome == "hold"
    called = Known(contacts=(Contact(at("10:00"), "invitation", "call"),))
    assert decide(Ask("invitation", "call", at("15:00")), called).outcome == "send"


def test_service_notices_are_exempt() -> None:
    known = Known((no(), no(EVERYTHING)), listed=True, contacts=ads(*[at("02:00")] * 9))
    found = decide(Ask("service", "sms", at("03:00")), known)
    assert (found.outcome, found.code, found.rule) == ("send", "service_notice", "service_notice_exempt")
    assert decide(Ask("service", "sms", at("03:00")), Known((no("service"),))).rule == "house_refused"


def test_health_only_for_whoever_asked() -> None:
    found = decide(Ask("health", "sms", at("10:00")), Known((yes("care"), yes())))
    assert (found.outcome, found.code, found.rule) == ("refuse", "not_asked", "house_health_asked")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """``table(rows)``: the gate reads these rows of the law."""

    def put(rows: list[law.Row]) -> None:
        monkeypatch.setattr(law, "rows", lambda: tuple(rows))
        findings.book_of.cache_clear()

    yield put
    findings.book_of.cache_clear()


def test_unverified_rows_only_warn(table: Any) -> None:
    table([replace(row, verify=True) for row in law.rows()])
    worst = Known(
        (no(),), listed=True, contacts=(*ads(*[at("22:30")] * 9), *_registered(at("09:00")).contacts)
    )
    for purpose in ("advertising", "registration", "service"):
        found = decide(Ask(purpose, "sms", at("23:00")), worst)
        assert found.outcome == "send"
        assert found.warn
    assert {"ads_stop_after_refusal", "ads_do_not_call_check", "ads_sms_until", "ads_sms_per_24h"} <= set(
        decide(Ask("advertising", "sms", at("23:00")), worst).warn
    )


def test_what_is_not_verified_today_warns(table: Any) -> None:
    ask = Ask("care", "sms", at("10:00"))
    found = decide(ask, Known())
    assert (found.outcome, found.warn) == ("send", ("consent_per_purpose",))
    assert decide(ask, Known((yes("care"),))).warn == ()
    old = datetime(2025, 6, 1, tzinfo=HANOI)
    agreed = Known((Consented("advertising", "", True, old),))
    assert decide(Ask("advertising", "sms", at("10:00")), agreed).warn == (
        "consent_per_purpose",
        "ads_consent_informed",
        "old_consents_valid",
    )
    new = Known((yes(when=datetime(2026, 1, 1, tzinfo=HANOI)),))
    assert "old_consents_valid" not in decide(Ask("advertising", "sms", at("10:00")), new).warn
    table([replace(row, verify=False) for row in law.rows()])
    found = decide(ask, Known())
    assert (found.outcome, found.code, found.rule) == ("refuse", "no_consent", "consent_per_purpose")
    assert decide(Ask("advertising", "sms", at("10:00")), agreed).code == "consented"


def test_figures_are_those_of_the_day(table: Any) -> None:
    changed = at("00:00", 19)
    day = findings.clock.to_days(changed.date())
    rows = []
    for row in law.rows():
        if row.code == "ads_sms_from":
            rows += [replace(row, until=day), replace(row, since=day, value="09:30")]
        elif row.code == "ads_sms_per_24h":
            rows += [replace(row, until=day), replace(row, since=day, value=5)]
        else:
            rows.append(row)
    table(rows)
    assert decide(Ask("advertising", "sms", at("22:00")), AGREED).until == at("09:30", 19)
    full = replace(AGREED, contacts=ads(at("19:00"), at("20:00"), at("21:00")))
    assert decide(Ask("advertising", "sms", at("21:30")), full).until == at("09:30", 19)


def test_until_looks_past_every_change_of_the_law(table: Any) -> None:
    rows = [replace(row, value=48) if row.code == "ads_window" else row for row in law.rows()]
    day = findings.clock.to_days(at("00:00").date())
    table([*rows, *(replace(rows[0], code=f"new_{n}", since=day + n) for n in (1, 2))])
    full = replace(AGREED, contacts=ads(*[at("10:00")] * 3))
    assert decide(Ask("advertising", "sms", at("11:00")), full).until == at("10:00", 20)


def test_a_day_before_the_law_is_refused() -> None:
    for purpose in PURPOSES:
        with pytest.raises(BadInput, match="no_rule_then"):
            decide(Ask(purpose, "sms", datetime(2019, 1, 1, 10, tzinfo=HANOI)), Known((yes(purpose),)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ask("adverts", "sms", at("10:00")),
        lambda: Ask("care", "fax", at("10:00")),
        lambda: Ask("care", "sms", datetime(2026, 11, 18)),
        lambda: Ask(EVERYTHING, "sms", at("10:00")),
        lambda: Contact(at("10:00"), "adverts", "sms"),
        lambda: Consented("adverts", "", False, at("10:00")),
        lambda: Consented(EVERYTHING, "", True, at("10:00")),
    ],
)
def test_what_the_gate_does_not_know_is_refused(make: Any) -> None:
    with pytest.raises(BadInput, match="bad_ask"):
        make()


MOMENTS = st.integers(0, 4 * 86_400).map(lambda s: at("00:00", 16) + timedelta(seconds=s))
PRODUCTS = st.sampled_from(["", "5G", "TV"])
CONSENTS = st.builds(
    lambda purpose, product, granted, when: Consented(
        purpose, product, granted and purpose != EVERYTHING, when
    ),
    st.sampled_from([*PURPOSES, EVERYTHING]),
    PRODUCTS,
    st.booleans(),
    MOMENTS,
)
CONTACTS = st.builds(
    Contact,
    MOMENTS,
    st.sampled_from(["advertising", "advertising", "care", "reply", "registration"]),
    st.sampled_from(list(CHANNELS)),
    st.sampled_from(["", "Sao Hôm"]),
)
ASKS = st.builds(
    Ask,
    st.sampled_from(list(PURPOSES)),
    st.sampled_from(list(CHANNELS)),
    MOMENTS,
    st.sampled_from(["", "Sao Hôm"]),
    PRODUCTS,
)


def _known(most_consents: int = 4) -> st.SearchStrategy[Known]:
    consents = st.lists(CONSENTS, max_size=most_consents).map(
        lambda found: (yes(), yes("health"), yes("care"), *found)
    )
    return st.builds(Known, consents, st.booleans(), st.lists(CONTACTS, max_size=12).map(tuple))


@given(ASKS, _known(0).map(lambda known: replace(known, listed=False)))
def test_until_is_the_first_moment_that_is_sent(ask: Ask, known: Known) -> None:
    found = decide(ask, known)
    assert (found.until is not None) == (found.outcome == "hold")
    if found.until is not None:
        assert found.until > ask.at
        assert decide(replace(ask, at=found.until), known).outcome == "send"
        before = decide(replace(ask, at=max(ask.at, found.until - SECOND)), known)
        assert (before.outcome, before.until) == ("hold", found.until)


@given(ASKS, _known(), st.data())
def test_no_moment_before_until_is_sent(ask: Ask, known: Known, data: st.DataObject) -> None:
    found = decide(ask, known)
    if found.until is not None:
        seconds = data.draw(st.integers(0, int((found.until - ask.at) / SECOND)))
        between = min(ask.at + timedelta(seconds=seconds), found.until - SECOND)
        assert decide(replace(ask, at=max(ask.at, between)), known).outcome == "hold"


@given(ASKS, _known(), CONSENTS.filter(lambda said: not said.granted))
def test_a_refusal_more_never_opens_the_gate(ask: Ask, known: Known, refusal: Consented) -> None:
    before = decide(ask, known)
    after = decide(ask, replace(known, consents=(*known.consents, refusal)))
    if before.outcome != "send":
        assert after.outcome != "send"
    if before.outcome == "refuse":
        assert after.outcome == "refuse"
    listed = decide(ask, replace(known, listed=True))
    assert before.outcome == "send" or listed.outcome != "send"


@given(ASKS, _known(), CONTACTS)
def test_a_contact_more_never_opens_the_gate(ask: Ask, known: Known, contact: Contact) -> None:
    after = decide(ask, replace(known, contacts=(*known.contacts, contact)))
    assert decide(ask, known).outcome == "send" or after.outcome != "send"


@given(ASKS, _known(), st.randoms())
def test_every_verdict_says_why_in_any_order(ask: Ask, known: Known, order: Any) -> None:
    found = decide(ask, known)
    codes = {row.code for row in law.rows()}
    assert found.rule in codes | set(HOUSE)
    assert set(found.warn) <= {row.code for row in law.rows() if row.verify}
    assert f"``{found.code}``" in (rules.__doc__ or "")
    for said in (found.vi, found.en):
        assert said.endswith(".")
        assert "{" not in said
    assert found.vi != found.en
    consents, contacts = list(known.consents), list(known.contacts)
    order.shuffle(consents)
    order.shuffle(contacts)
    assert decide(ask, Known(tuple(consents), known.listed, tuple(contacts))) == found


def test_every_code_is_explained_and_no_rule_of_ours_looks_like_a_law() -> None:
    assert all(f"``{code}``" in (rules.__doc__ or "") for code in SENTENCES)
    assert all(code.startswith("house_") for code in HOUSE)
    assert not any(row.code.startswith("house_") for row in law.rows())
