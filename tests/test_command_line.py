"""The command line as such: every option of every command refuses wrong values in Chinese, with exit code 2."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.terminal import ROOT
from xltool.cli.app import cli, run

Words = tuple[str, ...]
FOREIGN = re.compile(r"[A-Za-z']+ [A-Za-z']+ [A-Za-z']+")
"""Three words of another language in a row; command lines (xltool mapping show) are taken out before."""
NO_NUMBERS = ("abc", "", "nan", "inf", "-inf", "1e400", "-1e400")


def commands(group: click.Group, above: Words = ()) -> Iterator[tuple[Words, click.Command]]:
    """Every command and group with the words that call it."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


ALL = dict(commands(cli))
ENDS = [words for words, command in ALL.items() if not isinstance(command, click.Group)]


def wrong_values(kind: click.ParamType) -> Iterator[str]:
    """Texts that an option of this type must refuse."""
    if isinstance(kind, click.Choice):
        yield from ("", "没有这个", "zzz")
    elif isinstance(kind, (click.IntRange, click.FloatRange)):
        yield from NO_NUMBERS
        yield from (str(bound - 1) for bound in (kind.min,) if bound is not None)
        yield from (str(bound + 1) for bound in (kind.max,) if bound is not None)
    else:
        assert isinstance(kind, (click.Path, click.types.StringParamType)), (
            "a new type: add it here"
        )


def arguments(command: click.Command, but: click.Parameter | None = None) -> list[str]:
    """What a command cannot do without, apart from one parameter."""
    given: list[str] = []
    for param in command.params:
        if param.required and param is not but:
            given += [param.opts[0]] if isinstance(param, click.Option) else []
            given.append("有")
    return given


def wrong_lines(words: Words) -> Iterator[list[str]]:
    """Command lines of one command, each with one fault."""
    command = ALL[words]
    whole = [*words, *arguments(command)]
    yield [*whole, "--no-such-option"]
    yield [*whole, f"--{max((o for p in command.params for o in p.opts), key=len)[2:]}x"]
    if all(param.nargs == 1 for param in command.params):
        yield [*whole, "多", "more arguments (here)"]
    for param in command.params:
        if param.required:
            yield [*words, *arguments(command, param)]
        if not isinstance(param, click.Option):
            continue
        name = param.opts[-1]
        if param.is_flag:
            yield [*whole, f"{name}=1"]
            continue
        yield [*whole, name]
        yield from ([*whole, name, value] for value in wrong_values(param.type))


@pytest.fixture(autouse=True)
def no_command_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is not refused must not do anything."""
    for words in ENDS:
        monkeypatch.setattr(ALL[words], "callback", lambda **_: pytest.fail("accepted"))


def refusal(line: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:  # type: ignore[type-arg]
    """What is said of a wrong command line, which must be one Chinese line."""
    monkeypatch.setattr(sys, "argv", ["xltool", *line])
    code = run()
    said = capsys.readouterr()
    assert (code, said.out) == (2, ""), line
    assert re.fullmatch(r"错误：.*[一-鿿].*（用法见 xltool[a-z -]* --help）\n", said.err), (
        line,
        said.err,
    )
    own = re.sub(r"xltool[a-z -]* --help|多 .*\(here\)", "", said.err)
    assert not FOREIGN.search(own), (line, said.err)
    return str(said.err)


@pytest.mark.parametrize("words", ENDS, ids=" ".join)
def test_wrong_values_are_refused_in_chinese(
    words: Words, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in wrong_lines(words):
        said = refusal(line, monkeypatch, capsys)
        assert "命令写得不对" not in said, line
        assert f"xltool {words[0]}" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["convert", "a", "-o", "b", "--timeout", "abc"], "--timeout 不对：应是 0.1 到 86400 的数"),
        (["serve", "--port", "70000"], "--port 不对：应是 0 到 65535 的整数"),
        (["validate", "a", "--summed", "0"], "--summed 不对：应是不小于 1 的整数"),
        (["fill", "a", "-o", "b", "--totals", "x"], "--totals 不对：只能是 formula、given"),
        (["fill", "a", "-o"], "选项 -o 后面要跟一个值（用法见 xltool fill --help）"),
        (["fill", "a", "--force=1"], "选项 --force 后面不要跟值（用法见 xltool fill --help）"),
        (["fill", "a", "--tot", "given"], "没有选项 --tot，是不是 --totals？"),
        (["fill"], "缺少 数据"),
        (["schema", "a", "b"], "多出的参数 a b"),
        (["validat", "a"], "没有命令 validat，是不是“validate”？"),
        (
            ["mapping"],
            "没有写命令，可用：answer、check、copy、init、show（用法见 xltool mapping --help）",
        ),
        (["mapping", "x"], "没有命令 x，可用：answer、check、copy、init、show"),
        (["--nothing"], "没有选项 --nothing"),
    ],
)
def test_what_is_wrong_is_said(
    line: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert said in refusal(line, monkeypatch, capsys)


def test_a_sentence_of_click_that_is_not_known_is_not_passed_on() -> None:
    from xltool.cli.chinese import usage_message

    for error in (
        click.UsageError("Some new sentence of a newer version"),
        click.BadParameter("Some new sentence of a newer version"),
        click.ClickException("Some new sentence of a newer version"),
    ):
        assert "sentence" not in usage_message(error)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_help_of_a_command_is_chinese(
    words: Words, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["xltool", *words, "--help"])
    assert run() == 0
    shown = capsys.readouterr().out
    assert not re.search(r"OPTIONS|COMMAND|ARGS|Usage|Options|Commands", shown)
    assert not FOREIGN.search(re.sub(r"xltool [a-z -]*", "", shown))


@pytest.mark.parametrize("line", [["rules", "list"], ["--version"]], ids=" ".join)
def test_an_output_that_nobody_reads_is_no_finding(line: list[str], tmp_path: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "xltool", *line],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout and command.stderr
    command.stdout.close()
    said = command.stderr.read()
    command.stderr.close()
    assert (command.wait(), said) == (2, b"")
