"""The offers file: what can be given, to whom, at what cost, and within which purses; read and checked whole.

A manager writes it in TOML. Three classes of offer, and what may never be mixed up:

* ``commercial`` is chosen by value within the round's budget, and a share is held out to prove its effect;
* ``relief`` goes by documented need and date of request, from a budget of its own, never by value, never held out;
* ``notice`` goes to everyone reachable in a place, from a budget of its own, never chosen, never held out.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast

from tantam import clock, money
from tantam.errors import BadInput, Refused
from tantam.segments import rule

OfferClass = Literal["commercial", "relief", "notice"]
PPM = 1_000_000
LEARNED = "learned"
"""What is written in place of an expression where the worth was learned from past rounds."""
MOST_OFFERS = 58
"""Decisions of one subscriber are bits of an int64, and the solver packs an offer's number into six bits."""

_ROUND = {"name_vi", "name_en", "most", "holdout", "days_between_contacts", "most_contacts", "confirmed_by"}
_SHARED = {"class", "vi", "en", "who", "cost", "window", "contact"}
_COMMERCIAL = {
    "value",
    "seats",
    "seats_per_province",
    "group",
    "purse",
    "holdout",
    "needs",
    "promotion_unit_price",
}
_NEED = {"budget", "budget_per_subscriber"}


