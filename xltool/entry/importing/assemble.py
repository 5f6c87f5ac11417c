"""Figures that were collected -> a raw data document; what is missing or contradictory is asked in one message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xltool.core.model import CODE, NAME
from xltool.core.model import Path as FieldPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.documents.document import NO_DATA
from xltool.documents.grids import SourceGrid, grids
from xltool.documents.load import from_raw
from xltool.editions import Edition, all_editions, find_edition
from xltool.entry.addresses import parse_setting
from xltool.entry.importing.blocks import ENDS, Block, blocks
from xltool.entry.importing.collect import take
from xltool.entry.importing.collected import Collected, Target
from xltool.entry.importing.heads import heads_of, units_in, units_of
from xltool.entry.importing.meanings import Topic
from xltool.entry.importing.statements import without_data
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import ImportWords, bare
from xltool.entry.sheet.draw import draw
from xltool.entry.sheet.layout import layout
from xltool.rules.load import load_rules

_UNIT_CODE = re.compile(r"^\d{3,}[\s\-—_]*")


@dataclass
class Imported:
    """What importing gave: the raw document, how it was read, figures with their sources."""

    raw: dict[str, Any]
    edition: Edition
    blocks: list[Block]
    collected: Collected
    targets: dict[Target, str]
    """Each figure's place in words."""


def import_files(
    files: Sequence[Path],
    words: ImportWords,
    *,
    edition: str | None = None,
    given: dict[str, str] | None = None,
    settings: Iterable[str] = (),
    added: bool = False,
) -> Imported:
    """Read spreadsheets into a data document. `given`: 单位名称, 年度, 金额单位 where files do not say them.

    `added`: the sheets are parts (months, departments) whose figures are added up. `settings` are figures of the
    clerk's own, as in `xltool set`. Raises `InputError` with all that cannot be
    decided: nothing is guessed.
    """
    sheets = [grid for path in files for grid in grids(path)]
    problems: list[Problem] = []
    heads = _heads(_said(sheets, words), given or {}, problems)
    chosen = _edition(edition, heads.get("年度", ""), problems)
    topic = Topic(heads.get("年度", ""), economic=_economic(chosen))
    found = [block for grid in sheets for block in blocks(grid, words, topic)[0]]
    stated = {grid.label: units_of(grid) for grid in sheets}
    units = {key: next(iter(said)) for key, said in stated.items() if len(said) == 1}
    taking = Taking(words, heads.get("金额单位", ""), units, _fields(chosen))
    for block in found:
        take(taking, block)
    collected = taking.found
    collected.added = added
    problems += [*collected.problems, *collected.disagreements()]
    if not found or not (collected.figures or problems):
        problems.append(_nothing(files))
    raise_if(problems)
    assert chosen is not None
    raw, targets = _document(chosen, heads, collected, problems)
    _settings(raw, chosen, settings, problems)
    raise_if(problems)
    nothing = [t for t in without_data(chosen, words, targets) if t not in raw["表"]]
    if nothing:
        raw[NO_DATA] = nothing
    return Imported(raw, chosen, found, collected, targets)


def _said(sheets: list[SourceGrid], words: ImportWords) -> dict[str, set[str]]:
    """What the files say of the unit, the year, the money unit; a column of units that names one says it too."""
    outside: dict[int, list[int]] = {}
    units: set[str] = set()
    heads: set[str] = set()
    for number, grid in enumerate(sheets):
        own, outside[number] = blocks(grid, words)
        for block in own:
            heads |= {unit for head in block.heads.values() for unit in units_in(head)}
            for column in block.of("unit"):
                values = (grid.cells[row].get(column) for row in block.rows)
                units |= {
                    _unit_name(v) for v in values if isinstance(v, str) and not v.endswith(ENDS)
                }
    said = heads_of(sheets, outside)
    said["金额单位"] = said["金额单位"] or heads
    if not said["单位名称"] and len(units) == 1:
        said["单位名称"] = units
    return said


def _unit_name(text: str) -> str:
    """The name of a unit, its code before it aside."""
    return _UNIT_CODE.sub("", text.strip())


def _fields(edition: Edition | None) -> dict[str, list[FieldPath]]:
    """The fields of each table by its short name."""
    if edition is None:
        return {}
    tables = load_rules(edition).tables
    return {short: list(edition.specs[name].fields) for short, name in tables.items()}


def _economic(edition: Edition | None) -> dict[str, str]:
    """Codes of 部门预算支出经济分类 by their names, as the edition's table of 基本支出 has them."""
    table = load_rules(edition).tables.get("基本支出") if edition is not None else None
    if edition is None or table is None:
        return {}
    found: dict[str, str] = {}
    for spec in edition.specs[table].lists.values():
        for code in spec.listed or ():
            if spec.codes is not None and (name := spec.codes.name(code)):
                found.setdefault(bare(name), code)
    return found


