"""A made-up round of 200,000 subscribers, as the files a round's folder holds; its figures add up."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tantam.places import PROVINCES
from tests.report import a_proof

OFFERS = (
    ("vip_concert", "Vé đêm nhạc tri ân", "Thank-you concert ticket", "privilege", 150_000, 1_480, 1_600),
    ("travel", "Phiếu du lịch cuối tuần", "Weekend travel voucher", "privilege", 120_000, 1_900, 2_000),
    ("shopping", "Phiếu mua sắm", "Shopping voucher", "privilege", 80_000, 3_210, None),
    ("birthday", "Quà sinh nhật tự chọn", "Birthday gift of your choice", "mass", 30_000, 7_040, None),
    ("points", "Điểm Care Plus", "Care Plus points", "mass", 10_000, 38_260, None),
    ("stay_bonus", "Tặng 3 GB sau khi hết ưu đãi", "3 GB after the promotion", "mass", 12_000, 14_970, None),
    (
        "new_device",
        "Miễn cước tháng đầu máy mới",
        "First month free, new device",
        "mass",
        25_000,
        4_015,
        5_000,
    ),
    ("to_postpaid", "Chuyển sang trả sau", "Move to postpaid", "mass", 40_000, 5_322, None),
    ("cafe_meeting", "Mời dự cà phê lắng nghe", "Café meeting invitation", "mass", 60_000, 1_020, 1_020),
    ("worker", "Gói công nhân", "Workers' tariff", "mass", 15_000, 9_633, 12_000),
)
GROUPS = (
    ("privilege", "Privilege", "Privilege", 0.02),
    ("postpaid", "Trả sau", "Postpaid", 0.11),
    ("prepaid", "Trả trước", "Prepaid", 0.89),
    ("low_income", "Thu nhập thấp", "Low income", 0.30),
    ("over_three_years", "Gắn bó trên 3 năm", "Over three years", 0.46),
    ("devoted", "Gắn bó trên 10 năm", "Devoted", 0.12),
    ("workers", "Công nhân", "Workers", 0.14),
    ("policy_merit", "Gia đình chính sách, có công", "Policy and merit", 0.05),
    ("elderly", "Người cao tuổi", "Elderly", 0.13),
    ("promotion_ended", "Vừa hết ưu đãi 30 ngày", "Promotion ended, 30 days", 0.07),
    ("falling_spend", "Chi tiêu đang giảm", "Falling spend", 0.09),
    ("contactable", "Được phép liên lạc", "Contactable", 0.71),
)
BASES = (
    ("document", "có giấy tờ", "by document", 0.31),
    ("authority_list", "theo danh sách của chính quyền", "on an authority's list", 0.24),
    ("declared", "tự khai", "declared", 0.27),
    ("estimate", "ước tính", "estimated", 0.18),
)
N = 200_000


def write(folder: Path, *, known: tuple[int, ...] = (), power: bool = True, **changes: Any) -> Path:
    """A round's folder; ``known`` are the marks proof.json tells of, ``changes`` parts of the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    s = {**summary(), **changes}
    _put(folder / "summary.json", s)
    _put(folder / "certificate.json", s["certificate"])
    _put(folder / "round.json", {"on": 20778, "most": 2, "fingerprint": s["certificate"]["fingerprint"]})
    if known:
        _put(folder / "proof.json", a_proof.proof(known, OFFERS))
        _put(folder / "afterlife.json", a_proof.after_life())
    if power:
        _put(folder / "power.json", a_proof.powers(OFFERS))
    return folder


def summary() -> dict[str, Any]:
    offers = [_offer(*o) for o in OFFERS]
    spend, persons = sum(o["spend_dong"] for o in offers), sum(o["persons"] for o in offers)
    reached = int(persons * 0.93)
    budget = 2_000_000_000
    made = {
        "operator": "Sao Mai",
        "made_up": True,
        "on": "2026-11-21",
        "name_vi": "Chăm sóc cuối năm",
        "name_en": "Year-end care",
        "most": 2,
        "subscribers": N,
        "reached": reached,
        "decisions": persons,
        "budget_dong": budget,
        "spend_dong": spend,
        "value": 3_412_880_411,
        "greedy_value": 3_139_850_000,
        "greedy_loss": 1 - 3_139_850_000 / 3_412_880_411,
        "purses": _purses(offers),
        "offers": offers,
        "provinces": _provinces(reached, spend),
        "groups": _groups(reached, spend),
        "low_income": _low_income(reached, spend),
        "nothing": _nothing(N - reached),
        "relief": _needs(
            (
                (
                    "hardship_gift",
                    "Quà cho hộ khó khăn",
                    "Gift for hardship",
                    412,
                    82_400_000,
                    100_000_000,
                    1_204,
                ),
                ("savings_book", "Sổ tiết kiệm", "Savings book", 25, 75_000_000, 75_000_000, 61),
            )
        ),
        "notices": _needs(
            (("camp_notice", "Báo ngày khám ở xã", "Camp day in the commune", 3_180, 954_000, 2_000_000, 0),)
        ),
        "holdout": {
            "round_share": 0.02,
            "round_persons": 4_012,
            "control": sum(o["control"] for o in offers),
        },
        "limits": _limits(budget),
        "law": LAW,
    }
    made["certificate"] = _certificate(made)
    return made