@dataclass(frozen=True)
class Amount:
    """A whole number, or a share (of the budget, of the base, of a province) in parts per million."""

    number: int = 0
    share_ppm: int | None = None

    def of(self, whole: int) -> int:
        """The whole number it means; a share is rounded down, because it is a cap."""
        return self.number if self.share_ppm is None else whole * self.share_ppm // PPM

    def at_least(self, whole: int) -> int:
        """The whole number it means as a floor; a share is rounded up."""
        return self.number if self.share_ppm is None else -(-whole * self.share_ppm // PPM)


@dataclass(frozen=True)
class Offer:
    """One thing that can be given. ``cost`` is whole đồng a head; ``value`` an expression in đồng of worth a head,
    which is 1 where the worth is ``learned``: it then stands in the scores of the home (tantam.care.learned).
    """

    name: str
    kind: OfferClass
    vi: str
    en: str
    who: str
    node: rule.Node
    cost: int
    contact: bool = True
    window: tuple[int, int] | None = None
    value: rule.Node | None = None
    learned: bool = False
    needs: str = "consent_care"
    seats: Amount | None = None
    seats_per_province: Amount | None = None
    group: str | None = None
    purse: str | None = None
    holdout_ppm: int = 0
    promotion_unit_price: rule.Node | None = None
    budget: Amount | None = None
    budget_per_subscriber: int | None = None

    def open_on(self, on: int) -> bool:
        """Whether the offer may be given in a round of that day: its window has not passed."""
        return self.window is None or on <= self.window[1]


@dataclass(frozen=True)
class Purse:
    """A named sum within the budget: what one purse spends, no other can eat."""

    name: str
    vi: str
    en: str
    sum: Amount


@dataclass(frozen=True)
class Offers:
    """The whole file. ``text`` is kept with the round, so that it can be read again as it was."""

    text: str
    offers: tuple[Offer, ...]
    purses: tuple[Purse, ...] = ()
    floors: tuple[str, ...] = ()
    name_vi: str = ""
    name_en: str = ""
    most: int = 2
    holdout_ppm: int = 20_000
    days_between_contacts: int = 14
    most_contacts: int = 3
    confirmed_by: str = ""
    commercial: tuple[Offer, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "commercial", self.of("commercial"))

    def of(self, kind: OfferClass) -> tuple[Offer, ...]:
        """The offers of one class, in the file's order."""
        return tuple(o for o in self.offers if o.kind == kind)


def read(path: Path) -> Offers:
    """Read an offers file; refuses (``bad_offers`` and the codes of :func:`parse`) what is not one."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            "no_offers", f"There is no offers file {path}.", "Make one: tantam sample offers > offers.toml."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "bad_offers", f"{path} cannot be read as text ({type(error).__name__}).", "Save it as UTF-8 TOML."
        ) from None


def parse(text: str) -> Offers:
    """The offers of a TOML text.

    Refuses ``bad_offers`` (not TOML, unknown or missing words, wrong types, with the nearest word as a hint),
    ``holdout_on_need`` and ``value_on_need`` (relief and notices go by need), ``unknown_purse``, and the rule codes.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(
            "bad_offers", f"The offers file is not TOML: {error}.", "See `tantam sample offers`."
        ) from None
    _known("the offers file", data, {"round", "purses", "floors", "offers"})
    head = _table(data, "round")
    _known("[round]", head, _ROUND)
    purses = tuple(_purse(name, _entry("purses", name, row)) for name, row in _table(data, "purses").items())
    offers = tuple(_offer(name, _entry("offers", name, row)) for name, row in _table(data, "offers").items())
    _whole_file(offers, purses)
    return Offers(
        text,
        offers,
        purses,
        floors=_floors(_table(data, "floors")),
        name_vi=_text("[round]", head, "name_vi", ""),
        name_en=_text("[round]", head, "name_en", ""),
        most=_count("[round]", head, "most", 2),
        holdout_ppm=_share("[round]", head, "holdout", "2%"),
        days_between_contacts=_count("[round]", head, "days_between_contacts", 14),
        most_contacts=_count("[round]", head, "most_contacts", 3),
        confirmed_by=_text("[round]", head, "confirmed_by", ""),
    )


def _whole_file(offers: tuple[Offer, ...], purses: tuple[Purse, ...]) -> None:
    if not offers:
        raise BadInput("bad_offers", "The offers file has no offer.", "See `tantam sample offers`.")
    commercial = [o for o in offers if o.kind == "commercial"]
    if len(commercial) > MOST_OFFERS:
        what = f"{len(commercial)} commercial offers are more than one round takes ({MOST_OFFERS})."
        raise BadInput("too_many_offers", what, "Split the round.")
    names = {p.name for p in purses}
    for offer in commercial:
        if offer.purse and offer.purse not in names:
            what = f"Offer {offer.name} names the purse “{offer.purse}”; there is {_list(names)}."
            raise BadInput(
                "unknown_purse", what, f"Add [purses.{offer.purse}] with its sum, or name another."
            )


def _offer(name: str, row: dict[str, Any]) -> Offer:
    where = f"[offers.{name}]"
    kind = row.get("class")
    if kind not in ("commercial", "relief", "notice"):
        raise BadInput("bad_offers", f"{where} has class {kind!r}.", "Write commercial, relief or notice.")
    if kind != "commercial":
        _no_choosing(where, row, kind)
    _known(where, row, _SHARED | (_COMMERCIAL if kind == "commercial" else _NEED))
    who = _text(where, row, "who")
    shared: dict[str, Any] = {
        "name": name,
        "kind": cast(OfferClass, kind),
        "vi": _text(where, row, "vi", name),
        "en": _text(where, row, "en", name),
        "who": who,
        "node": _rule(where, "who", who),
        "cost": _money(where, row, "cost"),
        "contact": _yes(where, row, "contact", default=True),
        "window": _window(where, row),
    }
    return Offer(**shared, **(_commercial(where, row) if kind == "commercial" else _need(where, row)))


def _commercial(where: str, row: dict[str, Any]) -> dict[str, Any]:
    needs = _text(where, row, "needs", "consent_care")
    if needs not in ("consent_care", "consent_ads"):
        raise BadInput("bad_offers", f"{where} needs “{needs}”.", "Write consent_care or consent_ads.")
    price = _text(where, row, "promotion_unit_price", "")
    value = str(row["value"]) if "value" in row else _missing(where, "value")
    learned = value.strip() == LEARNED
    return {
        "value": _rule(where, "value", "1" if learned else value, number=True),
        "learned": learned,
        "needs": needs,
        "seats": _amount(where, row, "seats"),
        "seats_per_province": _amount(where, row, "seats_per_province"),
        "group": _text(where, row, "group", "") or None,
        "purse": _text(where, row, "purse", "") or None,
        "holdout_ppm": _share(where, row, "holdout", "0%"),
        "promotion_unit_price": _rule(where, "promotion_unit_price", price, number=True) if price else None,
    }


def _need(where: str, row: dict[str, Any]) -> dict[str, Any]:
    if ("budget" in row) == ("budget_per_subscriber" in row):
        what = f"{where} needs a budget of its own, written once."
        raise BadInput("bad_offers", what, "Write budget = …, or budget_per_subscriber = …, in whole đồng.")
    if "budget" in row:
        return {"budget": Amount(_money(where, row, "budget"))}
    return {"budget_per_subscriber": _money(where, row, "budget_per_subscriber")}


def _no_choosing(where: str, row: dict[str, Any], kind: str) -> None:
    """Relief and notices go by need and to everyone: nothing in the file can make a lottery or a choice of them."""
    if "holdout" in row:
        what = f"{where} is {kind} and cannot be held out: it goes to those who need it."
        raise Refused("holdout_on_need", what, "Remove the holdout.")
    for word in ("value", "seats", "seats_per_province", "purse", "promotion_unit_price"):
        if word in row:
            what = f"{where} is {kind} and is never chosen by {word}."
            raise Refused("value_on_need", what, f"Remove {word}; give it a budget of its own.")


def _purse(name: str, row: dict[str, Any]) -> Purse:
    where = f"[purses.{name}]"
    _known(where, row, {"vi", "en", "sum"})
    amount = _amount(where, row, "sum") or _missing(where, "sum")
    return Purse(name, _text(where, row, "vi", name), _text(where, row, "en", name), amount)


def _floors(row: dict[str, Any]) -> tuple[str, ...]:
    _known("[floors]", row, {"texts"})
    texts = row.get("texts", [])
    if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
        raise BadInput(
            "bad_offers",
            "[floors] texts is not a list of texts.",
            'Write texts = ["low_income spend >= 30%"].',
        )
    return tuple(texts)


def _table(data: dict[str, Any], word: str) -> dict[str, Any]:
    row = data.get(word, {})
    if not isinstance(row, dict):
        raise BadInput("bad_offers", f"[{word}] is not a table.", "See `tantam sample offers`.")
    return row


def _entry(table: str, name: str, row: object) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise BadInput("bad_offers", f"[{table}.{name}] is not a table.", "See `tantam sample offers`.")
    if not name.isidentifier() or not name.isascii() or len(name) > 40:
        raise BadInput("bad_offers", f"“{name}” cannot be a name.", "Use up to 40 letters a–z, digits and _.")
    return row


def _known(where: str, row: dict[str, Any], words: set[str]) -> None:
    for word in row:
        if word not in words:
            near = get_close_matches(word, words, 1)
            hint = f"Did you mean {near[0]}?" if near else f"It takes {_list(words)}."
            raise BadInput("bad_offers", f"{where} does not know “{word}”.", hint)


def _missing(where: str, word: str) -> Any:
    raise BadInput("bad_offers", f"{where} has no {word}.", "See `tantam sample offers`.")


def _text(where: str, row: dict[str, Any], word: str, default: str | None = None) -> str:
    text = row.get(word, default)
    if text is None:
        _missing(where, word)
    if not isinstance(text, str):
        raise BadInput("bad_offers", f"{where} {word} is not a text.", f'Write {word} = "…".')
    return text


def _yes(where: str, row: dict[str, Any], word: str, *, default: bool) -> bool:
    value = row.get(word, default)
    if not isinstance(value, bool):
        raise BadInput("bad_offers", f"{where} {word} is neither true nor false.", f"Write {word} = true.")
    return value


def _count(where: str, row: dict[str, Any], word: str, default: int) -> int:
    number = row.get(word, default)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 10_000:
        raise BadInput(
            "bad_offers", f"{where} {word} is not a small whole number.", f"Write {word} = {default}."
        )
    return number


def _money(where: str, row: dict[str, Any], word: str) -> int:
    if word not in row:
        _missing(where, word)
    try:
        return money.parse(row[word]) if not isinstance(row[word], bool) else money.parse("true")
    except BadInput as error:
        raise BadInput("bad_offers", f"{where} {word}: {error.what}", error.do) from None


def _amount(where: str, row: dict[str, Any], word: str) -> Amount | None:
    if word not in row:
        return None
    text = str(row[word]).strip()
    return (
        Amount(share_ppm=_ppm(where, word, text)) if text.endswith("%") else Amount(_money(where, row, word))
    )


def _share(where: str, row: dict[str, Any], word: str, default: str) -> int:
    ppm = _ppm(where, word, str(row.get(word, default)).strip())
    if ppm > PPM // 2:
        raise BadInput(
            "bad_offers", f"{where} {word} holds out more than half.", "Write up to 50%; 10% is usual."
        )
    return ppm


def _ppm(where: str, word: str, text: str) -> int:
    """A percentage in parts per million, exactly: no float decides a share."""
    whole, _, part = text.removesuffix("%").strip().partition(".")
    if not text.endswith("%") or not (whole + part).isdecimal() or len(part) > 4 or int(whole or 0) > 100:
        raise BadInput(
            "bad_offers", f"{where} {word} = {text!r} is not a share.", 'Write it as "10%" or "0.5%".'
        )
    return int(whole or 0) * 10_000 + int(part.ljust(4, "0"))


def _window(where: str, row: dict[str, Any]) -> tuple[int, int] | None:
    if "window" not in row:
        return None
    days = row["window"]
    if not isinstance(days, list) or len(days) != 2:
        raise BadInput(
            "bad_offers", f"{where} window is not two days.", 'Write ["2026-12-01", "2026-12-31"].'
        )
    first, last = (clock.parse_day(str(day)) for day in days)
    if first > last:
        raise BadInput("bad_offers", f"{where} window ends before it begins.", "Swap the two days.")
    return first, last


def _rule(where: str, word: str, text: str, *, number: bool = False) -> rule.Node:
    try:
        return rule.parse_value(text) if number else rule.parse(text)
    except BadInput as error:
        raise BadInput(error.code, f"{where} {word}: {error.what}", error.do) from None


def _list(words: set[str]) -> str:
    return ", ".join(sorted(words)) or "none"