def _nothing(files: Sequence[Path]) -> Problem:
    names = "、".join(path.name for path in files)
    hint = "要有一行列名，其中有科目编码和金额（基本支出、项目支出、借方……）"
    return Problem(names, "没有找到认得的表", hint, code="nothing-to-do")


def entry_sheet(imported: Imported) -> bytes:
    """A 填数表 with the imported figures typed in. Raises `InputError`."""
    report, edition = from_raw(imported.raw, imported.edition)
    return draw(layout(edition, given=report), given=report)


def _heads(
    found: dict[str, set[str]], given: dict[str, str], problems: list[Problem]
) -> dict[str, str]:
    options = {"单位名称": "--unit-name", "年度": "--year", "金额单位": "--unit"}
    heads = {}
    for name, option in options.items():
        said = {given[name]} if given.get(name) else found[name]
        if len(said) == 1:
            (heads[name],) = said
        elif said:
            listed = "、".join(sorted(said))
            problems.append(
                Problem(name, f"文件里有几种：{listed}", f"用 {option} 指明", code="contradiction")
            )
        else:
            problems.append(
                Problem(name, "文件里没有写", f"用 {option} 指明", code="missing-value")
            )
    return heads


def _edition(name: str | None, year: str, problems: list[Problem]) -> Edition | None:
    try:
        if name is not None:
            return find_edition(name)
    except InputError as error:
        problems += error.problems
        return None
    fitting = [e for e in all_editions() if year.isdigit() and e.covers(int(year))]
    if len(fitting) == 1:
        return fitting[0]
    known = "、".join(e.id for e in fitting or all_editions())
    problems.append(
        Problem("版本", "不知道填哪一套表", f"用 -e 指明：{known}", code="missing-value")
    )
    return None


def _document(
    edition: Edition, heads: dict[str, str], collected: Collected, problems: list[Problem]
) -> tuple[dict[str, Any], dict[Target, str]]:
    by_short = load_rules(edition).tables
    tables: dict[str, Any] = {}
    words: dict[Target, str] = {}
    for target in collected.figures:
        short, *rest = target
        table = by_short.get(short)
        where = collected.figures[target][0]
        if table is None:
            at = where.grid.where(where.row, where.column)
            problems.append(
                Problem(
                    at,
                    f"{edition.id} 没有“{short}”",
                    "换一个版本，或去掉这一列",
                    code="unknown-name",
                )
            )
            continue
        words[target] = f"{table} {'·'.join(rest)}"
        _put(tables.setdefault(table, {}), edition, table, rest, collected, target)
    raw = {
        "版本": edition.id,
        "单位名称": heads.get("单位名称", ""),
        "年度": int(heads["年度"]) if heads.get("年度", "").isdigit() else heads.get("年度"),
        "金额单位": heads.get("金额单位", ""),
        "表": tables,
    }
    return raw, words


def _put(
    table: dict[str, Any],
    edition: Edition,
    name: str,
    rest: list[str],
    collected: Collected,
    target: Target,
) -> None:
    value = collected.value(target)
    if tuple(rest) in edition.specs[name].fields:
        place = table
        for step in rest[:-1]:
            place = place.setdefault(step, {})
        place[rest[-1]] = value
        return
    code, column = rest
    list_name = next(iter(edition.specs[name].lists))
    rows: list[dict[str, Any]] = table.setdefault(list_name, [])
    row = next((row for row in rows if row[CODE] == code), None)
    if row is None:
        row = {CODE: code}
        codes = edition.specs[name].lists[list_name].codes
        if codes is not None and codes.name(code) is None and code in collected.names:
            row[NAME] = collected.names[code]
        rows.append(row)
    row[column] = value


def _settings(
    raw: dict[str, Any], edition: Edition, settings: Iterable[str], problems: list[Problem]
) -> None:
    """Put figures of the clerk's own into the document: 收入决算表.明细[2010101].其他收入=5."""
    for text in settings:
        try:
            setting = parse_setting(text, edition, lambda _: raw["金额单位"] or None)
        except InputError as error:
            problems += error.problems
            continue
        place = raw["表"].setdefault(setting.table, {})
        if setting.list:
            rows = place.setdefault(setting.list, [])
            place = next((row for row in rows if row[CODE] == setting.key), None)
            if place is None:
                place = {CODE: setting.key}
                rows.append(place)
        for step in setting.path[:-1]:
            place = place.setdefault(step, {})
        place[setting.path[-1]] = setting.value
