"""The annotated copy: what it shows, and that it leaves alone what it does not show."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.reporting.books import BEIGUAN, SGB, broken, clean, filled, with_edit
from tests.reporting.marked import (
    CLERKS_NOTE,
    ODD_NAME,
    ON_OTHER_SHEETS,
    STRAY,
    SUMMARY,
    TOTAL,
    as_xls,
    cleaned,
    featured,
    featured_and_marked,
    featured_validation,
    lines_of,
    marked,
    result_of,
    slipped,
    slipped_and_marked,
)
from tests.support.additions import parts_that_differ
from tests.support.compare import assert_untouched, contents
from tests.support.editing import edited, hide_sheet
from tests.support.feature_book import FORM
from xltool.checks import Validation, validate
from xltool.checks.explanations import COLUMNS
from xltool.core.problems import InputError
from xltool.mapping.ownsheets import RESULT_SHEET
from xltool.ooxml import Editor, Link, NewSheet, open_workbook
from xltool.ooxml.package.xmltree import parse
from xltool.reporting.summary import levels, summary
from xltool.reporting.workbook.annotate import annotate
from xltool.reporting.workbook.cellmarks import ERROR, RELATED, SUSPECT, WARNING, cell_marks

UNKNOWN_EXTENSIONS = pytest.mark.filterwarnings("ignore:.*extension is not supported")
SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
ROWS = re.compile(rb"<sheetData.*</sheetData>", re.S)


def text(book: bytes, part: str) -> str:
    return contents(book)[part].decode()


def slipped_validation() -> Validation:
    return validate(slipped())


# --- what is marked -------------------------------------------------------------------------------


def test_the_suspect_stands_out_from_what_it_is_compared_with() -> None:
    marks = cell_marks(slipped_validation())
    assert list(marks) == [SUMMARY]
    looks = {ref: mark.look for ref, mark in marks[SUMMARY].items()}
    assert looks.pop("D33") == SUSPECT
    assert looks.pop("F20") == WARNING
    assert looks == {"B33": RELATED, "D30": RELATED}


def test_without_a_suspect_the_cells_of_both_sides_are_marked_by_level() -> None:
    validation = broken()
    unknown = [replace(f, suspect=None, group=0, expected=None) for f in validation.findings]
    marks = cell_marks(replace(validation, findings=unknown))
    looks = {mark.look for of_sheet in marks.values() for mark in of_sheet.values()}
    assert looks == {ERROR, WARNING}
    total = marks[SUMMARY]
    assert [total[ref].look for ref in ("B33", "D30", "D33")] == [ERROR] * 3
    assert "T01-04" in total["D30"].note
    assert "T01-05" in total["B33"].note


def test_a_workbook_without_slips_is_marked_nowhere() -> None:
    assert cell_marks(clean(SGB)) == {}
    book = marked(filled(SGB))
    assert result_of(book).value("A1") == f"校验结果：{clean(SGB).verdict}"
    assert not any(sheet.notes for sheet in open_workbook(book).sheets)


def test_a_note_says_what_is_wrong_what_to_do_and_which_rules_ask_for_it() -> None:
    notes = open_workbook(slipped_and_marked()).sheet(SUMMARY).notes
    assert sorted(notes) == ["B33", "D30", "D33", "F20"]
    for words in ("xltool校验", "改为 307.82", "308.82", "T01-04", "T01-05", "F-01"):
        assert words in notes["D33"]
    assert "很可能错在 D33" in notes["B33"]
    assert "待确认 S-04" in notes["F20"]


def test_a_long_story_ends_with_where_to_read_on() -> None:
    for marks in cell_marks(broken()).values():
        assert all(len(mark.note) <= 430 for mark in marks.values())
    mark = cell_marks(slipped_validation())[SUMMARY]["D33"]
    mark.texts += [f"{n}：{'长' * 150}" for n in range(9)]
    assert len(mark.note) <= 400
    assert mark.note.endswith("条，见“校验结果”表")


# --- the result sheet -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [broken, lambda: clean(BEIGUAN)], ids=["slips", "none"])
def test_the_result_sheet_tells_every_finding_once(make: Callable[[], Validation]) -> None:
    given = make()
    lines = lines_of(marked(given))
    told = sorted((str(x["规则"]), str(x["位置"]), str(x["结论"])) for x in lines)
    assert told == sorted((f.rule, f.where, levels(f)) for f in given.findings)
    assert {*COLUMNS} <= {*lines[0]}


def test_the_result_sheet_begins_with_verdict_owner_and_summary() -> None:
    sheet = result_of(slipped_and_marked())
    assert sheet.name == RESULT_SHEET
    assert sheet.value("A1") == "校验结果：不合格"
    assert sheet.value("A2") == "中共上海市普陀区委社会工作部　2024年度　版本 2024-shanghai　万元"
    assert sheet.value("A3") == f"{summary(slipped_validation())}。"


def test_amounts_are_numbers_and_texts_stay_texts() -> None:
    line = next(x for x in lines_of(slipped_and_marked()) if x["规则"] == "T01-04")
    assert line["左方"] == Decimal("308.82")
    assert line["右方"] == Decimal("307.82")
    assert line["差额"] == Decimal("1")
    sheet = result_of(featured_and_marked())
    messages = [ref for ref, value in sheet.items() if str(value).startswith("=1+1 写在")]
    assert len(messages) == len(ON_OTHER_SHEETS)
    assert not sheet.formulas()


def test_findings_of_one_cause_stand_together() -> None:
    numbers = [str(line["序号"]) for line in lines_of(slipped_and_marked())]
    assert numbers[:4] == ["1-1", "1-2", "1-3", "2"]


def test_the_head_stays_in_sight_and_on_every_printed_page() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(slipped_and_marked()))[RESULT_SHEET]
    assert sheet.freeze_panes == "A7"
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.auto_filter.ref.startswith("A6:P")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)


def test_only_explanations_can_be_written() -> None:
    book = slipped_and_marked()
    sheet = result_of(book)
    assert sheet.protected
    for line in lines_of(book):
        assert not sheet.locked(f"P{line['row']}")
        assert sheet.locked(f"H{line['row']}")


def test_every_rule_of_the_ledger_is_listed_with_its_outcome() -> None:
    validation = slipped_validation()
    sheet = result_of(slipped_and_marked())
    start = next(ref for ref, value in sheet.items() if str(value).startswith("规则审核情况"))
    rows = range(int(start[1:]) + 2, sheet.last_row + 1)
    told = {str(sheet.value(f"C{row}")): sheet.value(f"B{row}") for row in rows}
    assert told == {id_: line.outcome for id_, line in validation.ledger.lines.items()}


def test_lines_lead_to_their_cells_and_titles_lead_back() -> None:
    book = slipped_and_marked()
    first = next(line for line in lines_of(book) if line["序号"] == "1-1")
    assert first["单元格"] == "D33"
    editor = Editor(open_workbook(book))
    links = {
        (view.name, node.get("ref")): node.get("location")
        for view in editor.views()
        for node in editor.shell_of(view.part).children_of("hyperlinks")
    }
    assert links[RESULT_SHEET, f"G{first['row']}"] == f"{SUMMARY}!D33"
    back = {cell: to for cell, to in links.items() if cell[0] != RESULT_SHEET}
    assert list(back.values()) == [f"{RESULT_SHEET}!A{first['row']}"]
    assert [sheet for sheet, _ in back] == [SUMMARY]


@UNKNOWN_EXTENSIONS
def test_links_lead_to_cells_whatever_their_sheets_are_called() -> None:
    book = openpyxl.load_workbook(io.BytesIO(featured_and_marked()), keep_vba=True)
    cells = (cell for row in book[RESULT_SHEET].iter_rows(min_row=7) for cell in row)
    found = [cell.hyperlink.location.rpartition("!") for cell in cells if cell.hyperlink]
    targets = {(sheet.strip("'").replace("''", "'"), ref) for sheet, _, ref in found}
    assert targets >= {*ON_OTHER_SHEETS}
    assert {sheet for sheet, _ in targets} <= {*book.sheetnames}
    book.vba_archive.close()  # else it is closed when the collector comes, in another test


def test_the_result_sheet_is_last_and_what_opens() -> None:
    book = slipped_and_marked()
    names = [sheet.name for sheet in open_workbook(book).sheets]
    assert names == [*(sheet.name for sheet in open_workbook(slipped()).sheets), RESULT_SHEET]
    assert Editor(open_workbook(book)).opens_at == RESULT_SHEET


# --- what is left alone ---------------------------------------------------------------------------


def test_the_marked_copy_validates_as_the_original() -> None:
    before, after = slipped_validation(), validate(slipped_and_marked())
    assert (after.verdict, after.findings) == (before.verdict, before.findings)


def test_nothing_but_marks_notes_links_and_the_sheet_is_added() -> None:
    before, after = featured(), featured_and_marked()
    touched = parts_that_differ(before, after)
    allowed = re.compile(
        r"\[Content_Types\]\.xml|xl/(workbook|styles)\.xml|xl/_rels/workbook\.xml\.rels"
        r"|xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?|xl/comments\d+\.xml"
        r"|xl/drawings/vmlDrawing\d+\.vml"
    )
    assert [part for part in touched if not allowed.fullmatch(part)] == []
    assert_untouched(before, after, touched=touched)
    old, new = contents(before), contents(after)
    for part in (part for part in touched if SHEET.fullmatch(part) and part in old):
        assert ROWS.findall(old[part]) == ROWS.findall(new[part]), part


def test_notes_and_boxes_of_others_keep_text_size_and_place() -> None:
    before, after = featured(), featured_and_marked()
    pieces = re.compile(r"<v:shape .*?</v:shape>|<comment .*?</comment>", re.S)
    for part in parts_that_differ(before, after):
        if re.fullmatch(r"xl/(comments\d+\.xml|drawings/vmlDrawing\d+\.vml)", part):
            old = pieces.findall(contents(before).get(part, b"").decode())
            assert pieces.findall(text(after, part))[: len(old)] == old


def test_a_cell_with_a_note_is_marked_and_gets_no_second_note() -> None:
    book = open_workbook(featured_and_marked())
    assert CLERKS_NOTE in book.sheet(SUMMARY).notes["D33"]
    assert "xltool" not in book.sheet(SUMMARY).notes["D33"]
    assert book.sheet(FORM).notes["C6"] == open_workbook(featured()).sheet(FORM).notes["C6"]
    editor = Editor(book)
    shell = editor.shell_of(editor.view(SUMMARY).part)
    areas = [node.get("sqref") or "" for node in shell.iter("conditionalFormatting")]
    assert "D33" in " ".join(areas).split()


def test_merged_cells_hidden_sheets_and_odd_names_are_served() -> None:
    validation = featured_validation()
    book = open_workbook(featured_and_marked())
    for sheet, ref in ON_OTHER_SHEETS:
        merge = book.sheet(sheet).merge_of(ref)
        assert (merge.anchor if merge else ref) in book.sheet(sheet).notes
    states = {sheet.name: sheet.state for sheet in open_workbook(featured()).sheets}
    assert {s.name: s.state for s in book.sheets if s.name in states} == states
    assert ODD_NAME in {f.sheet for f in validation.findings}
    for sheet in open_workbook(featured()).sheets:
        assert book.sheet(sheet.name).protected == sheet.protected


def test_every_part_of_the_marked_copy_is_well_formed() -> None:
    for name, part in contents(featured_and_marked()).items():
        if name.endswith((".xml", ".rels")):
            parse(part.decode("utf-8-sig"), name)


def test_what_is_odd_about_a_suspect_itself_stands_in_its_note() -> None:
    note = cell_marks(broken())["收入决算表"]["D17"].note
    assert "“二点二二”不是数字" in note


@UNKNOWN_EXTENSIONS
def test_another_program_opens_it_with_its_macros() -> None:
    book = openpyxl.load_workbook(io.BytesIO(featured_and_marked()), keep_vba=True)
    assert book.sheetnames == [s.name for s in open_workbook(featured_and_marked()).sheets]
    assert "ALL-06" in book[FORM]["E5"].comment.text
    book.vba_archive.close()


def test_a_hidden_form_stays_hidden() -> None:
    book = edited(slipped(), lambda editor: hide_sheet(editor, SUMMARY))
    after = open_workbook(marked(book)).sheet(SUMMARY)
    assert after.state == "hidden"
    assert TOTAL[1] in after.notes


def test_links_that_a_title_has_already_stay_alone() -> None:
    titled = edited(slipped(), lambda e: e.add_link(SUMMARY, "A2", Link("收入决算表", "A1")))
    one = text(titled, "xl/worksheets/sheet1.xml").count("<hyperlink ")
    assert text(marked(titled), "xl/worksheets/sheet1.xml").count("<hyperlink ") == one


# --- again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_annotating_a_marked_copy_gives_the_same_copy(suffix: str) -> None:
    first = slipped_and_marked() if suffix == ".xlsx" else marked(featured(), suffix)
    assert parts_that_differ(first, marked(first, suffix)) == []


def test_corrected_cells_lose_their_marks() -> None:
    book = edited(slipped_and_marked(), lambda e: e.set(*STRAY, None))
    again = open_workbook(marked(book)).sheet(SUMMARY)
    assert STRAY[1] not in again.notes
    assert TOTAL[1] in again.notes


def test_a_sheet_of_the_clerk_with_that_name_stays() -> None:
    def add(editor: Editor) -> None:
        sheet = NewSheet()
        sheet.put("A1", "我的记录")
        editor.add_sheet(RESULT_SHEET, sheet)

    own = edited(slipped(), add)
    book = marked(own)
    assert result_of(book).name == f"{RESULT_SHEET}(2)"
    assert open_workbook(book).sheet(RESULT_SHEET).value("A1") == "我的记录"
    assert parts_that_differ(book, marked(book)) == []
    assert parts_that_differ(own, cleaned(book)) == []


# --- refusals -------------------------------------------------------------------------------------


def refused(target: Path, *, force: bool = False) -> str:
    before = target.read_bytes() if target.is_file() else None
    with pytest.raises(InputError) as error:
        annotate(slipped_validation(), target, force=force)
    assert (target.read_bytes() if target.is_file() else None) == before
    leftovers = [p.name for p in target.parent.glob("*") if p.suffix in (".tmp", ".part")]
    assert leftovers == []
    return str(error.value)


def test_nothing_is_written_over_without_force(tmp_path: Path) -> None:
    target = tmp_path / "标注.xlsx"
    target.write_bytes(filled(SGB))
    assert "加 --force" in refused(target)
    annotate(slipped_validation(), target, force=True)
    assert result_of(target.read_bytes()).name == RESULT_SHEET


def test_the_original_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "决算.xlsx"
    source.write_bytes(slipped())
    with pytest.raises(InputError, match="原工作簿"):
        annotate(validate(source), source, force=True)
    assert source.read_bytes() == slipped()


def test_a_marked_copy_can_be_marked_anew_in_place(tmp_path: Path) -> None:
    book = tmp_path / "标注.xlsx"
    book.write_bytes(slipped_and_marked())
    annotate(validate(book), book, force=True)
    assert parts_that_differ(book.read_bytes(), slipped_and_marked()) == []


def test_a_copy_that_is_open_in_excel_is_not_written(tmp_path: Path) -> None:
    target = tmp_path / "标注.xlsx"
    target.write_bytes(slipped_and_marked())
    (tmp_path / "~$标注.xlsx").write_bytes(b"x")
    assert "正在 Excel 或 WPS 中打开" in refused(target, force=True)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "不存在" in refused(tmp_path / "没有" / "标注.xlsx")


def test_a_suffix_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    assert "后缀" in refused(tmp_path / "标注.xlsm")


def test_a_failure_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "没有读写该文件或文件夹的权限" in refused(tmp_path / "标注.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_old_xls_is_refused_with_what_to_do(tmp_path: Path) -> None:
    source = tmp_path / "决算.xls"
    source.write_bytes(as_xls(slipped()))
    validation = validate(source)
    assert validation.verdict == "不合格"
    with pytest.raises(InputError, match=r"另存为 \.xlsx"):
        annotate(validation, tmp_path / "标注.xlsx")
    assert not (tmp_path / "标注.xlsx").exists()


def test_a_recalculated_edit_of_a_copy_is_seen() -> None:
    book = with_edit(SGB, lambda editor: editor.set(*STRAY, Decimal("1")))
    assert "S-04" in {str(line["规则"]) for line in lines_of(marked(book))}
