"""The contract that both hosts keep: the open workbook and the file give the same and take it off again."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
import xlwings as xw

from tests.addin.fakeexcel import start
from tests.addin.workbooks import COLOURED, NOTED, TOTALS, broken_book, clerks_book, sound
from tests.support.filehost import FileHost
from xltool.addin.hosts.contract import Host
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.checks import Validation, validate
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import Workbook, open_workbook
from xltool.reporting.workbook.annotate import AUTHOR
from xltool.reporting.workbook.cellmarks import cell_marks

Place = Literal["file", "excel"]
Opened = Callable[[Path], Host]


@pytest.fixture(params=["file", "excel"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens a workbook in the host under test."""
    if request.param == "file":
        return lambda path: FileHost(path, tmp_path / f"标注-{path.name}")
    app = start()
    return lambda path: ExcelHost(xw.Book(impl=app.open(path)))


def state(host: Host) -> Workbook:
    """The workbook as it stands now."""
    with host.snapshot() as path:
        return open_workbook(path)


def told(validation: Validation) -> list[tuple[Any, ...]]:
    """Everything that findings say."""
    return [
        (
            f.rule,
            f.level,
            f.outcome,
            f.message,
            f.where,
            f.cells,
            f.left,
            f.right,
            f.hint,
            f.suspect,
        )
        for f in validation.findings
    ]


def ours(host: Host) -> dict[str, dict[str, str]]:
    """The cells under our conditional formats, by sheet, with the fill they get."""
    with host.snapshot() as path:
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    found: dict[str, dict[str, str]] = {}
    for sheet in book.worksheets:
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.formula == ['N("xltool")=0']:
                    for one in area.sqref.ranges:
                        for row in one.rows:
                            for spot in row:
                                ref = sheet.cell(*spot).coordinate
                                found.setdefault(sheet.title, {})[ref] = rule.dxf.fill.bgColor.rgb[
                                    -6:
                                ]
    return found


def test_finds_what_validate_finds(opened: Opened, tmp_path: Path) -> None:
    path = broken_book(tmp_path / "决算.xlsx")
    found = validate(opened(path).read())
    wanted = validate(path)
    assert told(found) == told(wanted)
    assert found.verdict == wanted.verdict == "不合格"
    assert found.ledger.counts() == wanted.ledger.counts()
    assert found.reading.file == "决算.xlsx"


