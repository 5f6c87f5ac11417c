"""The clerk's way on the page alone: from a list or a ledger to the workbook that is handed in, with its receipt."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.support.ordinary import LEDGER, LIST
from tests.support.terminal import xltool
from tests.test_entry_sheet import Typist
from tests.web.chrome import Browser, Page, opened
from tests.web.conftest import SMALL
from tests.web.running import Running, serving, until
from xltool.core.resources import SAMPLES

ASSUMED = ("没有结转", "只有一般公共预算", "没有填的是零")


@pytest.fixture
def page(chrome: Browser, tmp_path: Path) -> Iterator[tuple[Page, Running]]:
    (tmp_path / "serve").mkdir()
    with (
        serving(tmp_path / "serve", replace(SMALL, stall=20.0)) as server,
        opened(chrome, server.url) as found,
    ):
        yield found, server


def book(path: Path, rows: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def download(page: Page, selector: str, path: Path) -> Path:
    """What a link of the page gives, as the browser fetches it."""
    text = page.run(
        f"fetch(document.querySelector({json.dumps(selector)}).href).then(r => r.arrayBuffer())"
        ".then(b => btoa(Array.from(new Uint8Array(b), c => String.fromCharCode(c)).join('')))"
    )
    path.write_bytes(base64.b64decode(text))
    return path


def patiently(page: Page, script: str) -> None:
    """As `Page.wait`, also on a busy machine where workers start slowly."""
    for _ in range(3):
        with contextlib.suppress(AssertionError):
            page.wait(f"!!({script})")
            return
    page.wait(f"!!({script})")


def choose_edition(page: Page) -> None:
    page.run(
        "var e = document.getElementById('edition'); e.value = '2023-national';"
        "e.dispatchEvent(new Event('change')); 1"
    )


def done(page: Page, count: int) -> None:
    patiently(
        page,
        f"document.querySelectorAll('.book.pass, .book.fail, .book.partial, .book.broken').length === {count}",
    )


def again(page: Page, button: str, typed: dict[str, str]) -> None:
    """Enter what is still wanting into the form, and have the data filled in once more."""
    for field, text in typed.items():
        page.run(f"document.querySelector('#wanted {field}').value = {json.dumps(text)}; 1")
    before = page.run("document.getElementById('wanted').getAttribute('data-now')")
    page.click(button)
    now = "document.getElementById('wanted').getAttribute('data-now')"
    patiently(page, f"{now} && {now} !== {json.dumps(before)}")
    done(page, 2)


def hand_in(page: Page, sheet: Path, folder: Path) -> None:
    """A typed 填数表 goes in; what is handed in comes out and is as its receipt says."""
    page.choose_files("#files", [sheet])
    done(page, 2)
    page.click(".book:nth-child(2) .open")
    if "已填报" not in page.text("#facts"):
        page.click(".book:nth-child(1) .open")
    patiently(page, "document.getElementById('facts').textContent.indexOf('已填报') > 0")
    assert "推算：" in download(page, "[data-file=supplied]", folder / "补上.txt").read_text(
        "utf-8"
    )
    handed_in(page, folder)


def handed_in(page: Page, folder: Path) -> None:
    """The copy to hand in is made, and is as its receipt says."""
    page.click("[data-make=finish]")
    patiently(
        page,
        "document.querySelector('[data-file=receipt]') || document.getElementById('notice').textContent",
    )
    assert "上报稿做好了，结论是合格" in page.text("#notice")
    patiently(page, "document.querySelector('[data-file=receipt]')")
    assert page.texts("#actions .button")[:2] == ["下载上报稿", "下载回执"]
    assert page.texts("#actions .first") == ["下载上报稿"]
    name = page.run("document.querySelector('[data-file=finished]').download")
    out = download(page, "[data-file=finished]", folder / name)
    receipt = page.run("document.querySelector('[data-file=receipt]').download")
    download(page, "[data-file=receipt]", folder / receipt)
    answer = xltool("verify", out, folder=folder)
    assert answer.code == 0, answer.out + answer.err
    assert "结论：合格" in xltool("finish", out, "-o", "又一份.xlsx", folder=folder).out


def test_from_a_list_to_what_is_handed_in(page: tuple[Page, Running], tmp_path: Path) -> None:
    shown, _ = page
    shown.choose_files("#files", [book(tmp_path / "决算数.xlsx", LIST)])
    patiently(shown, "document.querySelector('.book.broken, .book.partial')")
    if "要问" in shown.text(".book .open"):  # 2024 fits two editions
        assert "不知道填哪一套表" in shown.text("#problems")
        first = shown.texts(".choices button")[0]  # the likeliest
        assert first == "部门决算公开表（全国通用格式，2023—2025年度）"
        shown.click(".choices button[value='版本=2023-national']")
    patiently(shown, "document.querySelector('.book.partial')")
    assert "请核对" in shown.text(".book .open")
    assert "读得对就填进官方表样" in shown.text("#why")
    assert "C2 基本支出 → 支出表·基本支出" in shown.text("#lines")
    assert "小计和合计1行" in shown.text("#lines")
    assert shown.texts("#actions .button") == [
        "读得对，填进官方表样",
        "还有数要填，下载填数表",
        "下载数据文档",
        "下载来源对照",
        "下载导入映射（下次用）",
        "这是决算表样，做成自己的版本…",
    ]
    shown.click("[data-fill]")
    done(shown, 2)
    assert "选前提：没有填的是零、只有一般公共预算" in shown.text("#wanted [data-assume]")
    assert "还缺" in shown.text("#word") and "不合格" not in shown.text("#detail")
    assert "还缺数 1" in shown.text("#tally")
    assert "前提“没有结转”" in shown.text("#remarks")  # that another one needs
    again(shown, "#wanted [data-assume]", {})
    assert "收入表 其他收入 3000 在哪个科目" in shown.text("#wanted .fields")
    wrong = "30101 70\n30201\t109345.67\n30108 90000"
    again(shown, "#wanted [type=submit]", {"textarea": wrong})
    assert "没有做成" in shown.text("#word") and "一边是" in shown.text("#problems")
    assert shown.run("document.querySelector('#wanted textarea').value").startswith("30101 70\n")
    assert shown.run("document.activeElement.id") == "detail"
    rows = wrong.replace("30101 70", "30101 700000")
    again(shown, "#wanted [type=submit]", {"select": "2130314", "textarea": rows})
    assert shown.run("document.querySelector('#wanted .fields input').value") == "3000"
    assert shown.run("document.getElementById('detail').scrollTop") == 0  # the verdict is in view
    handed_in(shown, tmp_path)


def test_from_a_ledger_to_what_is_handed_in(page: tuple[Page, Running], tmp_path: Path) -> None:
    shown, _ = page
    choose_edition(shown)
    shown.choose_files("#files", [book(tmp_path / "余额表.xlsx", LEDGER)])
    patiently(shown, "document.querySelector('.book.broken')")
    assert "要问" in shown.text(".book .open")
    assert "金额单位：文件里没有写（在下面写上，再读一遍）" in shown.text("#problems")
    assert shown.texts(".choices button") == ["元", "万元"]
    shown.click(".choices button")
    patiently(shown, "document.querySelector('.book.partial')")
    sheet = download(shown, "[data-file=sheet]", tmp_path / "填数.xlsx")
    typist = Typist(sheet)
    for name in ASSUMED:
        typist.single(f"前提|{name}", "是")
    hand_in(shown, typist.save(), tmp_path)


def test_an_answer_is_a_click_and_what_was_read_is_filled_in(
    page: tuple[Page, Running], tmp_path: Path
) -> None:
    shown, _ = page
    rows: list[list[object]] = [
        ["某县水文站2024年支出（元）"],
        ["科目编码", "支出金额"],
        ["2130314", 812],
        ["2130305", 64],
    ]
    choose_edition(shown)
    shown.choose_files("#files", [book(tmp_path / "支出.xlsx", rows)])
    patiently(shown, "document.querySelector('.book.broken')")
    assert shown.texts(".choices button") == ["基本支出", "项目支出", "不要"]
    shown.click(".choices button[value='B=基本支出']")
    patiently(shown, "document.querySelector('.book.partial')")
    assert "支出决算表 2130314·基本支出 = 812" in shown.text("#lines")
    shown.click("[data-fill]")
    done(shown, 2)
    assert "支出-数据-已填报.xlsx" in " ".join(shown.texts(".book .title"))


def test_income_and_spending_of_two_files_are_read_together(
    page: tuple[Page, Running], tmp_path: Path
) -> None:
    shown, _ = page
    spent: list[list[object]] = [
        ["某县水文站2024年支出（元）"],
        ["科目编码", "基本支出"],
        ["2130314", 812],
    ]
    income: list[list[object]] = [
        ["某县水文站2024年收入（元）"],
        ["收入", "金额"],
        ["其他收入", 812],
    ]
    choose_edition(shown)
    for name, rows in (("支出.xlsx", spent), ("收入.xlsx", income)):
        shown.choose_files("#files", [book(tmp_path / name, rows)])
    done(shown, 2)
    shown.click(".book:nth-child(1) .open")
    patiently(shown, "document.querySelector('#together input')")
    shown.click("#together input")
    patiently(shown, "document.getElementById('lines').textContent.indexOf('得到2个数') > 0")
    assert "支出决算表 2130314·基本支出 = 812" in shown.text("#lines")
    assert "收入支出决算总表 收入·其他收入 = 812" in shown.text("#lines")


def test_figures_that_are_refused_are_told(chrome: Browser, tmp_path: Path) -> None:
    (tmp_path / "serve").mkdir()
    with serving(tmp_path / "serve", replace(SMALL, stall=20.0)) as server:
        shown = chrome.open(server.url)
        patiently(shown, "document.querySelectorAll('#edition option').length > 1")
        choose_edition(shown)
        shown.choose_files("#files", [book(tmp_path / "决算数.xlsx", LIST)])
        patiently(shown, "document.querySelector('.book.partial')")
        shown.click("[data-fill]")
        done(shown, 2)
        patiently(shown, "!document.getElementById('wanted').hidden")
        too_long = json.dumps(f"30101 {'1' * 8001}")
        shown.run(f"document.querySelector('#wanted textarea').value = {too_long}; 1")
        shown.run("document.getElementById('wanted').requestSubmit(); 1")
        patiently(shown, "document.getElementById('notice').textContent")
        assert "一次最多 8000 字" in shown.text("#notice")
        assert ["413" in fault for fault in shown.faults()] == [True]
        shown.close()


def test_columns_are_corrected_and_known_the_next_time(
    page: tuple[Page, Running], tmp_path: Path
) -> None:
    shown, _ = page
    choose_edition(shown)
    rows: list[list[object]] = [
        ["某县水文站2024年支出（单位：元）"],
        ["科目编码", "科目名称", "人头费", "专项", "余数"],
        ["2130314", "防汛", 500, None, 9],
        ["2130305", "水利工程建设", None, 70, 9],
    ]
    shown.choose_files("#files", [book(tmp_path / "支出.xlsx", rows)])
    patiently(shown, "document.querySelectorAll('#columns tr.unknown').length === 3")
    for letter, use in (("C", "支出表.基本支出"), ("D", "支出表.项目支出"), ("E", "不要")):
        shown.run(
            f"var s = document.querySelector('#columns [aria-label^=\"Sheet!{letter}\"]');"
            f"s.value = '{use}'; s.dispatchEvent(new Event('change')); 1"
        )
        patiently(
            shown,
            f"(document.querySelector('#columns [aria-label^=\"Sheet!{letter}\"]') || {{}}).value === '{use}'",
        )
    patiently(shown, "document.querySelector('[data-file=mapping]')")
    data = json.loads(
        download(shown, "[data-file=document]", tmp_path / "数.json").read_text("utf-8")
    )
    assert data["表"]["支出决算表"]["明细"] == [
        {"科目编码": "2130314", "基本支出": 500},
        {"科目编码": "2130305", "项目支出": 70},
    ]
    kept = download(shown, "[data-file=mapping]", tmp_path / "导入映射.yaml")
    assert "余数: 不要" in kept.read_text("utf-8")
    shown.click("#clear")
    patiently(shown, "!document.querySelector('.book')")
    choose_edition(shown)
    shown.choose_files("[data-aside=mapping] input", [kept])
    patiently(shown, "document.querySelector('[data-aside=mapping] .name').textContent")
    shown.choose_files("#files", [tmp_path / "支出.xlsx"])
    patiently(shown, "document.querySelector('.book.partial')")
    assert shown.text("#problems") == ""


def test_blank_forms_and_the_entry_sheet(page: tuple[Page, Running], tmp_path: Path) -> None:
    shown, _ = page
    assert shown.run("document.getElementById('blank').hidden")
    shown.click("#blank-open")
    shown.run(
        "var e = document.getElementById('blank-edition'); e.value = '2024-shanghai';"
        "e.dispatchEvent(new Event('change')); 1"
    )
    sheet = download(shown, "#blank [data-kind=填数表]", tmp_path / "填数.xlsx")
    assert openpyxl.load_workbook(sheet).sheetnames[0] == "填数表"
    form = download(shown, "#blank [data-kind=表样]", tmp_path / "空.xlsx")
    assert len(openpyxl.load_workbook(form).sheetnames) == 9
    text = download(shown, "#blank [data-kind=数据]", tmp_path / "数据.yaml").read_text("utf-8")
    assert "版本: 2024-shanghai" in text


def test_copies_on_demand_and_no_clean_copy_of_what_is_wrong(
    page: tuple[Page, Running], tmp_path: Path
) -> None:
    shown, server = page
    raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元"}
    raw["表"] = {"支出决算表": {"明细": [{"科目编码": "2010301", "基本支出": 5}]}}
    (tmp_path / "数据.json").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    shown.choose_files("#files", [tmp_path / "数据.json"])
    done(shown, 1)
    shown.click("[data-make=finish]")
    patiently(shown, "document.getElementById('notice').textContent")
    assert "没有做上报稿：结论是不合格" in shown.text("#notice")
    shown.click("[data-make=clean]")
    patiently(shown, "document.getElementById('notice').textContent.indexOf('不用清除') > 0")
    shown.click("[data-make=checks]")
    patiently(shown, "document.querySelector('[data-file=checked]')")
    got = download(shown, "[data-file=checked]", tmp_path / "审核.xlsx")
    assert any("审核" in name for name in openpyxl.load_workbook(got).sheetnames)
    shown.click("#assume input")
    patiently(
        shown, "document.getElementById('remarks').textContent.indexOf('前提：没有结转') >= 0"
    )
    shown.click("#clear")
    until(lambda: not server.files)


def test_marks_go_from_a_copy(page: tuple[Page, Running], tmp_path: Path) -> None:
    shown, _ = page
    answer = xltool(
        "validate", SAMPLES / "sgb-2024.xlsx", "--annotate", "标注.xlsx", folder=tmp_path
    )
    assert "校验结果" in openpyxl.load_workbook(tmp_path / "标注.xlsx").sheetnames, answer.err
    shown.choose_files("#files", [tmp_path / "标注.xlsx"])
    done(shown, 1)
    shown.click("[data-make=clean]")
    patiently(shown, "document.querySelector('[data-file=cleaned]')")
    got = download(shown, "[data-file=cleaned]", tmp_path / "清.xlsx")
    assert "校验结果" not in openpyxl.load_workbook(got).sheetnames
