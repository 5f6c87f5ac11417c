"""The heads of a document as the sheets of a workbook print them: unit name, year, money unit and others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import chain

from xltool.core.cellref import CellRef
from xltool.core.model import RECOGNISED
from xltool.core.problems import Problem
from xltool.core.texts import quoted, visible
from xltool.core.years import DATED, YEAR, digits, looks_like_year
from xltool.editions import Edition
from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.headlines import (
    HEAD_ROWS,
    is_term,
    match_line,
    open_unit,
    year_at,
    years_in_line,
)
from xltool.mapping.located import Drift, Located, as_text, text_at
from xltool.mapping.model import Line, TableMapping
from xltool.mapping.recognition.vocabulary.keys import header_key
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.ooxml import Sheet, Value, make_ref, split_ref
from xltool.reading.found import UNIT_HEAD
from xltool.reading.model import Reading
from xltool.reading.moneyunit import take_unit
from xltool.reading.unitcode import printed_code


def printed_heads(mapping: TableMapping, located: Located) -> dict[str, str]:
    """The heads on one sheet: in their expected cells, else anywhere above the table."""
    heads: dict[str, str] = {}
    for line in mapping.lines:
        ref, found = _find(line, located)
        if found is None and is_term(line.pattern):
            ref, found = _find_year(mapping, line, located.sheet)
        if found is not None:
            located.labels[ref] = line.pattern
            heads |= {key: value for key, value in found.items() if key not in heads}
    for name, ref in located.heads.items():
        value = located.sheet.value(ref)
        if value is not None and (seen := visible(str(value)).strip()):
            heads[name] = seen
    if mapping.source != RECOGNISED and _lacks(mapping, heads):
        _take_by_words(mapping, located, heads)
    return heads


def _lacks(mapping: TableMapping, heads: Mapping[str, str]) -> bool:
    """Whether a sheet has not the unit's name, or the year, in the words in which its form prints it."""
    printed = "".join(each.pattern for each in mapping.lines)
    return any(f"{{{name}}}" in printed and name not in heads for name in ("单位名称", "年度"))


def _take_by_words(mapping: TableMapping, located: Located, heads: dict[str, str]) -> None:
    """Heads above a table in other words than its form's: 部门名称：…, or the name in the cell beside its label."""
    from xltool.mapping.recognition.documentlines import lines_above

    cells = cells_of(located.sheet)
    for found in lines_above(cells, _top(mapping, cells), vocabulary()):
        text = text_at(located.sheet, found.range.top, found.range.left)
        said = match_line(found.pattern, text) if text is not None else None
        if said is not None and not said.keys() <= heads.keys():
            located.labels[found.range.anchor] = found.pattern
            heads |= {key: value for key, value in said.items() if key not in heads}


def _top(mapping: TableMapping, cells: Cells) -> int:
    """The first row with a head of the table; where its form has it when no text of it stands there."""
    top = min((anchor.range.top for anchor in mapping.header), default=HEAD_ROWS)
    heads = {header_key(anchor.text) for anchor in mapping.header}
    rows = range(1, top + HEAD_ROWS)
    printed = (r for r in rows if any(header_key(text) in heads for _, text in cells.texts(r)))
    return next(printed, top)


def _find(line: Line, located: Located) -> tuple[str, Mapping[str, str] | None]:
    sheet, row = located.sheet, located.moved(line.range.top)
    text = text_at(sheet, row, line.range.left)
    found = match_line(line.pattern, text) if text is not None else None
    if found is not None or "{" not in line.pattern:
        return make_ref(row, line.range.left), found
    for ref, value in sheet.head(HEAD_ROWS):
        other = as_text(value)
        if other and (found := match_line(line.pattern, other)) is not None:
            return ref, found
    return line.range.anchor, open_unit(line.pattern, text) if text else None


