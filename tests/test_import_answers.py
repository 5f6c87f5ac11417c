"""An answer settles what it was asked about, and nothing else; what is kept of it serves other files too."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.terminal import xltool
from tests.test_import import GIVEN, A, B, Rows, book, figures
from xltool.core.problems import InputError, Problem
from xltool.entry.importing.session import Session

LEDGER = ["科目编码", "科目名称", "本年借方", "本年贷方"]
LIST = ["科目编码", "支出性质", "金额"]
IMPORT = (
    "import",
    "表.csv",
    "-e",
    "2023-national",
    "--unit-name",
    "某局",
    "-o",
    "数.json",
    "--yes",
)


def session(*paths: Path, added: bool = False) -> Session:
    return Session(paths, "2023-national", dict(GIVEN), added=added)


def asked(reader: Session) -> list[Problem]:
    with pytest.raises(InputError) as error:
        reader.read()
    return error.value.problems


def answered(reader: Session, *answers: str) -> dict[str, int]:
    """The figures after answers that were offered, by code and column."""
    for answer in answers:
        assert answer in {a for problem in asked(reader) for a in problem.answers}
        reader.correct(answer)
    found = figures(reader.read())
    return {words.split(" ")[1]: int(number) for words, number in found.items()}


def test_a_head_with_a_stroke_in_it_takes_its_answer(tmp_path: Path) -> None:
    """What an answer said of 科目名称/项目 was looked for under another spelling, and the question came again."""
    head = ["科目编码", "科目名称/项目", "决算数"]
    reader = session(book(tmp_path, [head, [A, "行政运行", 108], [B, "管理", 45]]))
    answers = ("C=基本支出", "B=不要")
    assert answered(reader, *answers) == {f"{A}·基本支出": 108, f"{B}·基本支出": 45}


def test_quarters_beside_their_year_need_no_answer_of_their_own(tmp_path: Path) -> None:
    rows = [["科目编码", "一季度", "二季度", "三季度", "四季度", "全年合计"], [A, 1, 2, 3, 4, 10]]
    reader = session(book(tmp_path, rows))
    assert answered(reader, "F=基本支出") == {f"{A}·基本支出": 10}


def test_a_whole_beside_its_parts_by_economic_code_is_not_added_to_them(tmp_path: Path) -> None:
    """Under a title of 一般公共预算 both filled one cell, and 基本支出 was twice what it is."""

    def reader(whole: int) -> Session:
        heads = ["科目编码", "30101基本工资", "30201办公费", "基本支出"]
        title = "某局一般公共预算财政拨款支出"
        return session(book(tmp_path, [[title], heads, [A, 6000, 400, whole]]))

    read = answered(reader(6400), "经济分类=一般公共基本支出")
    assert read == {f"{A}·基本支出": 6400, "30101·金额": 6000, "30201·金额": 400}
    odd = reader(6500)
    odd.correct("经济分类=一般公共基本支出")
    assert "“基本支出”是6500，各经济分类合起来是6400" in asked(odd)[0].message


def test_an_answer_about_an_account_leaves_rows_that_name_their_nature(tmp_path: Path) -> None:
    rows = [
        ["7101", "行政支出", 300, None],
        ["7101001", f"行政支出/{A}行政运行", 100, None],
        ["7101002", f"行政支出/项目支出/{B}管理", 200, None],
    ]
    reader = session(book(tmp_path, [LEDGER, *rows]))
    assert answered(reader, "行政支出=基本支出") == {f"{A}·基本支出": 100, f"{B}·项目支出": 200}


def test_costs_too(tmp_path: Path) -> None:
    rows = [["5001001", f"业务活动费用/{A}行政运行", 100, None]]
    rows += [["5001002", f"业务活动费用/项目支出/{B}管理", 60, None]]
    reader = session(book(tmp_path, [LEDGER, *rows]))
    assert answered(reader, "业务活动费用=基本支出") == {
        f"{A}·基本支出": 100,
        f"{B}·项目支出": 60,
    }


def test_spending_without_an_account_is_answered_by_its_codes(tmp_path: Path) -> None:
    rows: Rows = [["7201", "2010350事业运行", 100, None], ["7202", f"{B}管理", 30, None]]
    reader = session(book(tmp_path, [LEDGER, *rows]))
    (question,) = asked(reader)
    assert not any(answer.startswith("支出=") for answer in question.answers)
    assert answered(reader, "2010350=基本支出", f"{B}=项目支出") == {
        "2010350·基本支出": 100,
        f"{B}·项目支出": 30,
    }


def test_a_word_of_a_list_is_settled_beside_a_ledger(tmp_path: Path) -> None:
    listed = book(tmp_path, [LIST, [A, "日常类", 100], [B, "日常类", 50]], "清单.xlsx")
    ledger = [LEDGER, ["7101001", "行政支出-基本支出-2010350事业运行", 60, None]]
    reader = session(listed, book(tmp_path, ledger, "余额.xlsx"), added=True)
    assert answered(reader, "日常类=基本支出") == {
        f"{A}·基本支出": 100,
        f"{B}·基本支出": 50,
        "2010350·基本支出": 60,
    }


@pytest.mark.parametrize(
    ("head", "word", "other", "answer"),
    [
        ("支付状态", "终审", "未终审", "算"),
        ("支出性质", "保障类", "非保障类", "基本支出"),
        ("资金性质", "县级财力", "非县级财力", "一般公共"),
    ],
)
def test_a_word_says_nothing_of_a_longer_one(
    tmp_path: Path, head: str, word: str, other: str, answer: str
) -> None:
    column = "金额" if head == "支出性质" else "基本支出"
    rows = [[A, word, 100], [A, other, 900], [B, word, 50]]
    reader = session(book(tmp_path, [["科目编码", head, column], *rows]))
    assert len(asked(reader)) == 2
    reader.correct(f"{word}={answer}")
    (left,) = asked(reader)
    assert f"“{other}”" in left.message


@pytest.mark.parametrize(
    ("head", "word"),
    [("支付状态", "未支付成功"), ("支出性质", "非项目支出"), ("资金性质", "非一般公共预算")],
)
def test_a_word_that_is_denied_is_asked_about(tmp_path: Path, head: str, word: str) -> None:
    column = "金额" if head == "支出性质" else "基本支出"
    (question,) = asked(session(book(tmp_path, [["科目编码", head, column], [A, word, 100]])))
    assert f"“{word}”" in question.message


@pytest.mark.parametrize(
    ("head", "answer"), [("支付状态", "算"), ("支出性质", "基本支出"), ("资金性质", "一般公共")]
)
def test_a_word_may_look_like_the_letter_of_a_column(
    tmp_path: Path, head: str, answer: str
) -> None:
    column = "金额" if head == "支出性质" else "基本支出"
    reader = session(book(tmp_path, [["科目编码", head, column], [A, "B", 100]]))
    assert answered(reader, f"B={answer}") == {f"{A}·基本支出": 100}


def test_the_last_month_is_chosen_for_these_files_alone(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for month in (10, 11, 12):
        sheet = made.create_sheet(f"{month}月")
        for row in (["科目编码", "支出性质", "本年累计"], [A, "基本支出", 100 * month]):
            sheet.append(row)
    made.remove(made["Sheet"])
    made.save(tmp_path / "累计.xlsx")
    reader = session(tmp_path / "累计.xlsx")
    assert answered(reader, "几张表=最后一个月") == {f"{A}·基本支出": 1200}
    reader.correct("C=金额")
    imported = reader.read()
    assert figures(imported) == {f"支出决算表 {A}·基本支出": 1200}
    assert "不要的工作表" not in reader.agreed(imported)


def test_one_of_two_columns_whose_heads_differ_in_the_unit(tmp_path: Path) -> None:
    rows: Rows = [["科目编码", "基本支出（元）", "基本支出（万元）"], [A, 5000, 0.6]]
    reader = session(book(tmp_path, rows))
    assert answered(reader, "C=不要") == {f"{A}·基本支出": 5000}


def test_rows_below_a_list_that_are_carried_over(tmp_path: Path) -> None:
    rows: Rows = [["科目编码", "科目名称", "基本支出"], [A, "行政运行", 300], ["合计", None, 300]]
    rows += [["年初结转结余", None, 20], ["保证金", None, 7]]
    reader = session(book(tmp_path, rows))
    assert answered(reader, "年初结转结余=总表.收入.年初结转和结余", "保证金=不要") == {
        f"{A}·基本支出": 300,
        "收入·年初结转和结余": 20,
    }


@pytest.mark.parametrize(
    ("heads", "below", "expected"),
    [
        (["合计", "基本支出", "项目支出"], [25, 20, 5], 25),
        (["合计", "基本支出", "项目支出"], [25, None, None], 25),
        (["1月", "2月", "全年"], [25, None, 25], 25),
        (["合计", "基本支出", "项目支出"], [30, 20, 5], "合计30不等于这一行各栏之和25"),
        (
            ["基本支出", "财政拨款基本支出", "项目支出"],
            [20, 15, 5],
            "这一行在几张表的栏目里都有数，看不出哪一栏包括哪一栏",
        ),
    ],
)
def test_a_row_below_a_list_counts_once(
    tmp_path: Path, heads: list[str], below: list[int | None], expected: int | str
) -> None:
    """In several columns: not with their total or the whole year too, nor where one may be a part of another."""
    spent = {"1月": 100, "2月": 200, "项目支出": None}
    row = [A, "行政运行", "基本支出", *(spent.get(head, 300) for head in heads)]
    rows: Rows = [
        ["科目编码", "科目名称", "支出性质", *heads],
        row,
        ["年初结转", None, None, *below],
    ]
    reader = session(book(tmp_path, rows))
    reader.correct("年初结转=总表.收入.年初结转和结余")
    if isinstance(expected, int):
        assert figures(reader.read())["收入支出决算总表 收入·年初结转和结余"] == expected
    else:
        assert expected in {problem.message for problem in asked(reader)}


def test_a_part_that_is_not_wanted_leaves_the_total_to_be_compared(tmp_path: Path) -> None:
    rows: Rows = [["收入项目", "金额"], ["财政拨款收入", 100], ["其中：代管", 20], ["事业收入", 50]]
    reader = session(book(tmp_path, [*rows, ["合计", 160]]))
    reader.correct("其中：代管=不要")
    assert [problem.message for problem in asked(reader)] == ["合计160不等于各行之和150"]


def test_a_total_holds_neither_funds_nor_what_is_not_wanted(tmp_path: Path) -> None:
    rows: Rows = [["收入项目", "金额"], ["财政拨款收入", 150], ["政府性基金", 100], ["押金", 4]]
    reader = session(book(tmp_path, [*rows, ["合计", 150]]))
    assert answered(reader, "押金=不要")["合计·财政拨款收入"] == 150


def test_a_remark_in_the_cell_of_the_code_is_not_answered_by_leaving_out_the_codes(
    tmp_path: Path,
) -> None:
    rows: Rows = [["科目", "基本支出"], [f"{A}行政运行（上年）", 300]]
    (question,) = asked(session(book(tmp_path, rows)))
    assert "不要" not in question.hint


def test_a_total_may_hold_a_row_that_is_not_wanted(tmp_path: Path) -> None:
    rows: Rows = [["收入项目", "金额"], ["事业收入", 90], ["课后服务费", 6], ["代管资金", 4]]
    reader = session(book(tmp_path, [*rows, ["合计", 100]]))
    reader.correct("课后服务费=总表.收入.事业收入")
    assert answered(reader, "代管资金=不要") == {"收入·事业收入": 96}
    listed: Rows = [["科目编码", "科目名称", "基本支出"], [A, "行政运行", 30], [None, "押金", 4]]
    reader = session(book(tmp_path, [*listed, ["合计", None, 34]], "清单.xlsx"))
    assert answered(reader, "押金=不要") == {f"{A}·基本支出": 30}


def test_the_row_of_an_unknown_name_is_named_by_a_person(tmp_path: Path) -> None:
    """The command offers no row that could be copied blindly: 其他收入 is no better than another."""
    text = (
        "某局2023年决算数（单位：元）\n科目编码,基本支出\n2130301,800\n\n收入,金额\n零星进账,50\n"
    )
    (tmp_path / "表.csv").write_text(text, encoding="utf-8", newline="")
    asked = xltool(*IMPORT, folder=tmp_path)
    assert "回答 零星进账=总表.收入.行名（行名：" in asked.err and "、事业收入、" in asked.err
    blind = xltool(*IMPORT, "--answer", "零星进账=总表.收入.行名", folder=tmp_path)
    assert (blind.code, (tmp_path / "数.json").exists()) == (2, False)
    done = xltool(*IMPORT, "--answer", "零星进账=总表.收入.事业收入", folder=tmp_path)
    assert done.code == 0 and '"事业收入": 50' in (tmp_path / "数.json").read_text("utf-8")


def test_spending_of_this_year_beside_that_of_carry_over_is_asked_about(tmp_path: Path) -> None:
    """当年支出 alone heads names in other lists: over figures it was a table that nobody knew, or left out."""
    text = "某局2023年决算支出（单位：元）\n科目编码,科目名称,上年结转支出,当年支出\n2130301,行政运行,100,800\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8", newline="")
    asked = xltool(*IMPORT, folder=tmp_path)
    assert asked.code == 2 and "表.csv D2：不认识列名“当年支出”，这一列有数" in asked.err
    assert "回答 D=基本支出" in asked.err
    done = xltool(*IMPORT, "--answer", "D=基本支出", "--answer", "C=不要", folder=tmp_path)
    assert done.code == 0 and '"基本支出": 800' in (tmp_path / "数.json").read_text("utf-8")


def test_spending_out_of_carry_over_is_added_when_a_person_says_so(tmp_path: Path) -> None:
    text = "某局2023年决算支出（单位：元）\n科目编码,上年结转,,当年,\n,基本支出,项目支出,基本支出,项目支出\n"
    text += "2130301,100,20,800,\n2130305,,30,,500\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8", newline="")
    asked = xltool(*IMPORT, folder=tmp_path)
    assert "回答 B=基本支出（" in asked.err and "回答 C=项目支出（" in asked.err, asked.err
    left = xltool(*IMPORT, "--answer", "B=不要", "--answer", "C=不要", folder=tmp_path)
    assert left.code == 0 and "= 900" not in left.out
    (tmp_path / "导入映射.yaml").unlink()
    words = ("--force", "--answer", "B=基本支出", "--answer", "C=项目支出")
    added = xltool(*IMPORT, *words, folder=tmp_path)
    assert added.code == 0, added.err
    assert "2130301·基本支出 = 900" in added.out and "2130305·项目支出 = 530" in added.out


def test_a_column_of_words_without_a_head_takes_its_answer(tmp_path: Path) -> None:
    """Staff and cars beside the list: the column of numbers was settled, that of their words was refused."""
    rows: Rows = [
        ["科目编码", "科目名称", "基本支出"],
        [A, "行政运行", 108, None, None, "人数", 32],
        [B, "管理", 45, None, None, "车辆", 2],
    ]
    reader = session(book(tmp_path, rows))
    answers = ("G=不要", "F=不要")
    assert answered(reader, *answers) == {f"{A}·基本支出": 108, f"{B}·基本支出": 45}


def test_a_sheet_of_totals_is_not_added_to_those_that_it_adds_up(tmp_path: Path) -> None:
    """Twelve months and their total: the answer that was offered, to add them up, counted all of it twice."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, first, second in (("一股", 3, 1), ("二股", 4, 1), ("三股", 1, 2), ("汇总", 8, 4)):
        sheet = made.create_sheet(name)
        for row in (["科目编码", "基本支出"], [A, first], [B, second]):
            sheet.append(row)
    made.save(tmp_path / "表.xlsx")
    for added in (False, True):
        reader = session(tmp_path / "表.xlsx", added=added)
        assert "汇总=不要" in {a for problem in asked(reader) for a in problem.answers}
    assert answered(reader, "汇总=不要") == {f"{A}·基本支出": 8, f"{B}·基本支出": 4}
