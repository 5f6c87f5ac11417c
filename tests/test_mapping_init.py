"""`mapping init`: an official workbook, blank or filled, becomes an edition of one's own, proved by a trial fill."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support.terminal import ended as run
from tests.support.terminal import xltool
from xltool.core.resources import SAMPLES, TEMPLATES
from xltool.editions import find_edition
from xltool.forms.secondreader import second_reading
from xltool.reading import examine


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A bureau's own form: other sheet names, a column moved, a row more above the heads."""
    path = tmp_path / "市级表样.xlsx"
    book = openpyxl.load_workbook(TEMPLATES / "2021-national" / "部门决算公开表.xlsx")
    del book["部门整体绩效自评表"]
    for number, sheet in enumerate(book, 1):
        sheet.title = f"市{number:02}表"
    book.save(path)
    return path


def test_from_a_blank_form_to_a_filled_and_checked_book(form: Path, tmp_path: Path) -> None:
    own, out = tmp_path / "本市", tmp_path / "报表.xlsx"
    done = run("mapping", "init", form, "-o", own, "--id", "本市2021", "--name", "本市格式")
    assert "全部读回来相等" in done.stdout
    assert f"接着：xltool editions add {own}（装上以后用 -e 本市2021）" in done.stdout
    assert {path.name for path in own.iterdir()} == {"edition.yaml", "rules.yaml", "表样.xlsx"}
    given = json.loads((SAMPLES / "beiguan-2021.json").read_text(encoding="utf-8"))
    del given["表"]["部门整体绩效自评表"]
    data = tmp_path / "数据.json"
    data.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    run("fill", data, "-e", own, "-o", out, "--totals", "given")
    assert openpyxl.load_workbook(out).sheetnames[0] == "市01表"
    read = json.loads(run("read", out, "-e", own).stdout)
    assert read["表"]["支出决算表"]["明细"][-1] == given["表"]["支出决算表"]["明细"][-1]


def test_a_form_in_yuan_with_a_statement_and_two_cards_on_a_sheet_is_proved(tmp_path: Path) -> None:
    statement = "说明：某局本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。"
    book = openpyxl.Workbook()
    fund, cards = book.active, book.create_sheet("自评")
    fund.title = "表8"
    for row in [
        ["政府性基金预算财政拨款收入支出决算表"],
        ["编制单位：", None, "    年度", None, None, None, "金额单位：元"],
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出", None, None],
        [None, None, None, None, "小计", "基本支出", "项目支出"],
        ["合计"],
        [],
        [statement],
    ]:
        fund.append(row)
    for area in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:G3"):
        fund.merge_cells(area)
    for _ in range(2):
        for row in [
            ["项目支出绩效自评表（    年度）"],
            ["项目名称", None, None, "实施单位"],
            ["项目资金（元）", None, "全年预算数", "全年执行数"],
            [None, "年度资金总额"],
            [None, "其他资金"],
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"],
            [None, None, None, None, None],
            ["总分"],
        ]:
            cards.append(row)
    path = tmp_path / "表样.xlsx"
    book.save(path)
    done = run("mapping", "init", path, "-o", tmp_path / "本局")
    assert "全部读回来相等" in done.stdout and done.stdout.count("“自评”") == 2
    assert "没有问题" in run("mapping", "check", tmp_path / "本局").stdout
    run("mapping", "show", tmp_path / "本局", "-o", tmp_path / "图.xlsx")
    shown = openpyxl.load_workbook(tmp_path / "图.xlsx")
    assert shown["自评"]["C4"].value == "项目资金·年度资金总额·全年预算数"
    assert shown["表8"]["C5"].value == "合计·年初结转和结余"
    assert "没有读的" not in done.stderr
    assert openpyxl.load_workbook(tmp_path / "本局" / "表样.xlsx")["表8"]["A7"].value == statement


