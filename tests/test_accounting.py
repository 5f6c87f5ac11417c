"""Every figure of a workbook is read, or part of the form for a reason, or named as nobody's."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xltool.checks import Validation, validate
from xltool.checks.explanations import Explanation
from xltool.checks.validation import settle
from xltool.core.resources import SAMPLES
from xltool.editions import find_edition
from xltool.reading import examine
from xltool.reading.accounting import unaccounted
from xltool.reading.printedfigures import text_figure

BOOK = SAMPLES / "sgb-2024.xlsx"
Change = Callable[[Any], None]


def changed(change: Change, path: Path = BOOK) -> bytes:
    """A book with a change, as openpyxl saves it. Stored values stay."""
    values = openpyxl.load_workbook(path, data_only=True)
    change(values)
    target = BytesIO()
    values.save(target)
    return target.getvalue()


def strays(book: bytes) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(b.sheet, b.title): b.refs for b in unaccounted(examine(book))}


def test_the_samples_and_blank_forms_have_none() -> None:
    for path in (BOOK, SAMPLES / "beiguan-2021.xlsx"):
        assert not list(unaccounted(examine(path)))
    for id_ in ("2021-national", "2023-national", "2024-shanghai"):
        edition = find_edition(id_)
        for spec in edition.workbooks:
            assert not list(unaccounted(examine(spec.template, edition)))


def _foreign(rows: list[list[Any]], name: str = "其他") -> Change:
    def change(book: Any) -> None:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)

    return change


INNOCENT = {
    "cover": _foreign(
        [
            ["2024年度部门决算"],
            ["单位编码", 101001],
            ["年度", 2024],
            [2024, "年度"],
            ["联系电话", 62831234],
        ],
        "封面",
    ),
    "contents": _foreign(
        [["目录"], ["一、收入支出决算总表", 1], ["二、收入决算表", 2], ["三、支出决算表", 12]]
    ),
    "numbered": _foreign([["序号", "说明"], [1, "甲"], [2, "乙"], [3, "丙"]]),
    "counted": _foreign([["栏次", 1, 2, 3], ["项目", 0, 0, None]]),
    "text": _foreign([["编制说明"], ["本表于2024.05填报，版本2.1，共9张，占比12.34%。"]]),
    "zeros": _foreign([["其他收支表"], ["合计", 0, "0.00", "—"]]),
}


@pytest.mark.parametrize("change", INNOCENT.values(), ids=INNOCENT)
def test_what_is_no_figure_is_not_named(change: Change) -> None:
    book = changed(change)
    assert strays(book) == {}
    assert validate(book).verdict == "合格"


def test_figures_are_told_by_sheet_and_title() -> None:
    def change(book: Any) -> None:
        sheet = book.create_sheet("附")
        sheet.append(["机构人员情况表"])
        sheet.append(["项目", "编制数"])
        sheet.append(["合计", 38.5])
        sheet.append(["国有资产占用表（续）"])
        sheet.append(["房屋", 1234.5, "６６.００"])
        book["支出决算表"]["K9"] = 7

    assert strays(changed(change)) == {
        ("附", "机构人员情况表"): ("B3",),
        ("附", "国有资产占用表（续）"): ("B5", "C5"),
        ("支出决算表", ""): ("K9",),
    }


COUNTED = SAMPLES / "beiguan-2021.xlsx"
CARD = find_edition("yinchuan-zp").workbooks[0].template
PLANTED = {
    "below-the-codes": (BOOK, 1, "A25", 77),
    "two-below-the-codes": (BOOK, 1, "A24", 3),
    "beside-codes-of-another-list": (BOOK, 5, "A31", 201),
    "after-the-numbers-of-columns": (COUNTED, 4, "I6", 2023),
    "among-the-numbers-of-columns": (COUNTED, 3, "E6", 3),
    "below-the-numbers-of-rows": (COUNTED, 0, "B39", 12),
    "below-the-head-of-numbers": (COUNTED, 4, "A33", 77),
    "where-a-reason-is-asked-for": (CARD, 0, "I15", 77),
    "a-text-where-a-reason-is-asked-for": (CARD, 0, "I19", "8.16"),
}


@pytest.mark.parametrize(("path", "sheet", "ref", "number"), PLANTED.values(), ids=PLANTED)
def test_a_number_is_no_code_and_no_count_where_nothing_is_coded_or_counted(
    path: Path, sheet: int, ref: str, number: int | str
) -> None:
    def change(book: Any) -> None:
        book.worksheets[sheet][ref] = number

    assert list(strays(changed(change, path)).values()) == [(ref,)]


def test_a_form_that_leaves_a_row_out_counts_on() -> None:
    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        for row in range(20, 38):
            if isinstance(sheet.cell(row, 2).value, int):
                sheet.cell(row, 2).value += 1

    assert strays(changed(change, COUNTED)) == {}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("123.45", True),
        ("１２３", True),
        ("(1,234.50)", True),
        ("￥12元", True),
        ("12万元", True),
        ("另有支出1,234.00未列", True),
        ("收入总计307.82万元", True),
        ("壹拾万元整", True),
        ("0.00", False),
        ("—", False),
        ("2024年度", False),
        ("公开03表", False),
        ("注：本表以万元为单位", False),
        ("单价100万元以上设备（台、套）", False),
        ("单位价值50万元（含）以上通用设备", False),
        ("大修1亿元以上", False),
        ("单价100万元以上设备支出120万元", True),
        ("2024.05.01", False),
        ("增长12.34%", False),
        ("第1页，共9页", False),
    ],
)
def test_figures_in_texts(text: str, is_one: bool) -> None:
    assert text_figure(text) is is_one


def _settled(book: bytes, written: str) -> Validation:
    validation = validate(book)
    (finding,) = (f for f in validation.findings if f.rule == "S-04")
    settle(validation, [Explanation("S-04", finding.where, "", "", written, finding.message)])
    return validation


def test_an_explanation_settles_it_until_a_figure_changes() -> None:
    book = changed(_foreign([["资产情况表"], ["房屋", 12.5]]))
    validation = validate(book)
    assert validation.verdict == "未完成审核"
    assert _settled(book, "资产表另报，不属于决算公开表").verdict == "合格"
    old = next(f for f in validation.findings if f.rule == "S-04")
    other = validate(changed(_foreign([["资产情况表"], ["房屋", 12.6]])))
    settle(other, [Explanation("S-04", old.where, "", "", "资产表另报", old.message)])
    assert other.verdict == "未完成审核"


def test_an_edition_says_what_is_no_part_of_the_return(tmp_path: Path) -> None:
    (tmp_path / "edition.yaml").write_text(
        "extends: 2024-shanghai\nignore: [附*, 资产情况表]\n", encoding="utf-8", newline="\n"
    )
    edition = find_edition(str(tmp_path))
    for name, verdict in (("附一", "合格"), ("其他", "合格"), ("表十", "未完成审核")):
        title = "资产情况表" if name == "其他" else "人员情况表"
        book = changed(_foreign([[title], ["合计", 12.5]], name))
        assert validate(book, edition).verdict == verdict


def test_tables_of_several_workbooks_in_one_are_all_checked() -> None:
    edition = find_edition("2021-national")
    main, project = (spec.template for spec in edition.workbooks)
    book, other = openpyxl.load_workbook(main), openpyxl.load_workbook(project)
    source = other.worksheets[0]
    sheet = book.create_sheet(source.title)
    for row in source.iter_rows():
        for cell in row:
            sheet[cell.coordinate] = cell.value
    for merge in source.merged_cells.ranges:
        sheet.merge_cells(str(merge))
    sheet["A2"] = "（2021年度）"
    sheet["G25"], sheet["H25"] = 90, 90
    target = BytesIO()
    book.save(target)
    reading = examine(target.getvalue(), edition)
    assert [spec.name for spec in reading.books] == ["部门决算公开表", "项目支出绩效自评表"]
    validation = validate(target.getvalue(), edition)
    assert any(f.rule == "X-20" and f.outcome == "不符" for f in validation.findings)


@pytest.mark.parametrize("cell", ["A1", "A3", "A4"])
def test_a_figure_written_as_text_over_a_label_is_named(cell: str) -> None:
    def change(book: Any) -> None:
        book["收入决算表"][cell] = "1,000"

    assert [
        refs for (sheet, _), refs in strays(changed(change)).items() if sheet == "收入决算表"
    ] == [(cell,)]


def test_figures_of_a_column_put_between_are_not_told_with_the_head_of_another() -> None:
    def change(book: Any) -> None:
        sheet = book["收入决算表"]
        sheet["E3"], sheet["J3"], sheet["E8"] = "上年数", "上级补助收入", 7

    (told,) = (f.message for f in validate(changed(change)).findings if f.rule == "S-04")
    assert told.startswith("E8 7.00，填了数")


def test_a_table_printed_otherwise_is_read_beside_figures_of_another_year() -> None:
    items = [
        "合计",
        "因公出国（境）费",
        "公务用车购置及运行费",
        "公务用车购置费",
        "公务用车运行费",
        "公务接待费",
    ]

    def change(book: Any) -> None:
        sheet = book.worksheets[6]
        title, unit = sheet["A1"].value, sheet["A3"].value
        for merge in [*sheet.merged_cells.ranges]:
            sheet.unmerge_cells(str(merge))
        sheet.delete_rows(1, 20)
        for row in (
            [title],
            [unit, "2021年度", None, "金额单位：万元"],
            ["项目", "上年决算数", "预算数", "决算数"],
            *([item, 7, 5, 3] for item in items),
        ):
            sheet.append(row)

    book = changed(change, COUNTED)
    assert list(strays(book).values()) == [tuple(f"B{row}" for row in range(4, 10))]
    validation = validate(book)
    assert not any(f.rule == "S-01" and f.outcome == "不符" for f in validation.findings)
    (table,) = (t for name, t in examine(book).report.tables.items() if "三公" in name)
    assert table[0].fields["决算数", "公务接待费"] == 3
