"""What `xltool import` asks on a terminal, and where it keeps what was agreed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.cli.options import note
from xltool.cli.terminal import can_be_asked
from xltool.core.problems import InputError, Problem

if TYPE_CHECKING:
    from xltool.entry.importing.assemble import Imported
    from xltool.entry.importing.session import Session

_ASK = "对吗？写出按 y；要改的写 列=用处（如 E=项目支出、E=不要）或 行名=不要、年度=2024；不写按 q"
_ASK_AGAIN = "回答写 列=用处（如 E=项目支出、E=不要）、行名=不要、年度=2024；不写按 q"


def agreed(session: Session, *, yes: bool) -> Imported:
    """Show how the files are read until a person agrees; `yes`: at once. Raises `InputError` with what is asked."""
    asking = not yes and can_be_asked()
    while True:
        imported = _read(session, asking=asking)
        if imported is not None:
            _show(imported)
            if yes:
                return imported
            if not asking:
                hint = "核对上面的列和数，无误就加 --yes"
                raise InputError(Problem("import", "没有确认，没有写", hint, code="bad-option"))
        if _answered(session, agreeable=imported is not None) and imported is not None:
            return imported


def _answered(session: Session, *, agreeable: bool) -> bool:
    """Take one answer: True for agreement, False for a correction. Raises `click.Abort`."""
    while True:
        answer = click.prompt(_ASK if agreeable else _ASK_AGAIN, default="q", show_default=False)
        if agreeable and answer.strip().lower() in ("y", "yes", "是", "对"):
            return True
        if answer.strip().lower() in ("q", "n", "否"):
            raise click.Abort
        try:
            session.correct(answer)
        except InputError as error:
            _tell(error)
        else:
            return False


def _read(session: Session, *, asking: bool) -> Imported | None:
    """What the files give; None where something is to be asked first."""
    try:
        return session.read()
    except InputError as error:
        if not asking:
            raise
        for column in session.columns()[0]:
            place = f"{column.sheet}!{column.place}" if column.sheet else column.place
            click.echo(f"  {place} {column.head} → {column.use or '？'}")
        _tell(error)
        return None


def _tell(error: InputError) -> None:
    for problem in error.problems:
        click.echo(f"要问：{problem}")


def _show(imported: Imported) -> None:
    from xltool.entry.importing.trace import lines

    raw = imported.raw
    click.echo(f"{raw['单位名称']}　{raw['年度']}年度　{raw['金额单位']}　{raw['版本']}")
    for line in lines(imported):
        click.echo(line)


def keep_mapping(
    own: dict[str, Any],
    before: dict[str, Any],
    used: Path | None,
    chosen: Path | None,
    folder: Path,
) -> None:
    """Keep what was agreed. A file that somebody changed by hand, or that is not the one used, stays as it is."""
    from xltool.entry.importing.corrections import mapping_text
    from xltool.entry.importing.session import KEPT
    from xltool.ooxml.edit.save import write_file

    path = chosen or used or folder / KEPT
    if own == before and path.exists():
        return
    text = mapping_text(own).encode()
    if path.exists():
        untouched = path == used and path.read_bytes() == mapping_text(before).encode()
        if not untouched:
            note(
                f"{path} 已经有了，不是这次用的或者手改过，没有改写；要存到别处，加 --save-mapping"
            )
            return
    write_file(path, [text], overwrite=True)
    note(f"确认的列存在 {path}，下次照用")