def _find_year(
    mapping: TableMapping, line: Line, sheet: Sheet
) -> tuple[str, Mapping[str, str] | None]:
    """A cell that is nothing but a year, as number, date or text: where the line is expected, else above the table."""
    top = min((anchor.range.top for anchor in mapping.header), default=0)
    above = [ref for ref, _ in sheet.head(HEAD_ROWS) if split_ref(ref)[0] < top]
    for ref in (line.range.anchor, *above):
        if (year := year_at(sheet, ref, whole_date=ref == line.range.anchor)) is not None:
            return ref, {"年度": str(year)}
    return line.range.anchor, None


def torn_line(reading: Reading) -> tuple[CellRef, str] | None:
    """The first line above a table that tells several years, so that none is the book's: its cell, what to say."""
    for found_table in reading.found_tables:
        sheet, area = found_table.located.sheet, found_table.mapping.area
        top = min((a.range.top for a in found_table.mapping.header), default=HEAD_ROWS)
        rows: dict[int, list[tuple[str, Value]]] = {}
        for ref, value in sheet.head(HEAD_ROWS if area is None else area.top + HEAD_ROWS):
            row = split_ref(ref)[0]
            if row < top and (area is None or area.top <= row):
                rows.setdefault(row, []).append((ref, value))
        for cells in rows.values():
            if len(years := years_in_line(sheet, cells)) > 1:
                ref = next(ref for ref, value in cells if years_in_line(sheet, [(ref, value)]))
                shown = "、".join(map(str, sorted(years)))
                told = f"工作表“{sheet.name}”{ref} 一行写着{shown}几个年度，不知道是哪一年的"
                return CellRef(sheet.name, ref), told
    return None


def _unknown_year(reading: Reading) -> Problem:
    """That no sheet tells its year, with the cell that seems to be meant for it."""
    if (torn := torn_line(reading)) is not None:
        return Problem(reading.file, torn[1], "只留决算的年度", code="no-year")
    for found_table in reading.found_tables:
        sheet = found_table.located.sheet
        lines = [line for line in found_table.mapping.lines if "{年度}" in line.pattern]
        likely = [ref for ref, value in sheet.head(HEAD_ROWS) if _may_be_year(value)]
        for ref in (*(line.range.anchor for line in lines), *likely):
            value = sheet.value(ref)
            where = f"工作表“{sheet.name}”{ref}"
            hint = "写成像“2024年度”这样"
            if value is not None and visible(str(value)).strip():
                told = f"找不到年度：{where} 写的是{quoted(value)}"
                return Problem(reading.file, told, hint, code="no-year")
            if sheet.formula(ref) is not None:
                told = f"找不到年度：{where} 是公式，没有存储值"
                return Problem(reading.file, told, "在 Excel 中打开并保存一次", code="no-year")
    return Problem(reading.file, "找不到年度", code="no-year")


def _may_be_year(value: object) -> bool:
    return isinstance(value, str) and ("年度" in value or looks_like_year(value))


def take_heads(reading: Reading) -> None:
    """Set the report's heads from all sheets."""
    take_unit(reading)
    report = reading.report
    seen: dict[str, dict[str, str]] = {}
    headings: dict[str, str] = {}
    for found_table in reading.found_tables:
        for key, value in found_table.heads.items():
            alone = key == "单位名称" and _is_heading(found_table.mapping)
            own = headings if alone else seen.setdefault(key, {})
            own.setdefault(value, found_table.located.sheet.name)
    seen.pop(UNIT_HEAD, None)
    for key in ("单位名称", "年度"):
        usual = next(iter(seen.get(key, {})), "")
        for value, sheet in list(seen.get(key, {}).items())[1:]:
            where = next(s for s in reading.found_tables if s.located.sheet.name == sheet)
            where.located.drift.append(Drift("文字", key, usual, value))
    _blank_heads(reading, seen.keys())
    if not {"单位名称", "年度"} <= seen.keys():
        _from_covers(reading, seen)
        if reading.recognised:
            _from_sheet_names(reading, seen)
            _from_column_heads(reading, seen)
    if "单位名称" not in seen and len(headings) == 1:
        seen["单位名称"] = headings
    report.unit_name = next(iter(seen.pop("单位名称", {})), "")
    report.year = int(next(iter(seen.pop("年度", {})), 0)) or year_of_edition(reading.edition)
    if not report.year and not reading.recognised:
        reading.problems.append(_unknown_year(reading))
    if "单位编码" not in seen and (code := printed_code(reading)):
        seen["单位编码"] = {code[0]: code[1]}
    report.heads = {key: next(iter(values)) for key, values in seen.items()}


