"""What falling short of the declared levels costs, by the dated law table."""

from datetime import date

from tantam.office.quality.costs import costs
from tests.office.quality.measured import OCTOBER, declare, load


def found(month=OCTOBER):
    return [(one.code, dict(one.indicators), one.least, one.most) for one in costs(month)]


def test_one_below_costs_less_than_more(world):
    declare(world, "2")
    load(world, ["call_drop,2026-10,Khánh Hòa,4,100000,4000,,,", "call_drop,2026-10,Cà Mau,1,10000,100,,,"])
    assert found() == [("one_below", {"call_drop": ("56",)}, 30_000_000, 50_000_000)]
    declare(world, "98", "call_setup")
    load(world, ["call_setup,2026-10,,96,10000,9600,,,"])
    assert found() == [("more_below", {"call_drop": ("56",), "call_setup": ()}, 50_000_000, 70_000_000)]


def test_the_dearest_first_and_what_has_no_price_last(world):
    declare(world, "2")
    declare(world, "3.2", "voice_mos")
    declare(world, "97", "call_setup")
    load(world, [
        "call_drop,2026-10,,4,100000,4000,,,",
        "call_setup,2026-10,Cà Mau,90,1000,900,,,", "call_setup,2026-10,Khánh Hòa,99,100000,99000,,,",
    ])  # fmt: skip
    assert [code for code, *_ in found()] == ["one_below", "records", "local"]
    assert found()[1:] == [
        ("records", {"voice_mos": ()}, 10_000_000, 20_000_000), ("local", {"call_setup": ("96",)}, None, None)
    ]  # fmt: skip
    assert all(one.verify and "174/2026" in one.source for one in costs(OCTOBER)[:2])


def test_before_the_decree_nothing_has_a_price(world):
    declare(world, "2")
    load(world, ["call_drop,2026-06,,4,100000,4000,,,"])
    assert found(date(2026, 6, 1)) == [("one_below", {"call_drop": ()}, None, None)]


def test_measured_and_nothing_declared(world):
    load(world, ["call_drop,2026-10,,4,100000,4000,,,"])
    assert found() == [("undeclared", {"call_drop": ()}, 20_000_000, 30_000_000)]


def test_a_quarterly_figure_is_missed_only_at_the_quarters_end(world):
    declare(world, "0.2", "complaints")
    assert found() == [] and [code for code, *_ in found(date(2026, 9, 1))] == ["records"]


def test_a_figure_that_may_be_chance_costs_nothing(world):
    declare(world, "2")
    load(world, ["call_drop,2026-10,,2.1,3000,63,,,"])
    assert found() == []
