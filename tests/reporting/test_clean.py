"""Taking the marks off: the workbook comes back as it was, whoever saved the marked copy in between."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reporting.books import BEIGUAN, SGB, filled
from tests.reporting.marked import (
    STRAY,
    SUMMARY,
    TOTAL,
    cleaned,
    explained,
    explanation_of,
    featured,
    featured_and_marked,
    lines_of,
    marked,
    slipped,
    slipped_and_marked,
)
from tests.support.additions import parts_that_differ
from tests.support.editing import edited, hide_row
from tests.support.libreoffice import recalculated
from xltool.checks import validate
from xltool.core.problems import InputError
from xltool.mapping.ownsheets import RESULT_SHEET, result_sheet
from xltool.ooxml import Editor, Workbook, open_workbook
from xltool.reporting.workbook.annotate import AUTHOR, TAG, clean


@pytest.mark.parametrize("sample", [SGB, BEIGUAN])
def test_a_sample_comes_back_byte_by_byte(sample: str) -> None:
    assert parts_that_differ(filled(sample), cleaned(marked(filled(sample)))) == []


def test_a_book_with_slips_comes_back_byte_by_byte() -> None:
    assert parts_that_differ(slipped(), cleaned(slipped_and_marked())) == []


def test_a_book_with_every_feature_comes_back_byte_by_byte() -> None:
    assert parts_that_differ(featured(), cleaned(featured_and_marked(), ".xlsm")) == []


CELLS = [
    *((SUMMARY, ref) for ref in ("A1", "A2", "B6", "B30", "D33", "F20", "A40")),
    *(("收入决算表", ref) for ref in ("A1", "A7", "C5", "D17", "Z90")),
    ("财政拨款“三公”经费支出决算表", "A7"),
]
VALUES = st.one_of(
    st.none(),
    st.decimals(-(10**9), 10**9, places=2),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30),
    st.sampled_from(["=1+1", "１２.５", " 3 ", "&<>'\"", "_x0041_"]),
)


@settings(max_examples=6, deadline=None)
@given(slips=st.dictionaries(st.sampled_from(CELLS), VALUES, min_size=1, max_size=8))
def test_whatever_was_typed_comes_back_byte_by_byte(
    slips: dict[tuple[str, str], Decimal | str | None],
) -> None:
    def put(editor: Editor) -> None:
        for (sheet, ref), value in slips.items():
            editor.set(sheet, ref, value, over_formula=True)

    book = edited(filled(SGB), put)
    assert parts_that_differ(book, cleaned(marked(book))) == []


def test_explanations_leave_with_the_sheet() -> None:
    book = explained(slipped_and_marked(), "S-04", "该数为附注，已与财政局核对")
    assert parts_that_differ(slipped(), cleaned(book)) == []


def test_edits_made_in_between_stay() -> None:
    def edit(editor: Editor) -> None:
        editor.set(*STRAY, None)
        editor.set(SUMMARY, "A40", "=不是公式")
        editor.add_notes(SUMMARY, {"A40": "我加的"}, "张三")
        editor.resize_rows("收入决算表", 7, 3, 5)
        hide_row(editor, "支出决算表", 9)

    book = open_workbook(cleaned(edited(slipped_and_marked(), edit)))
    assert book.sheet(SUMMARY).value(STRAY[1]) is None
    assert book.sheet(SUMMARY).value("A40") == "=不是公式"
    assert book.sheet(SUMMARY).notes == {"A40": "张三：\n我加的"}
    expected = open_workbook(edited(slipped(), edit))
    for sheet in expected.sheets:
        assert dict(book.sheet(sheet.name).items()) == dict(sheet.items())
        assert book.sheet(sheet.name).hidden_rows == sheet.hidden_rows
    assert_nothing_of_ours(book)


def test_the_edits_alone_differ_from_the_original() -> None:
    book = cleaned(edited(slipped_and_marked(), lambda editor: editor.set(*STRAY, Decimal("3"))))
    direct = edited(slipped(), lambda editor: editor.set(*STRAY, Decimal("3")))
    assert parts_that_differ(direct, book) == []


def test_a_renamed_result_sheet_is_still_known() -> None:
    def edit(editor: Editor) -> None:
        editor.rename_sheet(RESULT_SHEET, "审核意见 (一)")

    assert_nothing_of_ours(open_workbook(cleaned(edited(slipped_and_marked(), edit))))


def test_a_copied_form_loses_its_marks_too() -> None:
    book = edited(slipped_and_marked(), lambda editor: editor.copy_sheet(SUMMARY, "副本"))
    after = open_workbook(cleaned(book))
    assert "副本" in {sheet.name for sheet in after.sheets}
    assert_nothing_of_ours(after)


def test_a_book_without_marks_needs_no_cleaning(tmp_path: Path) -> None:
    source = tmp_path / "决算.xlsx"
    source.write_bytes(slipped())
    with pytest.raises(InputError, match="不用清除"):
        clean(source, tmp_path / "净.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_a_formula_that_reads_the_result_sheet_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    source = tmp_path / "标注.xlsx"
    using = edited(
        slipped_and_marked(), lambda e: e.set_formula(SUMMARY, "A40", f"{RESULT_SHEET}!A1")
    )
    source.write_bytes(using)
    with pytest.raises(InputError, match="A40 的公式引用了工作表“校验结果”"):
        clean(source, source, force=True)
    assert source.read_bytes() == using


def test_in_place_only_with_force(tmp_path: Path) -> None:
    book = tmp_path / "标注.xlsx"
    book.write_bytes(slipped_and_marked())
    with pytest.raises(InputError, match="--force"):
        clean(book, book)
    clean(book, book, force=True)
    assert parts_that_differ(slipped(), book.read_bytes()) == []


# --- saved by another program in between ----------------------------------------------------------


@dataclass(frozen=True)
class Saved:
    """A marked copy with an explanation, and the original, as another program saves them."""

    copy: bytes
    original: bytes


def by_openpyxl(book: bytes) -> bytes:
    target = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(book)).save(target)
    return target.getvalue()


REASON = "该数为附注"


@pytest.fixture(scope="module")
def saved(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Saved]:
    """By program. LibreOffice runs once for all tests."""
    folder = tmp_path_factory.mktemp("saved")
    books = {"copy": explained(slipped_and_marked(), "S-04", REASON), "original": slipped()}
    for name, book in books.items():
        (folder / f"{name}.xlsx").write_bytes(book)
    done = recalculated(soffice, [folder / f"{name}.xlsx" for name in books], folder)
    return {
        "LibreOffice": Saved(*(path.read_bytes() for path in done)),
        "openpyxl": Saved(*(by_openpyxl(book) for book in books.values())),
    }


PROGRAMS = pytest.mark.parametrize("program", ["LibreOffice", "openpyxl"])


@PROGRAMS
def test_other_programs_see_sheet_notes_and_marks(program: str, saved: Mapping[str, Saved]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(saved[program].copy))
    sheet = book[RESULT_SHEET]
    assert sheet["A1"].value == "校验结果：不合格"
    links = [cell.hyperlink for row in sheet.iter_rows(min_row=7) for cell in row if cell.hyperlink]
    assert any((link.location or "").replace("'", "").endswith("D33") for link in links)
    form = book[SUMMARY]
    assert "T01-04" in form["D33"].comment.text
    ranges = [str(rule.sqref) for rule in form.conditional_formatting]
    assert "D33" in " ".join(ranges).split()
    assert sheet.page_setup.orientation == "landscape"


@PROGRAMS
def test_a_copy_that_was_saved_elsewhere_is_cleaned(
    program: str, saved: Mapping[str, Saved]
) -> None:
    after = open_workbook(cleaned(saved[program].copy))
    assert_nothing_of_ours(after)
    expected = open_workbook(saved[program].original)
    assert [sheet.name for sheet in after.sheets] == [sheet.name for sheet in expected.sheets]
    for sheet in expected.sheets:
        assert dict(after.sheet(sheet.name).items()) == dict(sheet.items())
        assert after.sheet(sheet.name).formulas() == sheet.formulas()
        assert after.sheet(sheet.name).merges == sheet.merges
    before = validate(saved[program].original)
    assert validate(cleaned(saved[program].copy)).findings == before.findings


@PROGRAMS
def test_a_copy_that_was_saved_elsewhere_is_marked_anew(
    program: str, saved: Mapping[str, Saved]
) -> None:
    again = marked(saved[program].copy)
    # what is explained stands behind the rest
    assert sorted(str(x["规则"]) for x in lines_of(again)) == sorted(
        str(x["规则"]) for x in lines_of(slipped_and_marked())
    )
    assert explanation_of(again, "S-04") == REASON
    names = [sheet.name for sheet in open_workbook(again).sheets]
    assert names.count(RESULT_SHEET) == 1
    assert sum(name.startswith(RESULT_SHEET) for name in names) == 1
    notes = open_workbook(again).sheet(SUMMARY).notes
    assert sorted(notes) == ["B33", "D30", "D33"]
    assert notes[TOTAL[1]].count(AUTHOR) == 1


def test_a_copy_that_two_programs_saved_is_cleaned(saved: Mapping[str, Saved]) -> None:
    assert_nothing_of_ours(open_workbook(cleaned(by_openpyxl(saved["LibreOffice"].copy))))


def assert_nothing_of_ours(book: Workbook) -> None:
    """No sheet, note, mark or link is left that `annotate` made."""
    assert result_sheet(book) is None
    editor = Editor(book)
    for view in editor.views():
        assert AUTHOR not in "".join(view.notes.values()), view.name
        shell = editor.text_of(view.part).shell
        assert TAG not in shell, view.name
        assert RESULT_SHEET not in shell, view.name
    assert RESULT_SHEET not in editor.package.text(editor.workbook.part)