def test_a_form_that_prints_no_year_takes_that_of_its_edition(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["收入决算表"],
        ["编制单位：", None, None, None, "金额单位：元"],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        ["合计"],
        [],
        ["注：本表反映收入情况。"],
    ]:
        book.active.append(row)
    path, own, out = (tmp_path / name for name in ("表样.xlsx", "本局", "报表.xlsx"))
    book.save(path)
    done = run("mapping", "init", path, "-o", own)
    assert "没有印年度" in done.stderr
    one = {"科目编码": "2010301", "财政拨款收入": 5}
    given = {
        "单位名称": "某局",
        "年度": 2024,
        "金额单位": "元",
        "表": {"收入决算表": {"明细": [one]}},
    }
    data = tmp_path / "数据.json"
    data.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    run("fill", data, "-e", own, "-o", out)
    assert json.loads(run("read", out, "-e", own).stdout)["年度"] is None
    edition = own / "edition.yaml"
    text = edition.read_text(encoding="utf-8")
    edition.write_text(text.replace("[2018, 2100]", "[2024, 2024]"), encoding="utf-8")
    assert json.loads(run("read", out, "-e", own).stdout)["年度"] == 2024


def test_what_is_no_such_form_makes_nothing(form: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "工资"])
    path = tmp_path / "工资.xlsx"
    book.save(path)
    done = run("mapping", "init", path, "-o", tmp_path / "x", code=2)
    assert "不是决算报表，像是工资表：“工资”" in done.stderr
    assert not (tmp_path / "x").exists()
    run("mapping", "init", form, "-o", tmp_path / "y")
    again = run("mapping", "init", form, "-o", tmp_path / "y", code=2)
    assert "已经有了" in again.stderr


