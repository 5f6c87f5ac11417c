"""The live 审核表: calculated by LibreOffice it says what `validate` says, also after the figures change."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.books import fill_raw
from tests.support.documents import make
from tests.support.libreoffice import recalculated
from tests.support.livechecks import found, live, rows, told
from tests.support.terminal import ROOT, assert_refused, xltool
from xltool.checks import validate
from xltool.documents.datafile import read_document
from xltool.documents.writing import to_raw
from xltool.editions import find_edition
from xltool.livechecks import add_checks_sheet, checks_content
from xltool.livechecks.layout import HEAD_ROW, HEADS
from xltool.mapping.ownsheets import CHECKS_SHEET
from xltool.ooxml import Editor, open_workbook
from xltool.reading import Reading, examine
from xltool.reporting.workbook.annotate import annotate, clean

SPENT, OWN, INCOME = "支出决算表", "一般公共预算财政拨款支出决算表", "收入决算表"
WHOLE, GRANTS = "收入支出决算总表", "财政拨款收入支出决算总表"
BASIC, VISITS = "一般公共预算财政拨款基本支出决算表", "财政拨款“三公”经费支出决算表"
FUND = "政府性基金预算财政拨款收入支出决算表"
COMMON = {
    *("ABS", "AND", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "IF", "IFERROR", "INDEX", "ISNUMBER"),
    *("ISTEXT", "LEFT", "LEN", "MATCH", "MAX", "MIN", "N", "NOT", "OR", "RIGHT", "ROUND", "SUM"),
    *("SUBSTITUTE", "SUMPRODUCT", "TEXT", "TRIM", "VALUE"),
}
"""Functions of Excel 2010, WPS and LibreOffice, none of them volatile."""

Edit = Callable[["Book"], None]


class Book:
    """A workbook under edit, its cells found by what they mean."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.editor = reading, Editor(reading.workbook)

    def field(self, table: str, *path: str) -> tuple[str, str]:
        located = next(s.located for s in self.reading.found_tables if s.mapping.table == table)
        return located.sheet.name, located.fields[path]

    def row(self, table: str, code: str, column: str) -> tuple[str, str]:
        located = next(s.located for s in self.reading.found_tables if s.mapping.table == table)
        if codes := located.codes.get("明细"):
            return located.sheet.name, codes[code]
        rows = located.lists["明细"]
        sheet = self.editor.sheet(located.sheet.name)
        number = next(n for n in rows.rows if sheet.value(rows.ref(n, "科目编码")) == code)
        return located.sheet.name, rows.ref(number, column)

    def set(self, cell: tuple[str, str], value: Decimal | str | None) -> None:
        self.editor.set(*cell, value, over_formula=True)

    def row_texts(self, table: str, number: int, *values: str) -> None:
        """Fill a row of a list: its code, its name and amounts."""
        located = next(s.located for s in self.reading.found_tables if s.mapping.table == table)
        rows = located.lists["明细"]
        for column, value in zip(rows.columns, values, strict=False):
            content = value if column in ("科目编码", "科目名称") else Decimal(value)
            self.set((located.sheet.name, rows.ref(number, column)), content)


def digits(book: Book) -> None:
    """Digits transposed, a sign, a dash, a figure where a code of a fixed form was blank or zero."""
    book.set(book.row(SPENT, "2013901", "基本支出"), Decimal("51.23"))
    book.set(book.row(OWN, "2080506", "基本支出"), Decimal("-4.64"))
    book.set(book.row(INCOME, "2210203", "财政拨款收入"), "—")
    book.set(book.row(BASIC, "30203", "金额"), Decimal("0.5"))


def totals(book: Book) -> None:
    """A total overwritten, a text for a figure, a figure in a table without data, exact decimals."""
    book.set(book.field(WHOLE, "收入", "总计"), Decimal("308.82"))
    book.set(book.field(VISITS, "决算数", "公务接待费"), "见附注")
    book.set(book.field(FUND, "合计", "本年收入"), Decimal("1.5"))
    book.set(book.row(OWN, "2013950", "基本支出"), Decimal("11.314321"))


