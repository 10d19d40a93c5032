"""Published figures of Vietnamese operators (``vn-telecom-kpi``) as the Ministry's measurements: the real thing."""

import csv
import os
from pathlib import Path

import pytest

from tantam.office.quality import rules
from tantam.office.quality.indicators import INDICATORS, find
from tantam.office.quality.models import Cell, Measurement, Reject
from tests.office.quality.measured import load

FILE = Path(os.environ.get("TANTAM_DATA", "none")) / "vn-telecom-kpi" / "figures.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="TANTAM_DATA holds no vn-telecom-kpi")


def test_published_figures_come_in_or_say_why_not(world):
    done = load(world, FILE.read_bytes(), measured_by="ministry")
    with FILE.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert done.rows == len(rows) == done.kept + done.rejected
    assert done.kept >= 70
    for one in Measurement.objects.all():
        row = rows[one.line - 2]
        assert find(row["metric"]).code == one.indicator and float(row["value"]) == one.value
    for one in Reject.objects.filter(code="unknown_place"):
        assert "," in rows[one.line - 2]["place"] or rows[one.line - 2]["place"] in (
            "Da Lat",
            "Buon Ma Thuot",
            "Nha Trang",
        )
    known = {row["metric"] for row in rows if find(row["metric"])}
    assert {"call_drop_rate", "radio_availability", "download_mean", "access_delay_mean"} <= known
    assert not Cell.objects.exclude(low=None).exists()  # none says of how many


def test_they_stand_against_the_levels_of_their_time(world):
    load(world, FILE.read_bytes(), measured_by="ministry")
    for cell in Cell.objects.filter(indicator__in=["data_delay", "radio_availability", "data_access"]):
        of = INDICATORS[cell.indicator]
        level = {"data_delay": 10, "radio_availability": 95, "data_access": 90}[cell.indicator]
        assert rules.stands(of, level, cell.figure) == "kept"
