"""Workbooks that people have changed, rows, columns, sheets, labels: read rightly, and the change reported."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.books import cells, differences, examined, expected_cells
from tests.support.documents import make
from tests.support.drifting import (
    BASIC,
    FISCAL,
    FUND,
    GENERAL,
    INCOME,
    NATIONAL,
    OVERVIEW,
    REVIEW,
    SEEDS,
    SHANGHAI,
    SPENDING,
    TRIPS,
    Change,
    Changes,
    assert_followed,
    base,
    forms,
)
from tests.support.paper import Page, Paper
from xltool.core.resources import SAMPLES
from xltool.documents.load import from_raw
from xltool.filling import fill

followed = Changes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drift")


@followed("在第8行至第38行，表样在第7行至第37行")
def blank_row_on_top(paper: Paper) -> None:
    for page in paper:
        page.insert_rows(1)


@followed("第12行")
def five_blank_rows_on_top_and_columns_at_the_left(paper: Paper) -> None:
    for page in paper:
        page.insert_rows(1, 5)
        if "公开" in page.name:
            page.insert_columns(1, 3)


@followed("第9行")
def two_blank_rows_above_the_header(paper: Paper) -> None:
    for page in paper:
        page.insert_rows(4, 2)


@followed("总计")
def blank_row_inside_a_form(paper: Paper) -> None:
    paper[OVERVIEW].insert_rows(paper[OVERVIEW].row("八、其他收入"))
    paper[FISCAL].insert_rows(paper[FISCAL].row("十、节能环保支出"))


@followed()
def other_written_the_other_way(paper: Paper) -> None:
    paper[OVERVIEW].reword("二十三、其他支出", "二十三、其它支出")
    paper[INCOME].reword("其他收入", "其它收入")


@followed()
def blank_row_between_header_and_numbers(paper: Paper) -> None:
    for title in (OVERVIEW, INCOME, TRIPS):
        paper[title].insert_rows(7 if title == TRIPS else paper[title].row("栏次"))


@followed("行")
def blank_row_above_a_single_row(paper: Paper) -> None:
    paper[TRIPS].insert_rows(8)
    paper[REVIEW].insert_rows(paper[REVIEW].row("预期目标") + 1)


@followed("列")
def blank_column_between_names_and_amounts(paper: Paper) -> None:
    paper[BASIC].insert_columns(9)
    paper[BASIC].insert_columns(3)


@followed("在第6行至第36行，表样在第7行至第37行")
def table_number_line_deleted(paper: Paper) -> None:
    for page in paper:
        if any(str(value).startswith("公开0") for value in page.cells.values()):
            page.delete_rows(2)


@followed("列")
def blank_column_on_the_left(paper: Paper) -> None:
    for page in paper:
        page.insert_columns(1)


@followed("列")
def blank_columns_between_and_inside_blocks(paper: Paper) -> None:
    paper[OVERVIEW].insert_columns(4)
    paper[FISCAL].insert_columns(8)
    paper[BASIC].insert_columns(4)
    paper[BASIC].insert_columns(6)
    paper[SPENDING].insert_columns(paper[SPENDING].column("经营支出"))


@followed("列")
def ordinal_columns_deleted(paper: Paper) -> None:
    for title in (OVERVIEW, FISCAL):
        paper[title].delete_columns(5)
        paper[title].delete_columns(2)


@followed("工作表", "Sheet1")
def sheets_renamed_and_reversed(paper: Paper) -> None:
    for n, page in enumerate(paper, 1):
        page.name = f"Sheet{n}"
    paper.pages.reverse()


@followed("Z01 收入支出决算总表(财决01表)")
def sheet_names_cut_at_31_characters(paper: Paper) -> None:
    paper[OVERVIEW].name = "Z01 收入支出决算总表(财决01表)"
    paper[BASIC].name = "Z08_1 一般公共预算财政拨款基本支出决算明细表(财决08-"
    assert len(paper[BASIC].name) <= 31


@followed()
def half_width_signs(paper: Paper) -> None:
    for page in forms(paper):
        page.map_texts(lambda text: unicodedata.normalize("NFKC", text))


@followed()
def full_width_signs(paper: Paper) -> None:
    wide = str.maketrans({"(": "（", ")": "）", ":": "：", ",": "，"})
    for page in forms(paper):
        page.map_texts(lambda text: text.translate(wide))


@followed()
def spaces_and_line_breaks_in_labels(paper: Paper) -> None:
    for page in paper:
        for title in (*page.cells.values(),):
            if title in ("总计", "合计", "科目名称", "基本支出", "本年收入合计", "一级指标"):
                page.map_texts(lambda text, old=title: "　".join(old) if text == old else text)
        page.map_texts(lambda text: re.sub("^(因公出国)(（境）费)$", "\\1\n\\2", text))
        page.map_texts(
            lambda text: re.sub("^(十?[一二三四五]、)(.+支出)$", "  \\1 \\2\u00a0", text)
        )


@followed("债务还本支出")
def twenty_four_functional_rows(paper: Paper) -> None:
    for title in (OVERVIEW, FISCAL):
        page = paper[title]
        for label in ("二十四、债务还本支出", "二十五、债务付息支出"):
            page.delete_rows(page.row(label))
        page.reword("二十六、抗疫特别国债安排的支出", "二十四、抗疫特别国债安排的支出")


@followed("债务还本支出", "债务付息支出", edition=SHANGHAI)
def twenty_six_functional_rows(paper: Paper) -> None:
    for title in (OVERVIEW, FISCAL):
        page = paper[title]
        row, column = page.at("二十四、抗疫特别国债安排的支出")
        page.insert_rows(row, 2)
        page.write(row, column, "二十四、债务还本支出")
        page.write(row + 1, column, "二十五、债务付息支出")
        page.write(row + 2, column, "二十六、抗疫特别国债安排的支出")


@followed("（一）")
def other_ordinals(paper: Paper) -> None:
    for title in (OVERVIEW, FISCAL):
        paper[title].map_texts(lambda text: re.sub("^([一二三四五六七八九十]+)、", "（\\1）", text))


@followed()
def notes_deleted(paper: Paper) -> None:
    for page in paper:
        for row in sorted(
            {r for (r, _), v in page.cells.items() if str(v).startswith(("注", "说明"))}
        ):
            page.delete_rows(row)


@followed("行")
def number_rows_deleted(paper: Paper) -> None:
    for page in paper:
        for row in sorted({r for (r, _), v in page.cells.items() if v == "栏次"}):
            page.delete_rows(row)
    trips = paper[TRIPS]
    trips.delete_rows(
        next(row for (row, column), v in trips.cells.items() if (column, v) == (12, 12))
    )


@followed()
def nothing_merged(paper: Paper) -> None:
    for page in paper:
        page.merges = [m for m in page.merges if page.name.startswith("部门整体")]


@followed("其他收入", "附属单位上缴收入")
def columns_swapped(paper: Paper) -> None:
    page = paper[INCOME]
    page.swap_columns(page.column("附属单位上缴收入"), page.column("其他收入"))
    page = paper[FISCAL]
    head = page.at("政府性基金预算财政拨款")
    page.swap_columns(head[1], head[1] + 1)


@followed()
def unit_and_year_before_the_title(paper: Paper) -> None:
    paper[OVERVIEW].reword(OVERVIEW, f"2021年度{OVERVIEW}")
    paper[INCOME].reword(INCOME, f"某市某局2021年{INCOME}")
    paper[BASIC].reword(BASIC, f"部门{BASIC}")


@followed()
def cover_and_contents(paper: Paper) -> None:
    cover = Page("封面", {(3, 2): "部门决算报表", (5, 2): "编制日期：2022年3月1日"})
    contents = Page("目录", {(1, 1): "目录"})
    for n, title in enumerate((OVERVIEW, INCOME, SPENDING, FISCAL, GENERAL, BASIC, FUND), 2):
        contents.cells |= {(n, 1): n - 1, (n, 2): title}
    paper.pages = [cover, contents, *paper.pages, Page("Sheet3")]


@followed("年度主要任务")
def rows_inserted_in_the_review(paper: Paper) -> None:
    page = paper[REVIEW]
    page.insert_rows(page.row("培训人次") + 1)
    page.insert_rows(page.row("任务名称"))
    page.insert_rows(page.row("一级指标"), 2)


@followed()
def unit_in_other_words(paper: Paper) -> None:
    ways = ("金额单位：人民币万元", "单位:万元", "金额单位： 万　元", "金额单位：（万元）")
    for page, way in zip(paper, ways * 3, strict=False):
        page.map_texts(lambda text, way=way: text.replace("金额单位：万元", way))


@followed()
def unit_beside_the_name_in_one_cell(paper: Paper) -> None:
    for page in paper:
        name = next((v for v in page.cells.values() if str(v).startswith("部门：")), None)
        if name is not None:
            page.reword("金额单位：万元", " ")
            page.reword(str(name), f"{name}　　　金额单位：万元")


@followed(edition=SHANGHAI)
def unit_with_a_remark(paper: Paper) -> None:
    for page in paper:
        page.reword("单位：万元", "金额单位：人民币（万元）（保留两位小数）")


@followed("没有“金额单位”（表样在I3，现按其他表的“万元”读）")
def unit_missing_on_one_sheet(paper: Paper) -> None:
    paper[INCOME].reword("金额单位：万元", " ")


@followed()
def unit_in_the_heading_alone(paper: Paper) -> None:
    paper[OVERVIEW].reword("金额单位：万元", " ")
    paper[OVERVIEW].map_texts(lambda text: "金额（万元）" if text == "金额" else text)


@pytest.mark.parametrize(("edition", "change", "said"), followed.cases)
def test_what_people_change_is_followed_and_reported(
    folder: Path, edition: str, change: Change, said: tuple[str, ...]
) -> None:
    assert_followed(edition, change, said, folder)


@pytest.mark.parametrize("suffix", [".xls", ".xlsm"])
@pytest.mark.parametrize("edition", sorted(SEEDS))
def test_other_formats_read_the_same(
    folder: Path, tmp_path: Path, edition: str, suffix: str
) -> None:
    paper, document = base(edition, folder)
    read, reading = examined(paper.save(tmp_path / f"报表{suffix}"))
    assert (reading.problems, reading.faults) == ([], [])
    assert differences(cells(document), cells(read)) == []


def test_zeros_in_blank_rows_are_named_in_every_format(folder: Path, tmp_path: Path) -> None:
    paper, _ = base(NATIONAL, folder)
    page = paper[FUND]
    row = page.row("合计") + 2
    page.insert_rows(row)
    for column in (7, 10):
        page.write(row, column, 0)
    for name in ("旧.xls", "新.xlsx"):
        _, reading = examined(paper.save(tmp_path / name))
        assert [fault.message for fault in reading.faults] == ["没有科目编码"]


def test_a_workbook_with_formulas_renamed_in_openpyxl_reads_the_same(
    folder: Path, tmp_path: Path
) -> None:
    _, document = base(NATIONAL, folder)
    book = openpyxl.load_workbook(folder / f"{NATIONAL}.xlsx")
    for n, sheet in enumerate(book):
        sheet.title = f"表{n}"
    book.move_sheet(book.worksheets[0], 5)
    book.create_sheet("封面", 0)["A1"] = "部门决算"
    book.save(tmp_path / "改动.xlsx")
    read, reading = examined(tmp_path / "改动.xlsx")
    assert (reading.problems, reading.faults) == ([], [])
    assert differences(cells(document), cells(read)) == []
    assert sum("表样在公开0" in str(item) for _, item in reading.drift) == 9


@pytest.mark.parametrize("edition", [NATIONAL, SHANGHAI])
def test_a_template_that_others_changed_and_saved_is_filled_as_well(
    tmp_path: Path, edition: str
) -> None:
    """Saved by openpyxl, tabs renamed, and a 总表 with rows of its own (as some places print it)."""
    raw = make(SEEDS[edition], edition, details=10, unit="万元")
    report, found = from_raw(raw)
    book = openpyxl.load_workbook(found.workbooks[0].template)
    for n, sheet in enumerate(book):
        sheet.title = f"附表{n}"
    overview = book.worksheets[0]
    label = next(cell for row in overview.iter_rows() for cell in row if "抗疫" in str(cell.value))
    label.value = "二十七、抗疫特别国债安排的支出"
    unit = next(
        cell for row in overview.iter_rows() for cell in row if "单位：万元" in str(cell.value)
    )
    unit.value = "金额单位：人民币万元"
    book.save(tmp_path / "模板.xlsx")
    only_first = [name for name in raw["表"] if name != "项目支出绩效自评表"]
    report.tables = {name: report.tables[name] for name in only_first}
    fill(report, found, tmp_path / "报表.xlsx", template=tmp_path / "模板.xlsx")
    read, reading = examined(tmp_path / "报表.xlsx")
    assert (reading.problems, reading.faults) == ([], [])
    wanted = expected_cells({**raw, "表": {name: raw["表"][name] for name in only_first}})
    assert differences(wanted, cells(read)) == []
    assert reading.workbook.sheet("附表0").value(unit.coordinate) == "金额单位：人民币万元"


def test_a_workbook_in_yuan_is_read_in_yuan(folder: Path, tmp_path: Path) -> None:
    paper, _ = base(NATIONAL, folder)
    for page in paper:
        page.map_texts(lambda text: text.replace("金额单位：万元", "单位：元"))
    document, _ = examined(paper.save(tmp_path / "元.xlsx"))
    assert document["金额单位"] == "元"
    total = document["表"][OVERVIEW]["收入"]["总计"]
    assert total == base(NATIONAL, folder)[1]["表"][OVERVIEW]["收入"]["总计"]
    # the review's unit is part of its form: its amounts are 万元 and become 元
    review = document["表"]["部门整体绩效自评表"]["预算情况"]["部门预算总额"]["实际执行数"]
    assert review == total_of_review(folder) * 10000


def total_of_review(folder: Path) -> Decimal:
    table = base(NATIONAL, folder)[1]["表"]["部门整体绩效自评表"]
    amount = table["预算情况"]["部门预算总额"]["实际执行数"]
    assert isinstance(amount, Decimal)
    return amount


@pytest.mark.parametrize("before", ["临江县水务局", "临江县第一中学", "2024年度临江县供销社"])
def test_the_units_name_may_stand_before_a_title(tmp_path: Path, before: str) -> None:
    book = openpyxl.load_workbook(SAMPLES / "sgb-2024.xlsx")
    for sheet in book:
        for row in sheet.iter_rows(max_row=3):
            for cell in row:
                if isinstance(cell.value, str) and cell.value.endswith("支出决算表"):
                    cell.value = before + cell.value
    book.save(tmp_path / "报表.xlsx")
    read, reading = examined(tmp_path / "报表.xlsx")
    whole, _ = examined(SAMPLES / "sgb-2024.xlsx")
    assert reading.problems == [] and reading.report.edition == "2024-shanghai"
    assert cells(read) == cells(whole)
