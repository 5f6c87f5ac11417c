"""Cells: what stands in amount cells must be numbers, as fine as the form prints, not negative."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.core.amounts import decimals, money
from xltool.core.texts import half_width, invisible, quoted, visible

_MAY_BE_NEGATIVE = ("结转", "结余")


def check(context: Context) -> Iterator[Finding]:
    """Every amount cell that does not hold a proper amount."""
    for fault in context.reading.faults:
        if not fault.place.is_code:
            yield context.at_place(
                "ALL-06", fault.place, fault.message, hint=fault.hint, code="no-figure"
            )
    finest = 2 if context.report.unit == "元" else 6
    if not context.reading.faults and next(context.amounts(), None) is None:
        for rule in ("ALL-06", "ALL-08", "C-02", "C-03"):
            context.unchecked[rule] = ("不适用", "簿里没有填金额")
    sheets = {sheet.name: sheet for sheet in context.reading.workbook.sheets}
    for place, (sheet_name, ref), value in context.amounts():
        sheet = sheets[sheet_name]
        raw = sheet.value(ref)
        if isinstance(raw, str):
            message, hint = _text_number(raw)
            yield context.at_place("ALL-06", place, message, hint=hint, code="text-figure")
        if decimals(value) > finest and sheet.formula(ref) is None:
            yield context.at_place("C-02", place, f"{value} 比分还细", hint="四舍五入到分")
        if value < 0 and not _exempt(context.label(place), place.table):
            yield context.at_place("C-03", place, f"{money(value)} 是负数")


def _exempt(label: str, table: str) -> bool:
    """Carry-overs may be negative; the 总表 has its own rule (T01-06)."""
    return table == "收入支出决算总表" or any(word in label for word in _MAY_BE_NEGATIVE)


def _text_number(raw: str) -> tuple[str, str]:
    """What is unusual about a number that is stored as text, and what to do."""
    seen, ignored = visible(raw), "Excel 合计时不算它"
    if seen != raw:
        marks = "、".join(invisible(raw))
        told = f"{quoted(raw)}里有看不见的字符（{marks}），是文字，{ignored}"
        return told, "清空后重新输入数字"
    if any(not char.isascii() and half_width(char) != char for char in seen if not char.isspace()):
        return f"{quoted(raw)}是全角字符的文字，{ignored}", "改成半角数字"
    if any(map(str.isspace, seen)):
        return f"{quoted(raw)}带空格，是文字，{ignored}", "去掉空格，重新输入数字"
    return f"{quoted(raw)}是文本型数字，{ignored}", "转换为数字"
