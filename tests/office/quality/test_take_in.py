"""Files of measurements come in: every row kept or told why not, once, and figures made of them."""

from datetime import UTC, date, datetime

import pytest

from tantam.office.journal.models import Entry
from tantam.office.quality import cells, loading
from tantam.office.quality.models import Cell, Load, Measurement, Reject
from tantam.office.quality.rows import REJECTS
from tests.office.quality.measured import last, load, refused

DROP = "call_drop,2026-10,Khánh Hòa,0.4,100000,400,,,"


def cell(indicator="call_drop", place="56", month=date(2026, 10, 1), by="self"):
    return Cell.objects.get(indicator=indicator, place=place, month=month, measured_by=by)


def test_a_file_becomes_rows_figures_and_an_entry(world):
    done = load(world, [DROP, "download_speed,10/2026,Cà Mau,40,100,,10,đo thử,báo cáo 10"])
    assert (done.rows, done.kept, done.rejected, done.months, done.new) == (2, 2, 0, 1, True)
    row = Measurement.objects.get(line=3)
    assert (row.from_on, row.to_on, row.place, row.place_written) == (
        date(2026, 10, 1), date(2026, 10, 31), "96", "Cà Mau",
    )  # fmt: skip
    assert (row.value, row.n, row.good_count, row.spread, row.method) == (40.0, 100, None, 10.0, "đo thử")
    drop, speed = cell(), cell("download_speed", "96")
    assert (drop.value, drop.n, round(drop.low, 3), round(drop.high, 3)) == (0.4, 100_000, 0.363, 0.441)
    assert (round(speed.low, 2), round(speed.high, 2)) == (38.02, 41.98)
    assert last().act == "quality.taken_in" and last().count == 2
    kept = Load.objects.get()
    assert kept.done_at == world.at and last().digest == kept.digest


def test_the_same_file_twice_is_nothing_new(world):
    load(world, [DROP])
    before = Entry.objects.count()
    again = load(world, [DROP])
    assert not again.new and again.kept == 1
    assert (Entry.objects.count(), Measurement.objects.count()) == (before, 1)
    with refused("loaded_as_other"):
        load(world, [DROP], measured_by="ministry")


WRONG = {
    "call_drop,2026-10,Khánh Hòa,0.4,100000": ("", "wrong_field_count"),
    "call_dropp,2026-10,Khánh Hòa,0.4,100000,400,,,": ("indicator", "unknown_indicator"),
    "call_drop,2026-13,Khánh Hòa,0.4,100000,400,,,": ("month", "bad_period"),
    "call_drop,2026-11,Khánh Hòa,0.4,100000,400,,,": ("month", "not_over_yet"),
    "complaints,2026-09,,0.05,2000000,1000,,,": ("month", "wrong_period"),
    "call_drop,2026-10,Khánh Hoài Đức,0.4,100000,400,,,": ("place", "unknown_place"),
    "call_drop,2026-10,Khánh Hòa,,100000,,,,": ("value", "no_value"),
    "call_drop,2026-10,Khánh Hòa,ít,100000,,,,": ("value", "bad_value"),
    "call_drop,2026-10,Khánh Hòa,101,100000,,,,": ("value", "out_of_scale"),
    "voice_mos,2026-10,Khánh Hòa,5.2,100,,,,": ("value", "out_of_scale"),
    "call_drop,2026-10,Khánh Hòa,0.4,0,,,,": ("n", "bad_n"),
    "call_drop,2026-10,Khánh Hòa,0.4,nhiều,,,,": ("n", "bad_n"),
    "call_drop,2026-10,Khánh Hòa,0.4,100,400,,,": ("good", "bad_good"),
    "call_drop,2026-10,Khánh Hòa,0.4,,400,,,": ("good", "bad_good"),
    "voice_mos,2026-10,Khánh Hòa,3.5,100,90,,,": ("good", "bad_good"),
    "call_drop,2026-10,Khánh Hòa,0.5,100000,400,,,": ("value", "value_against_count"),
    "voice_mos,2026-10,Khánh Hòa,3.5,100,,-1,,": ("spread", "bad_spread"),
    "call_drop,2026-10,Khánh Hòa,0.4,100000,400,1,,": ("spread", "bad_spread"),
    f"call_drop,2026-10,Khánh Hòa,0.4,100000,400,,{'x' * 81},": ("method", "too_long"),
    DROP: ("", "twice"),
}


