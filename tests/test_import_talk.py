"""`xltool import` on a terminal: corrections by a person, what is kept of them, and next time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner, Result

import xltool.cli.importtalk as talk
from tests.test_import import GIVEN, book, figures
from xltool.cli.app import cli
from xltool.core.problems import InputError
from xltool.core.schemas import schema_problems
from xltool.entry.importing.session import Session
from xltool.entry.importing.vocabulary import MAPPING_SCHEMA
from xltool.web.entrywork import import_upload

ROWS = [
    ["某局2024年支出（单位：元）"],
    ["科目编码", "科目名称", "人头费", "专项", "余数"],
    ["2010301", "行政运行", 500, None, 9],
    ["2010302", "管理", None, 70, 9],
    ["补记", None, 3, None, None],
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(talk, "can_be_asked", lambda: True)
    made = openpyxl.Workbook()
    for row in ROWS:
        made.active.append(row)
    made.save(tmp_path / "表.xlsx")
    return tmp_path


def run(folder: Path, *more: str, answers: tuple[str, ...] = (), out: str = "数据.json") -> Result:
    args = [
        "import",
        str(folder / "表.xlsx"),
        "-e",
        "2023-national",
        "-o",
        str(folder / out),
        *more,
    ]
    return CliRunner().invoke(cli, args, input="".join(f"{a}\n" for a in answers))


def rows(folder: Path, out: str = "数据.json") -> list[dict[str, Any]]:
    tables = json.loads((folder / out).read_text("utf-8"))["表"]
    found: list[dict[str, Any]] = tables["支出决算表"]["明细"]
    return found


ANSWERS = ("C=基本支出", "Sheet!D=支出决算表.项目支出", "E=不要", "补记=不要")
RIGHT = [{"科目编码": "2010301", "基本支出": 500}, {"科目编码": "2010302", "项目支出": 70}]


def test_a_person_corrects_and_agrees_and_next_time_it_is_known(asked: Path) -> None:
    done = run(asked, answers=(*ANSWERS, "y"))
    assert done.exit_code == 0, done.output
    assert "不认识列名“人头费”" in done.output
    assert rows(asked) == RIGHT
    kept = yaml.safe_load((asked / "导入映射.yaml").read_text("utf-8"))
    assert schema_problems(kept, MAPPING_SCHEMA, "导入映射.yaml") == []
    assert kept["列"] == {
        "人头费": ["支出表", "基本支出"],
        "专项": ["支出表", "项目支出"],
        "余数": "不要",
    }
    assert kept["行"] == {"补记": "不要"}
    again = run(asked, "--yes", out="又.json")
    assert again.exit_code == 0, again.output
    assert "照上次确认的导入映射读" in again.output
    assert rows(asked, "又.json") == RIGHT


def test_nothing_is_written_when_it_is_refused(asked: Path) -> None:
    done = run(asked, answers=(*ANSWERS, "q"))
    assert done.exit_code != 0
    assert sorted(path.name for path in asked.iterdir()) == ["表.xlsx"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("随便", "看不懂"),
        ("Z=不要", "的Z列没有列名，也没有数"),
        ("C=工资", "没有“工资”这种用处"),
        ("没有这张表!C=不要", "写明是哪张工作表的列"),
        ("补记=总表.收入.没有的", "没有“总表.收入.没有的”这个字段"),
    ],
)
def test_what_is_not_understood_is_said(asked: Path, answer: str, said: str) -> None:
    assert said in run(asked, answers=(answer, "q")).output


def test_a_mapping_changed_by_hand_is_not_replaced(asked: Path) -> None:
    assert run(asked, answers=(*ANSWERS, "y")).exit_code == 0
    mapping = asked / "导入映射.yaml"
    by_hand = "# 我写的\n" + mapping.read_text("utf-8")
    mapping.write_text(by_hand, encoding="utf-8", newline="\n")
    done = run(asked, answers=("D=不要", "y"), out="二.json")
    assert "没有改写" in done.output
    assert mapping.read_text("utf-8") == by_hand
    done = run(
        asked, "--save-mapping", str(asked / "另.yaml"), answers=("D=不要", "y"), out="三.json"
    )
    assert done.exit_code == 0
    assert yaml.safe_load((asked / "另.yaml").read_text("utf-8"))["列"]["专项"] == "不要"


def test_a_column_read_in_another_way_than_was_confirmed_is_told(asked: Path) -> None:
    mapping = asked / "导入映射.yaml"
    own = {"列": {"人头费": ["支出表", "基本支出"], "专项": "不要", "余数": "不要"}}
    own |= {"行": {"补记": "不要"}, "确认": {"专项": ["支出表.项目支出"]}}
    mapping.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    assert "“专项”上次确认的是支出表.项目支出，这次读成不要" in run(asked, "--yes").output


def test_two_columns_for_one_cell_are_asked_about(asked: Path) -> None:
    assert "像是同一栏" in run(asked, answers=("C=基本支出", "D=基本支出", "q")).output


def test_columns_of_two_lists_below_each_other(asked: Path) -> None:
    made = openpyxl.Workbook()
    for row in (
        ["某局2024年支出（单位：元）"],
        ["科目编码", "专项"],
        ["2010302", 70],
        [],
        ["收入", "金额"],
        ["财政拨款", 500],
        ["利息", 3],
    ):
        made.active.append(row)
    made.save(asked / "表.xlsx")
    done = run(asked, answers=("B=项目支出", "B2=项目支出", "利息=总表.收入.其他收入", "y"))
    assert "B列有几处，写明是哪一处：B2 专项、B5 金额" in done.output
    assert done.exit_code == 0, done.output
    assert rows(asked) == [{"科目编码": "2010302", "项目支出": 70}]
    kept = yaml.safe_load((asked / "导入映射.yaml").read_text("utf-8"))
    assert kept["列"] == {"专项": ["支出表", "项目支出"]}
    assert kept["行"] == {"利息": ["总表", "收入", "其他收入"]}


def test_of_two_columns_with_one_head_each_is_known_by_its_place(asked: Path) -> None:
    made = openpyxl.Workbook()
    for row in (
        ["某局2024年支出（单位：元）"],
        ["科目编码", "支出", None, "支出", None],
        ["2010301", 500, None, 480, None],
    ):
        made.active.append(row)
    made.active.cell(2, 2).value = made.active.cell(2, 4).value = "数"
    made.save(asked / "表.xlsx")
    done = run(asked, answers=("B=基本支出", "D=不要", "y"))
    assert done.exit_code == 0, done.output
    assert rows(asked) == [{"科目编码": "2010301", "基本支出": 500}]
    kept = yaml.safe_load((asked / "导入映射.yaml").read_text("utf-8"))
    assert kept["列"] == {"Sheet!B/数": ["支出表", "基本支出"], "Sheet!D/数": "不要"}
    again = run(asked, "--yes", out="又.json")
    assert again.exit_code == 0, again.output
    assert rows(asked, "又.json") == rows(asked)


def test_figures_that_belong_to_no_list_are_asked_about(asked: Path) -> None:
    made = openpyxl.load_workbook(asked / "表.xlsx")
    other = made.create_sheet("车辆")
    for row in (["名称", "原值"], ["轿车", 123456.78]):
        other.append(row)
    made.save(asked / "表.xlsx")
    done = run(asked, answers=(*ANSWERS, "车辆=不要", "y"))
    assert "表.xlsx 车辆：第2行有数，不在认得的表里" in done.output
    assert done.exit_code == 0, done.output
    assert rows(asked) == RIGHT
    kept = yaml.safe_load((asked / "导入映射.yaml").read_text("utf-8"))
    assert kept["不要的工作表"] == ["车辆"]


def test_sheets_are_added_up_when_that_is_the_answer(tmp_path: Path) -> None:
    head = ["科目编码", "基本支出", "项目支出"]
    made = openpyxl.Workbook()
    for name in ("1月", "2月"):
        sheet = made.create_sheet(name)
        for row in (["某局2024年支出 单位：元"], head, ["2010301", 500, None]):
            sheet.append(row)
    made.remove(made["Sheet"])
    made.save(tmp_path / "表.xlsx")
    session = Session([tmp_path / "表.xlsx"], "2023-national", {"单位名称": "某局"})
    with pytest.raises(InputError, match="各月的数要相加的"):
        session.read()
    session.correct("几张表=相加")
    (row,) = session.read().raw["表"]["支出决算表"]["明细"]
    assert row["基本支出"] == 1000


def test_the_page_takes_the_answer_that_figures_are_final(tmp_path: Path) -> None:
    text = "某局2024年1-6月支出 单位：元\n科目编码,基本支出\n2010301,500\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8", newline="")
    answers = {"版本": "2023-national", "单位名称": "某局"}
    asked = import_upload([tmp_path / "表.csv"], tmp_path, answers)
    assert "像是不到全年的" in asked.questions[0].message
    read = import_upload([tmp_path / "表.csv"], tmp_path, {**answers, "改": "口径=全年决算"})
    assert read.questions == []
    assert any("当作全年的决算数" in line for line in read.lines)


def test_words_of_cells_are_answered_as_they_are_asked(tmp_path: Path) -> None:
    head = ["功能科目", "经济科目", "支出类型", "支付金额", "支付状态"]
    rows = [
        ["2010301 行政运行", "30101 基本工资", "运转类", 500, "已支付"],
        ["2010302 一般行政管理事务", "30201 办公费", "项目支出", 80, "已退回"],
        ["2010302 一般行政管理事务", "30201 办公费", "项目支出", 70, "已支付"],
    ]
    path = book(tmp_path, [head, *rows])
    session = Session([path], "2023-national", dict(GIVEN))
    for answers in (("运转类=基本支出", "已退回=不算"), ("经济分类=不填",)):
        with pytest.raises(InputError) as error:
            session.read()
        assert len(error.value.problems) == len(answers)
        for answer, problem in zip(answers, error.value.problems, strict=True):
            assert answer in problem.answers
            session.correct(answer)
    imported = session.read()
    assert figures(imported) == {
        "支出决算表 2010301·基本支出": 500,
        "支出决算表 2010302·项目支出": 70,
    }
    kept = session.agreed(imported)
    assert (kept["性质"], kept["状态"]) == ({"运转类": "基本支出"}, {"已退回": "不算"})


def test_corrections_are_of_the_files_as_they_were_asked_about(tmp_path: Path) -> None:
    """Only what is written comes from the files as they are by then."""
    path = tmp_path / "表.csv"
    path.write_text("科目编码,基本支出,额外\n2010301,500,80\n", encoding="utf-8")
    session = Session([path], "2023-national", dict(GIVEN))
    with pytest.raises(InputError, match="不认识列名“额外”"):
        session.read()
    path.write_text("科目编码,基本支出\n2010301,600\n", encoding="utf-8")
    session.correct("C=不要")
    assert [column.head for column in session.columns()[0]] == ["科目编码", "基本支出", "额外"]
    assert figures(session.read()) == {"支出决算表 2010301·基本支出": 600}
