"""The sentences of a round in both languages; each sentence is built from the figures shown under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tantam.look.words import Words


def parted(sentence: str) -> tuple[str, str]:
    """A limit's sentence as its name and what it costs, which stands after the last colon."""
    title, _, cost = sentence.rpartition(": ")
    return title, cost


OUTCOMES = {
    "active": ("còn ở lại mạng", "still with us"),
    "spend": ("chi tiêu", "spend"),
    "became_postpaid": ("chuyển sang trả sau", "moved to postpaid"),
}
ESTIMANDS = {
    "against nothing": ("so với không nhận gì", "against getting nothing"),
    "against the next best offer": (
        "so với món tốt kế tiếp mà họ vẫn được nhận",
        "against the next best offer they still got",
    ),
}
BASES = {
    "document": ("có giấy tờ", "by document"),
    "authority_list": ("theo danh sách của xã", "on the commune's list"),
    "declared": ("tự khai", "declared"),
    "estimate": ("ước đoán", "estimated"),
}


def said(pairs: Mapping[str, tuple[str, str]], code: str, w: Words) -> str:
    """The words for a code, or the code itself when it is none of ours."""
    return w.t(*pairs.get(code, (code, code)))


def answer(s: Mapping[str, Any], w: Words) -> str:
    """The page's one sentence: how much money, how many gifts and people, how much of it to the poor."""
    if not s["decisions"]:
        return w.t("Đợt này chưa trao được suất nào.", "This round gives nobody anything.")
    low = s["low_income"]
    vi = f"{w.dong(s['spend_dong'])} cho {w.n(s['decisions'])} suất, tới {w.n(s['reached'])} người"
    en = f"{w.dong(s['spend_dong'])} for {w.n(s['decisions'])} gifts to {w.n(s['reached'])} people"
    if low["subscribers"]:
        vi += f"; {w.pct(low['share_of_spend'])} số tiền tới người thu nhập thấp"
        en += f"; {w.pct(low['share_of_spend'])} of the money to people on low incomes"
    return w.t(vi, en) + "."


def note(s: Mapping[str, Any], w: Words) -> str:
    """Under the answer: who was looked at, what is left, how many provinces."""
    left = s["budget_dong"] - s["spend_dong"]
    rows = [p for p in s["provinces"] if p["subscribers"]]
    served = sum(1 for p in rows if p["reached"])
    places = (
        w.t(
            f"cả {len(rows)} tỉnh, thành đều có người nhận",
            f"all {len(rows)} provinces have somebody who got something",
        )
        if served == len(rows)
        else w.t(
            f"{served} trong {len(rows)} tỉnh, thành có người nhận",
            f"{served} of {len(rows)} provinces got something",
        )
    )
    return w.t(
        f"Xét {w.n(s['subscribers'])} thuê bao, {places}. "
        f"Ngân sách {w.dong_all(s['budget_dong'])}, còn {w.dong_all(left)}.",
        f"{w.n(s['subscribers'])} subscribers were looked at, {places}. "
        f"The budget was {w.dong_all(s['budget_dong'])}; {w.dong_all(left)} is left.",
    )


def poor(s: Mapping[str, Any], w: Words) -> str:
    """Whether a floor of money also reached persons: how many, and the median beside everybody else's."""
    low = s["low_income"]
    head = w.t(
        f"{w.people(low['reached'])} trong {w.n(low['subscribers'])} người thu nhập thấp nhận được món",
        f"{w.people(low['reached'])} of {w.n(low['subscribers'])} people on low incomes got something",
    )
    mine, others = low.get("median_dong"), low.get("others_median_dong")
    if mine is None or others is None:
        return head + "."
    if mine <= 2 * others:
        tail = w.t("Tiền không dồn vào vài suất lớn.", "The money is not heaped into a few large gifts.")
    elif low["reached"] * s["subscribers"] < s["reached"] * low["subscribers"]:
        tail = w.t(
            "Ít người nhận mà mỗi người nhận nhiều: nên xem lại sàn.",
            "Few of them got much each: look at the floor again.",
        )
    else:
        tail = w.t(
            "Họ được những suất lớn hơn, mà không ít người hơn.",
            "They got larger gifts, and no fewer of them.",
        )
    return head + w.t(
        f"; trung vị {w.dong(mine)} một người, những người khác {w.dong(others)}. {tail}",
        f"; median {w.dong(mine)} a head, everybody else {w.dong(others)}. {tail}",
    )


def greedy(s: Mapping[str, Any], w: Words) -> str:
    """What the usual way, best value for money first, would have lost under the same limits."""
    if s["greedy_loss"] < 0.0005:
        return w.t(
            "Chọn dần món lời nhất trước cũng ra ngang vậy: đợt này giới hạn chưa tranh nhau.",
            "Taking the best value for money first does as well here: the limits hardly compete.",
        )
    return w.t(
        f"Nếu cứ chọn dần món lời nhất trên mỗi đồng cho đến hết tiền, cùng các giới hạn này, đợt mất "
        f"{w.pct(s['greedy_loss'])} giá trị.",
        "Taking the best value for money first until the money is gone, under the same limits, would have "
        f"lost {w.pct(s['greedy_loss'])} of the value.",
    )


def holdout(s: Mapping[str, Any], w: Words) -> str:
    """Who was held out by lot, and what for."""
    held = s["holdout"]
    if not held["control"] and not held["round_persons"]:
        return w.t(
            "Đợt này không để ai đối chứng, nên sau này không đo được chăm sóc có ích hay không.",
            "Nobody was held out, so nobody will be able to tell later whether this care helped.",
        )
    share = held["control"] / max(1, held["control"] + s["decisions"])
    return w.t(
        f"{w.n(held['control'])} suất lẽ ra được trao thì để đối chứng ({w.pct(share)}): rút thăm từ trước "
        "khi chọn, không phải vì người đó. Nhờ họ mà biết chăm sóc có ích hay không.",
        f"{w.n(held['control'])} gifts that would have been given were held out ({w.pct(share)}), drawn by "
        "lot before anybody was chosen, whoever they are. Thanks to them we will know whether care helps.",
    )
