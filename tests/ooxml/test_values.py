"""What a stored text stands for, and how a value is stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.ooxml import CellError
from xltool.ooxml.read.values import date_serial, from_float, number, number_text, stored

AMOUNTS = st.decimals(-(10**12), 10**12, places=2)
FIFTEEN = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(-20, 12),
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("29.539999999999999", "29.54"),
        ("29.54", "29.54"),
        ("0.1", "0.1"),
        ("100.50", "100.5"),
        ("1E3", "1000"),
        ("1.5e-3", "0.0015"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("-0.01", "-0.01"),
        (" 7 ", "7"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.30000000000000004", "0.3"),
        ("9999999999999.99", "9999999999999.99"),
        ("123456789012345.67", "123456789012345.67"),
        ("1E+20", "100000000000000000000"),
        ("12345678901234567890", "12345678901234567000"),
    ],
)
def test_numbers_as_excel_stores_them(raw: str, value: str) -> None:
    assert number(raw) == Decimal(value)
    assert not str(number(raw)).startswith("-0E")
    assert "E+" not in str(number(raw))


@pytest.mark.parametrize(
    "raw",
    ["", "x", "NaN", "INF", "-Infinity", "1_000", "１２", "1,5", "0x10", "1E400", "1e", "--1"],
)
def test_what_is_no_number_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        number(raw)


@given(AMOUNTS | FIFTEEN)
def test_numbers_survive_storing(value: Decimal) -> None:
    text = number_text(value)
    assert number(text) == value
    assert float(text) == float(value)
    assert repr(float(text)).removesuffix(".0") in (text, "-0")


@given(AMOUNTS)
def test_seventeen_digits_of_a_double_give_the_amount(value: Decimal) -> None:
    assert number(f"{float(value):.17g}") == value
    assert from_float(float(value)) == value


@given(st.integers(-(10**9), 10**9))
def test_integers_are_stored_as_such(value: int) -> None:
    assert number_text(value) == str(value)


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-Infinity", "0.1234567890123456", "1234567890123456.7", "1E400"]
)
def test_numbers_that_no_cell_can_hold_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"[数限位]"):
        number_text(Decimal(value))


@pytest.mark.parametrize(
    ("raw", "serial"),
    [
        ("1900-01-01", "1"),
        ("1900-02-28", "59"),
        ("1900-03-01", "61"),
        ("2021-12-31", "44561"),
        ("2021-12-31T12:00:00", "44561.5"),
        ("2021-12-31T06:00:00Z", "44561.25"),
        ("18:00:00", "0.75"),
    ],
)
def test_iso_dates_are_serial_numbers(raw: str, serial: str) -> None:
    assert date_serial(raw, date1904=False) == Decimal(serial)


def test_dates_from_1904() -> None:
    assert date_serial("1904-01-02", date1904=True) == 1
    assert date_serial("2021-12-31", date1904=True) == 44561 - 1462


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("", "1.5", Decimal("1.5")),
        ("n", "2", Decimal(2)),
        ("n", " ", None),
        ("s", "1", "乙"),
        ("s", " 1 ", "乙"),
        ("str", "a&amp;_x000A_", "a&\n"),
        ("inlineStr", "x", "x"),
        ("b", "1", True),
        ("b", "false", False),
        ("e", "#REF!", CellError("#REF!")),
        ("d", "1900-01-31", Decimal(31)),
    ],
)
def test_each_type_of_cell(kind: str, raw: str, value: object) -> None:
    found = stored(kind, raw, ["甲", "乙"], False)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("s", "2"),
        ("s", "-1"),
        ("s", "x"),
        ("b", "2"),
        ("d", "昨天"),
        ("n", "x"),
        ("z", "1"),
        ("s", "1.0"),
    ],
)
def test_cells_that_make_no_sense_are_refused(kind: str, raw: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        stored(kind, raw, ["甲", "乙"], False)


def test_an_error_is_no_text() -> None:
    assert str(CellError("#N/A")) == "#N/A"
    assert CellError("#N/A") != "#N/A"
