"""What a 自评表 calls otherwise is asked: heads, rows and single cells, and an answer binds it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl

from xltool.forms.init import keep, make_edition
from xltool.mapping.questions import Choice, Question, meaning
from xltool.mapping.recognition.vocabulary.ownwords import answer as answered
from xltool.reading import examine

TABLE = "项目支出绩效自评表"
ROWS = [
    [f"{TABLE}（2024年度）"],
    ["子项目名称", None, None, "实施单位"],
    ["项目资金（元）", None, "年初预算数", "全年安排额度", "全年执行数", "备忘"],
    [None, "年度资金总额"],
    [None, "本级安排财政资金"],
    [None, "其他资金"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "自测完成值", "分值"],
    [None, None, None, None, None, None],
    ["总分"],
    ["注：本表一个项目一张。"],
]


def form(path: Path) -> Path:
    """Two cards of a form that has words of its own on one sheet."""
    book = openpyxl.Workbook()
    book.active.title = "自评"
    for _ in range(2):
        for row in ROWS:
            book.active.append(row)
    book.save(path)
    return path


def test_heads_rows_and_cells_of_a_card_are_asked_once_for_all_cards(tmp_path: Path) -> None:
    made = make_edition(form(tmp_path / "表样.xlsx"), "本局")
    first = {question.id: question.choices[0].text for question in made.open}
    assert first == {
        "格 自评!A2": "项目名称",
        "栏 自评!D3": "全年预算数",
        "栏 自评!F3": "全年预算数",
        "行 自评!B5": "当年财政拨款",
        "栏 自评!E7": "实际完成值",
    }
    given = first | {"栏 自评!F3": "没有"}
    made = make_edition(tmp_path / "表样.xlsx", "本局", answers=given)
    assert not made.open and made.proved is not None
    keep(made.files, tmp_path / "本局")
    book = openpyxl.load_workbook(tmp_path / "本局" / "表样.xlsx")
    sheet = book["自评"]
    for top, name in ((0, "修路"), (10, "架桥")):
        sheet.cell(top + 2, 2, name)
        sheet.cell(top + 5, 4, 7 + top)
        sheet.cell(top + 8, 1, "产出指标")
        sheet.cell(top + 8, 5, "已完成")
    book.save(tmp_path / "报表.xlsx")
    tables = examine(tmp_path / "报表.xlsx", tmp_path / "本局").report.tables[TABLE]
    for table, name, figure in zip(tables, ("修路", "架桥"), (7, 17), strict=True):
        assert table["项目名称"] == name
        assert table["项目资金", "当年财政拨款", "全年预算数"] == Decimal(figure)
        assert table["绩效指标"][0]["实际完成值"] == "已完成"


def test_an_answer_says_which_block_a_column_is_of() -> None:
    """Where two blocks have a column of one name."""
    choices = (Choice("项目资金·得分"), Choice("绩效指标·得分"))
    said = Question(
        "栏", "栏", "自评", "F7", "评定", "", choices, "绩效指标·得分", TABLE, "", ("评定",)
    )
    blocks = {
        "项目资金": {"columns": {"得分": {"words": ["得分"]}}},
        "绩效指标": {"columns": {"得分": ["得分"], "分值": ["分值"]}},
    }
    tables = {TABLE: {"titles": [], "stop": [], "blocks": blocks}}
    shared = {
        key: [] for key in ("total", "labels", "neutral", "no_data", "notes", "contents", "others")
    }
    answered({**shared, "heads": {}, "codes": {}}, tables, meaning([said]))
    assert blocks["项目资金"]["columns"] == {"得分": {"words": ["得分"]}}
    assert blocks["绩效指标"]["columns"]["得分"] == ["得分", ("评定",)]
