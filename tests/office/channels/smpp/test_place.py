"""The address of an SMS centre: what it says, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.channels.smpp.place import Place, address, place


def test_an_address_alone_has_the_usual_settings() -> None:
    assert place("smpp://tantam@sms.example.vn", "secret") == Place(
        "sms.example.vn", 2775, "tantam", "secret", "", False, 50, "gsm", 0
    )


def test_every_setting_of_an_address() -> None:
    url = "smpps://tan%20tam@[::1]:4000/?sender=Tan+Tam&window=10&alphabet=latin1&rate=100&system_type=VMA"
    assert place(url, "secret") == Place(
        "::1", 4000, "tan tam", "secret", "Tan Tam", True, 10, "latin1", 100, "VMA"
    )
    assert place("smpps://x@h", "p").port == 3550


@pytest.mark.parametrize(
    ("sender", "source"),
    [
        ("", (0, 0, "")),
        ("TANTAM", (5, 0, "TANTAM")),
        ("3G", (5, 0, "3G")),
        ("8888", (3, 0, "8888")),
        ("19008198", (3, 0, "19008198")),
        ("84912345678", (1, 1, "84912345678")),
        ("%2B84912345678", (1, 1, "84912345678")),
        ("0912345678", (2, 1, "0912345678")),
    ],
)
def test_the_sender_has_its_type_of_number(sender: str, source: tuple[int, int, str]) -> None:
    assert address(place(f"smpp://x@h?sender={sender}", "p").sender) == source


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "smpp://"),
        ("http://x@h", "smpp://"),
        ("tantam@h:2775", "smpp://"),
        ("smpp://h", "system id"),
        ("smpp://x@", "host"),
        ("smpp://x@h/path", "host"),
        ("smpp://sixteen-letters-@h", "system id"),
        ("smpp://x@h:99999", "address"),
        ("smpp://x@[h", "address"),
        ("smpp://x:hunter2@h", "password"),
        ("smpp://x@h?sender=Too%20long%20a%20name", "sender"),
        ("smpp://x@h?sender=T%E1%BA%ADn", "sender"),
        ("smpp://x@h?sender=12", "sender"),
        ("smpp://x@h?alphabet=ebcdic", "alphabet"),
        ("smpp://x@h?window=0", "window"),
        ("smpp://x@h?window=", "window"),
        ("smpp://x@h?rate=-1", "rate"),
        ("smpp://x@h?sendr=A", "sendr"),
        ("smpp://x@h?system_type=thirteen_long", "system_type"),
    ],
)
def test_what_is_wrong_is_named(url: str, word: str) -> None:
    with pytest.raises(BadInput, match=word) as wrong:
        place(url, "p")
    assert wrong.value.code == "bad_setting"
    assert wrong.value.vi
    assert "hunter2" not in str(wrong.value) + wrong.value.vi


@pytest.mark.parametrize("password", ["", "ninechars", "mật khẩu"])
def test_a_password_that_smpp_cannot_carry_is_refused_and_never_shown(password: str) -> None:
    with pytest.raises(BadInput, match="TANTAM_SMS_PASSWORD") as wrong:
        place("smpp://x@h", password)
    assert not password or password not in str(wrong.value)


def test_a_place_shows_no_password() -> None:
    assert "secret" not in repr(place("smpp://x@h", "secret"))


@given(st.text(max_size=60))
def test_any_address_is_a_place_or_refused(rest: str) -> None:
    for url in (rest, f"smpp://{rest}", f"smpp://x@h?{rest}"):
        try:
            place(url, "p")
        except BadInput as wrong:
            assert wrong.code == "bad_setting"
