"""A made-up round of 200,000 subscribers as the files a round's folder holds; every figure adds up as decide's do."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

from tantam.places import PROVINCES

OFFERS = (
    ("vip_concert", "Vé đêm nhạc tri ân", "Thank-you concert ticket", "privilege", 150_000, 1_480, 1_600),
    ("travel", "Phiếu du lịch cuối tuần", "Weekend travel voucher", "privilege", 120_000, 1_900, 2_000),
    ("shopping", "Phiếu mua sắm", "Shopping voucher", "privilege", 80_000, 3_210, None),
    ("birthday", "Quà sinh nhật tự chọn", "Birthday gift of your choice", "mass", 30_000, 11_840, None),
    ("points", "Điểm Care Plus", "Care Plus points", "mass", 10_000, 38_260, None),
    ("stay_bonus", "Tặng 3 GB sau khi hết ưu đãi", "3 GB after the promotion", "mass", 12_000, 14_970, None),
    ("new_device", "Miễn cước tháng đầu máy mới", "First month free, new device", "mass", 25_000, 4_015, 5_000),
    ("to_postpaid", "Chuyển sang trả sau", "Move to postpaid", "mass", 40_000, 5_322, None),
    ("cafe_meeting", "Mời dự cà phê lắng nghe", "Café meeting invitation", "mass", 60_000, 1_020, 1_020),
    ("worker", "Gói công nhân", "Workers' tariff", "mass", 15_000, 9_633, 12_000),
)
GROUPS = (
    ("privilege", "Privilege", "Privilege", 0.02), ("postpaid", "Trả sau", "Postpaid", 0.11),
    ("prepaid", "Trả trước", "Prepaid", 0.89), ("low_income", "Thu nhập thấp", "Low income", 0.30),
    ("over_three_years", "Gắn bó trên 3 năm", "Over three years", 0.46), ("devoted", "Gắn bó trên 10 năm", "Devoted", 0.12),
    ("workers", "Công nhân", "Workers", 0.14), ("policy_merit", "Gia đình chính sách, người có công", "Policy and merit families", 0.05),
    ("elderly", "Người cao tuổi", "Elderly", 0.13), ("promotion_ended", "Vừa hết ưu đãi 30 ngày", "Promotion ended, 30 days", 0.07),
    ("falling_spend", "Chi tiêu đang giảm", "Falling spend", 0.09), ("contactable", "Được phép liên lạc", "Contactable", 0.71),
)  # fmt: skip
BASES = (
    ("document", "có giấy tờ", "by document", 0.31), ("authority_list", "theo danh sách của chính quyền", "on an authority's list", 0.24),
    ("declared", "tự khai", "declared", 0.27), ("estimate", "ước tính", "estimated", 0.18),
)  # fmt: skip
N = 200_000
HORIZONS = (30, 60, 90)


def write(folder: Path, *, known: tuple[int, ...] = (), power: bool = True, **changes: Any) -> Path:
    """A round's folder; ``known`` are the horizons that proof.json can tell; ``changes`` replace parts of the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    s = {**summary(), **changes}
    _put(folder / "summary.json", s)
    _put(folder / "certificate.json", s["certificate"])
    _put(folder / "round.json", {"on": 20778, "most": 2, "fingerprint": s["certificate"]["fingerprint"]})
    if known:
        _put(folder / "proof.json", proof(known))
        _put(folder / "afterlife.json", after_life())
    if power:
        _put(folder / "power.json", powers())
    return folder


def summary() -> dict[str, Any]:
    offers = [_offer(*o) for o in OFFERS]
    spend, persons = sum(o["spend_dong"] for o in offers), sum(o["persons"] for o in offers)
    reached = int(persons * 0.93)
    budget = 2_000_000_000
    made = {
        "operator": "Sao Mai", "made_up": True, "on": "2026-11-21", "name_vi": "Chăm sóc cuối năm", "name_en": "Year-end care",
        "most": 2, "subscribers": N, "reached": reached, "decisions": persons, "budget_dong": budget, "spend_dong": spend,
        "value": 3_412_880_411, "greedy_value": 3_139_850_000, "greedy_loss": 1 - 3_139_850_000 / 3_412_880_411,
        "purses": _purses(offers), "offers": offers, "provinces": _provinces(reached, spend), "groups": _groups(reached, spend),
        "low_income": _low_income(reached, spend), "nothing": _nothing(N - reached),
        "relief": _needs((("hardship_gift", "Quà cho hộ khó khăn", "Gift for hardship", 412, 82_400_000, 100_000_000, 1_204),
                          ("savings_book", "Sổ tiết kiệm", "Savings book", 25, 75_000_000, 75_000_000, 61))),
        "notices": _needs((("camp_notice", "Báo ngày khám ở xã", "Camp day in the commune", 3_180, 954_000, 2_000_000, 0),)),
        "holdout": {"round_share": 0.02, "round_persons": 4_012, "control": sum(o["control"] for o in offers)},
        "limits": _limits(budget), "law": LAW,
    }  # fmt: skip
    made["certificate"] = _certificate(made)
    return made


