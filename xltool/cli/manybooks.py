"""What the commands for many workbooks share: their options, the paths they are given, how a run is stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.cli.options import Seconds, force_option, note

if TYPE_CHECKING:
    from xltool.batch.source import Source
    from xltool.batch.task import GivenFiles, Options

FAILED = 2


def batch_run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """How the work on many workbooks is done: see `how_run` and `run_options`."""
    for option in (
        force_option,
        click.option(
            "--memory",
            type=click.IntRange(64, 1024 * 1024),
            default=1024,
            show_default=True,
            metavar="MB",
            help="一个工作簿最多占用多少内存",
        ),
        click.option(
            "--timeout",
            type=Seconds(0.1, 86400),
            default=120.0,
            show_default=True,
            metavar="秒",
            help="一个工作簿最多处理多久",
        ),
        click.option("--resume", is_flag=True, help="接着上次没有做完的做"),
        click.option(
            "--dask",
            metavar="地址",
            help="用 Dask 调度器，如 tcp://主机:8786；各机器要能按同样的路径读到输入、写到输出",
        ),
        click.option(
            "--jobs",
            type=click.IntRange(1, 1024),
            metavar="数",
            help="同时用几个进程（默认：看工作簿多少，至多处理器核数）",
        ),
    ):
        function = option(function)
    return function


def how_run(options: dict[str, Any]) -> dict[str, Any]:
    """What of `batch_run_options` a run is told besides its `Options`."""
    return {name: options[name] for name in ("jobs", "dask", "resume", "force")}


def given_for_all(options: dict[str, Any]) -> GivenFiles:
    """What `batch_check_options` gave, looked at beforehand. Raises `InputError`."""
    from xltool.batch.task import given_files

    names = (
        *("rules", "prior", "explanations", "unit_type", "edition"),
        *("external", "external_unit"),
    )
    return given_files(**{name: options[name] for name in names})


def run_options(
    options: dict[str, Any],
    edition: str | None,
    given: GivenFiles,
    letters: Iterable[Source],
    *,
    validate: bool,
) -> Options:
    """How a run over many workbooks is done; `letters` were found among them."""
    from xltool.batch.task import Options

    return Options(
        edition,
        validate,
        given=replace(given, letters=tuple(letters)),
        timeout=options["timeout"],
        memory=options["memory"],
    )


def listed_paths(arguments: tuple[str, ...]) -> Iterator[str]:
    """The lines of standard input, when an argument is `-`: UTF-8, or the code page of Chinese Windows."""
    if "-" not in arguments:
        return
    content = sys.stdin.buffer.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    yield from text.splitlines()


def interrupted(work: Path) -> int:
    """Say how to go on after a stop."""
    kept = f"做完的部分在 {work}，原命令加 --resume 接着做" if work.exists() else "没有做完的部分"
    note(f"\n已停止。{kept}")
    return FAILED
