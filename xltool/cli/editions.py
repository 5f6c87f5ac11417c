"""`xltool editions [ID]|add|remove`: the editions, built in and installed; installing one's own."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import force_option, note
from xltool.core.problems import InputError, raise_if
from xltool.editions import Edition, bundled_editions, find_edition
from xltool.editions.install import check_id, install, uninstall
from xltool.editions.places import installed, own_id
from xltool.forms.check import check_edition


class _ByName(click.Group):
    """A group in which any other word than a subcommand's is the id of an edition."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "show", show, args
        return super().resolve_command(ctx, args)


@click.group(
    cls=_ByName,
    invoke_without_command=True,
    subcommand_metavar="[版本|add|remove] …",
    help="列出版本（自带的、装上的、共享的）；给出版本号时列出它的工作簿和表；add、remove 安装、移除自己的版本。",
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the editions where no subcommand is given."""
    if ctx.invoked_subcommand is not None:
        return
    for found in bundled_editions():
        click.echo(f"{_line(found)}\t自带")
    for entry in installed():
        try:
            click.echo(f"{_line(find_edition(entry.id))}\t{entry.place}")
        except InputError as error:
            note(f"{entry.id}（{entry.place}）用不了：{error.problems[0]}")


def _line(edition: Edition) -> str:
    first, last = edition.years
    years = f"{first}年度" if first == last else f"{first}—{last}年度"
    return f"{edition.id}\t{years}\t{edition.name}\t{edition.state}"


@click.command(hidden=True)
@click.argument("edition", metavar="版本")
def show(edition: str) -> None:
    """List the tables of one edition."""
    found = find_edition(edition)
    click.echo(f"{found.id}　{found.name}")
    state = f"版次 {found.version}　" if found.version else ""
    click.echo(f"{state}校验码 {found.checksum}")
    if found.origin:
        click.echo(f"来源：{found.origin}")
    for book in found.workbooks:
        click.echo(f"\n{book.name}（{book.template.name}）")
        for mapping in book.tables:
            remark = "，可有多张" if mapping.many else "，可以没有" if mapping.optional else ""
            where = f"工作表“{mapping.sheet}”" if mapping.blocks else "按用语认"
            click.echo(f"  {mapping.table}（{where}{remark}）")


@command.command(
    help="把自己的版本装到本机：以后用版本号就行，认表样、页面和加载项都会找到它。文件夹移走、删掉都不要紧。"
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@force_option
def add(folder: Path, force: bool) -> None:
    """Install an edition after it was checked."""
    if not (folder / "edition.yaml").is_file():
        find_edition(folder)  # says that there is none
    found = find_edition(folder.absolute())
    check_id(own_id(found.folders[0]))
    raise_if(check_edition(found))
    place = install(found, force=force)
    click.echo(f"已安装：{found.id}　{found.name}　校验码 {found.checksum}")
    note(f"放在 {place}")


@command.command(help="移除装在本机的版本。")
@click.argument("edition", metavar="版本号")
def remove(edition: str) -> None:
    """Remove an installed edition of the user's own."""
    place = uninstall(edition)
    click.echo(f"已移除：{edition}")
    note(f"原来在 {place}")