def codes(book: Book) -> None:
    """A wrong code, a blank, 元 for 万元, the figures of two rows exchanged."""
    book.set(book.row(SPENT, "20805", "科目编码"), "20806")
    book.set(book.field(GRANTS, "支出", "本年支出合计", "合计"), None)
    book.set(book.row(INCOME, "2080505", "财政拨款收入"), Decimal("61800"))
    book.set(book.row(OWN, "2101101", "基本支出"), Decimal("0.49"))
    book.set(book.row(OWN, "2101102", "基本支出"), Decimal("2.22"))


def moved_rows(book: Book) -> None:
    """The last row of a list deleted; blank rows of another one filled."""
    book.editor.resize_rows(SPENT, 6, 17, 16)
    book.row_texts(FUND, 7, "212", "城乡社区支出", "0", "2", "2", "0", "2", "0")
    book.row_texts(FUND, 8, "21208", "土地出让", "0", "2", "2", "0", "1.5", "0")


def added_row(book: Book) -> None:
    """A row added at the end of a list: sums count it, though it has no lines of its own."""
    book.editor.resize_rows(SPENT, 6, 17, 18)
    book.row_texts(SPENT, 23, "2210202", "提租补贴", "3", "3")
    book.set(book.field(WHOLE, "支出", "总计"), Decimal("300"))


def text_number(book: Book) -> None:
    """A number written as text."""
    book.set(book.field(WHOLE, "收入", "总计"), "307.82")
    book.set(book.row(BASIC, "301", "金额"), "95.36")
    book.set(book.row(BASIC, "30211", "金额"), "1.15")
    book.set(book.row(SPENT, "2013901", "基本支出"), "51.32")


EDITS: Mapping[str, Edit] = {
    edit.__name__: edit for edit in (digits, totals, codes, moved_rows, added_row, text_number)
}
EXPECTED = {
    "digits": [("T06-01", "不符"), ("X-05", "不符"), ("X-10", "不符"), ("X-15", "不符")],
    "totals": [("T01-05", "不符"), ("X-06", "尾差"), ("X-07", "不符"), ("FUND-02", "数据不足")],
    "codes": [("T04-04", "不符"), ("X-03", "不符"), ("X-05", "不符"), ("X-10", "不符")],
    "moved_rows": [("X-05", "不符"), ("X-07", "不符"), ("FUND-02", "不符"), ("FUND-01", "通过")],
    "added_row": [("T01-04", "不符"), ("X-02", "不符")],
}
"""What each edit does that was not so before."""
GENERATED = {
    "national 2021": (7, "2021-national", "万元", True),
    "national 2023": (0, "2023-national", "元", False),
    "shanghai": (0, "2024-shanghai", "万元", False),
}
CLEAN = ("beiguan-2021", "sgb-2024", *GENERATED, "projects", "other words")
EDITED = tuple(name for name in EDITS if name != "text_number")


def in_other_words(book: Path, target: Path) -> Path:
    """A workbook whose tables without data say so as another office does."""
    editor = Editor(open_workbook(book))
    for sheet in open_workbook(book).sheets:
        for ref, value in sheet.items():
            if isinstance(value, str) and "无数据" in value:
                editor.set(sheet.name, ref, "注：我单位没有此项收支，以空表公开。本表为空。")
    editor.save(target)
    return target


