"""What a clerk is told when figures cannot be derived: which ones to add, in a command to copy, up to 合格."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.support.terminal import xltool
from xltool.entry.derive import Open
from xltool.entry.fewest import wanted

ROWS = [
    ["单位名称：某县水利局", None, None, None, None, None, "期间：2024.01-2024.12"],
    ["科目编码", "科目名称", "支出功能分类", "经济分类", "年初余额", "本年借方", "本年贷方", "期末余额"],
    ["6001", "财政拨款预算收入", None, None, 0, 900000, 900000, 0],
    ["6601", "其他预算收入", None, None, 0, 3000, 3000, 0],
    ["7101010101", "行政支出/财政拨款支出/基本支出/人员", "2130301 行政运行", "30101 基本工资", 0, 500000, 500000, 0],
    ["7101010102", "行政支出/财政拨款支出/项目支出", "2130314 防汛", "30227 委托业务费", 0, 250000, 250000, 0],
]  # fmt: skip


def test_the_messages_lead_from_a_ledger_to_a_sound_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "余额表.xlsx")
    asked = xltool("import", "余额表.xlsx", "-e", "2023-national", "-o", "数.json", folder=tmp_path)
    assert asked.code == 2 and "--unit" in asked.err
    words = (
        "import",
        "余额表.xlsx",
        "-e",
        "2023-national",
        "--unit",
        "元",
        "-o",
        "数.json",
        "--yes",
    )
    told = xltool(*words, folder=tmp_path)
    assert "一起用，只差2个" in told.err and "年初没有结转：上年没有结转结余" in told.err
    assert "的3,000.00在哪个科目，没有填（2130301 行政运行、2130314 防汛）" in told.err
    (line,) = commands(told.err)
    assert line.startswith("xltool fill 数.json -o 报表.xlsx --derive --assume 没有填的是零")
    assert "推算不出来" in xltool(*line.split()[1:6], folder=tmp_path).err
    line = line.replace("报表.xlsx", "报.xlsx")
    as_printed = xltool(*line.split()[1:], folder=tmp_path)
    assert as_printed.code == 2 and "“?”不是科目编码" in as_printed.err
    typed = line.replace("[?].其他收入", "[2130301].其他收入").replace("=?", "=650000")
    done = xltool(*typed.split()[1:], folder=tmp_path)
    assert done.code == 0 and "推算不出来" not in done.err, done.err
    assert "接着：xltool finish 报.xlsx -o 上报稿.xlsx" in done.err
    finished = xltool("finish", "报.xlsx", "-o", "上报稿.xlsx", folder=tmp_path)
    assert "结论：合格" in finished.out, finished.err
    # what a copy to hand in would not be rid of is not passed over
    words = (*typed.replace("报.xlsx", "另.xlsx").split()[1:], "--set", "整体自评.部门名称=别的局")
    other = xltool(*words, folder=tmp_path)
    assert "未完成审核" in other.err and "xltool finish" not in other.err


def commands(text: str) -> list[str]:
    """The commands to fill once more that a message holds."""
    return [line.strip() for line in text.splitlines() if line.strip().startswith("xltool fill")]


def test_where_other_income_was_spent_is_asked_and_not_taken_for_zero(tmp_path: Path) -> None:
    text = "某局2024年决算数（单位：元）\n科目编码,科目名称,基本支出,项目支出\n"
    text += "2130301,行政运行,800000,\n2130305,水利工程建设,,500000\n合计,,800000,500000\n\n"
    text += "收入,金额\n财政拨款,1250000\n其他收入,50000\n年初结转,0\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8", newline="")
    words = ("import", "表.csv", "-e", "2023-national", "--unit-name", "某局", "-o", "数.json")
    read = xltool(*words, "--yes", folder=tmp_path)
    assert read.code == 0
    sheet = "xltool import 表.csv -o 填数.xlsx -e 2023-national --unit-name 某局 --yes"
    assert f"做成填数表填：{sheet}" in read.err
    told = xltool("fill", "数.json", "-o", "报.xlsx", "--derive", folder=tmp_path)
    (line,) = commands(told.err)
    left = " --set 收入表.明细[?].其他收入=50000 --set 基本支出.明细[?].金额=?"
    assert "  没有结转：" in told.err and line.endswith(left)
    line = line.replace("[?].其他收入", "[2130301].其他收入").replace(
        "[?].金额=?", "[30101].金额=750000"
    )
    done = xltool(*line.split()[1:], folder=tmp_path)
    assert "接着：xltool finish" in done.err, done.err


def test_as_few_figures_as_settle_the_rest_are_asked_for() -> None:
    open_ = [
        Open(frozenset({"甲.合计", "甲.一", "甲.二"}), "甲.合计"),
        Open(frozenset({"甲.一", "乙.一"}), ""),
        Open(frozenset({"乙.一", "乙.年初"}), ""),
    ]
    assert wanted(open_) == ["乙.年初", "甲.二"]
    assert wanted([]) == []


def test_a_figure_that_an_option_gives_is_filled_and_a_wrong_address_refused(
    tmp_path: Path,
) -> None:
    text = "版本: 2023-national\n单位名称: 某局\n年度: 2024\n金额单位: 万元\n表: {}\n"
    (tmp_path / "数.yaml").write_text(text, encoding="utf-8", newline="\n")
    words = ("fill", "数.yaml", "-o", "报.xlsx", "--set")
    wrong = xltool(*words, "支出表.明细[2010101].基本指出=5", "--set", "总表.甲=3", folder=tmp_path)
    assert wrong.code == 2 and "基本支出" in wrong.err and len(wrong.err.splitlines()) == 2
    assert xltool(*words, "支出表.明细[2010101].基本支出=5", folder=tmp_path).code == 0
    read = xltool("read", "报.xlsx", folder=tmp_path)
    assert '"基本支出": 5' in read.out


def test_of_many_rows_the_parts_are_asked_for_and_their_totals_follow() -> None:
    rows, columns = 200, ("基本支出", "项目支出", "经营支出")
    parts = [[f"明细[{row:03}].{column}" for column in columns] for row in range(rows)]
    down = [Open(frozenset((f"合计.{c}", *each)), f"合计.{c}")
            for c, each in zip(columns, zip(*parts, strict=True), strict=True)]  # fmt: skip
    across = [Open(frozenset(row), "") for row in parts]
    asked = wanted([*across, *down])
    assert len(asked) == rows * (len(columns) - 1)
    assert not any(name.startswith("合计") for name in asked)


def test_the_command_to_copy_is_the_one_that_was_given(tmp_path: Path) -> None:
    row = '{科目编码: "2010101", 本年支出合计: 10.123456}'
    text = "版本: 2023-national\n单位名称: 某局\n年度: 2024\n金额单位: 万元\n表:\n  支出决算表:\n    明细:\n"
    (tmp_path / "数.yaml").write_text(f"{text}    - {row}\n", encoding="utf-8", newline="\n")
    given = ("--totals given --live-checks --derive --assume 支出都是一般公共预算 --assume 没有结转 "
             "--assume 只有一般公共预算 --assume 没有填的是零 --keep-fractions --check")  # fmt: skip
    filled = xltool("fill", "数.yaml", "-o", "报 1.xlsx", *given.split(), folder=tmp_path)
    (line,) = commands(filled.err)
    assert line.startswith(f'xltool fill 数.yaml -o "报 1.xlsx" --force {given} --set ')
    assert '哪里要改：xltool validate "报 1.xlsx"' in filled.err
    finished = xltool(
        "finish", "报 1.xlsx", "-e", "2023-national", "-o", "稿.xlsx", folder=tmp_path
    )
    assert 'xltool validate "报 1.xlsx" -e 2023-national --annotate 标注.xlsx' in finished.err


def test_a_total_that_was_given_is_told_although_figures_are_missing(tmp_path: Path) -> None:
    text = "版本: 2023-national\n单位名称: 某局\n年度: 2024\n金额单位: 万元\n表:\n"
    text += '  支出决算表:\n    明细:\n    - {科目编码: "2010101", 本年支出合计: 10}\n'
    text += "  一般公共预算财政拨款基本支出决算表:\n    明细:\n"
    text += '    - {科目编码: "301", 金额: 9}\n    - {科目编码: "30101", 金额: 3}\n'
    (tmp_path / "数.yaml").write_text(text, encoding="utf-8", newline="\n")
    words = ("--assume", "没有结转", "--assume", "支出都是一般公共预算")
    refused = xltool("fill", "数.yaml", "-o", "报.xlsx", *words, folder=tmp_path)
    assert refused.code == 2 and "› 明细 › 301：文档给的是 9" in refused.err, refused.err
