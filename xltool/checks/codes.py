"""科目编码: form, order, parents, duplicates; names and years against the code lists."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.checks.formformulas import prints_items_alone
from xltool.checks.numbercodes import NumberCodes
from xltool.core.cellref import CellRef
from xltool.core.codes import CODE_LEVELS, CodeList
from xltool.core.model import CODE, NAME, Row
from xltool.core.places import ListPlace, Place, RowPlace
from xltool.core.texts import in_years, invisible, visible
from xltool.documents.values import STRANGE
from xltool.mapping.blocks import ListBlock
from xltool.ooxml import split_ref
from xltool.ooxml.read.areas import areas
from xltool.ooxml.read.formula import MAX_LENGTH, references
from xltool.rules.model import NO_YEAR

_AS_TEXT = "把编码列设为“文本”格式，重新录入编码（或用“分列”转成文本），再按 F9 重算"


def check(context: Context) -> Iterator[Finding]:
    """Every fault of the codes in hierarchical lists."""
    if not context.report.year:
        context.unchecked["ALL-02"] = NO_YEAR
    for fault in context.reading.faults:
        if fault.place.is_code:
            yield context.at_place(
                "ALL-01", fault.place, fault.message, hint=fault.hint, code="bad-code"
            )
    if context.number_codes is not None:
        yield stored_as_numbers(context, context.number_codes)
    if not any(CODE in row for row in _listed(context)):
        for rule in ("ALL-01", "ALL-02"):
            context.unchecked[rule] = ("不适用", "清单里没有填科目编码")
    for found_table in context.reading.found_tables:
        table = found_table.mapping.table
        for block in found_table.mapping.blocks:
            if isinstance(block, ListBlock) and block.codes is not None:
                place = ListPlace(table, found_table.instance, block.name)
                rows = context.report.tables[table][found_table.instance].lists.get(block.name, [])
                yield from _rows(context, place, rows, block.codes)


def stored_as_numbers(context: Context, found: NumberCodes) -> Finding:
    """One finding for all codes that formulas look for as texts."""
    by_sheet: dict[str, list[str]] = {}
    for sheet, ref in found.cells:
        by_sheet.setdefault(sheet, []).append(ref)
    where = "；".join(f"“{sheet}”{areas(refs)}" for sheet, refs in by_sheet.items())
    message = (
        f"{len(found.cells)}格科目编码存成了数字（{where}）：Excel 的 SUMIF、COUNTIF 用通配符只找文字，"
        "按编码的合计一重算就成空白或 0"
    )
    return context.finding(
        "ALL-01",
        message,
        "科目编码存成数字",
        sheet=found.cells[0][0],
        cells=found.cells,
        hint=_AS_TEXT,
        code="number-codes",
        names_cells=True,
    )


def _listed(context: Context) -> Iterator[Row]:
    """Every row of the lists that have codes."""
    for found_table in context.reading.found_tables:
        lists = context.report.tables[found_table.mapping.table][found_table.instance].lists
        for block in found_table.mapping.blocks:
            if isinstance(block, ListBlock) and block.codes is not None:
                yield from lists.get(block.name, [])


def _rows(
    context: Context, of_list: ListPlace, rows: list[Row], codes: CodeList
) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    missing: set[str] = set()
    given = {str(row[CODE]) for row in rows if CODE in row}
    unlisted = _unlisted(given, codes)
    printed = unlisted == {*codes.levels[:-1]} and prints_items_alone(
        context.reading.edition, of_list.table, of_list.list
    )
    if not printed and not context.reading.recognised:
        unlisted = set()
    if unlisted and not printed:
        yield _without(context, RowPlace(*of_list, 0, CODE), len(given), unlisted, codes)
    before = ""
    for n, row in enumerate(rows):
        code = str(row.get(CODE, ""))
        place = RowPlace(*of_list, n, CODE)
        if not codes.well_formed(code):
            continue
        yield from _writing(context, place, code)
        if code in seen:
            yield context.at_place(
                "ALL-01",
                place,
                f"科目编码 {code} 与明细第{seen[code] + 1}行重复",
                code="duplicate-code",
            )
        elif code < before:
            yield context.at_place(
                "ALL-01", place, f"科目编码 {code} 排在 {before} 之后，次序不对", code="code-order"
            )
        before = max(before, code)
        seen.setdefault(code, n)
        for above in codes.ancestors(code):
            if above not in given and above not in missing and len(above) not in unlisted:
                missing.add(above)
                title = codes.name(above) or ""
                message = f"科目编码 {code} 没有上级科目 {above} {title} 的行".replace("  ", " ")
                yield context.at_place(
                    "ALL-01", place, message, hint="补上这一行及其合计", code="missing-parent"
                )
        yield from _name(context, place, row, codes)


def _without(
    context: Context, first: RowPlace, count: int, unlisted: set[int], codes: CodeList
) -> Finding:
    """The question whether a form leaves out the levels that a list has no row of."""
    names = "、".join(CODE_LEVELS[codes.levels.index(length)] for length in sorted(unlisted))
    message = f"{count}个科目编码里没有{names}的行"
    if unlisted == {*codes.levels[:-1]}:
        message = f"{count}个科目编码都是最低一级的，没有上级科目的行"
    hint = f"补上{names}的行及其合计；表样本来不列{names}的，写明说明"
    return context.at_place(
        "ALL-01", first, message, hint=hint, confirm=True, code="missing-parent"
    )


def _unlisted(given: set[str], codes: CodeList) -> set[int]:
    """The levels above the lowest listed one that no row of a list has, as some forms do."""
    lengths = {len(code) for code in given if codes.well_formed(code)}
    return {n for n in codes.levels if n < max(lengths, default=0)} - lengths


def _writing(context: Context, place: Place, code: str) -> Iterator[Finding]:
    """A code that reads as it should and that sums by code do not find as it is written.

    Full-width digits and invisible characters are nobody's intention; spaces are how published tables indent,
    and harm only formulas.
    """
    cell = context.cell(place)
    raw = context.reading.workbook.sheet(cell[0]).value(cell[1]) if cell else None
    if cell is None or not isinstance(raw, str):
        return
    if visible(raw) != raw:
        hint = f"看不见的是 {'、'.join(invisible(raw))}，公式按科目编码合计时找不到这个编码"
        yield context.at_place(
            "ALL-01", place, f"科目编码 {code} {STRANGE}", hint=hint, code="code-invisible"
        )
    elif not raw.isascii() and any(char.isdigit() and not char.isascii() for char in raw):
        message = f"“{raw.strip()}”是全角数字，公式按科目编码合计时找不到它"
        yield context.at_place(
            "ALL-01", place, message, hint=f"改成半角数字 {code}", code="code-wide"
        )
    elif raw != raw.strip() and _read_by_formula(context, cell):
        message = f"“{raw}”前后有空格，公式按科目编码合计时找不到它"
        yield context.at_place(
            "ALL-01", place, message, hint=f"去掉空格，改成 {code}", code="code-with-spaces"
        )


def _read_by_formula(context: Context, cell: CellRef) -> bool:
    name, ref = cell
    sheet, at = context.reading.workbook.sheet(name), split_ref(ref)
    formulas = sheet.formulas().values()
    return any(
        (area_sheet or name) == name and area.holds(*at)
        for formula in formulas
        if len(formula) <= MAX_LENGTH
        for area_sheet, area in references(formula)
    )


def _name(context: Context, place: Place, row: Row, codes: CodeList) -> Iterator[Finding]:
    code, year = str(row[CODE]), context.report.year
    entry = codes.get(code)
    if entry is None:
        message = f"科目表里没有 {code}（科目表不全，不一定有错）"
        yield context.at_place(
            "ALL-02", place, message, hint="核对当年的政府收支分类科目", code="code-unknown"
        )
        return
    if year and not entry.in_force(year):
        doubt = "，起止年度未证实" if entry.doubtful else ""
        message = (
            f"{code} {entry.name} {in_years(entry.first, entry.last)}有效{doubt}，{year}年度不适用"
        )
        yield context.at_place(
            "ALL-02", place, message, hint="核对当年的政府收支分类科目", code="code-outdated"
        )
    name = row.get(NAME)
    if name is None:
        # a form may print codes alone
        if not isinstance(place, RowPlace) or context.has_place(place._replace(column=NAME)):
            yield context.at_place(
                "ALL-02", place, f"{code} 没有科目名称", hint=entry.name, code="name-missing"
            )
    elif not entry.may_be_called(str(name), year or 0):
        message = f"{code} 的名称写作“{name}”，科目表是“{entry.name}”"
        yield context.at_place("ALL-02", place, message, code="name-differs")
