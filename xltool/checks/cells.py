"""Cells: what stands in amount cells must be numbers, as fine as the form prints, not negative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xltool.checks.context import Context
from xltool.checks.findingcodes import FindingCode
from xltool.checks.findings import Finding
from xltool.core.amounts import decimals, money
from xltool.core.cellref import CellRef
from xltool.core.places import Place
from xltool.core.texts import half_width, invisible, quoted, visible
from xltool.ooxml import column_letter, split_ref

_MAY_BE_NEGATIVE = ("结转", "结余")
_PLAIN = ("是文本型数字", "转换为数字")
"""What is unusual about a number that is stored as text and has nothing else about it, and what to do."""
_EXPORTED = 8
"""So many amounts, all of them text, are those of a program that exports them so, and no slip of a person."""


def check(context: Context) -> Iterator[Finding]:
    """Every amount cell that does not hold a proper amount."""
    for fault in context.reading.faults:
        if not fault.place.is_code:
            yield context.at_place(
                "ALL-06", fault.place, fault.message, hint=fault.hint, code="no-figure"
            )
    finest = 2 if context.report.unit == "元" else 6
    if not context.reading.faults and next(context.amounts(), None) is None:
        for rule in ("ALL-06", "ALL-08", "ALL-09", "ALL-10", "C-02", "C-03"):
            context.unchecked[rule] = ("不适用", "簿里没有填金额")
    texts: dict[_Kind, list[tuple[Place, str, str]]] = defaultdict(list)
    zeros: list[tuple[Place, CellRef, str]] = []
    numbers = 0
    for place, (sheet_name, ref), value in context.amounts():
        sheet = context.sheets[sheet_name]
        raw = sheet.value(ref)
        if isinstance(raw, str):
            unusual = _text_number(raw)
            if value == 0 and unusual is _PLAIN:
                zeros.append((place, CellRef(sheet_name, ref), raw))
            else:
                kind = (place.table, sheet_name, split_ref(ref)[1], unusual)
                texts[kind].append((place, ref, raw))
        elif value:
            numbers += 1
        if decimals(value) > finest and sheet.formula(ref) is None:
            yield context.at_place("C-02", place, f"{value} 比分还细", hint="四舍五入到分")
        if value < 0 and not _exempt(context.label(place), place.table):
            yield context.at_place("C-03", place, f"{money(value)} 是负数")
    yield from _all_texts(context, texts, whole_book=not numbers)
    if zeros:
        yield _text_zeros(context, zeros)


_Kind = tuple[str, str, int, tuple[str, str]]
"""Table, sheet and column of numbers that are stored as text; what is unusual about them, and what to do."""


def _all_texts(
    context: Context, texts: dict[_Kind, list[tuple[Place, str, str]]], *, whole_book: bool
) -> Iterator[Finding]:
    """What is to be said of the numbers that are stored as text; `whole_book`: no other figure is in it."""
    plain = [kind for kind in texts if kind[-1] is _PLAIN] if whole_book else []
    if sum(len(texts[kind]) for kind in plain) >= _EXPORTED:
        yield _text_book(context, [(k[1], ref) for k in plain for _, ref, _ in texts.pop(k)])
    for of_column, found in texts.items():
        yield _text_numbers(context, of_column, found)


def _text_numbers(
    context: Context, kind: _Kind, found: Sequence[tuple[Place, str, str]]
) -> Finding:
    """Numbers of one column of a sheet that are stored as text in the same way, as one finding."""
    table, sheet, column, (unusual, hint) = kind
    place, ref, raw = found[0]
    code: FindingCode = "text-figure"
    if len(found) == 1:
        message = f"{quoted(raw)}{unusual}，Excel 合计时不算它"
        return context.at_place("ALL-06", place, message, hint=hint, code=code)
    letter = column_letter(column)
    return context.finding(
        "ALL-06",
        f"{letter}列有{len(found)}格{unusual}（第一格 {ref} {quoted(raw)}），Excel 合计时不算它们",
        f"{sheet} {letter}列 {unusual}",
        table=table,
        sheet=sheet,
        cells=tuple(CellRef(sheet, ref) for _, ref, _ in found),
        hint=f"选中这些格，{hint}",
        code=code,
        names_cells=True,
    )


def _text_book(context: Context, found: Sequence[tuple[str, str]]) -> Finding:
    """The figures of a book none of which is a number, as some programs export them: no sum leaves one out."""
    return context.finding(
        "ALL-10",
        f"全簿的金额都是文本型数字（{len(found)}格），在 Excel 里求和得零；这里照着字面读",
        "全簿 文本型的金额",
        sheet=found[0][0],
        cells=tuple(CellRef(sheet, ref) for sheet, ref in found),
        hint="选中金额各栏，转换为数字",
        code="text-figure",
        names_cells=True,
    )


def _text_zeros(context: Context, found: Sequence[tuple[Place, CellRef, str]]) -> Finding:
    """Zeros of the whole book that are stored as text, as some blank forms print them: they change no sum."""
    place, (sheet, ref), raw = found[0]
    cells = tuple(cell for _, cell, _ in found)
    if len(found) == 1:
        message = f"{quoted(raw)}是文本型数字；是零，不影响合计"
    else:
        message = (
            f"有{len(found)}格零是文本型数字（第一格 {sheet}!{ref} {quoted(raw)}）；不影响合计"
        )
    return context.finding(
        "ALL-09", message, "全簿 文本型的零", table=place.table if len(found) == 1 else "",
        sheet=sheet, cells=cells, hint="选中这些格，转换为数字", code="text-figure", names_cells=True,
    )  # fmt: skip


def _exempt(label: str, table: str) -> bool:
    """Carry-overs may be negative; the 总表 has its own rule (T01-06)."""
    return table == "收入支出决算总表" or any(word in label for word in _MAY_BE_NEGATIVE)


def _text_number(raw: str) -> tuple[str, str]:
    """What is unusual about a number that is stored as text, and what to do."""
    seen = visible(raw)
    if seen != raw:
        marks = "、".join(invisible(raw))
        return f"里有看不见的字符（{marks}），是文字", "清空后重新输入数字"
    if any(not char.isascii() and half_width(char) != char for char in seen if not char.isspace()):
        return "是全角字符的文字", "改成半角数字"
    if any(map(str.isspace, seen)):
        return "带空格，是文字", "去掉空格，重新输入数字"
    return _PLAIN
