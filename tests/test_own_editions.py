"""Editions of one's own: an id and not a path, installed for the user or shared by an office."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.filling import spending_form
from tests.support.terminal import ROOT, assert_refused, xltool
from xltool.checks import validate
from xltool.core.resources import TEMPLATES
from xltool.editions import all_editions, edition_ids, find_edition
from xltool.editions.places import installed

SAMPLE = ROOT / "samples" / "sgb-2024.json"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an edition of one's own in 本局, and nothing installed."""
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path / "own"))
    monkeypatch.delenv("XLTOOL_SHARED", raising=False)
    made = xltool(
        "mapping", "copy", "2024-shanghai", "-o", "本局", "--id", "本局2024", folder=tmp_path
    )
    assert made.code == 0, made.err
    # its sheets are called otherwise than those of the edition that it was copied from
    for file in (tmp_path / "本局").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("sheet: ", "sheet: 局"), encoding="utf-8")
    yield tmp_path


def _renamed_sheets(folder: Path) -> None:
    import openpyxl

    book = next(folder.glob("*.xlsx"))
    workbook = openpyxl.load_workbook(book)
    for sheet in workbook.worksheets:
        sheet.title = f"局{sheet.title}"
    workbook.save(book)


def test_an_installed_edition_is_found_by_its_id_wherever_its_folder_went(desk: Path) -> None:
    _renamed_sheets(desk / "本局")
    added = xltool("editions", "add", "本局", folder=desk)
    assert added.code == 0 and "本局2024" in added.out, added.err
    shutil.rmtree(desk / "本局")
    listed = xltool("editions", folder=desk)
    assert "本局2024\t2024—2025年度" in listed.out and listed.out.count("\t自带") == len(
        edition_ids()
    )
    filled = xltool(
        "fill", SAMPLE, "-e", "本局2024", "-o", "报.xlsx", "--totals", "given", folder=desk
    )
    assert filled.code == 0, filled.err
    read = xltool("read", "报.xlsx", "-o", "出.json", folder=desk)
    assert read.code == 0, read.err
    document = json.loads((desk / "出.json").read_text(encoding="utf-8"))
    assert document["版本"] == "本局2024" and len(document["版本信息"]["校验码"]) == 12
    checked = xltool("validate", "报.xlsx", "--format", "json", folder=desk)
    report = json.loads(checked.out)
    assert report["edition"] == "本局2024"
    assert report["edition_state"] == {"version": "1", "checksum": document["版本信息"]["校验码"]}
    again = xltool("fill", "出.json", "-o", "再.xlsx", "--totals", "given", folder=desk)
    assert again.code == 0, again.err
    removed = xltool("editions", "remove", "本局2024", folder=desk)
    assert removed.code == 0 and "本局2024" not in xltool("editions", folder=desk).out
    assert_refused(desk, "fill", "出.json", "-o", "三.xlsx", said=("没有“本局2024”这个版本",))


def test_a_copy_of_an_own_edition_is_the_same_edition_with_another_id(desk: Path) -> None:
    made = desk / "认"
    form = TEMPLATES / "2023-national" / "部门决算公开表.xlsx"
    init = xltool(
        "mapping", "init", form, "-o", made, "--id", "认2023", "--name", "某县", folder=desk
    )
    assert init.code == 0, init.err
    (made / "用语.yaml").write_text("notes: [备查]\n", encoding="utf-8")
    file = made / "edition.yaml"  # as a clerk leaves it in 记事本
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("edition: 认2023\n", "edition: 认2023   # 本局的\n"), "utf-8-sig")
    assert xltool("editions", "add", made, folder=desk).code == 0
    copied = xltool("mapping", "copy", "认2023", "-o", "新", "--id", "2024", folder=desk)
    assert copied.code == 0, copied.err
    before, after = find_edition(made), find_edition(desk / "新")
    assert before.version == after.version == "1"
    assert (after.id, after.name, after.years) == ("2024", "某县", before.years)
    assert "   # 本局的\n" in (desk / "新" / "edition.yaml").read_text(encoding="utf-8")
    same = {path.name for path in made.iterdir()} - {"edition.yaml"}
    assert {name: (desk / "新" / name).read_bytes() for name in same} == {
        name: (made / name).read_bytes() for name in same
    }
    assert [f.name for f in after.folders[1:]] == [f.name for f in before.folders[1:]]