def test_nothing_is_found_in_a_sound_workbook(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "决算.xlsx"
    path.write_bytes(sound())
    host = opened(path)
    validation = validate(host.read())
    assert told(validation) == told(validate(path))
    host.mark(validation)
    marked = {s for s, refs in cell_marks(validation).items() if refs}
    assert set(ours(host)) == marked


def test_marks_every_cell_that_the_findings_name(opened: Opened, tmp_path: Path) -> None:
    host = opened(broken_book(tmp_path / "决算.xlsx"))
    validation = validate(host.read())
    shown = host.mark(validation)
    after = state(host)
    seen = ours(host)
    for sheet, refs in cell_marks(validation).items():
        for ref, mark in refs.items():
            merge = after.sheet(sheet).merge_of(ref)
            for cell in merge.cells() if merge else [ref]:
                assert seen[sheet][cell] == mark.look.fill
            if mark.texts:
                assert after.sheet(sheet).notes[ref] == f"{AUTHOR}：\n{mark.note}"
    assert shown.limits == ()


def test_result_sheet_is_the_same_in_both(tmp_path: Path) -> None:
    path = broken_book(tmp_path / "决算.xlsx")
    host = FileHost(path, tmp_path / "标注.xlsx")
    app = start()
    other = ExcelHost(xw.Book(impl=app.open(path)))
    sheets = []
    for one in (host, other):
        shown = one.mark(validate(one.read()))
        assert shown.result == "校验结果"
        sheet = result_sheet(state(one))
        assert sheet is not None and sheet.index == len(state(one).sheets) - 1
        sheets.append(sheet)
    left, right = sheets
    assert dict(left.items()) == dict(right.items())
    assert {str(area) for area in left.merges} == {str(area) for area in right.merges}
    assert right.protected


def test_cleared_is_as_before(opened: Opened, tmp_path: Path) -> None:
    host = opened(clerks_book(tmp_path / "决算.xlsx"))
    before = state(host)
    looks = formats(host)
    host.mark(validate(host.read()))
    assert state(host).sheet(TOTALS).notes[NOTED].endswith("问过李主任")
    cleared = host.clear()
    after = state(host)
    assert cleared.any and cleared.limits == ()
    assert [s.name for s in after.sheets] == [s.name for s in before.sheets]
    for one, other in zip(before.sheets, after.sheets, strict=True):
        assert dict(one.items()) == dict(other.items())
        assert one.formulas() == other.formulas()
        assert one.notes == other.notes
        assert (one.state, one.hidden_rows, one.merges) == (
            other.state,
            other.hidden_rows,
            other.merges,
        )
    assert formats(host) == looks


def formats(host: Host) -> list[Any]:
    """The fills of all cells and all conditional formats."""
    with host.snapshot() as path:
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    found: list[Any] = []
    for sheet in book.worksheets:
        found += [
            (sheet.title, cell.coordinate, cell.fill.fgColor.rgb)
            for row in sheet.iter_rows()
            for cell in row
            if cell.fill.fill_type
        ]
        found += [
            (sheet.title, str(area.sqref), rule.type, rule.formula)
            for area in sheet.conditional_formatting
            for rule in area.rules
        ]
    assert any(item[:2] == (TOTALS, COLOURED) for item in found)
    return found


def test_marking_again_changes_nothing(opened: Opened, tmp_path: Path) -> None:
    host = opened(clerks_book(tmp_path / "决算.xlsx"))
    host.mark(validate(host.read()))
    once, marks = state(host), ours(host)
    host.mark(validate(host.read()))
    twice = state(host)
    assert ours(host) == marks
    assert [s.name for s in once.sheets] == [s.name for s in twice.sheets]
    for one, other in zip(once.sheets, twice.sheets, strict=True):
        assert one.notes == other.notes
        assert dict(one.items()) == dict(other.items())


def test_nothing_to_clear(opened: Opened, tmp_path: Path) -> None:
    host = opened(clerks_book(tmp_path / "决算.xlsx"))
    assert not host.clear().any


def test_a_sheet_of_the_clerks_of_that_name_stays(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "决算.xlsx"
    book = openpyxl.load_workbook(broken_book(path))
    book.create_sheet("校验结果")["A1"] = "我自己的表"
    book.save(path)
    host = opened(path)
    shown = host.mark(validate(host.read()))
    assert shown.result == "校验结果(2)"
    host.clear()
    assert [s.name for s in state(host).sheets][-1] == "校验结果"
    assert state(host).sheet("校验结果").value("A1") == "我自己的表"


def test_explanations_in_the_result_sheet_count_and_stay(opened: Opened, tmp_path: Path) -> None:
    host = opened(broken_book(tmp_path / "决算.xlsx"))
    host.mark(validate(host.read()))
    text = "年中追加，有批复"
    rule = explain_first_warning(host, text)
    again = validate(host.read())
    settled = [f for f in again.findings if f.explanation == text]
    assert [f.rule for f in settled] == [rule]
    host.mark(again)
    sheet = result_sheet(state(host))
    assert sheet is not None and text in [value for _, value in sheet.items()]


def explain_first_warning(host: Host, text: str) -> str:
    """Write an explanation beside the first finding that takes one; its rule."""
    sheet = result_sheet(state(host))
    assert sheet is not None and sheet.extent is not None
    row = next(n for n in range(7, sheet.extent.bottom) if sheet.value(f"B{n}") == "需核实")
    if isinstance(host, ExcelHost):
        made = host.book.sheets[sheet.name].impl
        for where in (made.formulas, made.values):
            where[f"P{row}"] = text
    else:
        assert isinstance(host, FileHost)
        from xltool.ooxml import Editor

        editor = Editor(open_workbook(host.marked))
        editor.set(sheet.name, f"P{row}", text)
        editor.save(host.marked)
    return str(sheet.value(f"C{row}"))
