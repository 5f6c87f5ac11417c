"""The group of commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

import click

from xltool.cli import chinese, terminal
from xltool.cli.arguments import expanded
from xltool.cli.examples import add_examples
from xltool.cli.helpformat import HelpFormatter
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.version import __version__

OK, FINDINGS, FAILED = 0, 1, 2
"""Exit codes: clean; findings of level error; could not be done."""

COMMANDS = {
    "addin": "Excel 加载项：生成、安装、卸载、自检",
    "checks-sheet": "在工作簿里加一张审核表：勾稽规则写成公式，随填随算",
    "clean": "清除标注本上的标记、批注和校验结果表",
    "analyze": "分析：与上年、与别的单位比突出的，画成图",
    "convert": "成批转换：许多工作簿转成数据库、表或数据文档",
    "demo": "演示：填报、读取一份样例，并说明打开什么看",
    "disclosure": "公开文档：封面、目录、概况、决算表、情况说明、名词解释",
    "docs": "列出、显示、拷出随工具带着的文档",
    "editions": "列出版本（官方表样）和各版本的表",
    "fill": "按数据文档填报官方工作簿",
    "finish": "做出上报稿：去掉标记和空表，合格才写，旁边写回执",
    "import": "把普通表格（清单、余额表、明细账）变成数据文档",
    "letters": "整改通知：审核结果写成给各单位的信，回来的说明下一轮认",
    "mapping": "检查映射文件，或画出字段所在的位置",
    "narrative": "情况说明的文字：按表写出来，与表逐句核对",
    "new": "给出空白的官方工作簿、填数表、数据文档骨架、长表",
    "read": "把填好的工作簿读成数据文档",
    "review": "审核一个文件夹的报送：汇总页、报告、标注本、与上次比较、记入审核季",
    "rules": "列出、解释、检查勾稽规则",
    "samples": "列出、拷出随工具带着的样例",
    "schema": "数据文档的 JSON Schema",
    "season": "审核季：各单位报了没有、每处问题的下落，指定哪一份算数",
    "serve": "打开本机页面：拖入工作簿校验，拖入数据填报",
    "set": "改填好的工作簿里的数，别的不动",
    "sum": "把各单位的表加成部门的，或核对部门的表",
    "validate": "校验工作簿：结构、公式、勾稽关系",
    "verify": "按回执核对上报稿有没有改过",
    "watch": "看着一个文件夹，存一次校验一次",
}


click.Context.formatter_class = HelpFormatter


class LazyGroup(click.Group):
    """Commands by name; a command's module is imported when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name.replace("-", "_") + ("_" if keyword.iskeyword(cmd_name) else "")
        command = importlib.import_module(f"xltool.cli.{module}").command
        assert isinstance(command, click.Command)
        chinese.headings(command)
        add_examples(command, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if error.ctx is None and (name := ctx.invoked_subcommand):
                command = self.get_command(ctx, name)
                assert command is not None
                error.ctx = click.Context(command, parent=ctx, info_name=name)
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[选项]",
    subcommand_metavar="命令 …",
    help="部门决算 Excel 工具箱：按官方表样填报、读取、校验、转换。",
    invoke_without_command=True,
)
@click.version_option(__version__, message="xltool %(version)s", help="显示版本号")
@click.option("--debug", is_flag=True, help="出错时显示完整的程序调用栈")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """See `help`; the docstring is not shown."""
    ctx.obj = {"debug": debug}
    if ctx.invoked_subcommand is None:
        for line in ctx.get_help().splitlines():
            click.echo(line)


def run(command: click.Command = cli, arguments: Sequence[str] | None = None) -> int:
    """Run a command line (None: that of the process); every failure becomes Chinese lines on stderr and code 2."""
    chinese.install()
    terminal.install()
    # a command makes a million objects and ends: looking for circles among them every 700 is a sixth of its time;
    # 110,000 are left of one book, which need not be looked at when it is done
    gc.set_threshold(300_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a cp936 console must not fail on a character that it does not have
            stream.reconfigure(errors=terminal.TWINS)
    try:
        given = sys.argv[1:] if arguments is None else arguments
        words = list(expanded(given) if sys.platform == "win32" else given)
        code = command.main(words, standalone_mode=False, prog_name="xltool")
    except SystemExit as end:
        # Click's end after completing a word in a shell: 0; when the reader of the output went away, as in
        # `| head`: 1, which means findings here
        if end.code:
            _forget_output()
        return FAILED if end.code else OK
    except click.exceptions.Abort:
        return _fail(["已中断"])
    except click.ClickException as error:
        return _fail([chinese.usage_message(error)])
    except InputError as error:
        return _fail([str(problem) for problem in error.problems])
    except OSError as error:
        # what the system refused anywhere is no fault of the program: a name too long, a full disk, no permission
        _debug()
        where = str(error.filename or "")
        return _fail([str(Problem(where, f"读写不了：{system_reason(error)}", code="unreadable"))])
    except Exception as error:
        _debug()
        return _fail([f"程序出错：{type(error).__name__}: {error}（加 --debug 看详情）"])
    return code if isinstance(code, int) else OK


def _forget_output() -> None:
    """Let what is still to be written go nowhere: at the end of the process Windows has another error for it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


def _debug() -> None:
    """Show where in the program it happened, to those who want to know."""
    if "--debug" in sys.argv:
        for line in traceback.format_exc().splitlines():
            click.echo(line, err=True)


def _fail(messages: list[str]) -> int:
    for message in messages:
        click.echo(f"错误：{message}", err=True)
    return FAILED
