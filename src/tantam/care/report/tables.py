"""The page's tables: each a caption, heads and rows of words already in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tantam import money, places
from tantam.care.report.words import parted
from tantam.look.table import Table
from tantam.look.words import ALONE, Words

Row = Mapping[str, Any]


def offers(s: Row, w: Words) -> Table:
    """Every commercial offer: cost, persons, money, who was held out, seats."""
    purses = {p["name"]: w.name(p) for p in s["purses"]}
    rows = [o for o in s["offers"] if o["class"] == "commercial"]
    lines = tuple(
        (
            w.name(o),
            purses.get(o["purse"], "–"),
            w.n(o["cost_dong"]),
            w.n(o["persons"]),
            w.n(o["spend_dong"]),
            w.n(o["eligible"]),
            w.t("không giới hạn", "no limit") if o["seats"] is None else w.n(o["seats"]),
            w.n(o["control"]),
        )
        for o in sorted(rows, key=lambda o: -o["spend_dong"])
    )
    total = (
        w.t("Cộng", "Total"), "", "",
        w.n(sum(o["persons"] for o in rows)), w.n(sum(o["spend_dong"] for o in rows)),
        "", "", w.n(sum(o["control"] for o in rows)),
    )  # fmt: skip
    return Table(
        (
            w.t("Món", "Offer"), w.t("Túi", "Purse"), w.t("Một suất", "One gift"), w.t("Đã trao", "Given"),
            w.t("Tiền", "Money"), w.t("Hợp điều kiện", "Eligible"), w.t("Số suất có", "Seats"),
            w.t("Để đối chứng", "Held out"),
        ),
        lines,
        w.t("Tiền tính bằng đồng, số còn lại là người.", "Money in đồng, everything else in people."),
        total,
        frozenset({1}),
    )  # fmt: skip


def why_not(rows: Iterable[Row], w: Words) -> Table:
    """Reasons with how many people each kept out, the commonest first."""
    return Table(
        (w.t("Lý do", "Reason"), w.t("Người", "People")),
        tuple((n, w.n(c)) for n, c in reasons(rows, w)),
    )


def reasons(rows: Iterable[Row], w: Words) -> list[tuple[str, int]]:
    """Reasons with their counts, the commonest first; those of fewer than five people are added into one."""
    kept = sorted(rows, key=lambda r: -r["persons"])
    few = [r for r in kept if 0 < r["persons"] < ALONE]
    told = [(w.name(r), int(r["persons"])) for r in kept if r["persons"] >= ALONE]
    if few:
        other = w.t(f"lý do khác, mỗi lý do dưới {ALONE} người", f"other reasons, under {ALONE} people each")
        told.append((other, sum(r["persons"] for r in few)))
    return told


def groups(s: Row, w: Words) -> Table:
    """The shipped groups: who, how many of them got something, money, and the median a head."""
    return Table(
        (w.t("Nhóm", "Group"), *_WHO(w)),
        tuple((w.name(g), *_who(g, w)) for g in s["groups"] if g["subscribers"]),
        w.t(
            "Một người có thể ở nhiều nhóm. Trung vị: trong những người đã nhận, một nửa nhận ít hơn số này.",
            "Somebody may be in several groups. Median: of those who got something, half got less than this.",
        ),
    )


def bases(s: Row, w: Words) -> Table:
    """Low income by what the statement rests on; bases with fewer than five people are left unnamed."""
    rows = [b for b in s["low_income"]["by_basis"] if b["subscribers"] >= ALONE]
    return Table((w.t("Căn cứ", "Basis"), *_WHO(w)), tuple((w.name(b), *_who(b, w)) for b in rows))


def _WHO(w: Words) -> tuple[str, ...]:  # noqa: N802 (the heads that go with _who)
    return (
        w.t("Thuê bao", "Subscribers"),
        w.t("Đã nhận", "Reached"),
        w.t("Tỷ lệ", "Share"),
        w.t("Tiền, đồng", "Money, đồng"),
        w.t("Trung vị, đồng", "Median, đồng"),
    )


def _who(g: Row, w: Words) -> tuple[str, ...]:
    if 0 < g["reached"] < ALONE:
        return (w.people(g["subscribers"]), w.people(g["reached"]), "–", "–", "–")
    share = w.of(g["reached"], g["subscribers"])
    return (
        w.people(g["subscribers"]),
        w.n(g["reached"]),
        share,
        w.n(g["spend_dong"]),
        w.n(g.get("median_dong")),
    )


def seats(s: Row, w: Words) -> Table:
    """How many of each offer went to each province; offers nobody got are left out."""
    given = [o for o in s["offers"] if o["class"] == "commercial" and o["persons"]]

    def count(p: Row, offer: str) -> str:
        number = p["seats"].get(offer, 0)
        return f"1–{ALONE - 1}" if 0 < number < ALONE else w.n(number)

    return Table(
        (w.t("Tỉnh, thành", "Province"), *(w.name(o) for o in given)),
        tuple((p["name"], *(count(p, o["name"]) for o in given)) for p in s["provinces"] if p["subscribers"]),
        w.t(f"Dưới {ALONE} người thì không đếm riêng.", f"Fewer than {ALONE} people are not counted out."),
    )


def needs(part: Row, w: Words) -> Table:
    """Relief or notices: people, money, their own budget, and who still waits."""
    return Table(
        (
            w.t("Việc", "What"), w.t("Người", "People"), w.t("Đã chi, đồng", "Spent, đồng"),
            w.t("Ngân sách riêng, đồng", "Own budget, đồng"), w.t("Còn chờ", "Waiting"),
        ),
        tuple(
            (w.name(o), w.n(o["persons"]), w.n(o["spend_dong"]), w.n(o["budget_dong"]), w.n(o["waiting"]))
            for o in part["by_offer"]
        ),
    )  # fmt: skip


def certificate(c: Row, s: Row, w: Words) -> Table:
    """The certificate's figures in full digits."""
    pairs = (
        (w.t("Thuê bao", "Subscribers"), w.n(c["subscribers"])),
        (w.t("Ngân sách, đồng", "Budget, đồng"), w.n(s["budget_dong"])),
        (w.t("Đã chi, đồng", "Spent, đồng"), w.n(c["spend_dong"])),
        (w.t("Giá trị đạt được", "Value reached"), w.n(c["objective"])),
        (w.t("Giá trị không thể vượt", "Value nobody could pass"), w.n(round(c["bound"], 2))),
        (w.t("Khoảng cách tới mức đó", "Gap between the two"), w.pct(c["gap"], 4)),
        (
            w.t("Giá trị nếu chọn món lời nhất trước", "Value of best-for-money first"),
            w.n(c["greedy_objective"]),
        ),
        (w.t("Số giới hạn", "Limits"), w.n(len(c["constraints"]))),
        (w.t("Giới hạn đang chạm", "Limits that bind"), w.n(c["tight"])),
        (w.t("Giới hạn bị vượt", "Limits broken"), w.n(len(c["violated"]))),
        (w.t("Bộ nhớ cao nhất, MB", "Most memory, MB"), w.n(round(c["peak_mb"]))),
        (w.t("Thời gian tính, giây", "Seconds of work"), money.decimal(sum(c["stages"].values()), 1, w.lang)),
        (w.t("Công cụ chạy", "Engine"), str(c["engine"])),
    )
    return Table((w.t("Chỉ số", "Figure"), w.t("Giá trị", "Value")), pairs)


