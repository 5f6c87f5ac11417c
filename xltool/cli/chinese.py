"""Click speaks English; clerks read Chinese. Its few texts are replaced here."""

from __future__ import annotations

import re
import sys

import click

from xltool.core.texts import did_you_mean

_TEXTS = {
    "Usage:": "用法：",
    "Usage: ": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这页说明",
    "Show the version and exit.": "显示版本号",
    "required": "必填",
    "default: {default}": "默认：{default}",
    "Aborted!": "已中断",
}


def install() -> None:
    """Let Click's modules look their texts up here."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click.") and hasattr(module, "_"):
            setattr(module, "_", lambda text: _TEXTS.get(text, text))  # noqa: B010


def headings(command: click.Command) -> None:
    """The words in the usage line of a command and of those in it."""
    command.options_metavar = "[选项]"
    if isinstance(command, click.Group):
        if (command.subcommand_metavar or "").isascii():
            command.subcommand_metavar = "命令 …"
        for inner in command.commands.values():
            headings(inner)


def usage_message(error: click.ClickException) -> str:
    """What is wrong with a command line, in Chinese, with the command whose --help to read.

    Click's own sentences are never passed on: they are English, and differ between its versions.
    """
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "xltool"
    return f"{_describe(error)}（用法见 {path} --help）"


def _describe(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = f"，是不是 {error.possibilities[0]}？" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            return f"缺少 {_name(error)}"
        case click.BadParameter():
            return f"{_name(error)} 不对：{_wanted(error.param)}"
        case click.BadOptionUsage():
            takes_none = "not take a value" in error.message
            return f"选项 {error.option_name} 后面{'不要跟值' if takes_none else '要跟一个值'}"
        case click.UsageError():
            return _usage(error)
        case click.FileError():
            return f"打不开文件 {error.ui_filename}"
    return _UNKNOWN


_UNKNOWN = "命令写得不对"


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return "参数"
    is_option = param.param_type_name == "option"
    return max(param.opts, key=len) if is_option else param.human_readable_name


def _wanted(param: click.Parameter | None) -> str:
    """What a parameter takes, by its type."""
    match param.type if param else None:
        case click.Choice(choices=choices):
            return f"只能是 {'、'.join(map(str, choices))}"
        case (click.IntRange() | click.FloatRange()) as kind:
            return f"应是{_range(kind)}的{'整数' if isinstance(kind, click.IntRange) else '数'}"
        case click.types.IntParamType():
            return "应是整数"
        case click.types.FloatParamType():
            return "应是数"
        case click.Path() | click.File():
            return "没有这个文件或文件夹，或打不开"
    return "不能用这个值"


def _range(kind: click.IntRange | click.FloatRange) -> str:
    if kind.min is None or kind.max is None:
        return f"不小于 {kind.min} " if kind.max is None else f"不大于 {kind.max} "
    return f" {kind.min} 到 {kind.max} "


def _usage(error: click.UsageError) -> str:
    text, ctx = error.message, error.ctx
    group = ctx.command if ctx else None
    if ctx and isinstance(group, click.Group) and "extra argument" not in text:
        known = group.list_commands(ctx)
        if named := re.match(r"No such command (['\"])(.*)\1", text):
            near = did_you_mean(named[2], known)
            return f"没有命令 {named[2]}{near and f'，{near}'}"
        return f"没有写命令，可用：{'、'.join(known)}"
    if extra := re.search(r"extra arguments? \((.*)\)", text, re.S):
        return f"多出的参数 {extra[1]}"
    return _UNKNOWN
