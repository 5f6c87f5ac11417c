"""`xltool letters`: a review -> 整改通知 for every unit, in folders by department."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.batch.extras import require
from xltool.cli.options import FILE, copy_folder, named
from xltool.core.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xltool.season.letters.folder import Letters
    from xltool.season.letters.model import LetterUnit


def letter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Where letters go and what they look like."""
    for option in (
        click.option("--passed", is_flag=True, help="合格的单位也发（合格通知）"),
        click.option(
            "--template",
            type=FILE,
            metavar="文件夹",
            help="自己的模板（用 letters --new-template 拷出来改）",
        ),
        click.option("-o", "--output", type=FILE, metavar="文件夹", help="写到哪个新文件夹"),
    ):
        function = option(function)
    return function


@click.command(help="整改通知：每个单位一份 Word 和一份可填说明的 Excel，按主管部门分文件夹。")
@click.argument("review", type=FILE, required=False, metavar="审核文件夹")
@letter_options
@click.option(
    "--new-template",
    type=FILE,
    metavar="文件夹",
    help="不写信，拷出模板：字句（YAML）和 Word 文件",
)
def command(
    review: Path | None,
    output: Path | None,
    template: Path | None,
    passed: bool,
    new_template: Path | None,
) -> int:
    """Write letters, or copy the template; 0, or 2 when it could not be done."""
    if new_template is not None:
        return _copy(new_template)
    if review is None:
        hint = "如 xltool letters 审核 -o 通知"
        raise InputError(Problem("", "没有写审核文件夹", hint, code="bad-option"))
    require("batch", "pyarrow", "duckdb")
    from xltool.season.letters.ofreview import review_units

    return put_letters(lambda: review_units(review), output, template, passed=passed)


def _copy(folder: Path) -> int:
    from xltool.season.letters.template import OWN, WORDS

    copy_folder(OWN, folder)
    click.echo(f"模板在 {folder}：先填 {WORDS} 里的审核单位、文号、联系人、联系电话，再改字句")
    return 0


def put_letters(
    units: Callable[[], Iterable[LetterUnit]],
    output: Path | None,
    template: Path | None,
    *,
    passed: bool,
) -> int:
    """Write the letters of `units` and say what was written."""
    require("doc", "docx")
    from xltool.season.letters.folder import write_letters
    from xltool.season.letters.template import load_template

    if output is None:
        raise InputError(Problem("", "没有写 -o 文件夹", "信要写进一个新文件夹", code="bad-option"))
    output = named(output)
    words = load_template(template, date.today())
    letters = write_letters(units(), words, output, passed=passed)
    for line in _told(letters, words.blanks):
        click.echo(line)
    click.echo(f"打开看：{output / '发文清单.xlsx'}")
    return 0


def _told(letters: Letters, blanks: list[str]) -> Iterator[str]:
    kinds = letters.kinds
    counts = "，".join(f"{kind} {kinds[kind]} 份" for kind in kinds)
    yield f"写了 {len(letters.entries)} 份：{counts}"
    if letters.passed:
        yield f"合格的 {letters.passed} 个单位没有写（要写的加 --passed）"
    if letters.settled:
        yield f"{letters.settled} 个单位的问题都有说明或已豁免，没有写"
    if letters.unmarked:
        yield f"{letters.unmarked} 份没有附标注本：审核时加 --annotate 才有"
    if blanks:
        yield f"模板里没有填{'、'.join(blanks)}，信里留了空白"