def test_a_total_without_a_formula_is_the_sum_of_the_rows_or_told(desk: Path) -> None:
    spending_form(desk / "表样.xlsx")
    assert xltool("mapping", "init", "表样.xlsx", "-o", "县甲", folder=desk).code == 0
    rows = [{"科目编码": "2010301", "基本支出": 5}, {"科目编码": "2080505", "基本支出": 2.5}]
    given = {"版本": "县甲", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    for name, total, held in (
        ("甲", {}, {"基本支出": Decimal("7.5")}),
        ("乙", {"基本支出": 8, "项目支出": 1}, {"基本支出": 8, "项目支出": 1}),
    ):
        given["表"] = {"支出决算表": {"合计": total, "明细": rows}}
        (desk / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
        filled = xltool("fill", "数据.json", "-e", "县甲", "-o", f"{name}.xlsx", folder=desk)
        assert filled.code == 0, filled.err
        assert ("表样没有公式的合计1格，照明细加（基本支出）" in filled.err) == (name == "甲")
        assert "“支出决算表”的合计·本年支出合计：表样没有公式，数据里也没有，空着" in filled.err
        read = xltool("read", f"{name}.xlsx", "-e", "县甲", "-o", f"{name}.json", folder=desk)
        assert read.code == 0, read.err
        document = json.loads((desk / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
        assert document["表"]["支出决算表"]["合计"] == held


def test_of_own_editions_that_look_alike_a_book_is_of_the_one_it_was_filled_for(desk: Path) -> None:
    """Last year's form, this year's, and the same with a sheet more."""
    spending_form(desk / "表样.xlsx")
    assert xltool("mapping", "init", "表样.xlsx", "-o", "县2023", folder=desk).code == 0
    for own, years in (("县2024", "[2024, 2024]"), ("县填报", "[2018, 2100]")):
        assert xltool("mapping", "copy", "县2023", "-o", own, folder=desk).code == 0
        file = desk / own / "edition.yaml"
        file.write_text(file.read_text("utf-8").replace("[2018, 2100]", years), "utf-8")
    file = desk / "县2023" / "edition.yaml"
    file.write_text(file.read_text("utf-8").replace("[2018, 2100]", "[2023, 2023]"), "utf-8")
    book = openpyxl.load_workbook(desk / "县填报" / "表样.xlsx")
    book.create_sheet("填写说明")["A1"] = "填写说明"
    book.save(desk / "县填报" / "表样.xlsx")
    for own, year in (("县2023", 2023), ("县2024", 2024), ("县填报", 2024)):
        assert xltool("editions", "add", own, folder=desk).code == 0
        rows = [{"科目编码": "2010301", "基本支出": 1}]
        given = {"版本": own, "单位名称": "某县某局", "年度": year, "金额单位": "万元"}
        given["表"] = {"支出决算表": {"明细": rows}}
        (desk / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
        filled = xltool("fill", "数据.json", "-o", f"{own}.xlsx", folder=desk)
        assert filled.code == 0, filled.err
    for own in ("县2023", "县2024", "县填报"):
        read = xltool("read", f"{own}.xlsx", folder=desk)
        assert json.loads(read.out)["版本"] == own, read.err


def test_a_book_that_two_own_editions_fit_alike_says_so_and_how_to_choose(desk: Path) -> None:
    spending_form(desk / "表样.xlsx")
    for own in ("县甲", "县乙"):
        made = xltool("mapping", "init", "表样.xlsx", "-o", own, folder=desk)
        assert made.code == 0, made.err
        assert xltool("editions", "add", own, folder=desk).code == 0
    book = openpyxl.load_workbook(desk / "表样.xlsx")
    book.active["B2"], book.active["C2"] = "某县某局", "2024年度"
    book.active.append([])
    for column, value in zip("ABCDE", ["2010301", "行政运行", 1, 1, 0], strict=True):
        book.active[f"{column}5"] = value
    book.save(desk / "报.xlsx")
    said = "表样：识别（与装上的 县乙、县甲 同样相符，用 -e 指明哪一个）"
    assert said in xltool("read", "报.xlsx", "-o", "报.json", folder=desk).err
    assert said in xltool("validate", "报.xlsx", folder=desk).out
    xltool("validate", "报.xlsx", "--format", "html", "-o", "报.html", folder=desk)
    page = (desk / "报.html").read_text(encoding="utf-8")
    assert "表样：识别（与装上的“县乙”、“县甲”同样相符）" in page
    assert "县甲" in xltool("validate", "报.xlsx", "-e", "县甲", folder=desk).out.splitlines()[0]


def test_a_book_whose_edition_is_gone_says_so(desk: Path) -> None:
    spending_form(desk / "表样.xlsx")
    assert xltool("mapping", "init", "表样.xlsx", "-o", "县甲", folder=desk).code == 0
    assert xltool("editions", "add", "县甲", folder=desk).code == 0
    given = {"版本": "县甲", "单位名称": "某县某局", "年度": 2024, "金额单位": "万元"}
    given["表"] = {"支出决算表": {"明细": [{"科目编码": "2010301", "基本支出": 1}]}}
    (desk / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    assert xltool("fill", "数据.json", "-o", "报.xlsx", folder=desk).code == 0
    assert xltool("checks-sheet", "报.xlsx", "-o", "审核表.xlsx", folder=desk).code == 0
    assert xltool("validate", "报.xlsx", "--annotate", "标注.xlsx", folder=desk).code in (0, 1)
    said = "写着版本“县甲”，这台电脑上没有，照表里的用语读的"
    for book in ("审核表.xlsx", "标注.xlsx"):
        assert said not in xltool("validate", book, folder=desk).err
    assert xltool("editions", "remove", "县甲", folder=desk).code == 0
    for book in ("审核表.xlsx", "标注.xlsx"):
        read = xltool("read", book, folder=desk)
        assert said in read.err and json.loads(read.out)["没有的版本"] == "县甲"
        assert said in xltool("validate", book, folder=desk).err
        checked = json.loads(xltool("validate", book, "--format", "json", folder=desk).out)
        assert checked["edition_missing"] == "县甲"
        xltool("validate", book, "--format", "html", "-o", f"{book}.html", folder=desk)
        page = (desk / f"{book}.html").read_text(encoding="utf-8")
        assert "写着版本“县甲”，这台电脑上没有" in page
    assert "没有的版本" not in json.loads(xltool("read", "报.xlsx", folder=desk).out)


@pytest.mark.parametrize("installed_ones", [1, 2])
def test_a_book_that_no_own_edition_fits_is_of_none(desk: Path, installed_ones: int) -> None:
    spending_form(desk / "表样.xlsx")
    for own in ("县甲", "县乙")[:installed_ones]:
        assert xltool("mapping", "init", "表样.xlsx", "-o", own, folder=desk).code == 0
        assert xltool("editions", "add", own, folder=desk).code == 0
    book = openpyxl.Workbook()
    for row in [
        ["收入决算表"],
        ["部门：某县某局", None, "2024年度", None, "金额单位：万元"],
        ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        ["合计", None, 1, 1, 0],
        ["2010301", "行政运行", 1, 1, 0],
    ]:
        book.active.append(row)
    book.save(desk / "报.xlsx")
    read = xltool("read", "报.xlsx", "-o", "报.json", folder=desk)
    assert "县" not in read.err.replace("某县", ""), read.err
    document = json.loads((desk / "报.json").read_text(encoding="utf-8"))
    assert document["版本"] not in ("县甲", "县乙") and "收入决算表" in document["表"]


def test_a_form_that_is_recognised_is_an_edition_like_any_other(desk: Path) -> None:
    template = next((ROOT / "workbook_templates" / "2024-shanghai").glob("*.xlsx"))
    shutil.copyfile(template, desk / "表样.xlsx")
    _renamed_sheets(desk)
    made = xltool("mapping", "init", "表样.xlsx", "-o", "识", "--id", "识别版", folder=desk)
    assert made.code == 0, made.err
    assert xltool("editions", "add", "识", folder=desk).code == 0
    filled = xltool(
        "fill", SAMPLE, "-e", "识别版", "-o", "报.xlsx", "--totals", "given", folder=desk
    )
    assert filled.code == 0, filled.err
    checked = xltool("validate", "报.xlsx", folder=desk)
    assert checked.out.splitlines()[0].split("　")[3] == "识别版", checked.out


def test_an_office_shares_editions(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = desk / "共享"
    (shared / "editions").mkdir(parents=True)
    shutil.move(desk / "本局", shared / "editions" / "随便叫什么")
    assert installed() == ()
    monkeypatch.setenv("XLTOOL_SHARED", str(shared))
    assert [(entry.id, entry.shared) for entry in installed()] == [("本局2024", True)]
    assert [edition.id for edition in all_editions()] == [*edition_ids(), "本局2024"]
    assert find_edition("本局2024").source == "本局2024"
    assert "本局2024" in xltool("editions", folder=desk).out
    assert_refused(desk, "editions", "remove", "本局2024", said=("共享文件夹里的",))


def test_a_folder_has_an_id_and_any_process_finds_it(desk: Path) -> None:
    edition = find_edition(desk / "本局")
    assert edition.id == "本局2024" and edition.source == str(desk / "本局")
    assert find_edition("本局2024") is edition
    before = edition.checksum
    shutil.move(desk / "本局", desk / "别处")
    moved = find_edition(desk / "别处")
    assert moved.id == "本局2024" and moved.checksum == before
    (desk / "别处" / "rules.yaml").write_text("rules: {X-15: null}\n", encoding="utf-8")
    changed = (desk / "别处" / "edition.yaml").read_text(encoding="utf-8")
    (desk / "别处" / "edition.yaml").write_text(changed + "\n", encoding="utf-8")
    assert find_edition(desk / "别处").checksum != before


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        ("add", "add、remove 是命令"),
        ("本 局", "不能作版本号"),
        ("甲/乙", "不能作版本号"),
        ("本局.", "不能作版本号"),
        ("Con", "不能作版本号"),
        ("2023-national", "自带"),
    ],
)
def test_ids_that_cannot_be(id_: str, said: str, desk: Path) -> None:
    assert_refused(desk, "mapping", "copy", "2023-national", "-o", "新", "--id", id_, said=(said,))
    path = desk / "本局" / "edition.yaml"
    text = path.read_text(encoding="utf-8").replace("edition: 本局2024", f"edition: {id_}")
    path.write_text(text, encoding="utf-8")
    assert_refused(desk, "editions", "add", "本局", said=(said,))


def test_a_second_one_of_an_id_is_refused_unless_forced(desk: Path) -> None:
    _renamed_sheets(desk / "本局")
    assert xltool("editions", "add", "本局", folder=desk).code == 0
    assert_refused(desk, "editions", "add", "本局", said=("已经装过",))
    assert xltool("editions", "add", "本局", "--force", folder=desk).code == 0
    assert_refused(desk, "editions", "remove", "2023-national", said=("自带的版本",))
    assert_refused(desk, "editions", "remove", "没有的", said=("没有装这个版本",))


def test_a_broken_one_is_told_and_hinders_nobody(desk: Path) -> None:
    place = desk / "own" / "editions" / "坏"
    place.mkdir(parents=True)
    (place / "edition.yaml").write_text("edition: 坏\nextends: 没有\n", encoding="utf-8")
    listed = xltool("editions", folder=desk)
    assert listed.code == 0 and "坏（本机）用不了" in listed.err
    assert [edition.id for edition in all_editions()] == list(edition_ids())


def test_a_form_whose_title_is_found_by_its_words_only_is_found_too(desk: Path) -> None:
    """As a 自评表 with the year in its title; the tool has an edition of that form too."""
    form = next((ROOT / "workbook_templates" / "sichuan-zp").glob("*.xlsx"))
    made = xltool("mapping", "init", form, "-o", "评", "--id", "县自评", folder=desk)
    assert made.code == 0, made.err
    project = {"项目名称": "某项目", "实施单位": "某局"}
    given = {
        "单位名称": "某局",
        "年度": 2023,
        "金额单位": "万元",
        "表": {"项目支出绩效自评表": [project]},
    }
    (desk / "数据.json").write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    filled = xltool("fill", "数据.json", "-e", "评", "-o", "报.xlsx", folder=desk)
    assert filled.code == 0, filled.err
    assert json.loads(xltool("read", "报.xlsx", folder=desk).out)["版本"] == "sichuan-zp"
    assert xltool("editions", "add", "评", folder=desk).code == 0
    assert json.loads(xltool("read", "报.xlsx", folder=desk).out)["版本"] == "县自评"


def test_a_form_that_is_gone_is_not_that_of_the_edition_it_extends(desk: Path) -> None:
    form = next((ROOT / "workbook_templates" / "sichuan-zp").glob("*.xlsx"))
    assert xltool("mapping", "init", form, "-o", "评", "--id", "县自评", folder=desk).code == 0
    text = (desk / "评" / "edition.yaml").read_text(encoding="utf-8")
    spaced = text.replace("edition: 县自评", "edition: 县 自评")
    (desk / "评" / "edition.yaml").write_text(spaced, encoding="utf-8")
    checked = xltool("mapping", "check", "评", folder=desk)
    assert checked.code == 2 and "edition.yaml 第5行：“县 自评”不能作版本号" in checked.err
    (desk / "评" / "edition.yaml").write_text(text, encoding="utf-8")
    (desk / "评" / "表样.xlsx").unlink()
    checked = xltool("mapping", "check", "评", folder=desk)
    assert checked.code == 2 and "表样.xlsx：文件不存在" in checked.err
    assert xltool("editions", "add", "评", folder=desk).code == 2


def test_a_form_that_never_had_formulas_is_filled_without_a_word_about_them(desk: Path) -> None:
    book = openpyxl.load_workbook(next((ROOT / "workbook_templates" / "sichuan-zp").glob("*.xlsx")))
    formulas = [cell for row in book.active for cell in row if cell.data_type == "f"]
    for cell in formulas:
        cell.value = None
    book.save(desk / "无公式.xlsx")
    assert formulas
    made = xltool("mapping", "init", "无公式.xlsx", "-o", "评", "--id", "县自评", folder=desk)
    assert made.code == 0, made.err
    form = (desk / "评" / "表样.xlsx").read_bytes()
    assert "F-08" not in {f.rule for f in validate(form, desk / "评").findings}
    assert "F-08" in {f.rule for f in validate(form, "sichuan-zp").findings}