LAW = [
    {"code": "promotion_prepaid_share", "status": "verify", "article": "TT 47/2017, Điều 4", "verify": True,
     "vi": "Trần 20 % cho trả trước chưa kiểm chứng hiệu lực. Cần một người có tên đồng ý.",
     "en": "The 20% cap for prepaid is an unverified rule. It needs a named person's yes."},
    {"code": "promotion_gift_share", "status": "ok", "article": "NĐ 81/2018, Điều 6", "verify": False,
     "vi": "Không suất nào vượt 50 % giá gói; 1.204 suất vượt trần đã bị loại.",
     "en": "No gift is over 50% of its price; 1,204 that would be were left out."},
]  # fmt: skip


def _offer(name: str, vi: str, en: str, purse: str, cost: int, persons: int, seats: int | None) -> dict[str, Any]:
    why = (("not_in_group", "không thuộc nhóm của món này", "is not in this offer's group", 61_204),
           ("no_consent", "chưa đồng ý nhận loại tin này", "has not consented to this kind of message", 38_911),
           ("contacted_recently", "vừa được liên lạc gần đây", "was contacted too recently", 9_120),
           ("outside_window", "món đã hết thời hạn", "the offer's window has passed", 3))  # fmt: skip
    return {
        "name": name, "vi": vi, "en": en, "class": "commercial", "purse": purse, "cost_dong": cost, "persons": persons,
        "spend_dong": cost * persons, "eligible": 90_762, "control": persons // 9, "seats": seats,
        "why_not": [{"code": c, "vi": v, "en": e, "persons": n} for c, v, e, n in why],
    }  # fmt: skip


