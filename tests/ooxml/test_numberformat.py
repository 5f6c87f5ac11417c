"""Number formats as Excel shows them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.core.amounts import printed
from xltool.ooxml import CellError
from xltool.ooxml.read.numberformat import shown

ACCOUNTS = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("General", "1234.5", "1234.5"),
        ("General", "0.333333333333333", "0.333333333"),
        ("G/通用格式", "12", "12"),
        ("0", "1234.5", "1235"),
        ("0.00", "-0.001", "0.00"),
        ("#,##0.00", "1234567.891", "1,234,567.89"),
        ("#,##0.00", "-0.5", "-0.50"),
        ("#,##0.00", "0", "0.00"),
        ("#,##0.##", "1234.5", "1,234.5"),
        ("#", "0", ""),
        ("000000", "7", "000007"),
        ("0.00%", "0.98765", "98.77%"),
        ("#,##0,", "1234567", "1,235"),
        ('0.00"万元"', "3", "3.00万元"),
        (r"0.00\元", "3", "3.00元"),
        ("[$¥-804]#,##0.00", "-8", "-¥8.00"),
        ("#,##0.00_);[Red](#,##0.00)", "-1234.5", "(1,234.50)"),
        ("0.00;-0.00;", "0", ""),
        (ACCOUNTS, "1234.5", "1,234.50"),
        (ACCOUNTS, "-1234.5", "-1,234.50"),
        (ACCOUNTS, "0", "-"),
        ('yyyy"年"m"月"d"日"', "44561", "2021年12月31日"),
        ("yyyy/m/d h:mm", "44561.75", "2021/12/31 18:00"),
        ("yyyy-mm-dd;@", "1", "1900-01-01"),
        ("h:mm AM/PM", "0.5", "12:00 PM"),
        ("mm:ss", "0.5", "00:00"),
        ("yyyy/m/d", "-3", "-3"),
        ("0.00E+00", "1234.5", "1234.5"),
        ("# ?/?", "0.5", "0.5"),
        ("[>100]0;0.00", "250.5", "251"),
        ("[>100]0;0.00", "99.5", "99.50"),
        ('[>=10000]0!.0,"万";0.00', "123456", "12.3万"),
        ('[>=10000]0!.0,"万";0.00', "1234.5", "1234.50"),
        ("[<0]0.00;0.0", "-5", "5.00"),
        ("[=1]0;[=2]0", "3", "#"),
        ("0!.0000", "1234567", "123.4567"),
        ("0!.0000", "12", "0.0012"),
        (r"#\.0000", "1234567", "123.4567"),
        ('0"."0,', "123456", "12.3"),
        ("#,##0.00,", "1234567", "1,234.57"),
        ("0-00-00", "240131", "24-01-31"),
        ('"307.82"', "5", "307.82"),
        (";;;", "5", ""),
        ("@", "12.5", "12.5"),
    ],
)
def test_numbers(code: str, value: str, text: str) -> None:
    assert shown(Decimal(value), code) == text


def test_other_kinds_of_values() -> None:
    assert shown(None, "0.00") == ""
    assert shown("文字", "0.00") == "文字"
    assert shown(True, "0.00") == "TRUE"
    assert shown(CellError("#REF!"), "0.00") == "#REF!"
    assert shown(Decimal(0), "yyyy-m-d", date1904=True) == "1904-1-1"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_amounts_as_forms_print_them(value: Decimal) -> None:
    text = shown(value, "#,##0.00")
    assert Decimal(text.replace(",", "")) == printed(value)
    assert text == f"{printed(value):,f}" or printed(value) == 0


@given(st.text(max_size=30), st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_any_format_gives_a_text(code: str, value: Decimal) -> None:
    assert isinstance(shown(value, code), str)