def constraints(s: Row, w: Words) -> Table:
    """Every limit of the certificate in full digits, those of one kind by province under one head."""
    kinds: dict[str, list[Row]] = {}
    for m in s["limits"]:
        kinds.setdefault(str(m["name"]).rpartition("@")[0] or "", []).append(m)
    whole = [_limit(_title(m, w), m, w) for m in kinds.pop("", [])]
    rows: list[tuple[str, ...]] = whole
    for kind in kinds.values():
        place, title = _place(kind[0], w), _title(kind[0], w)
        rows.append(
            (title.removesuffix(w.t(f" ở {place}", f" in {place}")) + w.t(", từng tỉnh", ", by province"),)
        )
        rows += [_limit(_place(m, w), m, w) for m in kind]
    heads = (
        w.t("Giới hạn", "Limit"), w.t("Mức", "Bound"), w.t("Đã dùng", "Use"),
        w.t("Giá một đơn vị", "Price a unit"), w.t("Chạm", "Binds"),
    )  # fmt: skip
    return Table(heads, tuple(rows), words=frozenset({4}))


_SENSE = {"<=": ("tối đa", "at most"), ">=": ("ít nhất", "at least")}


def _limit(name: str, m: Row, w: Words) -> tuple[str, ...]:
    bound = f"{w.t(*_SENSE[m['sense']])} {w.n(m['bound'])}"
    binds = w.t("chạm", "binds") if m["tight"] else w.t("chưa", "no")
    price = money.decimal(m["price"], 4 if m["price"] < 10 else 2, w.lang) if m["price"] else "0"
    return (name, bound, w.n(m["use"]), price, binds)


def _title(limit: Row, w: Words) -> str:
    return parted(w.name(limit))[0] or str(limit["name"])


def _place(limit: Row, w: Words) -> str:
    province = places.today(str(limit["name"]).rpartition("@")[2])
    return w.t(province.name, province.name_en)
