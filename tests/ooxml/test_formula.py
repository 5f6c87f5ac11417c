"""Formulas as text: tokens, copying, renaming, what they refer to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.ooxml import Range
from xltool.ooxml.read.formula import functions, quote_sheet, references, tokens
from xltool.ooxml.read.rewriting import rename_sheet, shift

FORMULAS = [
    "SUM(A1:B2)+'T ''x'!$C$3*1E5",
    "[1]Sheet1!A1+LOG10(5)+Sheet1:Sheet3!B2+A:A+$1:$3",
    '表格1[[#This Row],[金额]]+TRUE+名称+#REF!+Sheet1!#REF!+\'1月\'!A1&"A1""B2"',
    "A1:INDEX(B:B,3)+A1#+@B2",
    '{1,2;3,4}+SUMIF(A1:A2,">"&-1E+300)',
    'IF(A1<>"",A1 B2,.5%)',
    "'C:\\目录\\[b.xlsx]S'!A1",
    "SUM( A1 ,\nB2)",
    '"unfinished',
    "'unfinished",
    "表[a'[b]",
]

cells = st.builds(
    lambda fixed, letters, held, row: f"{'$' * fixed}{letters}{'$' * held}{row}",
    st.booleans(),
    st.sampled_from(["A", "Z", "AA", "BZ"]),
    st.booleans(),
    st.integers(1, 5000),
)
prefixes = st.sampled_from(["", "收入!", "'收 支'!", "'T ''x'!", "[1]S!"])
ranges = st.builds(
    lambda prefix, first, last: prefix + first + (f":{last}" if last else ""),
    prefixes,
    cells,
    st.none() | cells,
)
formulas = st.lists(
    ranges | st.sampled_from(["1.5", '"A1"', "TRUE", "SUM(A1:A3)", "名称", "A:B", "3:4"]),
    min_size=1,
).map("+".join)


@pytest.mark.parametrize("formula", FORMULAS)
def test_tokens_joined_give_the_formula_back(formula: str) -> None:
    assert "".join(token.text for token in tokens(formula)) == formula


@given(st.text(alphabet="A1$:'!\"[]#(),{}. +表e_\\", max_size=40))
def test_any_text_can_be_cut_into_tokens(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


CUT_ALONE = '"A1"&'
"""Before a formula it keeps what is known of others of the same shape from being used."""


@given(formulas | st.text(alphabet="A1B23$:'!\"[]#(),{}. +表e_\\", max_size=40))
def test_formulas_of_one_shape_are_cut_as_each_is_by_itself(formula: str) -> None:
    assert tokens(formula) == tokens(CUT_ALONE + formula)[2:]


@given(formulas, st.integers(0, 500), st.integers(0, 100))
def test_shifting_there_and_back(formula: str, rows: int, columns: int) -> None:
    assert shift(shift(formula, rows, columns), -rows, -columns) == formula


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "expected"),
    [
        ("A1+$A1+A$1+$A$1", 2, 3, "D3+$A3+D$1+$A$1"),
        ("SUM(C5:C$9)", 1, 0, "SUM(C6:C$9)"),
        ("'收 支'!B2&\"B2\"", 1, 1, "'收 支'!C3&\"B2\""),
        ("A1+B5", -1, 0, "#REF!+B4"),
        ("X!A1", 0, -1, "X!#REF!"),
        ("LOG10(A1)+ZZZ1+A1B", 1, 1, "LOG10(B2)+ZZZ1+A1B"),
        ("A:B+3:4+$3:4", 1, 1, "B:C+4:5+$3:5"),
        ("表[A1]+[1]S!A1", 1, 0, "表[A1]+[1]S!A2"),
        ("a1+b$2", 1, 1, "B2+C$2"),
    ],
)
def test_copying_a_formula(formula: str, rows: int, columns: int, expected: str) -> None:
    assert shift(formula, rows, columns).upper() == expected.upper()


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("旧!A1+旧表!A1", "新!A1+旧表!A1"),
        ("'旧'!A1", "新!A1"),
        ("旧!名+旧!#REF!", "新!名+新!#REF!"),
        ('"旧!A1"&旧!A1', '"旧!A1"&新!A1'),
        ("旧:末!A1+首:旧!A1", "新:末!A1+首:新!A1"),
        ("[1]旧!A1", "[1]旧!A1"),
    ],
)
def test_renaming_a_sheet(formula: str, expected: str) -> None:
    assert rename_sheet(formula, "旧", "新") == expected


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("收入", "收入!"),
        ("公开01", "公开01!"),
        ("收入 支出", "'收入 支出'!"),
        ("T'x", "'T''x'!"),
        ("A1", "'A1'!"),
        ("R1C1", "'R1C1'!"),
        ("1月", "'1月'!"),
        ("表(1)", "'表(1)'!"),
        ("TRUE", "'TRUE'!"),
    ],
)
def test_sheet_names_are_quoted_where_needed(name: str, prefix: str) -> None:
    assert quote_sheet(name) == prefix
    assert references(f"{prefix}B2") == [(name, Range.parse("B2"))]
    assert rename_sheet(f"{prefix}B2", name, "新 表") == "'新 表'!B2"
    assert rename_sheet("'新 表'!B2", "新 表", name) == f"{prefix}B2"


def test_what_a_formula_uses() -> None:
    formula = "_xlfn.XLOOKUP(A1,'收 支'!$B$2:C3,SUM([1]S!A1,X:Y!B2))&\"MAX(D4)\"+log10(5:6)"
    assert functions(formula) == {"XLOOKUP", "SUM", "LOG10"}
    assert references(formula) == [
        (None, Range.parse("A1")),
        ("收 支", Range.parse("B2:C3")),
        (None, Range.parse("5:6")),
    ]


def test_a_formula_longer_than_excel_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="8192"):
        tokens("1+" * 5000 + "1")


def test_odd_quotes_do_not_make_the_pattern_slow() -> None:
    for formula in (
        "'" * 8000,
        "'a" * 4000,
        '"' * 7999,
        "[" * 8000,
        "a" * 8000 + "'",
        "A1:" * 2000,
    ):
        assert "".join(token.text for token in tokens(formula)) == formula
