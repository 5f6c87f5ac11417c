"""A form of one's own whose lists print the lowest codes alone, with formulas over rows and over sheets."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support.editing import edited, saved
from tests.support.livechecks import rows
from tests.support.terminal import ended as run
from xltool.checks import Validation, validate
from xltool.editions import find_edition
from xltool.livechecks import add_checks_sheet
from xltool.mapping.ownsheets import checks_sheet
from xltool.ooxml import Editor, open_workbook
from xltool.reading import examine

OVERVIEW, SPENDING = "公开01", "公开03"
HEADS = ["部门：", None, "    年度", "金额单位：万元"]
CLASSES = ["一般公共服务支出", "教育支出", "社会保障和就业支出"]
ITEMS = {"2010301": (9, 0), "2010302": (0, 4), "2050201": (3, 0), "2080505": (2, 1)}
MORE = ["2010303", "2010304", "2010305", "2010306", "2010308"]


def item_sum(code: str) -> str:
    """What the 总表 has for a 类: the sum of the codes of the other sheet that begin with its own."""
    return f'=SUMIF({SPENDING}!A5:A10,"{code}*",{SPENDING}!C5:C10)'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of a form with spare rows that hold formulas, made and proved by `mapping init`."""
    folder = tmp_path_factory.mktemp("items")
    book = openpyxl.Workbook()
    overview, spending = book.active, book.create_sheet(SPENDING)
    overview.title = OVERVIEW
    for row in [
        ["收入支出决算总表"],
        HEADS,
        ["收入", None, "支出", None],
        ["项目", "金额", "项目", "金额"],
        ["一般公共预算财政拨款收入", None, CLASSES[0], item_sum("201")],
        ["其他收入", None, CLASSES[1], item_sum("205")],
        [None, None, CLASSES[2], item_sum("208")],
        ["本年收入合计", "=SUM(B5:B6)", "本年支出合计", f"={SPENDING}!C4"],
        ["总计", "=B8", "总计", "=D8"],
    ]:
        overview.append(row)
    for row in [
        ["支出决算表"],
        HEADS,
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", None, *(f"=SUM({c}5:{c}10)" for c in "CDE")],
        *([None, None, f"=SUM(D{row}:E{row})"] for row in range(5, 11)),
        ["注：本表反映各项支出情况。"],
    ]:
        spending.append(row)
    book.save(folder / "表样.xlsx")
    run("mapping", "init", folder / "表样.xlsx", "-o", folder / "本县")
    return folder / "本县"


@pytest.fixture(scope="module", params=[0, 5], ids=["rows to spare", "rows added"])
def filled(
    made: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A book filled into it, with fewer items than the form has rows, or with more."""
    folder = tmp_path_factory.mktemp("filled")
    items = ITEMS | dict.fromkeys(MORE[: request.param], (1, 0))
    listed = [{"科目编码": c, "基本支出": a, "项目支出": b} for c, (a, b) in sorted(items.items())]
    income = sum(a + b for a, b in items.values())
    given = {"单位名称": "某县某局", "年度": 2023, "金额单位": "万元"}
    given["表"] = {
        "收入支出决算总表": {"收入": {"一般公共预算财政拨款收入": income}},
        "支出决算表": {"明细": listed},
    }
    (folder / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    run("fill", folder / "数据.json", "-e", made, "-o", folder / "报.xlsx")
    return folder / "报.xlsx"


def validated(made: Path, book: Path, **formulas: str) -> Validation:
    """The book validated, with other formulas in cells of the 总表."""

    def edit(editor: Editor) -> None:
        for ref, formula in formulas.items():
            editor.set_formula(OVERVIEW, ref, formula)

    return validate(examine(open_workbook(edited(book.read_bytes(), edit)), find_edition(made)))


def told(validation: Validation) -> dict[str, str]:
    """The findings by rule, but for the tables that this form does not have."""
    return {f.rule: f.message for f in validation.findings if f.rule != "S-01"}


def live_outcomes(validation: Validation) -> dict[str, set[str]]:
    """What the 审核表 of the book says, rule by rule."""
    editor = Editor(validation.reading.workbook)
    add_checks_sheet(editor, validation.reading)
    sheet = checks_sheet(open_workbook(saved(editor)))
    assert sheet is not None
    found: dict[str, set[str]] = {}
    for cells in rows(sheet):
        found.setdefault(str(cells["A"]), set()).add(str(cells["J"]))
    return found


def test_what_stands_above_the_items_is_audited_by_their_sums(made: Path, filled: Path) -> None:
    validation = validated(made, filled)
    assert told(validation) == {}
    live = live_outcomes(validation)
    for rule in ("T03-02", "X-05"):
        assert validation.ledger.lines[rule].outcome == "通过"
        assert live[rule] - {"不适用", "未执行"} == {"通过"}, rule


def test_a_class_that_is_not_the_sum_of_its_items_is_told(made: Path, filled: Path) -> None:
    """With a formula that leaves rows out: that it is not the form's is told too, though rows were added."""
    other = item_sum("201").removeprefix("=").replace("201*", "2010301")
    validation = validated(made, filled, D5=other)
    found = told(validation)
    assert "不符" in live_outcomes(validation)["X-05"]
    assert set(found) == {"X-05", "T01-02", "F-03"}
    assert "D5" in found["F-03"]


def test_an_item_on_two_rows_counts_twice_in_what_stands_above(tmp_path: Path) -> None:
    """That its code stands there twice is what is wrong: the total over all rows is not."""
    book = openpyxl.Workbook()
    for row in [
        ["2023年度收入决算表"],
        ["部门：某县某局", None, "单位：万元"],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入"],
        ["合计", None, 15, 15],
        ["2130301", "行政运行", 5, 5],
        ["2130301", "行政运行", 2, 2],
        ["2130302", "一般行政管理事务", 8, 8],
    ]:
        book.active.append(row)
    book.save(tmp_path / "报.xlsx")
    validation = validate(examine(tmp_path / "报.xlsx"))
    assert any("重复" in f.message for f in validation.findings)
    assert validation.ledger.lines["T02-02"].outcome == "通过"
    assert "不符" not in live_outcomes(validation)["T02-02"]
