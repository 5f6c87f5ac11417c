"""`xltool serve`: the local page."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.batch.extras import BATCH, require
from xltool.cli.options import FILE
from xltool.core.problems import InputError, Problem


@click.command(help="打开本机页面：拖入工作簿校验，拖入数据填报。文件不离开这台电脑。")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="端口",
    help="用哪个端口（默认自动选一个空闲的）",
)
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器，只显示地址")
@click.option("--app", is_flag=True, help="页面开在单独的窗口里，关掉最后一个几秒后自己停止")
@click.option(
    "--review",
    "season",
    type=FILE,
    metavar="审核季",
    help="给审核人看一个审核季：各单位、各处问题的状态、批注、豁免、日志",
)
def command(port: int, no_browser: bool, app: bool, season: Path | None) -> None:
    """Serve until Ctrl+C, or with `app` until the page is closed."""
    if season is not None:
        require("batch", *BATCH, "duckdb")
    try:
        from xltool.web.server import serve
    except ModuleNotFoundError as error:
        hint = 'pip install "xltool[web]"'
        raise InputError(
            Problem("本机页面", f"缺少组件 {error.name}", hint, code="not-installed")
        ) from None
    serve(port, browser=not no_browser, say=click.echo, window=app, season=season)
