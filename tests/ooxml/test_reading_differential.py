"""What is read is what openpyxl reads, and what the canonical form of the same text says."""

from __future__ import annotations

import io
import re
import warnings
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.compare import contents
from tests.support.feature_book import package
from tests.support.packages import packed, worksheet
from xltool.core.resources import SAMPLES
from xltool.ooxml import CellError, Limits, Range, Sheet, make_ref, open_workbook
from xltool.ooxml.read.values import from_float
from xltool.ooxml.read.xlsx.canonical import canonical
from xltool.ooxml.read.xlsx.cells import scan_sheet
from xltool.ooxml.read.xlsx.strings import scan_strings

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).filter(
    lambda text: "_x" not in text and not text.startswith(("=", "{", "http", "ftp", "mailto"))
)
VALUES = st.one_of(
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: round(x, 2)),
    st.floats(-1e300, 1e300, allow_nan=False),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    TEXTS.filter(bool),
)
PLACES = st.tuples(st.integers(1, 30), st.integers(1, 60))
GRIDS = st.dictionaries(PLACES, VALUES, max_size=25)


def by_openpyxl(data: bytes) -> dict[str, dict[str, object]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book
    }


def same(ours: object, theirs: object) -> bool:
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return ours is theirs
    if isinstance(theirs, (int, float)):
        return isinstance(ours, Decimal) and ours == from_float(float(theirs))
    # openpyxl stores and reads a text such as #NUM! as an error value, and gives its text
    return (ours.code if isinstance(ours, CellError) else ours) == theirs


def assert_same(data: bytes) -> None:
    workbook = open_workbook(data)
    for name, expected in by_openpyxl(data).items():
        found = dict(workbook.sheet(name).items())
        assert found.keys() == expected.keys()
        assert all(same(found[ref], expected[ref]) for ref in found), (found, expected)


@settings(max_examples=60, deadline=None)
@given(GRIDS)
@example({(1, 1): "#NUM!"})
def test_books_of_openpyxl(grid: dict[tuple[int, int], object]) -> None:
    book = openpyxl.Workbook()
    for (row, column), value in grid.items():
        try:
            book.active.cell(row, column).value = value
        except openpyxl.utils.exceptions.IllegalCharacterError:
            continue
    target = io.BytesIO()
    book.save(target)
    assert_same(target.getvalue())


@settings(max_examples=60, deadline=None)
@given(GRIDS)
def test_books_of_xlsxwriter(grid: dict[tuple[int, int], object]) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("表")
    for (row, column), value in grid.items():
        sheet.write(row - 1, column - 1, value)
    book.close()
    assert_same(target.getvalue())


