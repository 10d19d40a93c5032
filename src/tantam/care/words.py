"""What each limit of a round costs at the margin, in one plain sentence a language."""

from __future__ import annotations

from typing import Any

from tantam import money, places
from tantam.care import decide
from tantam.care.offers import Offers

STEP_DONG = 10_000_000
"""A price of money is said for ten million đồng more."""


def limits(decided: decide.Decided, certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """Every limit with its use, price and sentence, the dearest that binds first."""
    offers = decided.terms.offers
    made = []
    for name, row in certificate["constraints"].items():
        vi, en = sentence(name, row, offers)
        unit = "seats" if _is_seats(name) else "dong"
        made.append({"name": name, **row, "unit": unit, "vi": vi, "en": en})
    weight = {m["name"]: m["price"] * max(1, abs(int(m["use"]))) for m in made}
    return sorted(made, key=lambda m: (not m["tight"], -weight[m["name"]]))


def sentence(name: str, row: dict[str, Any], offers: Offers) -> tuple[str, str]:
    """What a limit is and what one step of it costs or brings, Vietnamese and English."""
    vi, en = title(name, offers)
    if not row["tight"]:
        return f"{vi}: chưa chạm, nới thêm cũng không khác.", f"{en}: does not bind; more would change nothing."
    price, floor = float(row["price"]), row["sense"] == ">="
    if _is_seats(name):
        worth = round(price)
        vi_worth, en_worth = money.words(worth), money.words(worth, "en")
        if floor:
            return (
                f"{vi}: suất cuối cùng khiến đợt này bớt {vi_worth} giá trị. Đó là điều ta chọn.",
                f"{en}: its last seat costs the round {en_worth} of worth. That is our choice.",
            )
        return f"{vi}: thêm một suất thì thêm {vi_worth} giá trị.", f"{en}: one more seat brings {en_worth} of worth."
    if row["bound"] == 0 and "%" in name:
        return (
            f"{vi}: đang chạm, và khiến đợt này bớt giá trị. Đó là điều ta chọn.",
            f"{en}: binds, and costs the round some worth. That is our choice.",
        )
    worth = round(price * STEP_DONG)
    vi_worth, en_worth = money.words(worth), money.words(worth, "en")
    more_vi, more_en = money.words(STEP_DONG), money.words(STEP_DONG, "en")
    if floor:
        return (
            f"{vi}: cứ {more_vi} của mức sàn khiến đợt này bớt {vi_worth} giá trị. Đó là điều ta chọn.",
            f"{en}: each {more_en} of the floor costs the round {en_worth} of worth. That is our choice.",
        )
    return f"{vi}: thêm {more_vi} thì thêm {vi_worth} giá trị.", f"{en}: {more_en} more brings {en_worth} of worth."


def title(name: str, offers: Offers) -> tuple[str, str]:
    """A limit's name in words, Vietnamese and English."""
    kind, _, rest = name.partition(":")
    rest, _, code = rest.partition("@")
    where_vi, where_en = ("", "") if not code else (f" ở {places.today(code).name}", f" in {places.today(code).name_en}")
    if kind == "budget":
        return "Ngân sách của đợt", "The round's budget"
    if kind == "purse":
        purse = next(p for p in offers.purses if p.name == rest)
        return purse.vi, purse.en
    if kind == "seats":
        offer = next(o for o in offers.commercial if o.name == rest)
        return f"Số suất “{offer.vi}”{where_vi}", f"Seats of “{offer.en}”{where_en}"
    word = ("Sàn", "The floor") if kind == "floor" else ("Trần", "The cap")
    return f"{word[0]} “{rest}”{where_vi}", f"{word[1]} “{rest}”{where_en}"


def _is_seats(name: str) -> bool:
    return name.startswith("seats:") or (name.startswith(("floor:", "cap:")) and " spend " not in f" {name[6:]} ")
