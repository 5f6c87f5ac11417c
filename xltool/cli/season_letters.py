"""`xltool season letters`: 整改通知 for every unit of a season, about what stands open now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltool.cli.letters import letter_options, put_letters
from xltool.cli.options import note, season_argument

if TYPE_CHECKING:
    from xltool.season.letters.model import LetterUnit

_SHOWN = 10


@click.command(help="整改通知：每个单位现在还没有了结的问题，豁免的不再问。")
@season_argument
@letter_options
def letters(season: Path, output: Path | None, template: Path | None, passed: bool) -> int:
    """Write the letters of a season; say who can get none."""
    silent: list[str] = []

    def units() -> list[LetterUnit]:
        from xltool.season import store, waiving
        from xltool.season.letters.ofseason import season_units, units_without

        with store.writing(season, tell=note) as db:
            waiving.refresh(db)
            found = season_units(db, date.today())
            silent.extend(units_without(db, found))
            return found

    code = put_letters(units, output, template, passed=passed)
    if silent:
        shown = "、".join(silent[:_SHOWN]) + (" 等" if len(silent) > _SHOWN else "")
        note(f"清单里 {len(silent)} 个单位没有报来算数的工作簿（未报、年度不符），没有信：{shown}")
    return code