@pytest.fixture
def shanghai(tmp_path: Path) -> Path:
    """An edition that was made of the built-in Shanghai form, which prints no line for 本表无数据."""
    own = tmp_path / "沪"
    run("mapping", "init", TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx", "-o", own)
    return own


def test_an_edition_made_of_a_form_judges_as_the_built_in_one(
    shanghai: Path, tmp_path: Path
) -> None:
    assert "extends: 2024-shanghai" in (shanghai / "edition.yaml").read_text(encoding="utf-8")
    sample, books = SAMPLES / "sgb-2024.json", {}
    for name, edition in (("自己的", shanghai), ("自带的", "2024-shanghai")):
        out = tmp_path / f"{name}.xlsx"
        run("fill", sample, "-e", edition, "-o", out, "--totals", "given")
        books[name] = json.loads(run("validate", out, "-e", edition, "--format", "json").stdout)
    own, official = books.values()
    assert own["verdict"] == official["verdict"] == "合格"
    assert {f["rule"] for f in own["findings"]} == {f["rule"] for f in official["findings"]}


def test_what_a_unit_did_to_formulas_of_an_own_form_is_found(
    shanghai: Path, tmp_path: Path
) -> None:
    out = tmp_path / "报表.xlsx"
    run("fill", SAMPLES / "sgb-2024.json", "-e", shanghai, "-o", out, "--totals", "given")
    book = openpyxl.load_workbook(out)
    sheet = book["收入支出决算总表"]
    ref = next(c.coordinate for row in sheet for c in row if str(c.value).startswith("="))
    sheet[ref] = 999
    book.save(out)
    told = json.loads(run("validate", out, "-e", shanghai, "--format", "json", code=1).stdout)
    assert [f["cells"] for f in told["findings"] if f["rule"] == "F-01"] == [[ref]]


def test_a_statement_goes_under_a_table_that_prints_no_line_for_it(
    shanghai: Path, tmp_path: Path
) -> None:
    out = tmp_path / "报表.xlsx"
    run("fill", SAMPLES / "sgb-2024.json", "-e", shanghai, "-o", out, "--totals", "given")
    book = openpyxl.load_workbook(out)
    texts = [str(c.value) for c in book["政府性基金预算财政拨款收入支出决算表"]["A"] if c.value]
    assert texts[-1].startswith("说明：") and texts[-1].endswith("故本表无数据。")
    read = json.loads(run("read", out, "-e", shanghai).stdout)
    assert "政府性基金预算财政拨款收入支出决算表" in read["无数据"]


def test_a_second_program_reads_the_trial(form: Path, tmp_path: Path) -> None:
    done = xltool("mapping", "init", form, "-o", "甲", folder=tmp_path)
    assert "openpyxl 再读一遍" in done.out and "都相等" in done.out, done.err
    without = "import sys; sys.modules['openpyxl'] = None"
    done = xltool("mapping", "init", form, "-o", "乙", folder=tmp_path, before=without)
    assert done.code == 0 and "没有用第二个程序核对" in done.err


def test_what_the_second_program_sees_otherwise_is_told(shanghai: Path, tmp_path: Path) -> None:
    out, form = tmp_path / "报表.xlsx", shanghai / "表样.xlsx"
    run("fill", SAMPLES / "sgb-2024.json", "-e", shanghai, "-o", out, "--totals", "given")
    blank, reading = (examine(book, find_edition(shanghai)) for book in (form, out))
    cells, wrong = second_reading(out, form, blank, reading)
    assert cells == len(set(reading.places.values()))
    # a total that differs by a cent was written over its formula
    (told,) = wrong
    assert told.startswith("工作表“一般公共预算财政拨款基本支出决算表”少了公式：") and "=" in told
    book = openpyxl.load_workbook(out)
    cell = next(iter(reading.places.values()))
    sheet = book[cell.sheet]
    sheet[cell.ref] = 12345
    sheet[next(c.coordinate for r in sheet for c in r if c.data_type == "f")] = None
    book.save(out)
    _, wrong = second_reading(out, form, blank, reading)
    assert any(f"“{cell.sheet}”{cell.ref} " in text and "12345" in text for text in wrong)
    assert any(told.startswith(f"工作表“{cell.sheet}”少了公式：") for told in wrong)


def test_sums_that_fill_writes_into_an_own_form_are_no_fault(tmp_path: Path) -> None:
    """Codes in pieces: 类 and 款 add up their rows by name."""
    book = openpyxl.Workbook()
    for row in [
        ["支出决算表"],
        ["部门：", None, None, None, "2022年度", None, "金额单位：万元"],
        ["类", "款", "项", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计"],
        *([[]] * 3),
        ["注：本表反映支出情况。"],
    ]:
        book.active.append(row)
    book.active.merge_cells("A4:D4")
    book.save(tmp_path / "表样.xlsx")
    assert xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=tmp_path).code == 0
    rows = [{"科目编码": c, "基本支出": 1, "项目支出": 2} for c in ("2010301", "2010399")]
    given = {
        "单位名称": "某局",
        "年度": 2022,
        "金额单位": "万元",
        "表": {"支出决算表": {"明细": rows}},
    }
    (tmp_path / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    assert xltool("fill", "数据.json", "-e", "本局", "-o", "报.xlsx", folder=tmp_path).code == 0
    sheet = openpyxl.load_workbook(tmp_path / "报.xlsx").active
    assert "SUM(F7:F8)" in sheet["F6"].value
    told = json.loads(
        xltool("validate", "报.xlsx", "-e", "本局", "--format", "json", folder=tmp_path).out
    )
    assert [f for f in told["findings"] if f["rule"].startswith("F-")] == []


def test_totals_of_a_fixed_list_may_add_up_rows_that_hold_no_formula(tmp_path: Path) -> None:
    """人员经费、公用经费 each in a column; the total row adds up the 类, which are typed in."""
    book = openpyxl.Workbook()
    for row in [
        ["一般公共预算财政拨款基本支出决算表"],
        ["部门：", None, "2022年度", None, "金额单位：万元"],
        ["经济分类科目编码", "科目名称", "本年基本支出"],
        [None, None, "合计", "人员经费", "公用经费"],
        ["合计", None, "=C6+C9", "=D6", "=E9"],
        ["301", "工资福利支出", "=SUM(D6:E6)"],
        ["30101", "基本工资", "=SUM(D7:E7)"],
        ["30102", "津贴补贴", "=SUM(D8:E8)"],
        ["302", "商品和服务支出", "=SUM(D9:E9)"],
        ["30201", "办公费", "=SUM(D10:E10)"],
        ["注：本表反映基本支出情况。"],
    ]:
        book.active.append(row)
    for merged in ("A3:A4", "B3:B4", "C3:E3", "A5:B5"):
        book.active.merge_cells(merged)
    book.save(tmp_path / "表样.xlsx")
    said = xltool("mapping", "init", "表样.xlsx", "-o", "本局", folder=tmp_path)
    assert said.code == 0 and "全部读回来相等" in said.out


def test_no_figure_of_the_unit_stays_in_the_form_made_of_its_book(tmp_path: Path) -> None:
    said = run("mapping", "init", SAMPLES / "sgb-2024.xlsx", "-o", tmp_path / "本局").stderr
    assert "没有绑定的数" not in said
    form = openpyxl.load_workbook(tmp_path / "本局" / "表样.xlsx", data_only=True)
    left = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in form
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float)) and cell.value != 0
    }
    assert left == {}