def with_checks(source: Path, target: Path) -> None:
    reading = examine(source)
    editor = Editor(reading.workbook)
    add_checks_sheet(editor, reading)
    editor.save(target)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a sample, without a 审核表."""
    path = tmp_path_factory.mktemp("plain") / "sgb-2024.xlsx"
    fill_raw(read_document(ROOT / "samples/sgb-2024.json"), path, totals="given")
    return path


@pytest.fixture(scope="module")
def written(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Workbooks with a 审核表, some of them edited after it was made."""
    folder = tmp_path_factory.mktemp("written")
    sources = {"sgb-2024": plain, "beiguan-2021": folder / "source.xlsx"}
    sample = read_document(ROOT / "samples/beiguan-2021.json")
    fill_raw(sample, sources["beiguan-2021"], totals="given")
    for name, (seed, edition, unit, printed) in GENERATED.items():
        raw = make(seed, edition, details=3, unit=unit, printed=printed)
        filled = fill_raw(raw, folder / f"source {name}.xlsx", totals="given")
        sources[name] = filled.files[0]
        if len(filled.files) > 1:
            sources["projects"] = filled.files[1]
    sources["other words"] = in_other_words(plain, folder / "source other words.xlsx")
    books = {}
    for n, (name, source) in enumerate(sources.items()):
        books[name] = folder / f"book{n}.xlsx"
        with_checks(source, books[name])
    for name, edit in EDITS.items():
        book = Book(examine(books["sgb-2024"]))
        edit(book)
        books[name] = folder / f"{name}.xlsx"
        book.editor.save(books[name])
    return books