LAW = [
    {
        "code": "promotion_prepaid_share",
        "status": "verify",
        "article": "TT 47/2017, Điều 4",
        "verify": True,
        "vi": "Trần 20 % cho trả trước chưa kiểm chứng hiệu lực. Cần một người có tên đồng ý.",
        "en": "The 20% cap for prepaid is an unverified rule. It needs a named person's yes.",
    },
    {
        "code": "promotion_gift_share",
        "status": "ok",
        "article": "NĐ 81/2018, Điều 6",
        "verify": False,
        "vi": "Không suất nào vượt 50 % giá gói; 1.204 suất vượt trần đã bị loại.",
        "en": "No gift is over 50% of its price; 1,204 that would be were left out.",
    },
]


def _offer(
    name: str, vi: str, en: str, purse: str, cost: int, persons: int, seats: int | None
) -> dict[str, Any]:
    why = (
        ("not_in_group", "không thuộc nhóm của món này", "is not in this offer's group", 61_204),
        ("no_consent", "chưa đồng ý nhận loại tin này", "has not consented to this kind of message", 38_911),
        ("contacted_recently", "vừa được liên lạc gần đây", "was contacted too recently", 9_120),
        ("outside_window", "món đã hết thời hạn", "the offer's window has passed", 3),
    )
    return {
        "name": name,
        "vi": vi,
        "en": en,
        "class": "commercial",
        "purse": purse,
        "cost_dong": cost,
        "persons": persons,
        "spend_dong": cost * persons,
        "eligible": 90_762,
        "control": persons // 9,
        "seats": seats,
        "why_not": [{"code": c, "vi": v, "en": e, "persons": n} for c, v, e, n in why],
    }