def test_every_row_is_kept_or_told_why_not(world):
    done = load(world, [DROP, *WRONG])
    assert (done.rows, done.kept, done.rejected) == (1 + len(WRONG), 1, len(WRONG))
    found = list(Reject.objects.order_by("line").values_list("line", "column", "code"))
    assert found == [(line, *why) for line, why in enumerate(WRONG.values(), 3)]
    assert done.codes["bad_n"] == 2 and sum(done.codes.values()) == len(WRONG)
    assert set(done.codes) == set(REJECTS)


def test_a_reject_holds_nothing_that_could_be_a_phone_number(world):
    load(world, ["call_drop,2026-10,0905123456,0.4,100,,,,"])
    assert Reject.objects.get().value == "##########"


@pytest.mark.parametrize(
    ("month", "value", "n"),
    [("2026-10", '"0,4"', "100000"), ("10/2026", "0.4 %", '"100,000"'), ("15/10/2026", "0.40", "100.000")],
)
def test_numbers_and_months_as_people_write_them(world, month, value, n):
    done = load(world, [f"Tỉ lệ cuộc gọi bị rơi,{month},khanh hoa,{value},{n},400,,,"])
    assert done.kept == 1 and (cell().value, cell().n) == (0.4, 100_000)


def test_without_counts_there_is_no_interval(world):
    load(world, ["call_drop,2026-10,56,0.4,,,,,", "voice_mos,2026-10,56,3.5,100,,,,"])
    assert (cell().n, cell().low) == (None, None) and (cell("voice_mos").n, cell("voice_mos").low) == (
        100,
        None,
    )
    assert not Cell.objects.filter(place="").exclude(indicator="voice_mos").exists()  # nothing to weigh it by


def test_an_old_province_counts_into_the_new_one(world):
    load(world, [
        "call_drop,2025-06,Khánh Hòa,0.2,100000,200,,,",
        "call_drop,2025-06,Ninh Thuận,0.8,100000,800,,,",
        "call_drop,2025-07,Khánh Hòa,0.3,100000,300,,,",
        "call_drop,2013-03,24,0.3,100000,300,,,",
        "call_drop,2026-10,Ninh Thuận,0.5,100000,500,,,",
    ])  # fmt: skip
    june = cell(month=date(2025, 6, 1))
    assert (june.value, june.n, june.rows_count) == (0.5, 200_000, 2)
    assert cell(month=date(2025, 7, 1)).n == 100_000
    assert cell(place="24", month=date(2013, 3, 1)).value == 0.3  # Bắc Giang then, Bắc Ninh now
    assert cell().value == 0.5  # an old name in use still
    assert Measurement.objects.get(line=3).place_written == "Ninh Thuận"


def test_the_country_is_measured_or_put_together(world):
    load(world, [DROP, "call_drop,2026-10,Cà Mau,1.0,300000,3000,,,"])
    country = cell(place="")
    assert (country.value, country.n, country.provinces_count, country.rows_count) == (0.85, 400_000, 2, 2)
    load(world, ["call_drop,2026-10,cả nước,0.9,500000,4500,,,"])
    country.refresh_from_db()
    assert (country.value, country.n, country.provinces_count) == (0.9, 500_000, 0)


