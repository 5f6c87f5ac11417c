"""Cells: what stands in amount cells must be numbers, as fine as the form prints, not negative."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.core.amounts import decimals, money
from xltool.core.model import CODE

_DATE = re.compile(r"[ymd年月日]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MAY_BE_NEGATIVE = ("结转", "结余")


def check(context: Context) -> Iterator[Finding]:
    """Every amount cell that does not hold a proper amount."""
    for fault in context.reading.faults:
        if fault.place[-1] != CODE:
            yield context.at_place("ALL-06", fault.place, fault.message, hint=fault.hint)
    finest = 2 if context.report.unit == "元" else 6
    sheets = {sheet.name: sheet for sheet in context.reading.workbook.sheets}
    for place, (sheet_name, ref), value in context.amounts():
        sheet = sheets[sheet_name]
        raw = sheet.value(ref)
        if isinstance(raw, str):
            message, hint = _text_number(raw)
            yield context.at_place("ALL-06", place, message, hint=hint)
        elif _shows_date(sheet.number_format(ref)):
            message = f"单元格是日期格式，存的数是 {money(value)}"
            hint = "改成数值格式，核对这个数是不是要填的金额"
            yield context.at_place("ALL-06", place, message, hint=hint)
        if decimals(value) > finest and sheet.formula(ref) is None:
            yield context.at_place("C-02", place, f"{value} 比分还细", hint="四舍五入到分")
        if value < 0 and not _exempt(context.label(place), place[0]):
            yield context.at_place("C-03", place, f"{money(value)} 是负数")


@lru_cache(maxsize=256)
def _shows_date(number_format: str) -> bool:
    return _DATE.search(_QUOTED.sub("", number_format)) is not None


def _exempt(label: str, table: str) -> bool:
    """Carry-overs may be negative; the 总表 has its own rule (T01-06)."""
    return table == "收入支出决算总表" or any(word in label for word in _MAY_BE_NEGATIVE)


def _text_number(raw: str) -> tuple[str, str]:
    """What is unusual about a number that is stored as text, and what to do."""
    if unicodedata.normalize("NFKC", raw) != raw:
        return f"“{raw}”是全角字符的文字，Excel 合计时不算它", "改成半角数字"
    if raw != raw.strip() or " " in raw:
        return f"“{raw}”带空格，是文字，Excel 合计时不算它", "去掉空格，重新输入数字"
    return f"“{raw}”是文本型数字，Excel 合计时不算它", "转换为数字"
