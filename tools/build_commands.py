"""Write docs/commands.md from the commands themselves: `python tools/build_commands.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import click

from xltool.cli import chinese
from xltool.cli.app import cli

TARGET = ROOT / "docs" / "commands.md"
HEAD = """# 命令

本页由 `python tasks.py docs` 从程序生成。每个命令都有 `--help`（`-h`）。

退出码：0 没有问题；1 校验发现必须相符的问题，或有规则没能审核；2 没做成。
文件要么完整写出，要么不写；两个工作簿的填报要么都写，要么都不写。

已有的文件不加 `--force` 不会覆盖。加了 `--force`，也只覆盖同一种输出，并且是 xltool 写的、写好以后没有改过的：
用 Excel、WPS 保存过的工作簿，别人的文件，放进了别的文件的文件夹，都不会覆盖，先移走或换个名字。
要读的文件任何时候都不会是输出，不论用什么名字、链接写它。
`--debug`（写在命令前面）在出错时显示调用栈。
"""


def text() -> str:
    """The page: every command with its usage, what it does, arguments and options."""
    chinese.install()
    context = click.Context(cli, info_name="xltool")
    return HEAD + "".join(_commands(cli, context))


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield from _command(command, inner)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"\n## {context.command_path}\n\n{command.help}\n\n```text\n{usage}\n```\n"
    options = [p for p in command.get_params(context) if isinstance(p, click.Option)]
    rows = [
        found for p in options if "--help" not in p.opts and (found := p.get_help_record(context))
    ]
    if rows:
        yield "\n| 选项 | 意思 |\n|---|---|\n"
        for option, told in rows:
            yield "| `{}` | {} |\n".format(*(part.replace("|", "\\|") for part in (option, told)))


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}\n")
