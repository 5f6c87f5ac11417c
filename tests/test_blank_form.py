"""A blank form is said to be one, with what comes first; a form with figures is not; finish heads its report."""

from __future__ import annotations

from pathlib import Path

from tests.support.terminal import xltool

SAMPLE = Path(__file__).parents[1] / "samples" / "sgb-2024.json"


def test_a_blank_form_is_told_from_a_wrong_book(tmp_path: Path) -> None:
    assert xltool("new", "-e", "2024-shanghai", "-o", "空 表.xlsx", folder=tmp_path).code == 0
    told = xltool("validate", "空 表.xlsx", folder=tmp_path)
    assert told.code == 1 and "不合格：空白表样，没有填数，" in told.out
    command = "xltool new -e 2024-shanghai --kind 填数表 -o 填数.xlsx"
    assert command in told.err
    assert xltool(*command.split()[1:], folder=tmp_path).code == 0
    page = xltool("validate", "空 表.xlsx", "-o", "报告.html", folder=tmp_path)
    assert page.code == 1
    assert "这是空白表样，没有填数。" in (tmp_path / "报告.html").read_text(encoding="utf-8")
    refused = xltool("finish", "空 表.xlsx", "-o", "稿.xlsx", folder=tmp_path)
    assert refused.code == 1 and refused.out.startswith("空 表.xlsx　")
    assert command in refused.err and "标注.xlsx" not in refused.err
    sheet = xltool("validate", "填数.xlsx", folder=tmp_path)
    assert sheet.code == 2 and "像是填数表（先填成决算报表：xltool fill" in sheet.err


def test_a_filled_form_is_no_blank_one(tmp_path: Path) -> None:
    filled = xltool("fill", SAMPLE, "-o", "报表(1).xlsx", "--totals", "given", folder=tmp_path)
    assert 'finish "报表(1).xlsx"' in filled.err or 'validate "报表(1).xlsx"' in filled.err
    told = xltool("validate", "报表(1).xlsx", folder=tmp_path)
    assert "空白表样" not in told.out + told.err


def test_tables_are_chosen_by_the_names_that_addresses_have(tmp_path: Path) -> None:
    names = ("--tables", "三公", "--tables", "支出表")
    made = xltool("new", "-e", "2023-national", "-o", "数.csv", *names, folder=tmp_path)
    assert made.code == 0, made.err
    lines = (tmp_path / "数.csv").read_text("utf-8").splitlines()[1:]
    assert {line.split(",")[4] for line in lines} == {
        "支出决算表",
        "财政拨款“三公”经费支出决算表",
    }
