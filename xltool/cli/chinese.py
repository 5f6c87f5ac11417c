"""Click speaks English; clerks read Chinese. Its few texts are replaced here."""

from __future__ import annotations

import sys

import click

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


def usage_message(error: click.ClickException) -> str:
    """What is wrong with a command line, in Chinese, with the command whose --help to read."""
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
            return f"{_name(error)} 不对：{_reason(error)}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 后面要跟一个值"
        case click.UsageError():
            return _usage(error)
        case click.FileError():
            return f"打不开文件 {error.ui_filename}"
    return error.message


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return "参数"
    is_option = param.param_type_name == "option"
    return max(param.opts, key=len) if is_option else param.human_readable_name


def _reason(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"只能是 {'、'.join(map(str, kind.choices))}"
    if isinstance(kind, click.Path):
        return "没有这个文件或文件夹" if "exist" in error.message else error.message
    if isinstance(kind, (click.IntRange, click.types.IntParamType)):
        return "应是整数" if "valid integer" in error.message else "超出范围"
    return error.message


def _usage(error: click.UsageError) -> str:
    text = error.message
    if text.startswith("No such command"):
        return f"没有命令 {text.split(chr(39))[1]}" if "'" in text else "没有这个命令"
    if text.startswith("Missing command"):
        return "没有写命令"
    if "extra argument" in text:
        return f"多出的参数 {text.partition('(')[2].rstrip(')')}"
    return text
