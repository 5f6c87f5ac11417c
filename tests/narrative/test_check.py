"""`xltool narrative check`: texts held against the samples' workbooks, sentence by sentence."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.terminal import ended
from xltool.core.resources import SAMPLES
from xltool.narrative.book import tables_of, validated
from xltool.narrative.check import NarrativeCheck, check_narrative
from xltool.narrative.text import load_narrative

RIGHT = """一、收入支出决算总体情况说明
2024年度收入支出总计307.82万元。
二、收入决算情况说明
本年收入合计307.82万元，其中：财政拨款收入307.82万元，占100.00%。
三、支出决算情况说明
本年支出合计307.82万元，其中：基本支出105.58万元，占34.30%；项目支出202.24万元，占65.70%。
四、财政拨款收入支出决算总体情况说明
2024年度财政拨款收、支总计均为307.82万元。
五、一般公共预算财政拨款支出决算情况说明
（一）总体情况。
一般公共预算财政拨款支出307.82万元，占本年支出合计的100.00%。
（二）结构情况。
一般公共预算财政拨款支出307.82万元，主要用于以下方面：一般公共服务支出（类）264.87万元，占86.05%；社会保障和就业支出（类）10.82万元，占3.52%；卫生健康支出（类）2.71万元，占0.88%；住房保障支出（类）29.42万元，占9.56%。
六、一般公共预算财政拨款基本支出决算情况说明
基本支出105.58万元，其中：人员经费95.36万元，公用经费10.23万元。
七、财政拨款“三公”经费支出决算情况说明
本单位2024年度无“三公”经费财政拨款支出。
八、政府性基金预算财政拨款收入支出决算情况说明
本单位2024年度无政府性基金预算财政拨款收入和支出。
九、国有资本经营预算财政拨款收入支出决算情况说明
本单位2024年度无国有资本经营预算财政拨款收入和支出。
十、机关运行经费支出情况
机关运行经费支出10.23万元，比2023年度减少1.00万元，下降8.90%。
十一、政府采购支出情况
政府采购支出总额21.07万元，其中：货物采购金额20.07万元、工程采购金额0万元、服务采购金额1.00万元。
十二、国有资产占有使用情况说明
截至2024年12月31日，本单位共有车辆3辆，其中：机要通信用车1辆、其他用车2辆。
"""


def failures(result: NarrativeCheck) -> list[tuple[str, str]]:
    return [
        (f.finding.rule, f.where.words)
        for f in result.findings
        if f.finding.outcome == "不符" and f.finding.level != "info"
    ]


def test_a_right_text_agrees_and_all_its_numbers_are_checked(checked) -> None:
    result = checked(RIGHT)
    assert failures(result) == []
    assert result.verdict == "相符"
    assert [s.words for s in result.unchecked] == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("收入支出总计307.82万元", "收入支出总计370.82万元", "N1-01", "370.82万元"),
        ("总计均为307.82万元", "总计均为0.03万元", "N1-01", "0.03万元"),
        ("占34.30%", "占43.30%", "N2-01", "43.30%"),
        ("占本年支出合计的100.00%", "占本年支出合计的98.00%", "N2-01", "98.00%"),
        ("264.87万元，占86.05%", "264.78万元，占86.02%", "N1-01", "264.78万元"),
        ("人员经费95.36万元", "人员经费59.36万元", "N1-01", "59.36万元"),
        ("下降8.90%", "下降9.80%", "N1-02", "9.80%"),
        ("下降8.90%", "增长8.90%", "N5-02", "8.90%"),
        ("减少1.00万元，下降8.90%", "增加10.23万元，增长100.00%", "N1-02", "100.00%"),
        ("服务采购金额1.00万元", "服务采购金额2.00万元", "N11-01", "21.07万元"),
        ("其他用车2辆", "其他用车3辆", "N12-01", "3"),
        ("截至2024年", "截至2023年", "N0-04", "2023"),
        ("比2023年度减少", "比2022年度减少", "N0-04", "2022"),
        ("减少1.00万元", "增加减少1.00万元", "N0-01", "增加减少"),
        ("占3.52%", "占3.52", "N0-03", "3.52"),
        ("卫生健康支出（类）", "教育支出（类）", "N0-07", "2.71万元"),
        ("无“三公”经费财政拨款支出", "“三公”经费支出5.00万元", "N1-01", "5.00万元"),
    ],
)
def test_a_slip_is_found_where_it_stands(
    checked, old: str, new: str, rule: str, words: str
) -> None:
    assert old in RIGHT
    result = checked(RIGHT.replace(old, new))
    assert (rule, words) in failures(result)
    assert result.verdict == "不符"


@pytest.mark.parametrize(
    ("rule", "sentence", "agrees"),
    [
        ("N5-01", "年初预算为400.00万元，支出决算为307.82万元，完成年初预算的76.96%。", True),
        ("N5-01", "年初预算为400.00万元，支出决算为307.82万元，完成年初预算的77.96%。", False),
        ("N5-01", "年初预算为0.00万元，支出决算为307.82万元，完成年初预算的100.00%。", False),
        ("N5-02", "年初预算为400.00万元，支出决算为307.82万元。决算数小于预算数。", True),
        ("N5-02", "年初预算为400.00万元，支出决算为307.82万元。决算数大于预算数。", False),
        ("N5-02", "年初预算为307.82万元，支出决算为307.82万元。决算数与预算数持平。", True),
        ("N5-02", "年初预算为400.00万元，支出决算为307.82万元。决算数与预算数持平。", False),
    ],
)
def test_budgets(checked, rule: str, sentence: str, agrees: bool) -> None:
    text = f"五、一般公共预算财政拨款支出决算情况说明\n（三）具体情况。\n一般公共预算财政拨款支出{sentence}\n"
    found = {r for r, _ in failures(checked(text))}
    assert (rule not in found) is agrees


def test_words_that_are_not_known_are_not_guessed(checked) -> None:
    """A number behind unknown words is not taken for the last subject: it is listed as not checked."""
    text = "三、支出决算情况说明\n本年支出合计307.82万元，其中：办公楼维修支出12.30万元。\n"
    result = checked(text)
    assert failures(result) == []
    assert [s.words for s in result.unchecked] == ["12.30万元"]


def test_listed_names(checked) -> None:
    text = "六、一般公共预算财政拨款基本支出决算情况说明\n人员经费95.36万元，主要包括：基本工资、生活补助。\n"
    rules = {rule for rule, _ in failures(checked(text))}
    assert {"N6-01", "N6-02"} <= rules


def test_command_line(tmp_path: Path) -> None:
    document = tmp_path / "说明.txt"
    document.write_text(RIGHT.replace("占34.30%", "占43.30%"), encoding="gb18030")
    done = ended(
        "narrative",
        "check",
        str(document),
        "--format",
        "json",
        str(SAMPLES / "sgb-2024.xlsx"),
        code=1,
    )
    report = json.loads(done.stdout)
    assert report["verdict"] == "不符"
    assert report["book_verdict"] == "合格"
    (finding,) = [f for f in report["findings"] if f["outcome"] == "不符"]
    assert finding["text"]["words"] == "43.30%"
    assert finding["text"]["section"] == "支出决算情况说明"
    numbers = report["ledger"]["numbers"]
    assert numbers["checked"] == numbers["total"]


def test_page_marks_the_words_and_shows_the_cells(checked, tmp_path: Path) -> None:
    from xltool.narrative.page import render

    validation = validated(SAMPLES / "sgb-2024.json")
    result = checked(RIGHT.replace("收入支出总计307.82万元", "收入支出总计<370.82万元"))
    page = render(result, validation)
    assert '<mark class="error">370.82万元<sup><a href="#f1">1</a></sup></mark>' in page
    assert "&lt;" in page
    assert "307.82" in page[page.index('id="f1"') :]


def test_one_report_tells_of_text_and_tables(tmp_path: Path) -> None:
    """A workbook with a slip of its own: terminal, JSON and page tell of both."""
    from tests.reporting.books import SGB, with_cells
    from xltool.narrative.page import render
    from xltool.narrative.report import as_json, lines

    book, text = tmp_path / "某局.xlsx", tmp_path / "说明.txt"
    book.write_bytes(with_cells(SGB, {("收入支出决算总表", "D33"): Decimal("308.82")}))
    text.write_text(RIGHT.replace("占34.30%", "占43.30%"), encoding="utf-8")
    validation = validated(book)
    result = check_narrative(load_narrative(text), tables_of(validation))
    told = "\n".join(lines(result, validation))
    assert told.index("43.30%") < told.index("不合格：") < told.index("308.82")
    assert "\x1b" not in told
    report = as_json(result, validation)
    assert report["book_report"]["verdict"] == "不合格"
    assert {"rule", "cells", "message"} <= report["book_report"]["findings"][0].keys()
    page = render(result, validation)
    assert "表里的发现" in page
    assert "收入支出决算总表 D33：308.82" in page


def test_words_on_the_whole_behind_its_parts_are_on_the_whole(checked) -> None:
    """The last figure before 决算数小于 is that of a part; the sentence names the whole."""
    text = (
        "七、“三公”经费支出决算情况说明\n“三公”经费支出年初预算为5.00万元，支出决算为3.00万元，其中：公务接待费"
        "年初预算为1.00万元，支出决算为1.00万元。“三公”经费支出决算数{word}预算数的主要原因是厉行节约。\n"
    )
    assert "N5-02" not in {rule for rule, _ in failures(checked(text.format(word="小于")))}
    assert "N5-02" in {rule for rule, _ in failures(checked(text.format(word="大于")))}


def test_a_text_in_which_no_number_was_checked_is_not_called_right(checked) -> None:
    result = checked("关于做好公开工作的通知\n请各单位按时公开。\n")
    assert (result.checked, result.verdict) == (0, "未核对")


def test_a_part_begins_a_paragraph_and_a_cut_name_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pypdf = pytest.importorskip("pypdf")
    lines = [
        "财政部门负责人（签章）： 年 月 日 第三页的一行字写得和别的行一样长一样长",
        "第三部分 2024年度部门决算情况说明",
        "3．卫生健康支出（类）行政事业单位医疗（款）行政单位",
        "医疗（项）：支出决算为1.16万元，这一行写得和别的行一样长，一样长的一行。",
        "4．一般公共服务支出（类）网信事务（款）行政运行",
        "（项）：支出决算为24.68万元，这一行写得和别的行一样长，一样长的一行。",
    ] * 4
    page = SimpleNamespace(extract_text=lambda: "\n".join(lines))
    monkeypatch.setattr(pypdf, "PdfReader", lambda path: SimpleNamespace(pages=[page]))
    path = tmp_path / "公开.pdf"
    path.write_bytes(b"%PDF")
    texts = [paragraph.text for paragraph in load_narrative(path).paragraphs]
    assert texts.count("第三部分 2024年度部门决算情况说明") == 4
    assert sum("行政单位医疗（项）：支出决算为1.16" in text for text in texts) == 4
    assert sum("行政运行（项）：支出决算为24.68" in text for text in texts) == 4


def test_the_page_calls_what_waits_for_a_word_by_its_name(checked) -> None:
    """A figure that nobody asked for is 待确认 in every report, here too."""
    from tests.reporting.marked import slipped
    from xltool.checks import validate
    from xltool.narrative.page import render

    page = render(checked(RIGHT), validate(slipped()))
    said = page[page.index("表里的发现") :]
    assert "<b>待确认</b>" in said
    assert "<b>不符</b>" in said


@pytest.mark.parametrize("end", ["。", "", "："])
def test_a_subject_on_a_line_of_its_own_is_what_the_next_line_is_about(checked, end: str) -> None:
    """A purpose or a reason names another 科目, and does not change what the figures are of."""
    text = (
        "五、一般公共预算财政拨款支出决算情况说明\n（三）一般公共预算财政拨款支出决算具体情况\n"
        f"8、住房保障支出（类）住房改革支出（款）住房公积金（项）{end}\n"
        "主要用于：事业单位医疗支出。全年预算为18.12万元，支出决算为{figure}万元。\n"
        f"9、住房保障支出（类）住房改革支出（款）购房补贴（项）{end}\n"
        "主要原因是住房公积金增加。支出决算为11.72万元。\n"
    )
    assert [f for f in failures(checked(text.format(figure="17.70"))) if f[0] == "N1-01"] == []
    assert ("N1-01", "0.49万元") in failures(checked(text.format(figure="0.49")))