def _is_heading(mapping: TableMapping) -> bool:
    """Whether the name of a unit stands above the title and nowhere else: it may be that of who publishes."""
    lines = [line for line in mapping.lines if "{单位名称}" in line.pattern]
    top = mapping.title.range.top
    return bool(lines) and all(
        line.pattern == "{单位名称}" and line.range.top < top for line in lines
    )


def year_of_edition(edition: Edition) -> int:
    """The one year of an edition of one's own whose form prints none; 0 where it is good for several."""
    first, last = edition.years
    return first if edition.recognise and first == last else 0


def _blank_heads(reading: Reading, known: Collection[str]) -> None:
    """Tell of sheets that print no name or no year where their form has one, and others do."""
    for found_table in reading.found_tables:
        for line in found_table.mapping.lines:
            for head in ("单位名称", "年度"):
                if (
                    f"{{{head}}}" in line.pattern
                    and head in known
                    and head not in found_table.heads
                ):
                    blank = Drift("缺少", f"{head}一行", line.range.anchor, "")
                    found_table.located.drift.append(blank)


def _from_sheet_names(reading: Reading, seen: dict[str, dict[str, str]]) -> None:
    """Take the year from the names of sheets that are titles with a year, where nothing prints one."""
    from xltool.mapping.recognition.titles import read_title

    names = [s.located.sheet.name for s in reading.found_tables]
    titles = [name for name in names if read_title(name, reading.edition.words) is not None]
    years = {digits(found[1]): name for name in titles if (found := DATED.search(name))}
    if "年度" not in seen and len(years) == 1:
        seen["年度"] = years


def _from_column_heads(reading: Reading, seen: dict[str, dict[str, str]]) -> None:
    """Take the year of 2022年度决算数 above figures that are read, where nothing else prints one."""
    years = {
        digits(found[1]): found_table.located.sheet.name
        for found_table in reading.found_tables
        for anchor in found_table.mapping.header
        if (found := re.match(_FINAL, anchor.text))
        and any(anchor.range.left <= c <= anchor.range.right for c in _columns(found_table.located))
    }
    if "年度" not in seen and len(years) == 1:
        seen["年度"] = years


def _columns(located: Located) -> set[int]:
    """The columns of a sheet in which figures of a table are read."""
    refs = chain(located.fields.values(), *(codes.values() for codes in located.codes.values()))
    return {split_ref(ref)[1] for ref in refs}.union(*(f.taken for f in located.lists.values()))


_FINAL = rf"\s*({YEAR})年度?决算"


def _from_covers(reading: Reading, seen: dict[str, dict[str, str]]) -> None:
    """Take the unit's name and the year from a cover, where no table prints them."""
    from xltool.mapping.recognition.covers import cover_lines

    tables = {found_table.located.sheet.name for found_table in reading.found_tables}
    for sheet, line in cover_lines(reading.workbook, tables):
        text = text_at(sheet, line.range.top, line.range.left)
        found = match_line(line.pattern, text) if text is not None else None
        if found is None and is_term(line.pattern):
            year = year_at(sheet, line.range.anchor)
            found = None if year is None else {"年度": str(year)}
        for key, value in (found or {}).items():
            if key in ("单位名称", "年度") and key not in seen:
                seen[key] = {value: sheet.name}
