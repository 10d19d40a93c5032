"""How numbers, days and money are written, and which language speaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from tantam.errors import BadInput, Refused
from tantam.office import words

NB = "\u00a0"


@pytest.mark.parametrize(
    ("written", "vi", "en"),
    [
        (lambda: words.number(1847), "1.847", "1,847"),
        (lambda: words.number(0), "0", "0"),
        (lambda: words.number(-0.7, 1), "−0,7", "−0.7"),
        (lambda: words.number(0.6, 1, plus=True), "+0,6", "+0.6"),
        (lambda: words.number(-0.04, 1), "0,0", "0.0"),
        (lambda: words.number(1234567.5, 1), "1.234.567,5", "1,234,567.5"),
        (lambda: words.percent(0.942), f"94,2{NB}%", "94.2%"),
        (lambda: words.percent(1), f"100{NB}%", "100%"),
        (lambda: words.percent(0), f"0{NB}%", "0%"),
        (lambda: words.percent(0.99996), f"99,9{NB}%", "99.9%"),
        (lambda: words.percent(1.004), f"100,4{NB}%", "100.4%"),
        (lambda: words.dong(1847000), f"1.847.000{NB}đồng", f"VND{NB}1,847,000"),
        (lambda: words.dong(1400000, short=True), f"1,40{NB}triệu{NB}đồng", f"VND{NB}1.40{NB}m"),
        (lambda: words.dong(19980000000, short=True), f"19,98{NB}tỷ{NB}đồng", f"VND{NB}19.98{NB}bn"),
        (lambda: words.dong(9500, short=True), f"9.500{NB}đồng", f"VND{NB}9,500"),
        (lambda: words.day(date(2026, 11, 21)), "21/11/2026", f"21{NB}Nov{NB}2026"),
        (lambda: words.day(date(2026, 11, 1), year=False), "01/11", f"1{NB}Nov"),
        (lambda: words.day(datetime(2026, 11, 20, 17, 30, tzinfo=UTC)), "21/11/2026", f"21{NB}Nov{NB}2026"),
        (lambda: words.hour(datetime(2026, 11, 21, 7, 26, tzinfo=UTC)), "14:26", "14:26"),
        (
            lambda: words.moment(datetime(2026, 11, 21, 7, 26, tzinfo=UTC)),
            "21/11/2026, 14:26",
            f"21{NB}Nov{NB}2026, 14:26",
        ),
        (lambda: words.days_ago(date(2026, 11, 22), date(2026, 11, 22)), "hôm nay", "today"),
        (lambda: words.days_ago(date(2026, 11, 19), date(2026, 11, 22)), "3 ngày trước", "3 days ago"),
        (lambda: words.days_ago(date(2026, 11, 25), date(2026, 11, 22)), "còn 3 ngày", "in 3 days"),
        (lambda: words.span(timedelta(seconds=-3)), "0 giây", "0 seconds"),
        (lambda: words.span(timedelta(seconds=59.9)), "59 giây", "59 seconds"),
        (lambda: words.span(timedelta(seconds=60)), "1 phút", "1 minute"),
        (lambda: words.span(timedelta(hours=47)), "47 giờ", "47 hours"),
        (lambda: words.span(timedelta(days=1400)), "1.400 ngày", "1,400 days"),
        (lambda: words.late(6), "trễ 6 ngày", "6 days late"),
        (lambda: words.late(1), "trễ 1 ngày", "1 day late"),
    ],
)
def test_written(written, vi, en):
    with override("vi"):
        assert written() == vi
    with override("en"):
        assert written() == en


def test_say_fills_its_holes_as_they_are():
    assert words.say("{n} lời hứa", "{n promise|promises}", n="<b>2</b>") == "<b>2</b> lời hứa"
    with override("en"):
        assert words.say("{n} lời hứa", "{n promise|promises}", n=2) == "2 promises"
        assert words.say("{n} lời hứa", "{n promise|promises}", n=1) == "1 promise"


def test_a_hole_without_a_value_fails_in_both_languages():
    for code in ("vi", "en"):
        with override(code), pytest.raises(KeyError):
            words.say("{n} lời", "{n} words")


def test_who_chose_no_language_reads_vietnamese():
    with override(None):
        assert words.say("vâng", "yes") == "vâng"
    with override("en-gb"):
        assert words.say("vâng", "yes") == "yes"


def test_a_moment_needs_its_zone():
    with pytest.raises(ValueError, match="zone"):
        words.moment(datetime(2026, 11, 21, 7, 26))


def test_an_error_speaks_the_readers_language():
    error = Refused("late", "It is too late.", "Ask the director.", vi="Muộn rồi. Hỏi giám đốc.")
    assert words.of(error) == "Muộn rồi. Hỏi giám đốc."
    with override("en"):
        assert words.of(error) == "It is too late. Ask the director."


def test_an_error_without_vietnamese_is_still_said():
    assert (
        words.of(BadInput("bad_rows", "Two rows are wrong.", "Mend them."))
        == "Two rows are wrong. Mend them."
    )
    assert words.of(ValueError("broken")) == "broken"
