"""What each limit of a round is, and what it costs at the margin, in one plain sentence a language."""

from __future__ import annotations

from typing import Any

from tantam import money, places
from tantam.care import decide
from tantam.care.allocate import Limit
from tantam.care.limits import Floor
from tantam.care.offers import PPM, Offers

STEP_DONG = 10_000_000
"""A price of money is said for ten million đồng more."""
POINT_PPM = 10_000

Both = tuple[str, str]
"""Vietnamese and English."""


def limits(decided: decide.Decided, certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """Every limit with its use, price and sentence: those that bind first, of them floors, then the dearest."""
    floors = {f.text: f for f in decided.terms.floors}
    made = []
    for limit in decided.instance.limits:
        row = certificate["constraints"][limit.name]
        kind, text, code = split(limit.name)
        floor = floors.get(text) if kind in ("floor", "cap") else None
        name = floor_title(floor, decided.terms.offers) if floor else title(kind, text, decided.terms.offers)
        where = (f" ở {places.today(code).name}", f" in {places.today(code).name_en}") if code else ("", "")
        said = _consequence(row, *_step(decided, limit, row, floor, certificate["spend_dong"]))
        vi, en = (f"{n}{w}: {s}" for n, w, s in zip(name, where, said, strict=True))
        made.append(
            {
                "name": limit.name,
                **row,
                "unit": "seats" if _is_seats(limit.name, floor) else "dong",
                "vi": vi,
                "en": en,
            }
        )
    weight = {m["name"]: m["price"] * max(1, abs(int(m["use"]))) for m in made}
    return sorted(made, key=lambda m: (not m["tight"], m["sense"] == "<=", -weight[m["name"]]))


def split(name: str) -> tuple[str, str, str]:
    """A limit's name apart: kind, what it is of, and the province's code or ""."""
    kind, _, rest = name.partition(":")
    text, _, code = rest.partition("@")
    return kind, text, code


def title(kind: str, text: str, offers: Offers) -> Both:
    """The name of the budget, a purse, or an offer's seats."""
    if kind == "budget":
        return "Ngân sách của đợt", "The round's budget"
    if kind == "purse":
        purse = next(p for p in offers.purses if p.name == text)
        return purse.vi, purse.en
    offer = next(o for o in offers.commercial if o.name == text)
    return f"Số suất “{offer.vi}”", f"Seats of “{offer.en}”"


def floor_title(floor: Floor, offers: Offers) -> Both:
    """A floor or a cap as people say it: "Sàn 30 % tiền tới người thu nhập thấp"."""
    offer = next((o for o in offers.commercial if o.name == floor.offer), None)
    vi = ["Sàn" if floor.sense == ">=" else "Trần", _amount(floor, "vi")]
    en = ["The floor of" if floor.sense == ">=" else "The cap of", _amount(floor, "en")]
    if offer:
        vi.append(f"“{offer.vi}”" if floor.what == "seats" else f"cho “{offer.vi}”")
        en.append(f"of “{offer.en}”" if floor.what == "seats" else f"on “{offer.en}”")
    if floor.low_income:
        vi.append("tới người thu nhập thấp")
        en.append("for low-income people")
    if floor.province:
        vi.append(f"ở {places.today(floor.province).name}")
        en.append(f"in {places.today(floor.province).name_en}")
    return " ".join(vi), " ".join(en)


def _amount(floor: Floor, lang: money.Language) -> str:
    share = floor.amount.share_ppm
    of = {"vi": ("tiền", "suất"), "en": ("of the money", "seats")}[lang][floor.what == "seats"]
    if share is None:
        number = floor.amount.number
        return money.words(number, lang) if floor.what == "spend" else f"{money.digits(number, lang)} {of}"
    percent = money.decimal(share / POINT_PPM, 0 if share % POINT_PPM == 0 else 2, lang)
    text = f"{percent} %" if lang == "vi" else f"{percent}%"
    people = {"vi": "thuê bao có", "en": "of subscribers with"}[lang]
    return f"{text} {of}" if floor.what == "spend" else f"{text} {people} {of}"


def _step(
    decided: decide.Decided, limit: Limit, row: dict[str, Any], floor: Floor | None, spent: int
) -> tuple[float, Both]:
    """What one step of a limit is worth in đồng, and what the step is: a seat, a point of a share, ten million đồng."""
    price = float(row["price"])
    if _is_seats(limit.name, floor):
        return price, ("một suất", "one seat")
    share = floor.amount.share_ppm if floor is not None else None
    if share is None:
        return price * STEP_DONG, (money.words(STEP_DONG), money.words(STEP_DONG, "en"))
    # A share's row stands in whole numbers over a common divisor; a point more asks 10,000 ppm of all money over it.
    j = int(limit.coefficient.argmax()) % limit.coefficient.shape[1]
    divisor = (PPM - share) * int(decided.instance.cost[j]) / max(1, int(limit.coefficient.max()))
    return price * POINT_PPM * spent / max(divisor, 1.0), ("một điểm %", "one percentage point")


def _consequence(row: dict[str, Any], worth_dong: float, step: Both) -> Both:
    """What one step more would bring, or what the last step of a floor costs."""
    if not row["tight"]:
        return "chưa chạm, nới thêm cũng không khác.", "does not bind; more would change nothing."
    vi, en = money.words(round(worth_dong)), money.words(round(worth_dong), "en")
    if row["sense"] == ">=":
        return (
            f"{step[0]} của mức sàn khiến đợt này bớt {vi} giá trị. Đó là điều ta chọn.",
            f"{step[1]} of the floor costs the round {en} of worth. That is our choice.",
        )
    return f"thêm {step[0]} thì thêm {vi} giá trị.", f"{step[1]} more brings {en} of worth."


def _is_seats(name: str, floor: Floor | None) -> bool:
    return name.startswith("seats:") or (floor is not None and floor.what == "seats")
