"""Figures that were collected -> a raw data document; what is missing or contradictory is asked in one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xltool.core.hints import Hint
from xltool.core.model import CODE, NAME
from xltool.core.problems import Problem, raise_if
from xltool.documents.document import NO_DATA
from xltool.documents.load import from_raw
from xltool.editions import Edition
from xltool.entry.importing.collect import take
from xltool.entry.importing.collected import Collected, Target
from xltool.entry.importing.corrections import changed
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.heads import units_of
from xltool.entry.importing.looking import SourceFiles, SourceLook, fields_of, look_at
from xltool.entry.importing.official import take_official
from xltool.entry.importing.questions.answers import ADDED, ECONOMIC, FISCAL_BASIC, SHEETS
from xltool.entry.importing.questions.apart import disagreements
from xltool.entry.importing.questions.plausible import (
    doubtful_unit,
    grouped,
    misnamed,
    split_lists,
    unsaid_basic,
)
from xltool.entry.importing.statements import (
    fund_codes,
    misplaced,
    spent_without_table,
    without_data,
)
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.typed import TypedFigure, put_typed
from xltool.entry.importing.vocabulary import OTHER_MONEY, ImportWords
from xltool.entry.sheet.draw import draw
from xltool.entry.sheet.layout import layout
from xltool.rules.load import load_rules

BASIC_SAID = "按经济分类的数，照所说的，是一般公共预算财政拨款的基本支出"


@dataclass
class Imported:
    """What importing gave: the raw document, how it was read, figures with their sources."""

    raw: dict[str, Any]
    edition: Edition
    blocks: list[Block]
    collected: Collected
    targets: dict[Target, str]
    """Each figure's place in words."""
    typed: list[TypedFigure] = field(default_factory=list)
    """Figures that were typed beside the files."""


def _collected(
    files: SourceFiles, look: SourceLook, words: ImportWords, said: Mapping[str, str]
) -> Collected:
    """The figures of all blocks and official workbooks, with the cells that they come from."""
    stated = {grid.label: units_of(grid) for grid in look.sheets}
    units = {label: next(iter(own)) for label, own in stated.items() if len(own) == 1}
    unit = look.heads.get("金额单位", "")
    funds = fund_codes(look.edition, words)
    of_all = _of_all_funds(look.blocks)
    fields = fields_of(look.edition)
    taking = Taking(words, unit, units, fields, said=said, funds=funds, of_all=of_all)
    for block in look.blocks:
        take(taking, block)
    for path, reading in files.readings.items():
        take_official(taking, path, reading)
    return taking.found


def _of_all_funds(found: Iterable[Block]) -> bool:
    """Whether lists of fiscal funds and one of other money make up all spending; one of no fund may be the whole."""
    lists = [block for block in found if block.kind == "list"]
    by_function = [b for b in lists if any(b.columns[c].target != "经济" for c in b.of("code"))]
    funds = {block.topic.fund for block in by_function}
    return len(funds) > 1 and OTHER_MONEY in funds and "" not in funds


def import_files(
    files: SourceFiles,
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
    look = look_at(files, words, edition=edition, given=given)
    found, chosen, heads, problems = look.blocks, look.edition, look.heads, list(look.problems)
    said = {**(given or {}), **({SHEETS: ADDED} if added else {})}
    collected = _collected(files, look, words, said)
    collected.added = added
    collected.notes += changed(words.raw, found)
    stated_unit = "" if (given or {}).get("金额单位") else heads.get("金额单位", "")
    said_basic = (given or {}).get(ECONOMIC) == FISCAL_BASIC
    problems += _questions(collected, chosen, words, stated_unit, said_basic=said_basic)
    if not (found or files.readings) or not (collected.figures or problems):
        problems.append(_nothing(files.paths, found, heads.get("年度", "")))
    raise_if(problems)
    assert chosen is not None
    raw, targets = _document(chosen, heads, collected, problems)
    typed = put_typed(raw, chosen, settings, collected.names, problems)
    raise_if(problems)
    nothing = [
        t for t in without_data(chosen, words, targets, collected.seen) if t not in raw["表"]
    ]
    if nothing:
        raw[NO_DATA] = nothing
    collected.notes += spent_without_table(chosen, words, raw["表"], collected.seen)
    return Imported(raw, chosen, found, collected, targets, typed)


def _questions(
    collected: Collected,
    edition: Edition | None,
    words: ImportWords,
    stated_unit: str,
    *,
    said_basic: bool,
) -> list[Problem]:
    """What cannot be decided about the figures; `stated_unit`: of the files, "" where a person said it."""
    found = list(grouped([*collected.problems, *disagreements(collected)]))
    if edition is not None:
        found += [*misplaced(edition, words, collected), *misnamed(collected, edition)]
    if said_basic:
        collected.notes += [f"{where} {BASIC_SAID}" for where in collected.unsaid.values()]
    else:
        found += unsaid_basic(collected)
    return [*found, *split_lists(collected), *doubtful_unit(collected, stated_unit)]


def _nothing(files: Sequence[Path], blocks: list[Block], year: str) -> Problem:
    names = "、".join(path.name for path in files)
    if asides := sorted({block.topic.aside for block in blocks if block.topic.aside}):
        message = f"表是{'、'.join(asides)}，要的是{year}年的"
        return Problem(
            names,
            message,
            Hint("年度错了的用 --year 改", "年度错了的，在“要改的”里写 年度=2024 这样的一行"),
            code="wrong-year",
        )
    hint = "要有一行列名，其中有科目编码和金额（基本支出、项目支出、借方……）"
    return Problem(names, "没有找到认得的表", hint, code="nothing-to-do")


def entry_sheet(imported: Imported) -> bytes:
    """A 填数表 with the imported figures typed in. Raises `InputError`."""
    report, edition = from_raw(imported.raw, imported.edition)
    return draw(layout(edition, given=report), given=report)


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
        if not _has_place(edition, table, tuple(rest)):
            at = where.grid.where(where.row, where.column)
            message = f"{edition.id} 的{table}没有“{'·'.join(rest)}”"
            problems.append(Problem(at, message, "换一个版本，或不要这一格", code="unknown-name"))
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


def _has_place(edition: Edition, table: str, rest: tuple[str, ...]) -> bool:
    spec = edition.specs[table]
    if rest in spec.fields:
        return True
    return len(rest) == 2 and any(rest[1] in listed.columns for listed in spec.lists.values())


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