@pytest.fixture(scope="module")
def calculated(
    soffice: str, written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The same workbooks, every formula calculated by LibreOffice."""
    books = recalculated(soffice, list(written.values()), tmp_path_factory.mktemp("calculated"))
    return dict(zip(written, books, strict=True))


@pytest.mark.parametrize("name", [*CLEAN, "digits", "totals", "codes"])
def test_the_sheet_agrees_with_validate(calculated: dict[str, Path], name: str) -> None:
    sheet = told(open_workbook(calculated[name]).sheet(CHECKS_SHEET))
    assert sheet == found(calculated[name])
    assert len(sheet) > 5


def test_rows_may_be_deleted_and_blank_ones_filled(calculated: dict[str, Path]) -> None:
    sheet = told(open_workbook(calculated["moved_rows"]).sheet(CHECKS_SHEET))
    expected = found(calculated["moved_rows"])
    assert not expected - sheet
    # LibreOffice does not read `表!#REF!`, what is left of the row that was deleted
    lost = sheet - expected
    assert {line.rule for line in lost} <= {"T03-01", "X-24", "X-26", "X-27"}
    assert {line[1:] for line in lost} == {(None, None, None, "数据不足")}


def test_only_the_lines_of_an_added_row_are_wanting(calculated: dict[str, Path]) -> None:
    sheet = told(open_workbook(calculated["added_row"]).sheet(CHECKS_SHEET))
    expected = found(calculated["added_row"])
    assert not sheet - expected
    assert {line.rule for line in expected - sheet} == {"T03-01", "X-24"}


@pytest.mark.parametrize("name", EDITED)
def test_a_slip_shows_at_once(
    written: dict[str, Path], calculated: dict[str, Path], name: str
) -> None:
    after = told(open_workbook(calculated[name]).sheet(CHECKS_SHEET))
    new = after - told(live(written["sgb-2024"]))
    assert {(line.rule, line.outcome) for line in new} >= set(EXPECTED[name])


@pytest.mark.parametrize("name", CLEAN)
def test_stored_values_are_the_calculated_ones(
    written: dict[str, Path], calculated: dict[str, Path], name: str
) -> None:
    stored, sheet = live(written[name]), open_workbook(calculated[name]).sheet(CHECKS_SHEET)
    different = []
    for ref in stored.formulas():
        before, after = (one.value(ref) for one in (stored, sheet))
        if isinstance(before, Decimal) and isinstance(after, Decimal):
            same = abs(before - after) < Decimal("1e-7")
        else:
            same = (before, after) in ((None, ""), ("", None)) or before == after
        if not same:
            different.append((ref, before, after))
    assert different == []


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("sgb-2024", "勾稽关系相符"),
        ("beiguan-2021", "勾稽关系没有审完"),
        ("totals", "勾稽关系不符"),
    ],
)
def test_the_verdict_follows(calculated: dict[str, Path], name: str, verdict: str) -> None:
    assert open_workbook(calculated[name]).sheet(CHECKS_SHEET).value("E1") == verdict


def test_the_counts_are_those_of_the_lines(calculated: dict[str, Path]) -> None:
    sheet = open_workbook(calculated["totals"]).sheet(CHECKS_SHEET)
    outcomes = [line["J"] for line in rows(sheet)]
    said = dict(re.findall(r"(\D\D+?)(\d+)(?:，|$)", str(sheet.value("A3")).partition("：")[2]))
    assert {outcome: outcomes.count(outcome) for outcome in said} == {
        outcome: int(number) for outcome, number in said.items()
    }
    assert sum(map(int, said.values())) == len(outcomes)


def test_a_number_written_as_text_is_no_number(calculated: dict[str, Path], tmp_path: Path) -> None:
    lines = rows(open_workbook(calculated["text_number"]).sheet(CHECKS_SHEET))
    outcomes = {line["A"]: line["J"] for line in lines if f"{WHOLE}·收入·总计" in str(line["D"])}
    assert (outcomes["T01-03"], outcomes["T01-05"]) == ("数据不足", "数据不足")
    with_checks(calculated["text_number"], tmp_path / "again.xlsx")
    again = live(tmp_path / "again.xlsx")
    assert told(again) == told(open_workbook(calculated["text_number"]).sheet(CHECKS_SHEET))


def test_added_rows_are_told_of(calculated: dict[str, Path]) -> None:
    lines = rows(open_workbook(calculated["added_row"]).sheet(CHECKS_SHEET))
    guards = {str(line["D"]).partition("：")[0]: line["J"] for line in lines if line["A"] == "清单"}
    assert guards[f"{SPENT}·明细"] == "未执行"
    assert guards[f"{INCOME}·明细"] == "通过"


def test_rules_that_formulas_do_not_say_are_listed(written: dict[str, Path]) -> None:
    lines = rows(live(written["sgb-2024"]))
    untold = {line["A"]: line["D"] for line in lines if line["J"] == "未执行"}
    rules = validate(written["sgb-2024"]).context.rules.rules
    assert {rule.id for rule in rules.values() if rule.check} <= untold.keys()
    assert untold["P-01"] == "没有给上年数"


@pytest.mark.parametrize("name", ["beiguan-2021", "sgb-2024", "projects"])
def test_formulas_use_what_every_program_has(written: dict[str, Path], name: str) -> None:
    formulas = live(written[name]).formulas().values()
    assert {name for text in formulas for name in re.findall(r"([A-Z.]+)\(", text)} <= COMMON
    assert max(map(len, formulas)) < 8192
    assert {before for text in formulas for before in re.findall("(.)!", text)} == {"'"}


def test_the_sheet_as_other_programs_see_it(written: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(written["sgb-2024"])[CHECKS_SHEET]
    assert [sheet.cell(HEAD_ROW, n).value for n in range(1, 11)] == [
        text for column, (text, _) in HEADS.items() if column < "K"
    ]
    assert sheet.freeze_panes == f"C{HEAD_ROW + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{HEAD_ROW}:J")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert len(sheet.conditional_formatting) >= 3


# ── the rest of the workbook, and what the commands make of it ──


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {
            name: package.read(name) for name in package.namelist() if "/worksheets/sheet" in name
        }


def test_nothing_else_changes_and_a_second_sheet_takes_the_place(
    plain: Path, written: dict[str, Path], tmp_path: Path
) -> None:
    before, after = members(plain), members(written["sgb-2024"])
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1
    again = tmp_path / "again.xlsx"
    with_checks(written["sgb-2024"], again)
    assert again.read_bytes() == written["sgb-2024"].read_bytes()


def test_a_sheet_of_that_name_is_left_alone(plain: Path, tmp_path: Path) -> None:
    own, both = tmp_path / "own.xlsx", tmp_path / "both.xlsx"
    editor = Editor(open_workbook(plain))
    editor.copy_sheet(WHOLE, CHECKS_SHEET)
    editor.remove_sheet(WHOLE)
    editor.save(own)
    with_checks(own, both)
    names = [sheet.name for sheet in open_workbook(both).sheets]
    assert CHECKS_SHEET in names
    assert f"{CHECKS_SHEET}(2)" in names


def test_the_other_commands_know_the_sheet_as_their_own(
    plain: Path, written: dict[str, Path], tmp_path: Path
) -> None:
    book = written["sgb-2024"]
    before, after = validate(plain), validate(book)
    assert after.findings == before.findings
    assert list(after.reading.unmatched) == list(before.reading.unmatched)
    assert to_raw(after.reading.report) == to_raw(before.reading.report)
    annotate(after, tmp_path / "marked.xlsx")
    clean(tmp_path / "marked.xlsx", tmp_path / "clean.xlsx")
    assert members(tmp_path / "clean.xlsx") == members(book)


def test_the_command_adds_it_and_refuses_as_others_do(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(plain.read_bytes())
    done = xltool("checks-sheet", "book.xlsx", "-o", "live.xlsx", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert CHECKS_SHEET in done.out
    assert rows(live(tmp_path / "live.xlsx"))
    command = ("checks-sheet", "book.xlsx", "-o", "live.xlsx")
    assert_refused(tmp_path, *command, said=("live.xlsx", "已存在"))


def test_fill_adds_the_sheet_and_keeps_that_of_a_template(tmp_path: Path) -> None:
    sample = ROOT / "samples/sgb-2024.json"
    fill = ("fill", sample, "--totals", "given")
    first = xltool(*fill, "-o", "one.xlsx", "--live-checks", folder=tmp_path)
    assert first.code == 0
    assert told(live(tmp_path / "one.xlsx")) == found(tmp_path / "one.xlsx")
    blank = find_edition("2024-shanghai").workbooks[0].template
    kept = xltool("checks-sheet", blank, "-e", "2024-shanghai", "-o", "空.xlsx", folder=tmp_path)
    assert kept.code == 0, kept.err
    again = xltool(*fill, "-o", "two.xlsx", "--template", "空.xlsx", folder=tmp_path)
    assert again.code == 0, again.err
    assert told(live(tmp_path / "two.xlsx")) == told(live(tmp_path / "one.xlsx"))


def test_a_rule_that_cannot_be_translated_is_named(plain: Path, tmp_path: Path) -> None:
    rules = tmp_path / "本局.yaml"
    expression = "each: {行: rows(支出表.明细)}\n    expr: sum(children(parent($行)).基本支出) >= 0"
    text = f"rules:\n  局-01:\n    name: 同级不为负\n    {expression}\n"
    rules.write_text(text, encoding="utf-8", newline="\n")
    content = checks_content(examine(plain), rules=(rules,))
    at = next(ref for ref, value in content.constants.items() if value == "局-01")
    row = at[1:]
    assert (content.constants[f"D{row}"], content.constants[f"J{row}"]) == (
        "上级的下级没有公式",
        "未执行",
    )
    assert content.formulas["E1"].startswith("IF(COUNTIFS(")


def test_every_rule_is_in_the_sheet(written: dict[str, Path]) -> None:
    for name in ("beiguan-2021", "projects"):
        lines = {line["A"] for line in rows(live(written[name]))} - {"清单"}
        assert lines == set(validate(written[name]).context.rules.rules)


def test_codes_that_formulas_cannot_read_are_told_of(plain: Path, tmp_path: Path) -> None:
    book = Book(examine(plain))
    book.set(book.row(SPENT, "2013901", "科目编码"), "２０１３９０１")
    book.editor.save(tmp_path / "book.xlsx")
    with_checks(tmp_path / "book.xlsx", tmp_path / "live.xlsx")
    sheet = live(tmp_path / "live.xlsx")
    reasons = {line["A"]: line["D"] for line in rows(sheet) if line["J"] == "未执行"}
    said = f"“{SPENT}”的科目编码不是整写在一行里的半角数字"
    assert reasons["T03-02"] == said
    assert reasons["清单"] == f"{SPENT}·明细：{said}"
    assert sheet.value("E1") == "勾稽关系没有审完"
    decided = told(sheet)
    assert not decided - found(tmp_path / "live.xlsx")
    assert any(line.rule == "T03-01" for line in decided)
