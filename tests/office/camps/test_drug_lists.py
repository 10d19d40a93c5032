"""Lists of medicines as others keep them: what is read, what is handed back, and that nothing is made up."""

from __future__ import annotations

import csv
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tantam.errors import BadInput
from tantam.office.camps import drug_lists
from tantam.office.camps.formulary_file import rows

SHARED = Path(os.environ.get("TANTAM_DATA", ""))
CIRCULAR = SHARED / "vn-medicines-tt05" / "tt05_2024_originator_medicines.csv"
ESSENTIAL = SHARED / "who-eml" / "who_eml_gnuhealth.csv"


def real(file: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not os.environ.get("TANTAM_DATA") or not file.is_file(),
        reason=f"LOUD: no TANTAM_DATA with {file.parent.name}, so that no real list was read",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("500mg;125mg", ["500mg", "125mg"]), ("0,25mg", ["0,25mg"]), ("5mg/5ml", ["5mg"]), ("7,5mg/ml", ["7,5mg"]),
        ("300 đơn vị/3ml", ["300 đơn vị"]), ("27,5mcg/liều xịt", ["27,5mcg"]), ("0,6% (kl/tt)", ["0,6%"]),
        ("(0,02mg; 0,05mg)/nhát xịt", ["0,02mg", "0,05mg"]), ("1:10000", []), ("", []), ("mạnh", []),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str, found: list[str]) -> None:
    assert drug_lists.amounts(text) == found


@pytest.mark.parametrize(
    ("text", "mg"),
    [("500mg; 125mg", "625"), ("1g", "1000"), ("62,5 mcg", "0.0625"), ("2 g, 500 micrograms", "2000.5"),
     ("5000 IU", None), ("2%", None), ("", None)],
)  # fmt: skip
def test_weights_together(text: str, mg: str | None) -> None:
    assert drug_lists.milligrams(text) == (None if mg is None else Decimal(mg))


def a_list(*lines: str) -> drug_lists.Draft:
    return drug_lists.draft("\n".join(["Tên thuốc;Hoạt chất;Hàm lượng;Dạng bào chế", *lines]).encode())


def test_the_625_of_500_and_125_is_one_medicine_and_another_figure_is_handed_back() -> None:
    made = a_list('Thuốc 625mg;một;"500mg;125mg";Viên nén', 'Thuốc 650mg;một;"500mg;125mg";Viên nén')
    assert [one.strength for one in made.taken] == ["500mg;125mg"]
    assert made.left == [(3, "another_strength")]


def test_a_line_is_handed_back_with_its_reason() -> None:
    made = a_list("A;;5mg;Viên", "B;b;mạnh;Viên", "C;c;5mg;", "D;d;5mg;Viên", "D;d;5mg;Viên")
    assert made.left == [(2, "no_ingredient"), (3, "no_strength"), (4, "no_form")]
    assert [one.name for one in made.taken] == ["D"]
    assert all(vi and en for vi, en in drug_lists.LEFT.values())


def test_nothing_is_made_up_and_nobody_signs_it_as_it_is() -> None:
    made = a_list("D 5mg;d;5mg;Viên", "D 10mg;d;10mg;Viên")
    medicines, wrong = rows(made.content)
    assert medicines == []
    assert {(one.column, one.code) for one in wrong} == {("source", "no_source")}


def test_a_list_without_ingredients_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        drug_lists.draft("Tên thuốc,Hàm lượng\nA,5mg\n".encode())
    assert refused.value.code == "missing_column"


def test_several_forms_in_one_cell() -> None:
    cell = "Oral liquid: 25 mg to 30 mg/5 ml.* | Tablet: 5 mg; 10 mg or 1 g (as salt). | * Not for children."
    made = drug_lists.draft(f"active_component,forms_and_strengths\nx,{cell}\n".encode())
    assert [(one.form, one.strength) for one in made.taken] == [
        ("Tablet", "5 mg"), ("Tablet", "10 mg"), ("Tablet", "1 g"),
    ]  # fmt: skip


@real(CIRCULAR)
def test_a_circulars_list_is_read_and_what_its_copy_lost_is_handed_back() -> None:
    made = drug_lists.draft(CIRCULAR.read_bytes())
    left = Counter(code for _, code in made.left)
    assert len(made.taken) == 146  # of 150 whole lines; the other four name one strength and hold another
    assert left == {"no_ingredient": 13, "another_strength": 4}
    with CIRCULAR.open(encoding="utf-8") as file:
        parsed = [line["parsed"] for line in csv.DictReader(file)]
    assert all(parsed[line - 2] == "no" for line, code in made.left if code == "no_ingredient" and line < 128)


@real(ESSENTIAL)
def test_a_world_list_gives_its_forms_one_by_one() -> None:
    made = drug_lists.draft(ESSENTIAL.read_bytes())
    assert len(made.taken) > 650
    assert len(made.left) < 70
    assert all(drug_lists.amounts(one.strength) for one in made.taken)
