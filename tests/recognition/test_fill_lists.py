"""Blank forms whose lists, totals and covers are to be filled as the office prints them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Side

from tests.recognition.test_recognition import Rows, blank_income, book
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from tests.support.terminal import Answer, xltool
from xltool.core.model import CODE
from xltool.reading import examine

INCOME = "收入决算表"


def detail(code: str, amount: int = 5) -> dict[str, object]:
    return {CODE: code, "本年收入合计": amount, "财政拨款收入": amount}


LOWEST = [detail("2130301"), detail("2130306", 7)]
HIGHER = [detail("213", 12), detail("21303", 12)]


def income(*rows: dict[str, object]) -> dict[str, object]:
    total = {"本年收入合计": 12, "财政拨款收入": 12}
    return {INCOME: {"合计": total, "明细": list(rows)}}


def column(path: Path, name: str = "表2") -> list[object]:
    return [cell.value for cell in openpyxl.load_workbook(path)[name]["A"]]


SAMPLED = blank_income(["合计"], ["2010301", "行政运行"], ["2010302", "一般行政管理事务"], [], [])
ADDED = blank_income(["合计", None, "=SUM(C5:C8)", "=SUM(D5:D8)"], [], [], [], [])


@pytest.mark.parametrize("form", [SAMPLED, ADDED], ids=["samples", "formula"])
@pytest.mark.parametrize("given", [LOWEST, [*HIGHER, *LOWEST]], ids=["lowest", "all"])
def test_a_list_that_shows_the_lowest_codes_alone_gets_no_others(
    form: Rows, given: list[dict[str, object]], tmp_path: Path
) -> None:
    answer = fill_form(tmp_path, book(表2=form), income(*given))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert column(tmp_path / "出.xlsx")[4:6] == ["2130301", "2130306"]
    assert ("2行上级科目没有写" in answer.out + answer.err) == (len(given) > 2)
    (table,) = examine(tmp_path / "出.xlsx").report.tables[INCOME]
    assert [row[CODE] for row in table.lists["明细"]] == ["2130301", "2130306"]


def test_a_higher_figure_that_such_a_list_would_lose_is_refused(tmp_path: Path) -> None:
    answer = fill_form(tmp_path, book(表2=SAMPLED), income(detail("213", 13), *LOWEST))
    assert not (tmp_path / "出.xlsx").exists()
    assert "只列到最细一级" in answer.err and "213 › 本年收入合计" in answer.err


def own(tmp_path: Path, form: bytes, tables: dict[str, object]) -> Answer:
    """An own edition of a form, filled."""
    (tmp_path / "表样.xlsx").write_bytes(form)
    made = xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=tmp_path)
    assert made.code == 0, made.err
    report = {"单位名称": UNIT, "年度": 2022, "金额单位": "元", "表": tables}
    (tmp_path / "报.json").write_text(json.dumps(report), encoding="utf-8")
    return xltool("fill", "报.json", "-e", "本局", "-o", "报.xlsx", folder=tmp_path)


def test_an_own_edition_keeps_to_the_levels_of_its_samples(tmp_path: Path) -> None:
    done = own(tmp_path, book(表2=SAMPLED), income(*LOWEST))
    assert done.code == 0, done.err
    assert column(tmp_path / "报.xlsx")[4:6] == ["2130301", "2130306"]


def test_rows_that_are_added_go_on_counting(tmp_path: Path) -> None:
    heads = ["序号", "科目编码", "科目名称", "本年收入合计", "财政拨款收入"]
    rows: Rows = [["2022年度收入决算表"], ["部门：", None, "单位：元"], heads, ["合计"], [1], [2]]
    rows.append(["注：本表反映收入。"])
    answer = fill_form(tmp_path, book(表2=rows), income(*LOWEST))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert column(tmp_path / "出.xlsx")[4:8] == [1, 2, 3, 4]


def test_a_formula_that_cannot_be_calculated_here_stays_and_is_named(tmp_path: Path) -> None:
    """The rows of 类 and 款 have no text in blank columns, of which such a formula would make an error."""
    sums = [f"=SUMPRODUCT((LEN(TRIM(A5:A8))=3)*{c}5:{c}8)" for c in "CD"]
    form = blank_income(["合计", None, *sums], [], [], [], [])
    form[2].append("事业收入")
    answer = fill_form(tmp_path, book(表2=form), income(*LOWEST))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert "表样的公式不能在这里复算：表2!C4、表2!D4" in answer.out + answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx")["表2"]
    assert [sheet["C4"].value, sheet["E5"].value] == [sums[0], None]
    assert str(sheet["C5"].value).startswith("=IF(COUNTIFS(")
    (table,) = examine(tmp_path / "出.xlsx").report.tables[INCOME]
    assert table.fields["合计", "本年收入合计"] == 12


def test_a_total_of_a_column_without_figures_is_no_error(tmp_path: Path) -> None:
    """A text in the rows of 类 and 款 would make it one in Excel."""
    sums = [f"=SUMPRODUCT((LEN(A5:A8)=3)*{c}5:{c}8)" for c in "CDE"]
    form = blank_income(["合计", None, *sums], [], [], [], [])
    form[2] += ["事业收入"]
    answer = fill_form(tmp_path, book(表2=form), income(*LOWEST))
    assert "不能在这里复算" not in answer.out + answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx", data_only=True)["表2"]
    assert [sheet[f"{c}4"].value for c in "CDE"] == [12, 12, 0]


def test_the_total_above_the_rows_that_it_adds_up_is_read(tmp_path: Path) -> None:
    sides: Rows = [["收入支出决算总表"], ["部门：", "2022年度", None, "单位：元"]]
    sides += [["项目", "决算数"] * 2, ["本年收入合计", 8, "本年支出合计", 8]]
    sides += [["一、一般公共预算财政拨款收入", 8, "一、一般公共服务支出", 8]]
    sides += [["二、政府性基金预算财政拨款收入", None, "二、外交支出", None]]
    sides += [["年初结转和结余", 1, "年末结转和结余", 1], ["总计", 9, "总计", 9]]
    (tmp_path / "书.xlsx").write_bytes(book(表1=sides))
    fields = examine(tmp_path / "书.xlsx").report.tables["收入支出决算总表"][0].fields
    assert fields["收入", "本年收入合计"] == fields["支出", "本年支出合计"] == 8


@pytest.mark.parametrize("boxed", [True, False])
def test_a_cover_gets_the_name_and_the_year_where_it_has_a_box(boxed: bool, tmp_path: Path) -> None:
    """Without one they stand behind their labels."""
    cover: Rows = [["部门决算"], [None, "单位名称："], [None, "年    度："], [None, "填表人："]]
    form = openpyxl.load_workbook(_file(tmp_path, book(封面=cover, 表2=SAMPLED)))
    if boxed:
        form["封面"].merge_cells("C2:E2")
        form["封面"]["C3"].border = Border(bottom=Side("thin"))
    answer = fill_form(tmp_path, saved(form), income(*LOWEST))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx")["封面"]
    found = [sheet[ref].value for ref in ("B2", "C2", "B3", "C3")]
    beside = ["单位名称：", UNIT, "年    度：", "2022"]
    behind = [f"单位名称：{UNIT}", None, "年    度：2022", None]
    assert found == (beside if boxed else behind)
    assert "封面" not in xltool("read", "出.xlsx", "-o", "读.json", folder=tmp_path).err


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "带封面.xlsx"
    path.write_bytes(content)
    return path


def test_a_list_at_the_end_of_a_sheet_grows_before_a_merged_row(tmp_path: Path) -> None:
    """The merged row is the place of a statement, as it is where a note follows."""
    form = openpyxl.load_workbook(_file(tmp_path, book(表2=[*ADDED[:3], ["合计"]])))
    for row in form["表2"]["A3:D7"]:
        for cell in row:
            cell.border = Border(bottom=Side("thin"))
    form["表2"].merge_cells("A7:D7")
    answer = fill_form(tmp_path, saved(form), income(*LOWEST))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert column(tmp_path / "出.xlsx")[4:8] == ["213", "21303", "2130301", "2130306"]
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx")["表2"]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A9:D9"}


def test_samples_of_crosses_are_rows_of_a_list(tmp_path: Path) -> None:
    crosses: Rows = [["×××", "××类"], ["×××××", "××款"], ["×××××××", "××项"], ["……", "……"]]
    answer = fill_form(tmp_path, book(表2=blank_income(["合计"], *crosses)), income(*LOWEST))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    assert column(tmp_path / "出.xlsx")[4:8] == ["213", "21303", "2130301", "2130306"]


def test_the_totals_under_an_open_list_of_economic_codes_are_filled(tmp_path: Path) -> None:
    rows: Rows = [["2022年度一般公共预算财政拨款基本支出决算表"], ["部门：", None, "单位：元"]]
    rows += [["科目编码", "科目名称", "决算数"], [], [], ["人员经费合计"], ["公用经费合计"]]
    totals = {"人员经费合计": 5, "公用经费合计": 7}
    details = [{CODE: "30101", "金额": 5}, {CODE: "30201", "金额": 7}]
    table = "一般公共预算财政拨款基本支出决算表"
    answer = fill_form(tmp_path, book(表6=rows), {table: {"明细": details, "合计": totals}})
    assert (tmp_path / "出.xlsx").exists(), answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx")["表6"]
    assert [sheet[f"C{row}"].value for row in (8, 9)] == [5, 7]
    fields = examine(tmp_path / "出.xlsx").report.tables[table][0].fields
    assert fields == {("合计", name): value for name, value in totals.items()}


def named(*rows: list[object]) -> Rows:
    """A 收入决算表 that prints the names of its 科目 and no codes."""
    rows_ = blank_income(
        ["合计", 12, 12] if rows else ["合计"], *(rows or ([], [], [])), named=False
    )
    return [rows_[0], rows_[1], ["功能分类科目名称", *rows_[2][1:]], *rows_[3:]]


def test_a_list_of_names_alone_is_filled_and_read(tmp_path: Path) -> None:
    answer = fill_form(tmp_path, book(表2=named()), income(*LOWEST))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    names = ["农林水支出", "水利", "行政运行", "水利工程运行与维护"]
    assert column(tmp_path / "出.xlsx")[4:8] == names
    (table,) = examine(tmp_path / "出.xlsx").report.tables[INCOME]
    assert [row[CODE] for row in table.lists["明细"]] == ["213", "21303", "2130301", "2130306"]
    own(tmp_path, book(表2=named()), income(*LOWEST))
    assert xltool("mapping", "check", "本局", folder=tmp_path).code == 0


@pytest.mark.parametrize(
    "names",
    [
        ["农林水支出", "行政运行"],
        ["代表工作", "事业运行"],
        ["一般公共服务支出", "其他一般公共服务支出"],
        ["一般公共服务支出", "其他一般公共服务支出", "外交支出"],
    ],
)
def test_a_name_of_several_codes_leaves_a_list_unread(names: list[str], tmp_path: Path) -> None:
    """行政运行 is under every 款: which one it is only a row of the 款 above it tells; 其他… may be a 款 or its 项."""
    form = named(*([name, 264, 264] for name in names))
    (tmp_path / "书.xlsx").write_bytes(book(表2=form))
    told = xltool("read", "书.xlsx", "-o", "读.json", folder=tmp_path)
    assert told.code and not (tmp_path / "读.json").exists()


def test_whole_figures_beside_names_are_no_codes(tmp_path: Path) -> None:
    listed = ["一般公共服务支出", "人大事务", "行政运行", "代表工作"]
    rows = [[name, money, money] for name, money in zip(listed, (264, 264, 64, 200), strict=True)]
    (tmp_path / "书.xlsx").write_bytes(book(表2=named(*rows)))
    (table,) = examine(tmp_path / "书.xlsx").report.tables[INCOME]
    read = [(row[CODE], row["本年收入合计"]) for row in table.lists["明细"]]
    assert read == [("201", 264), ("20101", 264), ("2010101", 64), ("2010108", 200)]


def test_the_rows_around_a_name_of_several_codes_tell_which_it_is(tmp_path: Path) -> None:
    codes = ["201", "20101", "2010150", "20103", "2010350", "20199", "2019999", "229", "22999"]
    codes += ["2299999", "232"]
    given = [detail(code) for code in ("2010150", "2010350", "2019999", "2299999", "232")]
    answer = fill_form(tmp_path, book(表2=named()), income(*given))
    assert (tmp_path / "出.xlsx").exists(), answer.err
    (table,) = examine(tmp_path / "出.xlsx").report.tables[INCOME]
    assert [row[CODE] for row in table.lists["明细"]] == codes


def test_a_name_of_the_data_that_would_not_be_read_again_is_refused(tmp_path: Path) -> None:
    other = detail("2130301") | {"科目名称": "行政工作运行"}
    answer = fill_form(tmp_path, book(表2=named()), income(other, LOWEST[1]))
    assert not (tmp_path / "出.xlsx").exists()
    assert "只凭名称“行政工作运行”看不出是 2130301" in answer.err
