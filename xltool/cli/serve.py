"""`xltool serve`: the local page."""

from __future__ import annotations

import click

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
def command(port: int, no_browser: bool, app: bool) -> None:
    """Serve until Ctrl+C, or with `app` until the page is closed."""
    try:
        from xltool.web.server import serve
    except ModuleNotFoundError as error:
        hint = 'pip install "xltool[web]"'
        raise InputError(
            Problem("本机页面", f"缺少组件 {error.name}", hint, code="not-installed")
        ) from None
    serve(port, browser=not no_browser, say=click.echo, window=app)
