"""What is pasted: nothing of it vanishes or moves, and what textbooks write is understood."""

import json

import pytest
from playwright.sync_api import expect

from tests.page.conftest import DESKTOP, Visit, Visitor, column, sent


@pytest.fixture
def visit(visitor: Visitor) -> Visit:
    made = visitor(DESKTOP, "typist")
    made.open("millikan")
    return made


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("1.2\n1.3?\n1.4", ["1.2", "1.3?", "1.4"]),
        ("[0.15, 0.2]", ["0.15", "0.2"]),
        ("x=1.5, 2.5", ["1.5", "2.5"]),
        ("q：1.5、2.5", ["1.5", "2.5"]),
        ("1.6×10^-19\n3.2×10⁻¹⁹", ["1.6e-19", "3.2e-19"]),
        ("1.5×10^3\n1.6E-19", ["1.5e3", "1.6e-19"]),
        ("10%\n20%", ["10%", "20%"]),
        ("5月6日\n3.2", ["5月6日", "3.2"]),
        ("１４．３５\n１５．０", ["14.35", "15.0"]),
        ("14,35\n15,02", ["14.35", "15.02"]),
        ("1,234.5\n2,345.6", ["1234.5", "2345.6"]),
        ("1.2\n\n1.4", ["1.2", "", "1.4"]),
        ("−3.2\n–4.8", ["-3.2", "-4.8"]),
    ],
)
def test_a_list_goes_down_its_column_whole(visit: Visit, text: str, cells: list[str]) -> None:
    visit.paste("qi[0]", text)
    assert column(visit, "qi") == cells
    assert column(visit, "ni") == []


def test_what_is_no_number_is_marked_where_it_stands(visit: Visit) -> None:
    visit.paste("ni[0]", "2\t3.2\n2\t3.3?\n5\t8.0")
    assert column(visit, "qi") == ["3.2", "3.3?", "8.0"]
    expect(visit.cell("qi[1]")).to_have_attribute("aria-invalid", "true")
    expect(visit.note("qi[1]")).to_contain_text("“3.3?”不是数字")


def test_a_lying_table_with_names_fills_the_columns_of_a_fit(visitor: Visitor) -> None:
    visit = visitor(DESKTOP, "typist")
    visit.open("fit")
    visit.paste("x[0]", "x\t1\t2\t3\ny\t2.1\t3.9\t6.2")
    assert column(visit, "x") == ["1", "2", "3"]
    assert column(visit, "y") == ["2.1", "3.9", "6.2"]
    assert column(visit, "u_x") == column(visit, "u_y") == []


def test_a_lying_table_without_names_does_too(visitor: Visitor) -> None:
    visit = visitor(DESKTOP, "typist")
    visit.open("fit")
    visit.paste("x[0]", "1\t2\t3\t4\t5\n2.1\t3.9\t6.2\t8.0\t9.9")
    assert column(visit, "x") == ["1", "2", "3", "4", "5"]
    assert column(visit, "y") == ["2.1", "3.9", "6.2", "8.0", "9.9"]
    assert column(visit, "u_x") == column(visit, "u_y") == []


def test_rows_of_a_voltage_and_its_times_are_taken_as_they_lie(visit: Visit) -> None:
    """A spreadsheet has U, t₁ … t₅ in a row; the times are one cell of several readings."""
    rows = [("200", "21.3 21.5 21.2 21.4 21.6"), ("213", "11.2 11.4 11.3 11.1 11.3")]
    visit.page.locator("summary", has_text="平衡法或动态法").click()
    text = "\n".join(f"{u}\t" + times.replace(" ", "\t") for u, times in rows)
    visit.paste("voltages[0]", text)
    assert column(visit, "voltages") == [u for u, _ in rows]
    assert column(visit, "fall_times") == [times for _, times in rows]
    body = json.loads(sent(visit.page))
    assert body["voltages"] == [200, 213]
    assert body["fall_times"][1] == [11.2, 11.4, 11.3, 11.1, 11.3]


def test_block_of_82_rows_is_pasted_and_survives_a_reload(visit: Visit) -> None:
    rows = [(f"{1 + i // 10}", f"{1.6 * (1 + i // 10) + i % 7 / 1000:.4f}") for i in range(82)]
    visit.paste("ni[0]", "n\tq/10⁻¹⁹ C\r\n" + "\r\n".join("\t".join(row) for row in rows) + "\r\n")
    assert column(visit, "ni") == [n for n, _ in rows]
    assert column(visit, "qi") == [q for _, q in rows]
    visit.page.reload()
    visit.page.locator(".sections").wait_for()
    assert column(visit, "ni") == [n for n, _ in rows]
    assert column(visit, "qi") == [q for _, q in rows]


def test_list_goes_down_a_column(visit: Visit) -> None:
    for comma in [", ", "，", " ", "、", "；", "\n"]:
        visit.paste("qi[1]", comma.join(["3.214", "３．１９１", "8.167"]))
        assert column(visit, "qi") == ["", "3.214", "3.191", "8.167"]
        assert column(visit, "ni") == []
        visit.page.get_by_role("button", name="撤销").click()


def test_thousands_and_empty_cells_of_a_spreadsheet(visit: Visit) -> None:
    visit.paste("ni[0]", "2\t1,234.5\r\n\t\r\n5\t\r\n")
    assert column(visit, "ni") == ["2", "", "5"]
    assert column(visit, "qi") == ["1234.5"]


def test_lying_table_is_turned(visit: Visit) -> None:
    visit.paste("ni[0]", "n\t2\t2\t5\nq\t3.214\t3.191\t8.167")
    assert column(visit, "ni") == ["2", "2", "5"]
    assert column(visit, "qi") == ["3.214", "3.191", "8.167"]


def test_pasting_can_be_taken_back(visit: Visit) -> None:
    visit.cell("qi[0]").fill("1.6")
    visit.paste("qi[0]", "3.2\n4.8")
    visit.page.get_by_role("button", name="撤销").click()
    assert column(visit, "qi") == ["1.6"]
