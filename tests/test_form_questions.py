"""What `mapping init` cannot decide it asks: 问题.yaml, answers by file, by Python, in the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import yaml
from openpyxl.styles import Border, Side

from tests.support.terminal import assert_refused, xltool
from xltool.core.problems import InputError
from xltool.forms.init import answer, make_edition

HEADS = ["科目编码", "科目名称"]
INCOME = [
    "一、一般公共预算财政拨款收入",
    "二、政府性基金预算财政拨款收入",
    "三、上级财政补助",
    "四、事业收入",
    "五、其他收入",
    "本年收入合计",
    "年初结转和结余",
    "总计",
]
EXPENSES = [
    "一、一般公共服务支出",
    "二、外交支出",
    "三、国防支出",
    "四、教育支出",
    "五、其他支出",
    "本年支出合计",
    "年末结转和结余",
    "总计",
]
SHEETS = {
    "公开03": [
        ["支出决算表"],
        ["填表科室："],
        [*HEADS, "本年支出合计", "基本支出", "项目支出", "上解上级", "营业性开支", "专项备用"],
        ["合计"],
        [],
        ["注：本表反映支出。"],
    ],
    "公开02": [
        ["收入情况一览"],
        ["填表科室："],
        [*HEADS, "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "其他收入"],
        ["合计"],
        [],
        ["注：本表反映收入。"],
    ],
    "公开01": [
        ["收入支出决算总表"],
        ["填表科室："],
        ["收入", None, "支出", None],
        ["项目", "金额", "项目", "金额"],
        *([a, None, b, None] for a, b in zip(INCOME, EXPENSES, strict=True)),
    ],
    "台账": [["采购台账"], ["序号", "品名", "数量", "单价"], [1, "纸", 2, 3.5]],
}
ANSWERS = {
    "表 公开02!A1": "收入决算表",
    "表 台账!A1": "不报送",
    "栏 公开03!F3": "1",
    "栏 公开03!G3": "经营支出",
    "栏 公开03!H3": "没有",
    "行 公开01!A7": "上级补助收入",
    "年度": "2024",
    "金额单位": "万元",
    "单位名称": "填表科室",
}


def county_form(path: Path) -> Path:
    """A form in which much is called otherwise."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with 表样.xlsx, which is such a form, and 答案.yaml."""
    county_form(tmp_path / "表样.xlsx")
    text = yaml.safe_dump(ANSWERS, allow_unicode=True)
    (tmp_path / "答案.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_what_is_not_certain_is_asked_and_nothing_is_guessed(desk: Path) -> None:
    done = xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=desk)
    assert done.code == 1 and "还不能用" in done.out and "找不到金额单位" in done.err
    asked = yaml.safe_load((desk / "本局" / "问题.yaml").read_text(encoding="utf-8"))["问题"]
    assert [entry["编号"] for entry in asked] == list(ANSWERS)
    assert all(entry["答"] is None for entry in asked)
    column = next(entry for entry in asked if entry["编号"] == "栏 公开03!F3")
    assert column["印着"] == "上解上级" and column["可选"]["上缴上级支出"] == "字面最接近"


