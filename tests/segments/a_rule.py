"""Random rules over the random base: every kind of condition, with constants that tie with its values."""

from __future__ import annotations

from hypothesis import strategies as st

from tantam.base.columns import BASES, HARDSHIPS
from tantam.segments.tree import (
    All,
    Between,
    Birthday,
    Calc,
    Compare,
    Day,
    Falling,
    Field,
    If,
    Missing,
    Node,
    Not,
    Number,
    Pick,
    PromotionEnded,
    Some,
    Text,
    TopPercent,
    Truth,
    Within,
)
from tests.a_base import CODES, ON

OPS = ("=", "!=", "<", "<=", ">", ">=")
MONEY = ("spend_1", "spend_2", "spend_6", "spend_6m")
COUNTS = ("topups_90d", "data_mb_30d", "complaints_180d")
SPANS = ("tenure_days", "days_since_active", "days_since_contact", "days_since_promotion")
DAYS = ("joined_on", "born_on", "promotion_ended_on", "last_active_on", "consent_care_on", "last_contact_on")
FLAGS = ("low_income", "refuses_ads", "refuses_profiling")
WORDS = {
    "province": tuple(CODES),
    "plan_kind": ("prepaid", "postpaid"),
    "plan": ("MASS", "SINH_VIEN", "CONG_NHAN", "Gói lạ"),
    "sex": ("female", "male"),
    "tier": ("", "gold", "diamond"),
    "occupation": ("worker", "farmer"),
    "hardship": HARDSHIPS,
    "hardship_basis": BASES,
}

fields = st.sampled_from([*MONEY, *COUNTS, *SPANS, "tenure_years", "age_years"]).map(Field)


def constants(name: str) -> st.SearchStrategy[Number]:
    """Numbers near what a field holds, so that ties are common."""
    if name in MONEY:
        return st.integers(0, 40).map(lambda n: Number(n * 10_000))
    if name in COUNTS:
        return st.integers(-1, 30).map(Number) | st.sampled_from([Number(2.5), Number(10**15)])
    return st.integers(-5, 400).map(Number)


@st.composite
def comparisons(draw: st.DrawFn) -> Node:
    name = draw(st.sampled_from([*MONEY, *COUNTS, *SPANS]))
    op = draw(st.sampled_from(OPS))
    other = draw(st.one_of(constants(name), fields.filter(lambda f: not f.name.endswith("_years"))))
    return Compare(op, Field(name), other)


@st.composite
def years(draw: st.DrawFn) -> Node:
    months = draw(st.integers(0, 12 * 90))
    value = months / 12
    whole = int(value) if value.is_integer() else 3 * (months // 3) / 12
    number = Number(int(whole) if float(whole).is_integer() else whole)
    name = Field(draw(st.sampled_from(["tenure_years", "age_years"])))
    return Compare(draw(st.sampled_from(("<", "<=", ">", ">="))), name, number)


@st.composite
def days(draw: st.DrawFn) -> Node:
    name = draw(st.sampled_from(DAYS))
    back = st.integers(0, 30_000 if name == "born_on" else 400)
    if draw(st.booleans()):
        low, high = Day(ON - draw(back)), Day(ON - draw(back))
        return Between(Field(name), low, high)
    other = draw(back.map(lambda n: Day(ON - n)) | st.sampled_from(DAYS).map(Field))
    return Compare(draw(st.sampled_from(OPS)), Field(name), other)


@st.composite
def worded(draw: st.DrawFn) -> Node:
    name = draw(st.sampled_from(sorted(WORDS)))
    if draw(st.booleans()):
        values = draw(st.lists(st.sampled_from(WORDS[name]), min_size=1, max_size=5, unique=True))
        return Within(Field(name), tuple(map(Text, values)), draw(st.booleans()))
    return Compare(draw(st.sampled_from(("=", "!="))), Field(name), Text(draw(st.sampled_from(WORDS[name]))))


@st.composite
def tops(draw: st.DrawFn) -> Node:
    field = draw(st.sampled_from([*MONEY, *COUNTS, "tenure_days", "age_years", "days_since_contact"]))
    by = draw(st.none() | st.sampled_from(["province", "tier", "plan"]).map(Field))
    return TopPercent(Field(field), draw(st.sampled_from([500, 20_000, 125_000, 500_000, 1_000_000])), by)


atoms = st.one_of(
    comparisons(),
    years(),
    days(),
    worded(),
    st.sampled_from(FLAGS).map(Field),
    st.builds(
        Compare, st.sampled_from(("=", "!=")), st.sampled_from(FLAGS).map(Field), st.booleans().map(Truth)
    ),
    st.builds(
        Missing,
        st.sampled_from(["tier", "spend_6m", "days_since_contact", "age_years"]).map(Field),
        st.booleans(),
    ),
    st.builds(
        Within, st.just(Field("complaints_180d")), st.tuples(st.integers(0, 9).map(Number)), st.booleans()
    ),
    st.integers(0, 366).map(Birthday),
    st.integers(0, 100).map(PromotionEnded),
    st.integers(1, 100).map(Falling),
    st.booleans().map(Truth),
)


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.lists(inner, min_size=2, max_size=3).map(tuple)

    def joined(join: type[All] | type[Some]) -> st.SearchStrategy[Node]:
        return pairs.map(lambda items: join(tuple(Not(i) if isinstance(i, join) else i for i in items)))

    return st.one_of(joined(All), joined(Some), inner.map(Not))


plain_rules = st.recursive(atoms, _grown, max_leaves=6)
"""Without percentiles."""


def _reckoned(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def several(which: str) -> st.SearchStrategy[Node]:
        lists = st.lists(inner, min_size=2, max_size=3).filter(_reads)
        return lists.map(lambda items: Pick(which, tuple(items)))  # type: ignore[arg-type]

    pairs = st.tuples(st.sampled_from("+-*/"), inner, inner).filter(lambda made: _reads(made[1:]))
    return st.one_of(
        pairs.map(lambda made: Calc(*made)),
        several("min"),
        several("max"),
        st.builds(If, plain_rules, inner, inner),
    )


def _reads(nodes: object) -> bool:
    return any(not isinstance(node, Number) for node in nodes)  # type: ignore[attr-defined]


numbers = st.integers(0, 10**6).map(Number) | st.sampled_from([Number(0.1), Number(10**15), Number(2.5)])
values = st.recursive(fields | numbers, _reckoned, max_leaves=6)
"""Numbers for one subscriber; some divide by nought or overflow when nested."""


@st.composite
def reckoned(draw: st.DrawFn) -> Node:
    left = draw(values.filter(lambda node: isinstance(node, Calc | Pick | If)))
    return Compare(
        draw(st.sampled_from(OPS)), left, draw(numbers | values.filter(lambda n: isinstance(n, Calc | Pick)))
    )


rules = st.recursive(atoms | tops() | reckoned(), _grown, max_leaves=8)
"""Everything."""