def _purses(offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = (("privilege", "Ví Privilege", "Privilege purse", 800_000_000), ("mass", "Ví đại chúng", "Mass purse", 1_400_000_000))
    return [
        {"name": n, "vi": v, "en": e, "budget_dong": b, "spend_dong": sum(o["spend_dong"] for o in offers if o["purse"] == n)}
        for n, v, e, b in named
    ]


def _provinces(reached: int, spend: int) -> list[dict[str, Any]]:
    rng = random.Random(7)
    weights = [rng.lognormvariate(0, 0.7) for _ in PROVINCES]
    size = [int(N * x / sum(weights)) for x in weights]
    rates = [rng.gauss(1, 0.09) for _ in PROVINCES]
    got = [int(reached * n * r / sum(a * b for a, b in zip(size, rates, strict=True))) for n, r in zip(size, rates, strict=True)]
    return [
        {"code": p.code, "name": p.name, "subscribers": n, "reached": g, "spend_dong": spend * g // reached,
         "low_income": int(n * 0.3), "low_income_reached": int(g * 0.29),
         "seats": {o[0]: int(o[5] * g / reached) for o in OFFERS}}
        for p, n, g in zip(PROVINCES, size, got, strict=True)
    ]  # fmt: skip


def _groups(reached: int, spend: int) -> list[dict[str, Any]]:
    rng = random.Random(3)
    made = []
    for name, vi, en, share in GROUPS:
        n = int(N * share)
        got = int(n * min(0.93, reached / N * rng.uniform(0.8, 1.5)))
        money = min(spend, int(got * rng.uniform(14_000, 32_000)))
        median = rng.choice([10_000, 12_000, 15_000, 22_000, 25_000])
        made.append({"name": name, "vi": vi, "en": en, "subscribers": n, "reached": got, "spend_dong": money, "median_dong": median})
    return made


def _low_income(reached: int, spend: int) -> dict[str, Any]:
    n, got, money = int(N * 0.3), int(reached * 0.29), int(spend * 0.3012)
    return {
        "subscribers": n, "reached": got, "spend_dong": money, "share_of_spend": money / spend, "share_of_subscribers": 0.3,
        "median_dong": 15_000, "others_median_dong": 12_000, "floor_share": 0.3,
        "by_basis": [{"basis": b, "vi": v, "en": e, "subscribers": int(n * x), "reached": int(got * x),
                      "spend_dong": int(money * x), "median_dong": 15_000} for b, v, e, x in BASES]
        + [{"basis": "", "vi": "không rõ căn cứ", "en": "basis unknown", "subscribers": 0, "reached": 0, "spend_dong": 0,
            "median_dong": None}],
    }  # fmt: skip


def _nothing(persons: int) -> dict[str, Any]:
    parts = (("below_price", "giá trị chưa bù được giá của giới hạn", "worth less than what the limits charge for it", 0.47),
             ("no_consent", "chưa đồng ý nhận loại tin này", "has not consented to this kind of message", 0.31),
             ("contacted_recently", "vừa được liên lạc gần đây", "was contacted too recently", 0.12),
             ("refuses_profiling", "đã từ chối chấm điểm tự động", "has refused profiling", 0.06),
             ("held_out_round", "ở nhóm đối chứng của đợt, do rút thăm", "is held out of the round, by lot", 0.04))  # fmt: skip
    rows = [{"code": c, "vi": v, "en": e, "persons": int(persons * x)} for c, v, e, x in parts]
    rows[0]["persons"] += persons - sum(r["persons"] for r in rows)
    return {"persons": persons, "low_income_persons": int(persons * 0.31), "reasons": rows}


def _needs(rows: tuple[tuple[str, str, str, int, int, int, int], ...]) -> dict[str, Any]:
    keys = ("name", "vi", "en", "persons", "spend_dong", "budget_dong", "waiting")
    offers = [dict(zip(keys, r, strict=True)) for r in rows]
    return {"persons": sum(r[3] for r in rows), "spend_dong": sum(r[4] for r in rows), "by_offer": offers}


def _limits(budget: int) -> list[dict[str, Any]]:
    def row(name: str, sense: str, bound: int, use: int, price: float, unit: str, vi: str, en: str) -> dict[str, Any]:
        tail = ("chưa chạm, nới thêm cũng không khác.", "does not bind; more would change nothing.")
        tight = price > 0
        return {"name": name, "sense": sense, "bound": bound, "use": use, "price": price, "tight": tight, "unit": unit,
                "vi": vi if tight else f"{vi.partition(': ')[0]}: {tail[0]}",
                "en": en if tight else f"{en.partition(': ')[0]}: {tail[1]}"}  # fmt: skip

    rows = [
        row("budget", "<=", budget, 1_999_988_000, 0.61, "dong", "Ngân sách của đợt: thêm 10,0 triệu đồng thì thêm 6,10 triệu đồng giá trị.", "The round's budget: VND 10.0 m more brings VND 6.10 m of worth."),
        row("floor:low_income spend >= 30%", ">=", 0, 211, 0.04, "dong", "Sàn “low_income spend >= 30%”: đang chạm, và khiến đợt này bớt giá trị. Đó là điều ta chọn.", "The floor “low_income spend >= 30%”: binds, and costs the round some worth. That is our choice."),
        row("seats:cafe_meeting", "<=", 1_020, 1_020, 41_200.0, "seats", "Số suất “Mời dự cà phê lắng nghe”: thêm một suất thì thêm 41,2 nghìn đồng giá trị.", "Seats of “Café meeting invitation”: one more seat brings VND 41.2 k of worth."),
        row("purse:privilege", "<=", 800_000_000, 706_800_000, 0.0, "dong", "Ví Privilege: -", "Privilege purse: -"),
    ]  # fmt: skip
    for i, p in enumerate(PROVINCES):
        price = max(0.0, 52_000.0 - 3_100 * i)
        rows.append(row(f"floor:seats cafe_meeting per province >= 6@{p.code}", ">=", 6, 6 if price else 18 + i, price, "seats",
                        f"Sàn “seats cafe_meeting per province >= 6” ở {p.name}: suất cuối cùng khiến đợt này bớt {price / 1000:.1f} nghìn đồng giá trị. Đó là điều ta chọn.".replace("0.", "0,"),
                        f"The floor “seats cafe_meeting per province >= 6” in {p.name}: its last seat costs the round VND {price / 1000:.1f} k of worth. That is our choice."))  # fmt: skip
    for name, vi, en, *_ in OFFERS[:4]:
        for i, p in enumerate(PROVINCES):
            price = max(0.0, 18_000.0 - 900 * i)
            rows.append(row(f"seats:{name}@{p.code}", "<=", 200 + i, 200 + i if price else 80, price, "seats",
                            f"Số suất “{vi}” ở {p.name}: thêm một suất thì thêm {price / 1000:.0f} nghìn đồng giá trị.",
                            f"Seats of “{en}” in {p.name}: one more seat brings VND {price / 1000:.0f} k of worth."))  # fmt: skip
    return sorted(rows, key=lambda r: (not r["tight"], -r["price"] * max(1, r["use"])))


def _certificate(s: dict[str, Any]) -> dict[str, Any]:
    keys = ("sense", "bound", "use", "price")
    return {
        "subscribers": N, "objective": s["value"], "bound": s["value"] + 231_118, "gap": 231_118 / s["value"],
        "spend_dong": s["spend_dong"], "greedy_objective": s["greedy_value"], "tight": sum(m["tight"] for m in s["limits"]),
        "constraints": {m["name"]: {k: m[k] for k in keys} for m in s["limits"]}, "violated": [],
        "stages": {"read": 0.41, "worth": 1.2, "solve": 0.93, "write": 0.3}, "peak_mb": 412.3,
        "fingerprint": "5c1e88a04d0f2b7791ac6e3d52f08b1490de77c3a1b2f4e6", "engine": "duckdb 2.0.0",
    }  # fmt: skip


def proof(known: tuple[int, ...]) -> list[dict[str, Any]]:
    rng = random.Random(11)
    rows = []
    for i, (name, *_, persons, _seats) in enumerate(OFFERS):
        lift = (0.019, 0.012, 0.002, 0.015, 0.001, 0.031, -0.001, 0.008, 0.022, -0.017)[i]
        for estimand in ("against nothing", "against the next best offer"):
            treated = int(persons * 0.98)
            control = max(40, int(persons / (49 if estimand == "against nothing" else 9)))
            for outcome, unit in (("active", 1.0), ("spend", 900_000.0), ("became_postpaid", 0.4)):
                for day in HORIZONS:
                    enough = day in known and control >= 100
                    half = 0.16 / math.sqrt(control) * unit
                    effect = (lift * (0.6 + day / 150) + rng.gauss(0, 0.001)) * unit
                    told = (effect, effect - half, effect + half, effect - 1.3 * half, effect + 1.3 * half)
                    e, lo, hi, alo, ahi = told if enough else (None,) * 5
                    rows.append({"offer": name, "outcome": outcome, "horizon_days": day, "estimand": estimand, "treated_n": treated,
                                 "control_n": control, "effect": e, "low": lo, "high": hi, "enough": enough, "adjusted_low": alo,
                                 "adjusted_high": ahi, "p_adjusted": 0.04 if enough else None, "sentence_vi": "…", "sentence_en": "…"})  # fmt: skip
    return rows


def after_life() -> dict[str, Any]:
    def arm(rate: float, n: int) -> list[dict[str, Any]]:
        days, alive = [], float(n)
        for day in range(91):
            hazard = 0.0 if day == 0 else rate * math.exp(-day / 70)
            left = alive * hazard
            alive -= left
            share = alive / n
            half = 1.96 * math.sqrt(max(share * (1 - share), 1e-9) / n)
            days.append({"day": day, "at_risk": int(alive + left), "left": int(left), "hazard": hazard, "survival": share,
                         "low": share - half, "high": min(1.0, share + half)})  # fmt: skip
        return days

    return {
        "arms": {"treated": arm(0.00105, 14_970), "control": arm(0.0016, 1_663)},
        "sentence_vi": "Sau 90 ngày kể từ khi hết ưu đãi, 94,8 % người được chăm sóc còn ở lại, người để đối chứng là 92,5 %.",
        "sentence_en": "90 days after the promotion ended, 94.8% of those cared for are still with us, 92.5% of those held out.",
    }


def powers() -> list[dict[str, Any]]:
    return [
        {"offer": name, "estimand": "against the next best offer", "outcome": "active", "horizon_days": day, "treated_n": persons,
         "control_n": persons // 9, "detectable": 2.8 * 0.22 / math.sqrt(persons / 9), "sentence_vi": "…", "sentence_en": "…"}
        for name, *_, persons, _seats in OFFERS
        for day in HORIZONS
    ]  # fmt: skip


def _put(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
