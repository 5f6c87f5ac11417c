"""The terminal report: a heading per sheet, causes first, residuals in a line, what was not audited and why."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import click
import openpyxl
import pytest

from tests.reporting.books import BEIGUAN, SGB, broken, clean, filled, with_cells
from tests.support.books import fill_raw
from tests.support.documents import make
from tests.support.editing import edited
from tests.support.terminal import xltool
from xltool.checks import Validation, validate
from xltool.checks.explanations import VOID
from xltool.core.resources import SAMPLES
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import Editor, WorkbookError, make_ref, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reporting.text.terminal import lines

REVIEW = "项目支出绩效自评表"


def told(validation: Validation) -> list[str]:
    """The report as it looks without colours."""
    return [click.unstyle(line) for line in lines(validation)]


def sections(validation: Validation) -> Mapping[str, list[str]]:
    """The lines under each heading; what closes the report is under ""."""
    found: dict[str, list[str]] = {}
    heading = ""
    for before, line in zip(["", *told(validation)[2:]], told(validation)[2:], strict=False):
        if line and not before and not line.startswith(("尾差", "没有审核")):
            assert line not in found, f"two headings: {line}"
            heading = line
        elif line.startswith(("尾差", "没有审核")):
            heading = ""
        if line:
            found.setdefault(heading, []).extend([line] if line != heading else [])
    return found


def printed(folder: Path) -> Validation:
    """A book of printed figures, with a 尾差 nearly everywhere."""
    raw = make(20, "2023-national", details=10, unit="万元", printed=True)
    fill_raw(raw, folder / "印出.xlsx", totals="given")
    return validate(folder / "印出.xlsx")


def test_residuals_of_a_rule_are_one_line(tmp_path: Path) -> None:
    validation = printed(tmp_path)
    residuals = [f for f in validation.findings if f.outcome == "尾差"]
    report = told(validation)
    found = [line for line in report if line.startswith("  尾差")]
    assert len(residuals) > 30
    assert len(found) == len({(f.rule, f.sheet) for f in residuals})
    assert "  尾差 T02-01 4处，最大差 0.01：E7:E10" in found
    assert "  尾差 T01-01 1处，差 0.01：C33" in found
    assert sum("四舍五入" in line for line in report) == 1
    assert max(map(len, report)) < 120


def test_the_table_is_named_in_its_heading_only() -> None:
    report = sections(broken())
    for heading, under in report.items():
        if heading:
            assert [line for line in under if f" {heading}·" in line] == []
    lines = sections(clean(BEIGUAN))["一般公共预算财政拨款支出决算表"]
    other = next(line for line in lines if " X-15 " in line)
    assert "2080505·基本支出 有数，一般公共预算财政拨款基本支出决算表·30108·金额 空白" in other


def test_a_name_that_ends_in_the_heading_is_left_whole() -> None:
    """财政拨款收入支出决算总表 is not 财政拨款 of 收入支出决算总表."""
    slips = {("收入支出决算总表", "B31"): Decimal("-3")}
    under = sections(validate(with_cells(SGB, slips)))["收入支出决算总表"]
    line = next(line for line in under if " X-12 " in line)
    other = "财政拨款收入支出决算总表·收入·年初财政拨款结转和结余"
    assert f"（收入·年初结转和结余 − {other}）" in line


def test_a_cause_stands_before_its_consequences() -> None:
    under = sections(broken())["一般公共预算财政拨款基本支出决算表"]
    assert under[0].startswith("  不符 很可能是 C11 30109 职业年金缴费·金额 错了（现为 -4.64）")
    assert under[1] == "      因此不符：X-09 1处；需核实：X-15 1处"
    assert under[2].strip().startswith("需核实 C-03 -4.64 是负数")
    assert not any("X-09" in line and "应等于" in line for line in told(broken()))


def test_an_unreadable_figure_is_not_called_blank() -> None:
    under = sections(broken())["收入决算表"]
    assert any("2101101 行政单位医疗·财政拨款收入 读不出数" in line for line in under)


def test_what_was_not_audited_is_named_with_its_reason() -> None:
    good = sections(clean(SGB))[""]
    left = [line for line in good if line.startswith("没有审核：")]
    assert left == good[-len(left) :]
    assert "P-01、P-02、P-03、P-06、P-04（没有给上年数，用 --prior" in left[-1]
    (alone,) = [line for line in left if "ALL-04" in line]
    assert alone.endswith("没有可以互相核对的）"), "last year's book would not help"
    unfinished = sections(clean(BEIGUAN))[""]
    assert unfinished[0].startswith("没有审核（必须相符）：T02-02、T06-01（数据不足")
    chosen = validate(filled(SGB), only=["cells"])
    left_out = next(line for line in told(chosen) if line.startswith("没有审核（必须相符）"))
    assert "--only" in left_out and " 等" in left_out


def test_every_unaudited_rule_is_accounted_for() -> None:
    for sample in (SGB, BEIGUAN):
        named = "".join(sections(clean(sample))[""])
        for line in clean(sample).ledger.lines.values():
            assert (line.rule.id in named) == (line.outcome in ("数据不足", "未执行"))


def test_three_projects_have_three_headings(tmp_path: Path) -> None:
    raw = make(5, "2021-national", details=10, unit="万元", printed=True)
    book = tmp_path / "三个项目.xlsx"
    fill_raw(raw, book, totals="given")
    book = tmp_path / f"三个项目-{REVIEW}.xlsx"
    reading = validate(book).reading
    sheets = [s.located.sheet.name for s in reading.found_tables if s.mapping.table == REVIEW]
    assert len(sheets) == 3
    places = {s.instance: s.located for s in reading.found_tables if s.mapping.table == REVIEW}
    cells = {
        (sheet, places[n].fields["总分", "得分"]): Decimal(n + 1) for n, sheet in enumerate(sheets)
    }
    report = sections(validate(edited_cells(book, cells)))
    headings = [heading for heading in report if heading.startswith(REVIEW)]
    assert len(headings) == 3
    for n, sheet in enumerate(sheets, 1):
        (heading,) = (h for h in headings if h.startswith(f"{REVIEW}　工作表“{sheet}”"))
        assert f"{n}.00" in "\n".join(report[heading])


def edited_cells(book: Path, cells: Mapping[tuple[str, str], Decimal]) -> bytes:
    """A workbook with other figures in some cells."""

    def put(editor: Editor) -> None:
        for (sheet, ref), value in cells.items():
            editor.set(sheet, ref, value, over_formula=True)

    return edited(book.read_bytes(), put)


def test_growth_is_told_in_percent(tmp_path: Path) -> None:
    data = json.loads((SAMPLES / "sgb-2024.json").read_text(encoding="utf-8"))
    data["年度"] = 2023
    data["表"]["收入支出决算总表"] = {
        "收入": {"一般公共预算财政拨款收入": 29.54},
        "支出": {"一般公共服务支出": 29.54},
    }
    (tmp_path / "上年.json").write_text(json.dumps(data), encoding="utf-8")
    said = xltool("validate", SAMPLES / "sgb-2024.xlsx", "--prior", "上年.json", folder=tmp_path)
    growth = "P-04 收入·总计 比上年增长942%（上年 29.54，本年 307.82），说明原因"
    assert growth in said.out
    assert "绝对值" not in said.out and "没有给上年数" not in said.out


def test_a_constant_is_not_told_twice() -> None:
    slips = {("一般公共预算财政拨款基本支出决算表", "C11"): Decimal("-4.64")}
    found = [
        f.message for f in validate(with_cells(SGB, slips)).findings if "不应小于" in f.message
    ]
    assert [message for message in found if "0 0.00" in message] == []
    slips = {("收入支出决算总表", "B6"): Decimal("-3")}
    found = [
        f.message for f in validate(with_cells(SGB, slips)).findings if "不应小于" in f.message
    ]
    assert found and all("不应小于 0，差 " in message for message in found)


def test_a_date_says_what_to_do() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(SGB)))
    book["收入支出决算总表"]["B6"].number_format = "yyyy-mm-dd"
    buffer = io.BytesIO()
    book.save(buffer)
    report = told(validate(buffer.getvalue(), only=["cells"]))
    at = next(n for n, line in enumerate(report) if "日期格式" in line)
    assert report[at + 1].strip().startswith("→ 改成数值格式")


def test_the_html_report_tells_the_verdict(tmp_path: Path) -> None:
    good, other = SAMPLES / "sgb-2024.xlsx", SAMPLES / "beiguan-2021.xlsx"
    one = xltool("validate", good, "--format", "html", "-o", "一.html", folder=tmp_path)
    assert one.out == "sgb-2024.xlsx　结论：合格　报告：一.html\n"
    two = xltool("validate", good, other, "--format", "html", "-o", "多", folder=tmp_path)
    assert [line.split("　")[1] for line in two.out.splitlines()] == [
        "结论：合格",
        "结论：未完成审核",
    ]


def test_a_marked_copy_brings_its_explanations(tmp_path: Path) -> None:
    other = SAMPLES / "beiguan-2021.xlsx"
    assert xltool("validate", other, "--annotate", "标注.xlsx", folder=tmp_path).code == 1
    editor = Editor(open_workbook(tmp_path / "标注.xlsx"))
    sheet = result_sheet(editor.workbook)
    assert sheet is not None and sheet.extent is not None
    rows = {
        (row, column): sheet.value(make_ref(row, column))
        for row in range(1, sheet.extent.bottom + 1)
        for column in range(1, sheet.extent.right + 1)
    }
    head = next(row for (row, _), value in rows.items() if value == "说明")
    columns = {value: column for (row, column), value in rows.items() if row == head}
    (line, *_) = (
        row
        for row in range(head + 1, sheet.extent.bottom + 1)
        if rows[row, columns["规则"]] == "F-01" and "代替" in str(rows[row, columns["问题"]])
    )
    editor.set(sheet.name, make_ref(line, columns["说明"]), "按上级批复手工填列")
    editor.save(tmp_path / "已说明.xlsx")
    told_ = xltool("validate", "已说明.xlsx", folder=tmp_path)
    assert "已说明 1 处" in told_.out and "说明：按上级批复手工填列" in told_.out
    assert VOID not in told_.out


def test_the_bare_command_prints_its_help(tmp_path: Path) -> None:
    bare = xltool(folder=tmp_path)
    assert (bare.code, bare.err) == (0, "")
    assert "用法" in bare.out and "validate" in bare.out


def test_a_file_is_named_once(tmp_path: Path) -> None:
    said = xltool("validate", "没有.xlsx", folder=tmp_path).err
    assert said.count("没有.xlsx") == 1 and "《" not in said


@pytest.mark.parametrize(
    ("file", "where", "said"),
    [
        ("a.xlsx", "a.xlsx", "a.xlsx：坏了"),
        ("a.xlsx", "夹/a.xlsx", "夹/a.xlsx：坏了"),
        ("a.xlsx", "出.xlsx", "a.xlsx：坏了"),
        ("a.xlsx", "", "a.xlsx：坏了"),
        (None, "出.xlsx", "出.xlsx：坏了"),
        (None, "", "坏了"),
    ],
)
def test_what_is_wrong_with_which_file(file: str | None, where: str, said: str) -> None:
    assert str(workbook_problem(WorkbookError("corrupt", "坏了", file=file), where)) == said
