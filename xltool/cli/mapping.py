"""`xltool mapping check|show`."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, edition_files, force_option, note
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.editions import all_editions, find_edition
from xltool.forms.check import check_edition, check_form
from xltool.forms.show import show


@click.group(help="检查映射文件，或画出字段所在的位置。")
def command() -> None:
    """Group of mapping commands."""


@command.command(help="检查版本（默认全部）或单个映射文件：格式，以及与表样是否逐格相符。")
@click.argument("targets", nargs=-1, metavar="[版本或文件]…")
def check(targets: tuple[str, ...]) -> None:
    """Check editions by id or folder, or single files; all problems at once."""
    problems: list[Problem] = []
    names: list[str] = []
    for target in targets or [edition.id for edition in all_editions()]:
        if target.endswith((".yaml", ".yml")):
            problems += check_form(Path(target))
        else:
            problems += check_edition(find_edition(target))
        names.append(target)
    raise_if(problems)
    click.echo(f"映射文件没有问题：{'、'.join(names)}")


@command.command("show", help="另存一份表样，每个绑定的单元格里写着它的字段名。")
@click.argument("edition", metavar="版本")
@click.option("-o", "--output", type=FILE, required=True, metavar="文件", help="写到哪个工作簿")
@click.option("--book", metavar="工作簿", help="版本有几个工作簿时，画哪一个（默认第一个）")
@force_option
def show_command(edition: str, output: Path, book: str | None, force: bool) -> None:
    """Write the picture workbook."""
    found = find_edition(edition)
    books = {spec.name: spec for spec in found.workbooks}
    if book is not None and book not in books:
        raise InputError(
            Problem(book, "没有这个工作簿", f"可用：{'、'.join(books)}", code="missing")
        )
    check_outputs([output], edition_files(edition), force=force, made=is_marked)
    show(found, books[book] if book else found.workbooks[0], output, force=force)
    note(f"每个绑定的单元格里是它的字段名：{output}")
