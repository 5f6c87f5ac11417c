"""Workbooks that cannot be read without doubt: refused with a message that names sheet and cell, never misread."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.books import cells, differences, examined
from tests.support.drifting import (
    BASIC,
    FISCAL,
    FUND,
    GENERAL,
    INCOME,
    OVERVIEW,
    REVIEW,
    SEEDS,
    SHANGHAI,
    SPENDING,
    TRIPS,
    Change,
    Changes,
    base,
)
from tests.support.paper import Page, Paper
from xltool.core.problems import InputError
from xltool.reading import read

refused = Changes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("refused")


def _repeat(page: Page, label: str, text: str | None = None) -> None:
    row, column = page.at(label)
    page.insert_rows(row + 1)
    page.write(row + 1, column, text or label)
    page.write(row + 1, column + 2, 1.5)


@refused("公开01", "事业收入")
def row_label_twice(paper: Paper) -> None:
    _repeat(paper[OVERVIEW], "五、事业收入")


@refused("公开01", "住房保障支出")
def row_label_twice_elsewhere(paper: Paper) -> None:
    page = paper[OVERVIEW]
    page.reword("二、外交支出", "十九、住房保障支出")


@refused("公开01", "次序与表样不同")
def two_rows_in_each_others_place(paper: Paper) -> None:
    page = paper[OVERVIEW]
    page.reword("五、事业收入", "～")
    page.reword("六、经营收入", "五、事业收入")
    page.reword("～", "六、经营收入")


@refused("收入决算表", "多张", "公开02 收入决算表", "副本")
def table_twice(paper: Paper) -> None:
    paper.pages.append(copy.deepcopy(paper[INCOME]))
    paper.pages[-1].name = "副本"


@refused("公开02", "事业收入")
def column_missing(paper: Paper) -> None:
    paper[INCOME].delete_columns(paper[INCOME].column("事业收入"))


@refused("公开06", "金额")
def amount_column_missing(paper: Paper) -> None:
    paper[BASIC].delete_columns(6)


@refused("公开06", "30201")
def code_column_missing(paper: Paper) -> None:
    paper[BASIC].delete_columns(4)


@refused("公开04", "政府性基金预算财政拨款")
def fund_column_missing(paper: Paper) -> None:
    paper[FISCAL].delete_columns(8)


@refused("三公", "公务接待费", edition=SHANGHAI)
def interleaved_columns_missing(paper: Paper) -> None:
    paper["财政拨款“三公”经费支出决算表"].delete_columns(11, 2)


@refused("公开03", "上缴上级支出")
def column_relabelled_as_another(paper: Paper) -> None:
    paper[SPENDING].reword("上缴上级支出", "经营支出")


@refused("公开03", "经营支出", "多处")
def column_twice(paper: Paper) -> None:
    page = paper[SPENDING]
    row, column = page.at("经营支出")
    page.insert_columns(column + 1)
    page.write(row, column + 1, "经营支出")
    page.merges.append((row, column + 1, row + 1, column + 1))


@refused("公开01", "事业收入", "专户收入")
def row_relabelled(paper: Paper) -> None:
    paper[OVERVIEW].reword("五、事业收入", "五、专户收入")


@refused("公开01", "一、一般公共预算财政拨款收入", "公共财政收入")
def first_row_relabelled(paper: Paper) -> None:
    paper[OVERVIEW].reword("一、一般公共预算财政拨款收入", "一、公共财政收入")


@refused("公开04", "总计", "收支总额")
def last_row_relabelled(paper: Paper) -> None:
    paper[FISCAL].reword("总计", "收支总额")


@refused("公开01", "八、社会保障和就业支出")
def figure_beside_no_label(paper: Paper) -> None:
    page = paper[OVERVIEW]
    assert page.cells[page.row("八、社会保障和就业支出"), 6]
    page.write(*page.at("八、社会保障和就业支出"), None)


@refused("公开06", "30108")
def figure_beside_no_code(paper: Paper) -> None:
    page = paper[BASIC]
    assert page.cells[page.row("30108"), 3]
    page.write(*page.at("30108"), None)


@refused("公开04", "年初财政拨款结转和结余")
def row_relabelled_between_equal_names(paper: Paper) -> None:
    paper[FISCAL].reword("年初财政拨款结转和结余", "上年数")


@refused("公开02", "合计")
def total_row_missing(paper: Paper) -> None:
    paper[INCOME].delete_rows(paper[INCOME].row("合计"))


@refused("公开03", "A10", "合计")
def total_row_twice(paper: Paper) -> None:
    page = paper[SPENDING]
    page.insert_rows(page.row("合计") + 3)
    page.write(page.row("合计") + 3, 1, "合计")


@refused("公开06", "30101", "两处")
def economic_code_twice(paper: Paper) -> None:
    paper[BASIC].reword("30102", "30101")


@refused("公开03", "科目编码", "2010")
def malformed_code(paper: Paper) -> None:
    page = paper[SPENDING]
    page.write(page.row("合计") + 2, 1, "2010")


@refused("公开03", "没有科目编码")
def figures_without_a_code(paper: Paper) -> None:
    page = paper[SPENDING]
    page.write(page.row("合计") + 2, 1, None)


@refused("公开01", "C11", "约12万", "不是数字")
def words_for_an_amount(paper: Paper) -> None:
    paper[OVERVIEW].write(11, 3, "约12万")


@refused("公开05", "#DIV/0!")
def error_value(paper: Paper) -> None:
    page = paper[GENERAL]
    page.write(page.row("合计") + 2, 6, "#DIV/0!")


@refused("公开08", "TRUE")
def truth_value(paper: Paper) -> None:
    page = paper[FUND]
    page.write(page.row("合计"), 5, True)


@refused("公开01", "C11", "公开07", "A8")
def several_faults_at_once(paper: Paper) -> None:
    paper[OVERVIEW].write(11, 3, "不详")
    paper[TRIPS].write(8, 1, "无")


@refused("金额单位不一致", "公开02", "元")
def units_disagree(paper: Paper) -> None:
    paper[INCOME].reword("金额单位：万元", "金额单位：元")


@refused("公开02", "I3", "金额单位写作“千元”，本工具只认元、万元")
def unit_unknown_on_one_sheet(paper: Paper) -> None:
    paper[INCOME].reword("金额单位：万元", "金额单位：千元")


@refused("公开01", "公开09", "金额单位写作“亿元”")
def unit_unknown(paper: Paper) -> None:
    """The unit that the 自评表 fixes is its own alone."""
    for page in paper:
        page.map_texts(lambda text: text.replace("金额单位：万元", "单位：亿元"))


@refused("收入支出决算总表", "D3", "金额单位写作“千元”", edition=SHANGHAI)
def unit_unknown_where_none_is_fixed(paper: Paper) -> None:
    for page in paper:
        page.reword("单位：万元", "单位：千元")


@refused("找不到金额单位")
def unit_missing_on_every_sheet_that_should_print_it(paper: Paper) -> None:
    for page in paper:
        page.map_texts(lambda text: text.replace("金额单位：万元", " "))


@refused("公开01", "C5", "金额（千元）", "万元")
def unit_of_a_heading_against_that_of_the_sheet(paper: Paper) -> None:
    paper[OVERVIEW].reword("金额", "金额（千元）")


@refused("部门整体绩效自评表", "部门预算总额（元）", "万元")
def unit_of_a_label_against_that_of_the_form(paper: Paper) -> None:
    paper[REVIEW].reword("部门预算总额（万元）", "部门预算总额（元）")


@refused("缺少“收入决算表”")
def sheet_missing(paper: Paper) -> None:
    paper.pages.remove(paper[INCOME])


@refused("找不到年度")
def year_missing(paper: Paper) -> None:
    for page in paper:
        for cell, value in list(page.cells.items()):
            if "年度）" in str(value) or str(value).endswith("年度"):
                page.write(*cell, None)


@refused("找不到金额单位", edition=SHANGHAI)
def unit_missing(paper: Paper) -> None:
    for page in paper:
        page.reword("单位：万元", " ")


@refused("找不到单位名称", edition=SHANGHAI)
def name_missing(paper: Paper) -> None:
    page = paper[OVERVIEW]
    page.write(1, 1, "2024年度部门决算表")


@refused("自评", "总分")
def review_label_missing(paper: Paper) -> None:
    page = paper[REVIEW]
    page.reword("总分", "得分合计")


@pytest.mark.parametrize(("edition", "change", "said"), refused.cases)
def test_what_is_in_doubt_is_refused_by_name(
    folder: Path, tmp_path: Path, edition: str, change: Change, said: tuple[str, ...]
) -> None:
    paper, _ = base(edition, folder)
    change(paper)
    book = paper.save(tmp_path / "改动.xlsx")
    with pytest.raises(InputError) as caught:
        read(book)
    assert [words for words in said if words not in str(caught.value)] == []


@given(
    edition=st.sampled_from(sorted(SEEDS)),
    sheet=st.integers(0, 8),
    columns=st.booleans(),
    at=st.integers(1, 45),
)
@example(edition="2021-national", sheet=6, columns=False, at=7)
@example(edition="2021-national", sheet=6, columns=False, at=8)
@example(edition="2021-national", sheet=5, columns=True, at=3)
@example(edition="2024-shanghai", sheet=5, columns=True, at=6)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_blank_row_or_column_anywhere_is_followed_or_refused(
    folder: Path, edition: str, sheet: int, columns: bool, at: int
) -> None:
    paper, document = base(edition, folder)
    page = paper.pages[sheet]
    if columns:
        page.insert_columns(min(at, 13))
    else:
        page.insert_rows(at)
    got, reading = examined(paper.save(folder / "空行列.xlsx"))
    found = [*reading.problems, *reading.faults]
    assert all(page.name in str(problem) for problem in found)
    assert found or differences(cells(document), cells(got)) == []


@given(
    edition=st.sampled_from(sorted(SEEDS)),
    sheet=st.integers(0, 8),
    columns=st.booleans(),
    at=st.integers(1, 45),
)
@example(edition="2023-national", sheet=5, columns=True, at=6)
@example(edition="2023-national", sheet=5, columns=True, at=7)
@example(edition="2021-national", sheet=6, columns=False, at=8)
@example(edition="2021-national", sheet=6, columns=False, at=7)
@example(edition="2021-national", sheet=1, columns=False, at=5)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_deleted_row_or_column_takes_along_only_its_own_figures(
    folder: Path, edition: str, sheet: int, columns: bool, at: int
) -> None:
    """Nothing that is read is other than before; what is missing stood in the deleted row or column."""
    paper, document = base(edition, folder)
    page = paper.pages[sheet]
    deleted = {
        Decimal(repr(value))
        for cell, value in page.cells.items()
        if cell[columns] == at and isinstance(value, (int, float))
    }
    (page.delete_columns if columns else page.delete_rows)(at)
    try:
        got, reading = examined(paper.save(folder / "删行列.xlsx"))
    except InputError as error:
        # the title itself is gone, and with it what the sheet is
        assert page.name.split()[-1][:4] in str(error)
        return
    if reading.problems or reading.faults:
        return
    before, after = cells(document), cells(got)
    for name, (table,) in before.items():
        (other,) = after.get(name, [{}])
        figures = {path: value for path, value in table.items() if isinstance(value, Decimal)}
        assert {p: v for p, v in other.items() if isinstance(v, Decimal)}.items() <= figures.items()
        assert {v for p, v in figures.items() if p not in other} <= deleted