def test_answers_of_a_file_make_an_edition_that_fills_and_reads(desk: Path) -> None:
    done = xltool(
        "mapping", "init", "表样.xlsx", "-o", "本局", "--answers", "答案.yaml", folder=desk
    )
    assert done.code == 0 and "全部读回来相等" in done.out, done.err
    assert xltool("mapping", "check", "本局", folder=desk).code == 0
    row = {"科目编码": "2010301", "基本支出": 5, "经营支出": 2, "上缴上级支出": 1}
    given = {
        "单位名称": "某局",
        "年度": 2024,
        "金额单位": "万元",
        "表": {
            "支出决算表": {"明细": [row]},
            "收入支出决算总表": {"收入": {"上级补助收入": 8}},
            "收入决算表": {"明细": [{"科目编码": "2010301", "上级补助收入": 8}]},
        },
    }
    (desk / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    assert xltool("fill", "数据.json", "-e", "本局", "-o", "报.xlsx", folder=desk).code == 0
    book = openpyxl.load_workbook(desk / "报.xlsx")
    assert book["公开03"]["F7"].value == 1 and book["公开03"]["A2"].value == "填表科室：某局"
    assert book["公开01"]["B7"].value == 8
    read = json.loads(xltool("read", "报.xlsx", "-e", "本局", folder=desk).out)
    assert read["表"]["支出决算表"]["明细"][-1].items() >= row.items()
    assert (read["单位名称"], read["年度"], read["金额单位"]) == ("某局", 2024, "万元")


def test_an_answer_is_one_line_and_counts_at_once(desk: Path) -> None:
    rest = {key: text for key, text in ANSWERS.items() if key != "栏 公开03!G3"}
    made = make_edition(desk / "表样.xlsx", "本局", answers=rest)
    assert [question.id for question in made.open] == ["栏 公开03!G3"] and made.proved is not None
    from xltool.forms.init import keep

    keep(made.files, desk / "本局")
    path = desk / "本局" / "问题.yaml"
    text = path.read_text(encoding="utf-8")
    before, after = text.split("营业性开支”是哪一栏", 1)
    path.write_text(before + "营业性开支”是哪一栏" + after.replace("  答:\n", "  答: 经营支出\n", 1),
                    encoding="utf-8")  # fmt: skip
    book = openpyxl.load_workbook(desk / "本局" / "表样.xlsx")
    book["公开03"]["A5"], book["公开03"]["G5"], book["公开03"]["A2"] = 2010301, 3, "填表科室：某局"
    book.save(desk / "报.xlsx")
    read = json.loads(xltool("read", "报.xlsx", "-e", "本局", folder=desk).out)
    assert read["表"]["支出决算表"]["明细"][0]["经营支出"] == 3


def test_answering_proves_anew_and_may_be_taken_back(desk: Path) -> None:
    from xltool.forms.init import keep

    keep(make_edition(desk / "表样.xlsx", "本局").files, desk / "本局")
    made = answer(desk / "本局", ANSWERS)
    assert made.proved is not None and made.open == ()
    made = answer(desk / "本局", {"金额单位": ""})
    assert made.proved is None and "找不到金额单位" in str(made.faults[0])
    before = (desk / "本局" / "问题.yaml").read_bytes()
    with pytest.raises(InputError) as refused:
        answer(desk / "本局", {"金额单位": "角", "金额": "元"})
    assert "“角”不在可选的里面" in str(refused.value)
    assert (desk / "本局" / "问题.yaml").read_bytes() == before


def test_wrong_answers_are_told_with_their_lines(desk: Path) -> None:
    (desk / "错.yaml").write_text("年度: 明年\n没有这一问: 1\n", encoding="utf-8")
    assert_refused(
        desk, "mapping", "init", "表样.xlsx", "-o", "本局", "--answers", "错.yaml",
        said=("“明年”不在可选的里面",),
    )  # fmt: skip
    assert not (desk / "本局").exists()
    xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=desk)
    path = desk / "本局" / "问题.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "  答:\n  种类: 年度", "  答: 明年\n  种类: 年度"
    )
    path.write_text(text, encoding="utf-8")
    line = text.splitlines().index("  答: 明年") + 1
    said = (f"第{line}行", "“明年”不在可选的里面")
    assert_refused(desk, "read", "表样.xlsx", "-e", "本局", said=said)


def test_an_answer_that_stands_too_deep_is_told_at_its_own_line(desk: Path) -> None:
    xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=desk)
    path = desk / "本局" / "问题.yaml"
    text = path.read_text(encoding="utf-8").replace("  答:\n", "    答:\n", 1)
    path.write_text(text, encoding="utf-8")
    checked = xltool("mapping", "check", "本局", folder=desk)
    line = text.splitlines().index("    答:") + 1
    assert checked.code == 2 and checked.err.count("\n") == 1
    assert f"问题.yaml 第{line}行" in checked.err and "“答”缩进太深" in checked.err


def test_a_sheet_that_is_called_as_a_table_and_prints_no_title_is_asked_about(desk: Path) -> None:
    book = openpyxl.load_workbook(desk / "表样.xlsx")
    sheet = book.create_sheet("国有资本经营预算财政拨款支出决算表")
    for row in [["填表科室："], ["甲类", "乙类", "丙", "丁"], ["合计"], []]:
        sheet.append(row)
    book.save(desk / "表样.xlsx")
    id_ = "表 国有资本经营预算财政拨款支出决算表"
    made = make_edition(desk / "表样.xlsx", "本局", answers={**ANSWERS, id_: "不报送"})
    assert made.proved is not None and made.open == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("单元格: F3", "单元格: G3", ("“上解上级”，表样的 G3 印的是“营业性开支”", "在 F3，改成它")),
        ("单元格: F3", "单元格: F30", ("“上解上级”，表样的 F30 是空白", "在 F3，改成它")),
        ("印着: 上解上级", "印着: 上交上级", ("“上交上级”，表样的 F3 印的是“上解上级”",)),
        ("公开03!F3", "公开03!G3", ("编号“栏 公开03!G3”不是这一问的", "改成“栏 公开03!F3”")),
        ("  工作表: 公开03\n  单元格: F3", "  工作表: 公开3\n  单元格: F3",
         ("没有工作表“公开3”", "公开03、公开02")),
        ("栏目: [上解上级]", "栏目: [上交上级]", ("表样里没有“上交上级”",)),
        ("编号: 年度", "编号: 年份", ("编号“年份”不是这一问的", "改成“年度”")),
    ],
)  # fmt: skip
def test_a_question_that_points_at_something_else_is_a_fault(
    desk: Path, old: str, new: str, said: tuple[str, ...]
) -> None:
    xltool("mapping", "init", "表样.xlsx", "-o", "本局", "--answers", "答案.yaml", folder=desk)
    path = desk / "本局" / "问题.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    checked = xltool("mapping", "check", "本局", folder=desk)
    assert checked.code == 2 and checked.err.count("\n") == 1, checked.err
    assert f"问题.yaml 第{line}行" in checked.err
    assert [words for words in said if words not in checked.err] == []


