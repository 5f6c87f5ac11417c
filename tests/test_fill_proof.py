"""Every fill is proved before it is written: what the finished workbook shows is what the document says.

The proof itself is held against books in which somebody else's hand changed one thing, and the fills against
openpyxl, which knows nothing of mappings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest

from tests.support.documents import EDITIONS, make
from tests.support.editing import edited
from xltool.core.model import Report
from xltool.core.places import places
from xltool.core.problems import InputError
from xltool.documents.load import from_raw
from xltool.filling import fill
from xltool.filling.forms import forms_for
from xltool.filling.job import Job
from xltool.filling.proof import prove
from xltool.ooxml import Editor, Range
from xltool.reading import Reading, examine

EDITION = "2021-national"
SPENDING, OVERVIEW = "支出决算表", "收入支出决算总表"
Change = Callable[[Editor, Reading], object]


@lru_cache(maxsize=1)
def filled() -> tuple[Report, Job, bytes]:
    """A document, and a form of its edition filled with it."""
    report, edition = from_raw(make(4, EDITION, details=14, unit="万元"))
    job = Job(report, forms_for(report, edition, None)[0], "formula")
    job.run()
    return report, job, job.editor.content()


def said(change: Change) -> list[str]:
    """What the proof says when `change` was made to the finished workbook."""
    _, _, content = filled()
    reading = examine(content)
    return told(edited(content, lambda editor: change(editor, reading)))


def told(content: bytes) -> list[str]:
    report, job, _ = filled()
    found = prove(report, job.form.edition, job.form.reading, content, job.moves)
    return [str(problem) for problem in found]


def place(reading: Reading, table: str, column: str, row: int | None = None) -> tuple[str, str]:
    """A cell of a list: of the total row, or of a row."""
    key = (table, 0, ("合计", column)) if row is None else (table, 0, "明细", row, column)
    return reading.places[key]


def test_a_fill_is_proved() -> None:
    assert told(filled()[-1]) == []


def with_value(editor: Editor, reading: Reading) -> None:
    sheet, ref = reading.places[OVERVIEW, 0, ("收入", "事业收入")]
    editor.set(sheet, ref, Decimal("3.21"))


def without_value(editor: Editor, reading: Reading) -> None:
    rows = reading.report.tables[SPENDING][0].lists["明细"]
    n = next(n for n, row in enumerate(rows) if len(str(row["科目编码"])) == 7)
    sheet, ref = place(reading, SPENDING, "本年支出合计", n)
    editor.set(sheet, ref, None, over_formula=True)


def with_other_code(editor: Editor, reading: Reading) -> None:
    rows = reading.report.tables[SPENDING][0].lists["明细"]
    sheet, ref = place(reading, SPENDING, "科目编码", len(rows) - 1)
    editor.set(sheet, ref, "2299999")


def with_stray(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    editor.set(sheet, "M60", Decimal(5))


def with_other_label(editor: Editor, reading: Reading) -> None:
    sheet = reading.places[OVERVIEW, 0, ("收入", "总计")][0]
    ref = next(r for r, v in editor.sheet(sheet).items() if v == "三、外交支出" or "外交" in str(v))
    editor.set(sheet, ref, "三、国防支出")


def with_other_formula(editor: Editor, reading: Reading) -> None:
    sheet, ref = reading.places[OVERVIEW, 0, ("收入", "总计")]
    formula = editor.sheet(sheet).formula(ref)
    editor.set_formula(sheet, ref, f"{formula}+0")


def without_formula(editor: Editor, reading: Reading) -> None:
    sheet, ref = reading.places[OVERVIEW, 0, ("收入", "总计")]
    editor.set(sheet, ref, None, over_formula=True)


def with_other_name(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    ref = next(r for r, v in editor.sheet(sheet).items() if str(v).startswith("部门："))
    editor.set(sheet, ref, "部门：别的单位")


def with_other_name_label(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    items = editor.sheet(sheet).items()
    ref, text = next((r, str(v)) for r, v in items if str(v).startswith("部门："))
    editor.set(sheet, ref, text.replace("部门：", "单位："))


def with_other_year(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    items = editor.sheet(sheet).items()
    editor.set(sheet, next(r for r, v in items if str(v).endswith("年度")), "2020年度")


def with_other_style(editor: Editor, reading: Reading) -> None:
    sheet, ref = place(reading, SPENDING, "基本支出", 0)
    editor.set_style(sheet, ref, 0)


def with_merge(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    editor.merge(sheet, Range.parse("L60:M60"))


def with_merge_in_a_list(editor: Editor, reading: Reading) -> None:
    places = [(SPENDING, 0, "明细", n, "对附属单位补助支出") for n in (0, 1)]
    (sheet, top), (_, bottom) = (cell for p in places if (cell := reading.map.cell(p)))
    editor.set(sheet, bottom, None, over_formula=True)
    editor.merge(sheet, Range.parse(f"{top}:{bottom}"))


def without_merge(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    editor.unmerge(sheet, editor.sheet(sheet).merges[0])


def with_row(editor: Editor, reading: Reading) -> None:
    sheet, ref = reading.places[OVERVIEW, 0, ("收入", "总计")]
    editor.resize_rows(sheet, int(ref[1:]) - 2, 1, 2)


def renamed(editor: Editor, reading: Reading) -> None:
    sheet, _ = place(reading, SPENDING, "基本支出")
    editor.copy_sheet(sheet, "多的一张")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_value, "事业收入"),
        (without_value, "写成了 空白"),
        (with_other_code, "2299999"),
        (with_stray, "M60"),
        (with_other_label, "三、国防支出"),
        (with_other_formula, "+0"),
        (without_formula, "表样的公式没有了"),
        (with_other_name, "别的单位"),
        (with_other_name_label, "写成了“单位："),
        (with_other_year, "2020"),
        (with_other_style, "格式变了"),
        (with_merge, "L60:M60"),
        (with_merge_in_a_list, "表样里没有的合并"),
        (without_merge, "合并没有了"),
        (with_row, "公开01"),
        (renamed, "多的一张"),
    ],
)
def test_one_change_is_named_with_sheet_and_cell(change: Change, words: str) -> None:
    problems = said(change)
    assert any(words in problem for problem in problems), problems
    assert all("写出前核对不符" in problem for problem in problems)


@pytest.mark.parametrize(
    ("pattern", "new", "words"),
    [
        (r'(<col [^>]*?width=")[^"]*', r"\g<1>3.5", "列宽变了"),
        (r"<sheetProtection[^>]*/>", "", "保护变了"),
        (r"<col ", '<col hidden="1" ', "隐藏的列变了"),
    ],
)
def test_widths_and_protection_are_proved_too(pattern: str, new: str, words: str) -> None:
    def change(editor: Editor, reading: Reading) -> None:
        sheet, _ = place(reading, SPENDING, "基本支出")
        text = editor.text_of(editor.view(sheet).part)
        shell, count = re.subn(pattern, new, text.shell, count=1)
        assert count == 1
        text.set_shell(shell)

    assert any(words in problem for problem in said(change))


def test_what_fails_the_proof_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that puts one figure into the wrong cell."""
    from xltool.filling.writer import TableWriter

    fields = TableWriter.fields

    def wrong(writer: TableWriter, table: object) -> None:
        places = writer.located.fields
        if writer.located.mapping.table == OVERVIEW:
            a, b = ("收入", "事业收入"), ("收入", "经营收入")
            places[a], places[b] = places[b], places[a]
        fields(writer, table)  # type: ignore[arg-type]

    monkeypatch.setattr(TableWriter, "fields", wrong)
    raw = make(4, EDITION, details=3, unit="万元")
    raw["表"][OVERVIEW]["收入"] |= {"事业收入": 1, "经营收入": 2}
    report, edition = from_raw(raw)
    out = tmp_path / "决算.xlsx"
    with pytest.raises(InputError) as refused:
        fill(report, edition, out, totals="given")
    problems = [str(problem) for problem in refused.value.problems]
    assert any("收入·事业收入" in text and "应是 1，写成了 2" in text for text in problems)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_openpyxl_finds_every_figure_where_reading_does(edition: str, tmp_path: Path) -> None:
    """Held with a reader that knows nothing of mappings: the figure is in the cell, the rest is the form's."""
    report, found = from_raw(make(6, edition, details=5, unit="万元"))
    files = fill(report, found, tmp_path / "决算.xlsx").files
    for path, spec in zip(files, found.workbooks, strict=False):
        reading = examine(path)
        shown = openpyxl.load_workbook(path, data_only=True)
        for place_of, want in places(reading.report):
            if place_of not in reading.places:
                continue  # the names of fixed codes
            sheet, ref = reading.places[place_of]
            cell = shown[sheet][ref].value
            assert (Decimal(str(cell)) if isinstance(want, Decimal) else str(cell)) == want
        blank = openpyxl.load_workbook(spec.template)
        written = openpyxl.load_workbook(path)
        for old in blank:
            new = next((sheet for sheet in written if sheet["A1"].value == old["A1"].value), None)
            if new is None:
                continue  # a heading with the unit's name, or a sheet that is named after a project
            labels = [str(c.value) for row in old for c in row if c.data_type == "s"]
            kept = {str(c.value) for row in new for c in row}
            lost = [text for text in labels if text not in kept and "XX" not in text]
            assert all(text.startswith(("部门：", "说明")) for text in lost), lost
