"""What stops people at a terminal: forms by suffix, -h, examples, narrow windows, old encodings, names of tables."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import openpyxl
import pytest

from tests.support.terminal import ROOT, xltool
from xltool.checks import validate
from xltool.checks.explaining import explain, unused
from xltool.checks.explanations import Explanation
from xltool.cli.app import cli
from xltool.cli.examples import EXAMPLES
from xltool.cli.wrapping import display_width, wrapped
from xltool.core.resources import DOCS, SAMPLES
from xltool.documents.load import from_raw

BOOK = SAMPLES / "sgb-2024.xlsx"


# ── forms by suffix ──


@pytest.mark.parametrize(
    ("name", "begins"), [("r.html", "<!doctype html>"), ("r.json", "{"), ("r.txt", "sgb-2024.xlsx")]
)
def test_the_suffix_decides_the_form(tmp_path: Path, name: str, begins: str) -> None:
    xltool("validate", BOOK, "-o", name, folder=tmp_path)
    assert (tmp_path / name).read_text(encoding="utf-8").lower().startswith(begins.lower())


def test_a_form_that_is_given_stands(tmp_path: Path) -> None:
    xltool("validate", BOOK, "-o", "r.txt", "--format", "json", folder=tmp_path)
    assert (tmp_path / "r.txt").read_text(encoding="utf-8").startswith("{")


# ── help ──


def leaves(group: click.Group, above: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        path = f"{above} {name}".strip()
        found |= leaves(command, path) if isinstance(command, click.Group) else {path: command}
    return found


COMMANDS = leaves(cli)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_help_has_examples_that_can_be_typed(path: str) -> None:
    command = COMMANDS[path]
    page = command.get_help(click.Context(command, info_name=path))
    for line in EXAMPLES[path]:
        words = shlex.split(line)
        assert words[: 1 + len(path.split())] == ["xltool", *path.split()]
        command.make_context(path, words[1 + len(path.split()) :])
        assert line.split()[-1] in page


def test_a_report_is_not_written_under_the_suffix_of_another_program(tmp_path: Path) -> None:
    book = SAMPLES / "sgb-2024.xlsx"
    answer = xltool("validate", book, "-o", "报告.xlsx", folder=tmp_path)
    assert answer.code == 2
    assert "报告写不成 .xlsx" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["read"], ["import", "--yes"]], ids=lambda words: words[0])
def test_a_document_is_not_written_under_the_suffix_of_another_program(
    words: list[str], tmp_path: Path
) -> None:
    answer = xltool(*words, SAMPLES / "sgb-2024.xlsx", "-o", "数据.csv", folder=tmp_path)
    assert answer.code == 2
    assert "数据.csv：数据文档写不成 .csv（后缀用 .json；" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("group", ["addin", "mapping", "season", "editions"])
def test_groups_of_commands_have_examples_too(group: str, tmp_path: Path) -> None:
    assert f"例：\n    xltool {group}" in xltool(group, "-h", folder=tmp_path).out


def test_h_is_help(tmp_path: Path) -> None:
    for words in (["-h"], ["fill", "-h"], ["rules", "show", "-h"]):
        answer = xltool(*words, folder=tmp_path)
        assert answer.code == 0
        assert "用法" in answer.out


# ── the window ──


def on_terminal(width: int, *words: str | Path, **environment: str) -> str:
    """What a command prints on a terminal of this width."""
    import pty

    leader, follower = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": str(width), **environment}
    env.pop("PYTHONUTF8", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "xltool", *map(str, words)],
        stdin=follower, stdout=follower, stderr=follower, env=env, close_fds=True,
    )  # fmt: skip
    os.close(follower)
    printed = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    process.wait(timeout=300)
    os.close(leader)
    return printed.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 没有这种终端")
@pytest.mark.parametrize("width", [60, 80])
def test_narrow_windows(width: int, tmp_path: Path) -> None:
    wrong = tmp_path / "错.xlsx"
    change = "支出决算表.明细[2013901].基本支出=1234567.89"
    assert xltool("set", BOOK, "-o", wrong, change, folder=tmp_path).code == 0
    shown = on_terminal(width, "validate", wrong, NO_COLOR="1", TERM="xterm")
    assert "\x1b[" not in shown
    lines = shown.replace("\r", "").splitlines()
    assert max(map(display_width, lines)) <= width
    assert any(line.startswith("      ") for line in lines)
    assert "1,234,567.89" in shown
    assert not any(line.lstrip().startswith(("，", "。", "）", "；")) for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 没有这种终端")
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
)  # fmt: skip
def test_colours_only_where_they_are_wanted(environment: dict[str, str], coloured: bool) -> None:
    assert ("\x1b[" in on_terminal(80, "validate", BOOK, **environment)) is coloured


def test_numbers_and_addresses_are_not_broken() -> None:
    text = "  不符 X-05 收入支出决算总表·支出·一般公共服务支出 1,234,567.89，应等于 1,234,560.00（C12:C20；公开03!E7）"
    for width in range(40, 110):
        lines = wrapped(text, width).splitlines()
        assert max(map(display_width, lines)) <= width
        for whole in ("1,234,567.89", "1,234,560.00", "C12:C20", "X-05"):
            assert any(whole in line for line in lines)
        assert "".join(line.strip() for line in lines) == text.replace("\n", "").strip() or (
            " ".join(line.strip() for line in lines).replace(" ", "") == text.replace(" ", "")
        )


def test_signs_that_a_console_lacks_have_twins(tmp_path: Path) -> None:
    (tmp_path / "数据.json").write_text(
        '{"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元",'
        ' "表": {"支出决算表": {"合计": {"基本支出": "八"}}}}',
        encoding="utf-8",
    )
    answer = xltool("fill", "数据.json", "-o", "x.xlsx", folder=tmp_path, encoding="gbk")
    assert "表 > 支出决算表 > 合计 > 基本支出" in answer.err
    assert "?" not in answer.err


# ── names and documents ──


@pytest.mark.parametrize("name", ["公开03表", "公开03", "公开03 支出决算表", "支出决算表"])
def test_tables_have_the_names_that_they_print(name: str) -> None:
    raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元"}
    rows = [{"科目编码": 2010301, "基本支出": 5}]
    report, _ = from_raw({**raw, "$schema": "schema.json", "表": {name: {"明细": rows}}})
    assert report["支出决算表"]["明细"][0]["科目编码"] == "2010301"


def test_a_printed_name_serves_everywhere(tmp_path: Path) -> None:
    words = ("new", "-e", "2023-national", "-o", "空表.xlsx", "--tables", "公开03表")
    assert xltool(*words, folder=tmp_path).code == 0
    assert openpyxl.load_workbook(tmp_path / "空表.xlsx").sheetnames == ["公开03 支出决算表"]
    (tmp_path / "长表.csv").write_text(
        "版本,单位名称,年度,金额单位,表,行,科目编码,列,值\n"
        "2023-national,某局,2024,元,公开03表,明细,2010301,基本支出,5\n"
        "2023-national,某局,2024,元,公开07表,无数据,,,\n",
        encoding="utf-8",
    )
    answer = xltool("fill", "长表.csv", "-o", "报表.xlsx", folder=tmp_path)
    assert "政府性基金预算财政拨款收入支出决算表：说明“本表无数据”" in answer.err
    change = "公开03表.明细[2010301].基本支出=7"
    answer = xltool("set", "报表.xlsx", "-o", "改后.xlsx", change, folder=tmp_path)
    assert answer.code in (0, 1) and (tmp_path / "改后.xlsx").exists()


def test_one_table_under_two_names_is_refused(tmp_path: Path) -> None:
    (tmp_path / "数据.yaml").write_text(
        "版本: 2023-national\n单位名称: 某局\n年度: 2024\n金额单位: 元\n"
        "表:\n  公开03表: {合计: {基本支出: 1}}\n  支出决算表: {合计: {基本支出: 2}}\n",
        encoding="utf-8",
    )
    answer = xltool("fill", "数据.yaml", "-o", "x.xlsx", folder=tmp_path)
    assert answer.code == 2
    assert "同一张表" in answer.err


def test_documents_and_samples_come_along(tmp_path: Path) -> None:
    assert "document\t数据文档" in xltool("docs", folder=tmp_path).out
    page = xltool("docs", "document", folder=tmp_path).out
    assert page.startswith("# 数据文档")
    assert xltool("docs", "documents", folder=tmp_path).code == 2
    assert xltool("docs", "-o", "文档", folder=tmp_path).code == 0
    assert (tmp_path / "文档" / "document.md").is_file()
    assert {p.name for p in (tmp_path / "文档").iterdir()} == {p.name for p in DOCS.iterdir()}
    assert xltool("samples", "-o", "样例", folder=tmp_path).code == 0
    assert (tmp_path / "样例" / "sgb-2024.json").is_file()
    assert "已经有了" in xltool("samples", "-o", "样例", folder=tmp_path).err


def test_words_are_completed(tmp_path: Path) -> None:
    before = "import os; os.environ['_XLTOOL_COMPLETE'] = 'bash_source'"
    answer = xltool(folder=tmp_path, before=before)
    assert answer.code == 0
    assert "_xltool_completion" in answer.out


# ── explanations of a code, the result sheet ──


def test_what_is_said_of_a_code_holds_in_every_table(tmp_path: Path) -> None:
    (tmp_path / "数据.yaml").write_text(
        "版本: 2023-national\n单位名称: 某局\n年度: 2024\n金额单位: 元\n表:\n"
        "  收入决算表: {明细: [{科目编码: 2012677, 科目名称: 新设支出, 其他收入: 5}]}\n"
        "  支出决算表: {明细: [{科目编码: 2012677, 科目名称: 新设支出, 基本支出: 5},"
        " {科目编码: 2012678, 科目名称: 另设支出, 基本支出: 5}]}\n",
        encoding="utf-8",
    )
    assert xltool("fill", "数据.yaml", "-o", "报表.xlsx", folder=tmp_path).code == 0
    findings = validate(tmp_path / "报表.xlsx").findings
    unknown = [f for f in findings if f.code == "code-unknown"]
    assert len(unknown) == 3
    first = unknown[0]
    written = Explanation(first.rule, first.where, "", "", "本年新设", first.message)
    texts = explain(unknown, [written])
    assert [n in texts for n, f in enumerate(unknown)] == [
        f.message == first.message for f in unknown
    ]
    assert len(texts) == 2
    assert unused(unknown, [written]) == []
    other = replace(unknown[-1], code="")
    assert explain([other], [written._replace(message=other.message)]) == {}


def test_the_result_sheet_says_what_it_is_and_what_it_should_be(tmp_path: Path) -> None:
    change = "支出决算表.明细[2013901].基本支出=57.32"
    xltool("set", BOOK, "-o", "错.xlsx", change, folder=tmp_path)
    xltool("validate", "错.xlsx", "--annotate", "标注.xlsx", folder=tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "标注.xlsx")["校验结果"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if "现为" in row)
    first = dict(zip(head, rows[rows.index(head) + 1], strict=True))
    assert (first["单元格"], first["现为"], first["改为"]) == ("D8 支出决算表", 57.32, 51.32)