def test_every_form_that_cannot_be_opened_is_told(desk: Path) -> None:
    xltool("mapping", "init", "表样.xlsx", "-o", "本局", "--answers", "答案.yaml", folder=desk)
    path = desk / "本局" / "edition.yaml"
    more = "workbooks:\n  附表:\n    template: 附表.xlsx\n    tables: []\n"
    path.write_text(path.read_text("utf-8").replace("workbooks:\n", more), encoding="utf-8")
    for form in ("附表.xlsx", "表样.xlsx"):
        (desk / "本局" / form).write_bytes(b"")
    checked = xltool("mapping", "check", "本局", folder=desk)
    assert checked.code == 2 and checked.err.count("\n") == 2, checked.err
    assert "表样 附表.xlsx：" in checked.err and "表样 表样.xlsx：" in checked.err


def test_answers_follow_a_form_that_was_changed(desk: Path) -> None:
    xltool("mapping", "init", "表样.xlsx", "-o", "本局", "--answers", "答案.yaml", folder=desk)
    book = openpyxl.load_workbook(desk / "本局" / "表样.xlsx")
    book["公开03"].insert_rows(2)
    book.save(desk / "本局" / "表样.xlsx")
    checked = xltool("mapping", "check", "本局", folder=desk)
    assert checked.code == 2 and "“上解上级”在 F4，改成它" in checked.err
    assert xltool("mapping", "answer", "本局", folder=desk).code == 0
    assert xltool("mapping", "check", "本局", folder=desk).code == 0
    assert "编号: 栏 公开03!F4" in (desk / "本局" / "问题.yaml").read_text("utf-8").replace('"', "")


def test_figures_of_a_hidden_sheet_are_asked_about(desk: Path) -> None:
    book = openpyxl.load_workbook(desk / "表样.xlsx")
    hidden = book.create_sheet("字典")
    for row in ("201", "一般公共服务支出", 1.5), ("202", "外交支出", 3):
        hidden.append(row)
    hidden.sheet_state = "veryHidden"
    book.save(desk / "表样.xlsx")
    made = make_edition(desk / "表样.xlsx", "本局", answers=ANSWERS)
    (question,) = made.open
    assert question.ask.startswith("隐藏的工作表“字典”里有4个数，不属于任何一张表")
    answers = {**ANSWERS, question.id: "不报送"}
    made = make_edition(desk / "表样.xlsx", "本局", answers=answers)
    assert made.proved is not None and made.open == () and made.unbound == ()


def test_a_table_whose_columns_are_asked_about_is_not_asked_about_in_other_words(
    desk: Path,
) -> None:
    book = openpyxl.load_workbook(desk / "表样.xlsx")
    book["公开01"]["B4"], book["公开01"]["D4"] = "甲项", "乙项"
    book.save(desk / "表样.xlsx")
    asked = make_edition(desk / "表样.xlsx", "本局").questions
    table, *columns = (q for q in asked if q.sheet == "公开01")
    assert "要随决算报送吗？（报送的不用答这里，答“是哪一栏”）" in table.ask
    assert [q.kind for q in columns] == ["栏", "栏"]
    answers = {q.id: text for q, text in zip(columns, ("收入", "支出"), strict=True)}
    assert table.id not in {
        q.id for q in make_edition(desk / "表样.xlsx", "本局", answers=answers).questions
    }


def test_a_question_is_put_in_a_terminal_only(desk: Path) -> None:
    assert_refused(desk, "mapping", "init", "表样.xlsx", "-o", "本局", "--ask", said=("不是终端",))
    assert not (desk / "本局").exists()