def test_figures_of_a_unit_that_stay_in_the_form_are_told(form: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(form)
    book["市01表"]["C7"] = 12
    ledger = book.create_sheet("台账")
    for row in [["乡镇", "下达", "支出"], ["东乡", 20, 30]]:
        ledger.append(row)
    book.save(form)
    said = xltool("mapping", "init", form.name, "-o", "本市", folder=tmp_path)
    assert "没有绑定的数没有清空，以后填的工作簿都带着它" in said.err
    answers = tmp_path / "答案.yaml"
    answers.write_text("表 台账!A1: 不报送\n", encoding="utf-8")
    said = xltool("mapping", "init", form.name, "-o", "又做", "--answers", answers, folder=tmp_path)
    assert "不报送的工作表里的数没有清空" in said.err
    del book["台账"]
    book.save(form)
    said = xltool("mapping", "init", form.name, "-o", "再做", folder=tmp_path)
    assert "没有清空" not in said.err


def test_a_sheet_of_instructions_that_is_put_aside_is_put_aside_whole(
    form: Path, tmp_path: Path
) -> None:
    """Its example figures stand under a line of their own."""
    book = openpyxl.load_workbook(form)
    guide = book.create_sheet("填写说明")
    for row in [["决算公开表填写说明"], ["示例："], ["科目", "合计", "基本支出"], ["甲", 12, 34]]:
        guide.append(row)
    book.save(form)
    (tmp_path / "答案.yaml").write_text("表 填写说明!A1: 不报送\n", encoding="utf-8")
    options = ("-o", "本市", "--answers", "答案.yaml")
    said = xltool("mapping", "init", form.name, *options, folder=tmp_path)
    assert said.code == 0 and "没有绑定的数" not in said.err


def test_the_unit_the_year_and_the_money_unit_may_stand_in_one_cell(
    form: Path, tmp_path: Path
) -> None:
    """部门：……　　年度　　单位：万元, over the whole width, with the first two left open."""
    book = openpyxl.load_workbook(form)
    for sheet in book:
        for area in [str(a) for a in sheet.merged_cells.ranges if a.min_row == 3]:
            sheet.unmerge_cells(area)
        for cell in sheet[3]:
            cell.value = None
        sheet["A3"] = "部门：                      年度          单位：万元"
        sheet.merge_cells(start_row=3, end_row=3, start_column=1, end_column=sheet.max_column)
    book.save(form)
    own = tmp_path / "本市"
    assert "全部读回来相等" in run("mapping", "init", form, "-o", own, "--id", "本市").stdout
    given = json.loads((SAMPLES / "beiguan-2021.json").read_text(encoding="utf-8"))
    del given["表"]["部门整体绩效自评表"]
    data, out = tmp_path / "数据.json", tmp_path / "报表.xlsx"
    data.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    run("fill", data, "-e", own, "-o", out, "--totals", "given")
    assert {" ".join(sheet["A3"].value.split()) for sheet in openpyxl.load_workbook(out)} == {
        f"部门：{given['单位名称']} 2021年度 单位：万元"
    }