def test_formulas_and_merges_as_openpyxl_reads_them() -> None:
    workbook = open_workbook(package())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl names what it cannot keep
        theirs = openpyxl.load_workbook(io.BytesIO(package()))
    for sheet in workbook.sheets:
        other = theirs[sheet.name]
        formulas = {
            cell.coordinate: getattr(cell.value, "text", cell.value)[1:]
            for row in other.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        assert {ref: text.lstrip("=") for ref, text in formulas.items()} == sheet.formulas()
        merges = {Range.parse(str(area)) for area in other.merged_cells.ranges}
        assert set(sheet.merges) == merges
        formats = {ref: other[ref].number_format for ref in sheet.refs()}
        chinese = {"mm-dd-yy": "yyyy/m/d"}  # a builtin format that each language shows its way
        assert {ref: sheet.number_format(ref) for ref in sheet.refs()} == {
            ref: chinese.get(code, code) for ref, code in formats.items()
        }


def test_the_scan_and_the_canonical_form_agree_on_the_feature_book() -> None:
    for name, data in contents(package()).items():
        if "worksheets/sheet" not in name or not name.endswith(".xml"):
            continue
        text = data.decode()
        assert_agree(text)


def assert_agree(text: str) -> None:
    plain = scan_sheet(text, "x", Limits())
    formal = scan_sheet(canonical(text, "x"), "x", Limits())
    assert [cell[:3] for cell in plain.ordered()] == [cell[:3] for cell in formal.ordered()]
    ours, theirs = (Read(scan.ordered()) for scan in (plain, formal))
    assert ours.cells == theirs.cells
    hidden = (" hidden=", " ht=", " s=")
    rows = [
        [(number, [word in raw for word in hidden]) for number, raw in scan.row_attributes()]
        for scan in (plain, formal)
    ]
    assert rows[0] == rows[1]


class Read:
    """Cells in a form in which spellings do not count."""

    def __init__(self, cells: list[tuple[str, ...]]) -> None:
        empty = re.compile(r"<v ?/>|<v></v>")
        self.cells = [
            (*cell[:3], _formula(cell[3]), cell[4], empty.sub("", cell[5])) for cell in cells
        ]


def _formula(raw: str) -> str:
    return raw.replace("></f>", "/>").removesuffix("/>")


ROW_XML = st.builds(
    lambda number, cells: (
        f'<row r="{number}">{"".join(cells)}</row>' if cells else f'<row r="{number}"/>'
    ),
    st.integers(1, 9),
    st.lists(
        st.sampled_from(
            [
                '<c r="{}" s="1"/>',
                '<c r="{}"></c>',
                '<c r="{}"><v>1.5</v></c>',
                '<c r="{}" t="s"><v>0</v></c>',
                '<c r="{}" s="2" t="str"><f>A1&amp;"x"</f><v>&lt;x</v></c>',
                '<c r="{}"><f t="shared" ref="A1:A2" si="0">B1</f><v/></c>',
                '<c r="{}"><f t="shared" si="0"/></c>',
                '<c r="{}" t="inlineStr"><is><t>甲</t></is></c>',
                '<c r="{}" t="inlineStr"><is><r><t>甲</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
                '<c r="{}" cm="1"><f t="array" ref="A1">1</f><v>1</v></c>',
            ]
        ),
        max_size=5,
    ),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ROW_XML, max_size=6, unique_by=lambda xml: xml[:10]))
def test_the_scan_and_the_canonical_form_agree(rows: list[str]) -> None:
    text = ""
    for row in rows:
        number = int(re.findall(r"\d+", row)[0])
        refs = [make_ref(number, column) for column in range(1, row.count("<c ") + 1)]
        pieces = row.split('<c r="{}"')
        text += pieces[0] + "".join(
            f'<c r="{ref}"{piece}' for ref, piece in zip(refs, pieces[1:], strict=True)
        )
    assert_agree(worksheet(text))


def test_shared_strings_and_their_canonical_form_agree() -> None:
    text = contents(package())["xl/sharedStrings.xml"].decode()
    assert scan_strings(text, "x", Limits()) == scan_strings(canonical(text), "x", Limits())


@pytest.mark.parametrize("ref", ["B2", "C6", "E6", "A15"])
def test_a_value_is_the_same_alone_and_among_all(ref: str) -> None:
    sheet: Sheet = open_workbook(package()).sheets[0]
    assert dict(sheet.items())[ref] == sheet.value(ref)
    assert not isinstance(sheet.value(ref), CellError)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_remembered_stretches_and_the_scan_of_a_whole_sheet_agree(sample: Path) -> None:
    """A comment among the rows is for the canonical form; without it most of a sheet is remembered."""
    data = sample.read_bytes()
    parts = {
        name: part.replace(b"<sheetData>", b"<sheetData><!-- -->")
        for name, part in contents(data).items()
    }
    for _ in range(2):
        for ours, whole in zip(
            open_workbook(data).sheets, open_workbook(packed(parts)).sheets, strict=True
        ):
            assert list(ours.items()) == list(whole.items())
            assert ours.uncached() == whole.uncached()
            assert ours.formulas() == whole.formulas()
            assert list(ours.cells()) == list(whole.cells())
            assert [ours.style(ref) for ref in ours.cells()] == [
                whole.style(r) for r in whole.cells()
            ]
            assert ours.hidden_rows == whole.hidden_rows