def test_a_later_file_corrects_an_earlier_one(world):
    first = load(world, [DROP, "call_drop,2026-10,Khánh Hòa,0.6,1000,6,,đo tay,"])
    second = load(world, ["call_drop,2026-10,Khánh Hòa,0.5,100000,500,,,"])
    assert (cell().n, cell().value) == (101_000, 100 * 506 / 101_000)
    assert Measurement.objects.get(load=first.load, method="").replaced_by_id == second.load
    load(world, ["call_drop,2026-10,Khánh Hòa,3,100000,3000,,,"], measured_by="ministry")
    assert cell().n == 101_000 and cell(by="ministry").value == 3.0
    assert Measurement.objects.filter(replaced_by=None).count() == 3


def test_headings_of_theirs(world):
    head = "Chỉ tiêu;Từ ngày;Đến ngày;Địa bàn;Kết quả;Cỡ mẫu;Ghi chú\n"
    lines = ["call_drop;01/10/2026;15/10/2026;TP. Hồ Chí Minh;0,4;100.000;x"]
    assert load(world, lines, head=head).kept == 1 and cell(place="79").n == 100_000
    with refused("missing_column"):
        load(world, lines, head=head.replace("Kết quả", "Đạt"))
    with refused("map_unused"):
        load(world, lines, head=head, renames={"Đạt": "value"})
    done = load(world, lines, head=head.replace("Kết quả", "Đạt"), renames={"đạt": "value"})
    assert done.kept == 1
    with refused("column_twice"):
        load(world, lines, head=head.replace("Ghi chú", "value"))


def test_a_spreadsheet(world, sheet):
    done = load(world, sheet)
    assert (done.rows, done.kept, done.codes) == (3, 2, {"value_against_count": 1})
    assert (cell().value, cell(place="79").value) == (0.4, 0.7)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"), (b"indicator\nx\n", "missing_column"), (b"\xff\xfa\xfb", "encoding_broken"),
        (b"PK\x03\x04 nothing", "unreadable_file"), (b"a,b\n1,\x00\n", "missing_column"),
    ],
)  # fmt: skip
def test_what_is_no_table(world, content, code):
    with refused(code):
        load(world, content)
    assert not Load.objects.exists()


def test_who_measured_and_who_may(world):
    with refused("bad_measurer"):
        load(world, [DROP], measured_by="me")
    for who in ("stranger", "lam", "hoa"):
        with refused("not_your_duty"):
            load(world, [DROP], who=who)


def test_half_a_file_shows_nothing_and_goes_on(world, monkeypatch):
    lines = [f"call_drop,2026-10,Khánh Hòa,1,1000,10,,cách {n % 7},{n}" for n in range(1200)]
    lines[800] = lines[3]  # the same as one before the stop
    monkeypatch.setattr(loading, "_insert", broken_after(1, loading._insert))
    with pytest.raises(KeyboardInterrupt):
        load(world, lines)
    half = Load.objects.get()
    assert (half.rows_count, half.kept_count, half.read_at) == (500, 500, None)
    cells.make_month("self", date(2026, 10, 1))
    assert not Cell.objects.exists() and Measurement.objects.count() == 500
    monkeypatch.undo()
    done = load(world, lines)
    assert (done.rows, done.kept, done.codes) == (1200, 1199, {"twice": 1})
    assert cell().n == 1_199_000 and Measurement.objects.count() == 1199


def broken_after(times, act):
    """The act, which fails once it was done so many times."""
    left = [times]

    def done(*given):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        act(*given)

    return done


def test_two_at_once_with_one_file(world, monkeypatch):
    lines = [f"call_drop,2026-10,Khánh Hòa,1,1000,10,,,{n}" for n in range(600)]
    insert = loading._insert

    def other_first(*given):
        monkeypatch.setattr(loading, "_insert", insert)
        load(world, lines)
        insert(*given)

    monkeypatch.setattr(loading, "_insert", other_first)
    with pytest.raises(Exception) as no:
        load(world, lines)
    assert no.value.code == "load_busy"


def test_months_are_in_vietnam(world):
    night = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)  # 1 November, 00:30 in Hanoi
    assert load(world, [DROP], at=night).kept == 1