def test_the_picture_shows_what_is_bound_asked_and_unknown(desk: Path) -> None:
    xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=desk)
    assert xltool("mapping", "show", "本局", "-o", "图.html", folder=desk).code == 0
    page = (desk / "图.html").read_text(encoding="utf-8")
    assert page == make_edition(desk / "表样.xlsx", "本局").picture
    assert 'class="bound" title="绑定的单元格，写着字段名">合计·基本支出' in page
    assert "上解上级（要问的：《支出决算表》里的“上解上级”是哪一栏？）" in page
    assert 'class="loose"' in page and "没有绑定：3.5" in page
    assert "<script" not in page and "default-src 'none'" in page
    assert_refused(desk, "mapping", "show", "本局", "-o", "图.html", said=("已存在",))
    assert xltool("mapping", "show", "本局", "-o", "图.html", "--force", folder=desk).code == 0
    (desk / "别.html").write_text("<title>别的</title>", encoding="utf-8")
    assert_refused(desk, "mapping", "show", "本局", "-o", "别.html", "--force", said=("别.html",))


def test_the_picture_of_a_form_that_does_not_fit_shows_where(desk: Path) -> None:
    xltool("mapping", "copy", "2024-shanghai", "-o", "本局", folder=desk)
    form = next((desk / "本局").glob("*.xlsx"))
    book = openpyxl.load_workbook(form)
    book["支出决算表"]["D3"] = "经常性支出"
    book["收入支出决算总表"]["A2"] = "收支总览"
    del book["收入决算表"]
    book.save(form)
    assert xltool("mapping", "show", "本局", "-o", "图.xlsx", folder=desk).code == 0
    shown = openpyxl.load_workbook(desk / "图.xlsx")
    assert shown["支出决算表"]["D3"].value == "映射写的是“基本支出”，这里是“经常性支出”"
    assert shown["收入支出决算总表"]["A2"].value == "映射写的是“收入支出决算总表”，这里是“收支总览”"
    assert xltool("mapping", "show", "本局", "-o", "图.html", folder=desk).code == 0
    page = (desk / "图.html").read_text(encoding="utf-8")
    assert "没有“收入决算表”：没有标题是" in page and 'class="wrong"' in page


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_row_of_totals_with_another_label_is_asked_about(desk: Path, place: str) -> None:
    book = openpyxl.load_workbook(desk / "表样.xlsx")
    sheet = book["公开03"]
    row = 4 if place == "first" else 6
    if place == "last":
        sheet.insert_rows(4)
        sheet["A5"] = None
    sheet[f"A{row}"] = "各项总额"
    book.save(desk / "表样.xlsx")
    answers = {**ANSWERS, f"合计 公开03!A{row}": "1"}
    xltool("mapping", "init", "表样.xlsx", "-o", "问", folder=desk)
    asked = yaml.safe_load((desk / "问" / "问题.yaml").read_text(encoding="utf-8"))["问题"]
    assert {entry["编号"] for entry in asked} == {*answers}
    (desk / "答案.yaml").write_text(yaml.safe_dump(answers, allow_unicode=True), encoding="utf-8")
    done = xltool(
        "mapping", "init", "表样.xlsx", "-o", "本局", "--answers", "答案.yaml", folder=desk
    )
    assert done.code == 0 and "合计行" not in done.err, done.err
    row = {"科目编码": "2010301", "基本支出": 5}
    tables = {"支出决算表": {"合计": {"基本支出": 5}, "明细": [row]}}
    given = {"单位名称": "某局", "年度": 2024, "金额单位": "万元", "表": tables}
    (desk / "报.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    filled = xltool("fill", "报.json", "-e", "本局", "-o", "报.xlsx", folder=desk)
    assert filled.code == 0, filled.err
    xltool("read", "报.xlsx", "-e", "本局", "-o", "读.json", folder=desk)
    read = json.loads((desk / "读.json").read_text(encoding="utf-8"))
    assert read["表"]["支出决算表"]["合计"]["基本支出"] == 5


def test_the_last_total_with_another_label_is_asked_about(desk: Path) -> None:
    book = openpyxl.load_workbook(desk / "表样.xlsx")
    sheet = book["公开01"]
    sheet["A12"], sheet["C12"] = "收支平衡数", "收支平衡数"
    for row in sheet["A3:D12"]:
        for cell in row:
            cell.border = Border(bottom=Side("thin"))
    book.save(desk / "表样.xlsx")
    xltool("mapping", "init", "表样.xlsx", "-o", "问", folder=desk)
    asked = yaml.safe_load((desk / "问" / "问题.yaml").read_text(encoding="utf-8"))["问题"]
    found = {entry["编号"]: entry["可选"] for entry in asked if entry.get("印着") == "收支平衡数"}
    assert {*found} == {"行 公开01!A12", "行 公开01!C12"}
    assert all("总计" in choices for choices in found.values())