def _purses(offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = (
        ("privilege", "Ví Privilege", "Privilege purse", 800_000_000),
        ("mass", "Ví đại chúng", "Mass purse", 1_400_000_000),
    )
    return [
        {
            "name": n,
            "vi": v,
            "en": e,
            "budget_dong": b,
            "spend_dong": sum(o["spend_dong"] for o in offers if o["purse"] == n),
        }
        for n, v, e, b in named
    ]


def _provinces(reached: int, spend: int) -> list[dict[str, Any]]:
    rng = random.Random(7)
    weights = [rng.lognormvariate(0, 0.7) for _ in PROVINCES]
    size = [int(N * x / sum(weights)) for x in weights]
    rates = [rng.gauss(1, 0.09) for _ in PROVINCES]
    got = [
        int(reached * n * r / sum(a * b for a, b in zip(size, rates, strict=True)))
        for n, r in zip(size, rates, strict=True)
    ]
    return [
        {
            "code": p.code,
            "name": p.name,
            "subscribers": n,
            "reached": g,
            "spend_dong": spend * g // reached,
            "low_income": int(n * 0.3),
            "low_income_reached": int(g * 0.29),
            "seats": {o[0]: int(o[5] * g / reached) for o in OFFERS},
        }
        for p, n, g in zip(PROVINCES, size, got, strict=True)
    ]


def _groups(reached: int, spend: int) -> list[dict[str, Any]]:
    rng = random.Random(3)
    made = []
    for name, vi, en, share in GROUPS:
        n = int(N * share)
        got = int(n * min(0.93, reached / N * rng.uniform(0.8, 1.5)))
        money = min(spend, int(got * rng.uniform(14_000, 32_000)))
        median = rng.choice([10_000, 12_000, 15_000, 22_000, 25_000])
        made.append(
            {
                "name": name,
                "vi": vi,
                "en": en,
                "subscribers": n,
                "reached": got,
                "spend_dong": money,
                "median_dong": median,
            }
        )
    return made


def _low_income(reached: int, spend: int) -> dict[str, Any]:
    n, got, money = int(N * 0.3), int(reached * 0.29), int(spend * 0.3012)
    return {
        "subscribers": n,
        "reached": got,
        "spend_dong": money,
        "share_of_spend": money / spend,
        "share_of_subscribers": 0.3,
        "median_dong": 15_000,
        "others_median_dong": 12_000,
        "floor_share": 0.3,
        "by_basis": [
            {
                "basis": b,
                "vi": v,
                "en": e,
                "subscribers": int(n * x),
                "reached": int(got * x),
                "spend_dong": int(money * x),
                "median_dong": 15_000,
            }
            for b, v, e, x in BASES
        ]
        + [
            {
                "basis": "",
                "vi": "không rõ căn cứ",
                "en": "basis unknown",
                "subscribers": 0,
                "reached": 0,
                "spend_dong": 0,
                "median_dong": None,
            }
        ],
    }


def _nothing(persons: int) -> dict[str, Any]:
    parts = (
        (
            "below_price",
            "giá trị chưa bù được giá của giới hạn",
            "worth less than what the limits charge for it",
            0.47,
        ),
        ("no_consent", "chưa đồng ý nhận loại tin này", "has not consented to this kind of message", 0.31),
        ("contacted_recently", "vừa được liên lạc gần đây", "was contacted too recently", 0.12),
        ("refuses_profiling", "đã từ chối chấm điểm tự động", "has refused profiling", 0.06),
        ("held_out_round", "ở nhóm đối chứng của đợt, do rút thăm", "is held out of the round, by lot", 0.04),
    )
    rows = [{"code": c, "vi": v, "en": e, "persons": int(persons * x)} for c, v, e, x in parts]
    rows[0]["persons"] += persons - sum(r["persons"] for r in rows)
    return {"persons": persons, "low_income_persons": int(persons * 0.31), "reasons": rows}


def _needs(rows: tuple[tuple[str, str, str, int, int, int, int], ...]) -> dict[str, Any]:
    keys = ("name", "vi", "en", "persons", "spend_dong", "budget_dong", "waiting")
    offers = [dict(zip(keys, r, strict=True)) for r in rows]
    return {"persons": sum(r[3] for r in rows), "spend_dong": sum(r[4] for r in rows), "by_offer": offers}


def _limits(budget: int) -> list[dict[str, Any]]:
    rows = [
        _limit("budget", "<=", budget, budget - 810_000, 0.61, ("Ngân sách của đợt", "The round's budget")),
        _limit("floor:low_income spend >= 30%", ">=", 0, 211, 0.04, ("Sàn “low_income spend >= 30%”",) * 2),
        _limit(
            "seats:cafe_meeting",
            "<=",
            1_020,
            1_020,
            41_200.0,
            ("Số suất “Mời dự cà phê lắng nghe”", "Seats of “Café”"),
        ),
        _limit("purse:privilege", "<=", 800_000_000, 706_800_000, 0.0, ("Ví Privilege", "Privilege purse")),
    ]
    for i, p in enumerate(PROVINCES):
        price, floor = max(0.0, 52_000.0 - 3_100 * i), "seats cafe_meeting per province >= 6"
        title = (f"Sàn “{floor}” ở {p.name}", f"The floor “{floor}” in {p.name_en}")
        rows.append(_limit(f"floor:{floor}@{p.code}", ">=", 6, 6 if price else 18 + i, price, title))
        for name, vi, en, *_ in OFFERS[:4]:
            price = max(0.0, 18_000.0 - 900 * i)
            title = (f"Số suất “{vi}” ở {p.name}", f"Seats of “{en}” in {p.name_en}")
            rows.append(
                _limit(f"seats:{name}@{p.code}", "<=", 200 + i, 200 + i if price else 80, price, title)
            )
    return sorted(rows, key=lambda r: (not r["tight"], -r["price"] * max(1, r["use"])))


def _limit(
    name: str, sense: str, bound: int, use: int, price: float, title: tuple[str, str]
) -> dict[str, Any]:
    vi, en = (
        f"thêm một suất thì thêm {round(price)} đồng giá trị.",
        f"one more seat brings VND {price:,.0f} of worth.",
    )
    if price == 0:
        vi, en = "chưa chạm, nới thêm cũng không khác.", "does not bind; more would change nothing."
    elif sense == ">=":
        vi, en = "đang chạm. Đó là điều ta chọn.", "binds. That is our choice."
    return {
        "name": name,
        "sense": sense,
        "bound": bound,
        "use": use,
        "price": price,
        "tight": price > 0,
        "unit": "seats" if "seats" in name else "dong",
        "vi": f"{title[0]}: {vi}",
        "en": f"{title[1]}: {en}",
    }


def _certificate(s: dict[str, Any]) -> dict[str, Any]:
    keys = ("sense", "bound", "use", "price")
    return {
        "subscribers": N,
        "objective": s["value"],
        "bound": s["value"] + 231_118,
        "gap": 231_118 / s["value"],
        "spend_dong": s["spend_dong"],
        "greedy_objective": s["greedy_value"],
        "tight": sum(m["tight"] for m in s["limits"]),
        "constraints": {m["name"]: {k: m[k] for k in keys} for m in s["limits"]},
        "violated": [],
        "stages": {"read": 0.41, "worth": 1.2, "solve": 0.93, "write": 0.3},
        "peak_mb": 412.3,
        "fingerprint": "5c1e88a04d0f2b7791ac6e3d52f08b1490de77c3a1b2f4e6",
        "engine": "duckdb 2.0.0",
    }


def _put(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
