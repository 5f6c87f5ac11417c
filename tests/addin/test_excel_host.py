"""What is particular to a workbook that is open in Excel."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.protection import WorkbookProtection

from tests.addin.fakeexcel import App, ComError
from tests.addin.workbooks import INCOME, TOTALS, broken_book, locked_away, sound
from xltool.addin.actions import EXPORTS
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.addin.hosts.excelmarks import MOST_NOTES
from xltool.checks import validate
from xltool.checks.findings import Finding
from xltool.core.problems import InputError
from xltool.ooxml import Workbook, open_workbook
from xltool.reporting.workbook.annotate import annotate
from xltool.reporting.workbook.cellmarks import cell_marks


def host_of(excel: App, path: Path) -> ExcelHost:
    return ExcelHost(xw.Book(impl=excel.open(path)))


def state(host: ExcelHost) -> Workbook:
    with host.snapshot() as path:
        return open_workbook(path)


def sound_book(path: Path) -> Path:
    path.write_bytes(sound())
    return path


def change(host: ExcelHost, sheet: str, ref: str, value: object) -> None:
    """As the person types a figure in."""
    book = host.book.impl
    for one in (book.formulas, book.values):
        one[sheet][ref] = value


def test_unsaved_changes_count(excel: App, tmp_path: Path) -> None:
    path = sound_book(tmp_path / "决算.xlsx")
    host = host_of(excel, path)
    assert validate(host.read()).verdict == "合格"
    change(host, INCOME, "D17", "二点二二")
    found = validate(host.read())
    assert found.verdict == "不合格"
    assert any((INCOME, "D17") in f.cells for f in found.findings)
    assert validate(path).verdict == "合格"
    host.book.impl.save_as(path)
    assert [f.message for f in validate(path).findings] == [f.message for f in found.findings]


def test_a_workbook_never_saved_is_checked(excel: App, tmp_path: Path) -> None:
    book = excel.new()
    source = openpyxl.load_workbook(sound_book(tmp_path / "x.xlsx"))
    book.formulas, book.values = source, openpyxl.load_workbook(tmp_path / "x.xlsx", data_only=True)
    host = ExcelHost(xw.Book(impl=book))
    validation = validate(host.read())
    assert validation.verdict == "合格"
    assert validation.reading.file == "工作簿1.xlsx"
    assert host.mark(validation).result == "校验结果"


def test_only_the_workbook_in_question_is_touched(excel: App, tmp_path: Path) -> None:
    other = excel.open(sound_book(tmp_path / "别的.xlsx"))
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    excel.books.current = other
    with host.working("……"):
        host.mark(validate(host.read()))
    assert [s.title for s in other.formulas.worksheets][-1] != "校验结果"
    assert len(excel.books.items) == 2
    assert "校验结果" in host.book.sheet_names


def test_a_workbook_that_is_called_like_the_result_sheet(excel: App, tmp_path: Path) -> None:
    excel.open(sound_book(tmp_path / "校验结果.xlsx"))
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    assert host.mark(validate(host.read())).result == "校验结果"


def test_nothing_is_left_in_the_temporary_folder(
    excel: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    host.mark(validate(host.read()))
    host.clear()
    assert list(folder.iterdir()) == []


def test_a_refused_copy_is_said_and_nothing_is_checked(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    host.book.impl.copies_forbidden = True
    with pytest.raises(InputError, match=r"决算\.xlsx：Excel 不让另存副本，没有读取（此工作簿受"):
        host.read()


def protections(host: ExcelHost) -> list[dict[str, object]]:
    return [dict(sheet.protection) for sheet in host.book.impl.formulas.worksheets]


def test_sheets_protected_without_a_password_are_marked_and_stay_protected(
    excel: App, tmp_path: Path
) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx", protected=True))
    income = host.book.impl.formulas[INCOME].protection
    income.selectLockedCells, income.sort, income.scenarios = True, False, False
    before = protections(host)
    validation = validate(host.read())
    assert host.mark(validation).limits == ()
    marked = state(host)
    for sheet, cells in cell_marks(validation).items():
        assert set(cells) >= set(marked.sheet(sheet).notes)
    assert marked.sheet(INCOME).notes["D17"].startswith("xltool校验：")
    assert protections(host)[:-1] == before and all(p["sheet"] == "1" for p in before)
    assert host.clear().limits == ()
    assert protections(host) == before
    assert not any(sheet.notes for sheet in state(host).sheets)


@pytest.mark.parametrize("call", ["add_rule", "add_note", "copy_sheet", "Protection"])
def test_protection_is_back_after_an_error(excel: App, tmp_path: Path, call: str) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx", protected=True))
    host.book.impl.structure_locked = True
    before = protections(host)
    validation = validate(host.read())
    excel.journal.fail_at = call
    with suppress(ComError, InputError):
        host.mark(validation)
    assert excel.journal.of(call)
    assert protections(host) == before
    assert host.book.impl.structure_locked


def test_protection_that_does_not_come_back_is_told(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx", protected=True))
    excel.journal.fail_at = "protect_sheet"
    with pytest.raises(InputError, match=r"工作表“.*”：保护没有恢复（protect_sheet 失败）"):
        host.mark(validate(host.read()))


def test_protected_sheets_are_named_and_left_alone(excel: App, tmp_path: Path) -> None:
    path = locked_away(broken_book(tmp_path / "决算.xlsx", protected=True))
    host = host_of(excel, path)
    validation = validate(host.read())
    shown = host.mark(validation)
    (limit,) = shown.limits
    assert limit.endswith("受保护，没有标记")
    for sheet in cell_marks(validation):
        assert f"“{sheet}”" in limit
        assert not host.book.impl.formulas[sheet].conditional_formatting
        assert host.book.impl.formulas[sheet].protection.sheet
    assert shown.result == "校验结果"
    assert excel.journal.of("add_rule") == excel.journal.of("add_note") == []


def test_protection_that_allows_formats_but_no_notes(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, locked_away(broken_book(tmp_path / "决算.xlsx", protected=True)))
    for sheet in host.book.impl.formulas.worksheets:
        sheet.protection.formatCells = False
    shown = host.mark(validate(host.read()))
    assert shown.limits == ()
    assert excel.journal.of("add_rule") and not excel.journal.of("add_note")


def test_marks_on_a_sheet_protected_since_are_named(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    host.mark(validate(host.read()))
    protection = host.book.impl.formulas[TOTALS].protection
    protection.sheet, protection.objects = True, True
    protection.set_password("机密")
    cleared = host.clear()
    assert cleared.any
    (limit,) = cleared.limits
    assert limit.startswith(f"工作表“{TOTALS}”受保护，原有的标记、批注和链接没有清除（")
    assert state(host).sheet(TOTALS).notes


@pytest.mark.parametrize("protected", ["", "无密码", "有密码"])
def test_a_marked_copy_is_cleared_in_excel(excel: App, tmp_path: Path, protected: str) -> None:
    path = broken_book(tmp_path / "决算.xlsx", protected=bool(protected))
    annotate(validate(path), tmp_path / "标注.xlsx")
    if protected == "有密码":
        locked_away(tmp_path / "标注.xlsx")
    host = host_of(excel, tmp_path / "标注.xlsx")
    cleared = host.clear()
    links = {
        sheet.title: [c.coordinate for row in sheet.iter_rows() for c in row if c.hyperlink]
        for sheet in host.book.impl.formulas.worksheets
    }
    assert "校验结果" not in host.book.sheet_names
    if protected == "有密码":
        (limit,) = cleared.limits
        assert all(f"“{name}”" in limit for name, refs in links.items() if refs)
        assert excel.journal.of("clear_links") == []
    else:
        assert cleared.limits == ()
        assert not any(links.values())
        before, after = open_workbook(path), state(host)
        assert [s.notes for s in after.sheets] == [s.notes for s in before.sheets]


def test_a_locked_structure_takes_no_result_sheet(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    host.book.impl.structure_locked = True
    shown = host.mark(validate(host.read()))
    assert shown.result == "校验结果" and host.book.impl.structure_locked
    host.clear()
    assert host.book.impl.structure_locked and "校验结果" not in host.book.sheet_names
    host.book.impl.formulas.security = WorkbookProtection(
        workbookPassword="机密", lockStructure=True
    )
    shown = host.mark(validate(host.read()))
    assert shown.result is None
    assert shown.limits == ("工作簿结构受保护，“校验结果”表不能增删",)
    assert excel.journal.of("add_rule")


def test_a_result_sheet_that_formulas_refer_to_stays(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    host.mark(validate(host.read()))
    change(host, TOTALS, "H1", "=校验结果!A1")
    cleared = host.clear()
    assert cleared.limits == ("有公式引用“校验结果”表，没有替换或删除它",)
    assert "校验结果" in host.book.sheet_names
    assert host.mark(validate(host.read())).result is None


def place(excel: App) -> tuple[object, ...]:
    """Everything that a person would notice if it had changed."""
    book = excel.books.current
    assert book is not None
    sheet = book.formulas.active.title
    chosen = excel.selections[book.name, sheet]
    cell = excel.active_cell
    return (book.name, sheet, chosen.areas, cell.Address, dict(excel.settings))


def at_work(excel: App, host: ExcelHost) -> None:
    """The person has selected two areas and is in a cell of the second."""
    host.goto((INCOME, "A1"))
    host.book.sheets[INCOME].range("B3:C4,D6").select()
    host.book.sheets[INCOME].range("D6").api.Activate()
    excel.settings |= {"calculation": "semiautomatic", "status_bar": "别的加载项"}


def test_everything_is_as_before(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    at_work(excel, host)
    before = place(excel)
    with host.working("决算工具：正在校验"):
        host.mark(validate(host.read()))
        assert excel.settings["status_bar"] == "决算工具：正在校验"
        assert not excel.settings["enable_events"]
    assert place(excel) == before


@pytest.mark.parametrize("call", ["copy_sheet", "open_book", "add_rule", "add_note", "SaveCopyAs"])
def test_everything_is_as_before_after_an_error(excel: App, tmp_path: Path, call: str) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    at_work(excel, host)
    before = place(excel)
    excel.journal.fail_at = call
    with pytest.raises((ComError, InputError)), host.working("……"):
        host.mark(validate(host.read()))
    assert place(excel) == before
    assert [book.name for book in excel.books.items] == ["决算.xlsx"]


def test_one_setting_that_cannot_be_put_back_does_not_keep_the_others(
    excel: App, tmp_path: Path
) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    with pytest.raises(ComError), host.working("……"):
        excel.journal.fail_at = "activate_sheet"
    assert excel.settings["screen_updating"] and excel.settings["enable_events"]
    assert excel.settings["status_bar"] is False


def test_the_way_of_calculating_is_not_touched(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx", slips=[(INCOME, "D17")]))
    with host.working("……"):
        host.mark(validate(host.read()))
    assert excel.journal.of("set calculation") == []


def test_the_open_workbook_is_no_target(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx", slips=[(INCOME, "D17")]))
    excel.chosen = [str(tmp_path / "决算.XLSX"), False]
    with pytest.raises(InputError, match="这是打开的工作簿"):
        host.choose_target("存到", "决算.xlsx", EXPORTS)
    assert host.choose_target("存到", "决算.xlsx", EXPORTS) is None


def test_going_to_a_hidden_sheet_is_declined(excel: App, tmp_path: Path) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    host.book.impl.formulas[INCOME].sheet_state = "veryHidden"
    assert not host.goto((INCOME, "D17"))
    assert host.goto((TOTALS, "F20"))
    assert host.here() == (TOTALS, "F20")


def many(host: ExcelHost, count: int) -> None:
    """Findings on `count` scattered cells of one sheet."""
    sheet = host.book.impl.formulas[TOTALS].title
    validation = validate(host.read())
    finding = next(f for f in validation.findings if f.level == "error" and f.outcome == "不符")
    validation.findings[:] = [_at(finding, sheet, n) for n in range(count)]
    host.mark(validation)


def _at(finding: Finding, sheet: str, number: int) -> Finding:
    from dataclasses import replace

    ref = f"{'ABCDEF'[number % 6]}{60 + number // 3 * 2}"
    return replace(
        finding, cells=((sheet, ref),), sheet=sheet, left=None, right=None, suspect=None,
        group=0, where=f"第{number}处", message=f"第{number}处不符", difference=Decimal(1),
    )  # fmt: skip


def test_calls_do_not_grow_with_the_findings(excel: App, tmp_path: Path) -> None:
    few = host_of(excel, broken_book(tmp_path / "少.xlsx"))
    many(few, MOST_NOTES)
    calls = len(excel.journal.calls)
    excel.journal.calls.clear()
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx"))
    many(host, 500)
    counts = excel.journal.counts
    # 400 more findings: some ten more addresses of 250 characters, and not one call per cell
    assert len(excel.journal.calls) - calls < 60
    assert len(excel.journal.calls) < 5 * MOST_NOTES + 250
    assert counts["add_note"] == MOST_NOTES
    assert counts["add_rule"] <= 500 * 5 // 240 + 5
    assert counts["copy_sheet"] == counts["open_book"] == counts["SaveCopyAs"] == 1
    assert all(len(address) <= 250 for (address,) in map(_first, excel.journal.of("range")))
    marked = state(host)
    assert (
        len([t for t in marked.sheet(TOTALS).notes.values() if t.startswith("xltool校验：")]) == 100
    )


def _first(arguments: tuple[object, ...]) -> tuple[str]:
    return (str(arguments[0]) if isinstance(arguments[0], str) else "",)
