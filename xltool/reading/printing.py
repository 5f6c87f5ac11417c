"""Amounts that a cell does not print as it stores them: a format that scales, hides, or says something else.

What is printed is what is audited. Rounding to the form's decimals, separators, brackets or red for negatives and
a dash for zero are no other figure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from xltool.core.amounts import CENT, decimals, money, parse_number
from xltool.core.caches import remembered
from xltool.core.model import Kind
from xltool.core.places import Place
from xltool.ooxml import Sheet, split_ref
from xltool.ooxml.read.numberformat import picks_figures, shown_number
from xltool.reading.covering import covered, covered_cells

_DASHES = frozenset("-‐‑‒–—―─－")
_CURRENCY = "¥￥$€"
_UNITS = {"元": ("元",), "万元": ("万元", "万")}
_FORM_DECIMALS = 2
_PROBES = tuple(map(Decimal, ("1234567.89", "-1234567.89", "12.34", "5", "0.05", "0")))


Fault = Literal["covered", "unseen", "format"]
"""What keeps a figure from being printed: another cell merged over it, how its text looks, its number format."""


class Misprint(NamedTuple):
    """A cell whose print is not its figure: where, what it stores, what it shows and why."""

    place: Place
    sheet: str
    ref: str
    value: Decimal | None
    shows: str
    kind: Fault
    why: str

    @property
    def words(self) -> str:
        """What it stores and what it shows."""
        stores = "空白" if self.value is None else money(self.value)
        return f"存 {stores}，{f'显示 {self.shows}' if self.shows else '不显示'}"


def doubtful(sheet: Sheet, plain: bool) -> Callable[[str], bool]:
    """Whether a cell needs a look: formats that print every figure as it is are known by their number.

    `plain`: all formats of the workbook are such.
    """
    hidden = covered_cells(sheet)
    conditions = sheet.conditional_prints()
    if conditions:
        return lambda ref: True
    if plain:
        return hidden.__contains__
    known: dict[int | tuple[int, str], bool] = {}
    numbered = sheet.workbook.formats is not None

    def look(ref: str) -> bool:
        style = sheet.style(ref)
        index = style if numbered else (style, sheet.number_format(ref))
        if index not in known:
            known[index] = sheet.unseen(ref) or not harmless(sheet.number_format(ref))
        return known[index] or ref in hidden

    return look


def misprint(
    sheet: Sheet, ref: str, value: Decimal, kind: Kind, unit: str
) -> tuple[str, Fault, str] | None:
    """What a cell shows instead of its figure, what does it, and that in words."""
    code = sheet.number_format(ref)
    if value != 0 and covered(sheet, ref):
        return "", "covered", "被合并的单元格盖住了"
    if value != 0 and sheet.unseen(ref):
        why = "字的颜色与底色相同，字小得看不见，划掉了，字体把数字印成图形，或重复填满一格"
        return "", "unseen", why
    date1904 = sheet.workbook.date1904
    if prints(value, code, kind, unit, date1904=date1904):
        return _by_condition(sheet, ref, value, kind, unit)
    return shown_number(value, code, date1904=date1904).text, "format", f"数字格式是 {code}"


def _by_condition(
    sheet: Sheet, ref: str, value: Decimal, kind: Kind, unit: str
) -> tuple[str, Fault, str] | None:
    """As `misprint`, for the formats that conditions give a cell: whether they hold is not looked into."""
    for area, code in sheet.conditional_prints():
        if area.holds(*split_ref(ref)) and not prints(value, code, kind, unit):
            return shown_number(value, code).text, "format", f"条件格式的数字格式是 {code}"
    return None


@remembered(512)
def harmless(code: str) -> bool:
    """Whether a format prints every amount of any unit as it is."""
    return not picks_figures(code) and all(
        prints(value, code, "amount", unit) for value in _PROBES for unit in _UNITS
    )


@remembered(1 << 14)
def prints(value: Decimal, code: str, kind: Kind, unit: str, *, date1904: bool = False) -> bool:
    """Whether a cell with this value and number format prints the figure that it stores.

    An amount is printed with at least the form's two decimals, or all that it has; a number or a ratio may be
    rounded further, and a ratio printed in percent.
    """
    seen = shown_number(value, code, date1904=date1904)
    if code in ("General", "G/通用格式"):
        return True
    text = unicodedata.normalize("NFKC", seen.text).replace("−", "-").replace(" ", "")
    if not seen.sure:
        return False
    if kind == "amount" and abs(value) < CENT / 2 and (not text or set(text) <= _DASHES):
        return True
    if value == 0 and (not text or set(text) <= _DASHES):
        return True
    percent = kind == "ratio" and text.endswith("%")
    number = _number(text.removesuffix("%") if percent else text, kind, unit)
    if number is None:
        return False
    signed = number < 0 or seen.coloured or number == 0
    if value < 0 and not signed:
        return False
    if value >= 0 and number < 0:
        return False
    return _same(
        abs(number.scaleb(-2) if percent else number), abs(value), kind, _places(text, percent)
    )


def _number(text: str, kind: Kind, unit: str) -> Decimal | None:
    """The number that a print says, in the unit of its table; None for anything else."""
    text = text.strip(_CURRENCY)
    words = _UNITS.get(unit, ()) if kind == "amount" else ("分", "个", "%")
    for word in words:
        if text.endswith(word):
            text = text.removesuffix(word)
            break
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()") if negative else text
    for sign in _CURRENCY:
        text = text.replace(sign, "")
    try:
        number = parse_number(text)
    except ValueError:
        return None
    return None if number is None else -number if negative else number


def _places(text: str, percent: bool) -> int:
    """How many decimals a print shows."""
    digits = text.partition(".")[2]
    shown = sum(char.isdigit() for char in digits)
    return shown + 2 if percent else shown


def _same(printed: Decimal, value: Decimal, kind: Kind, places: int) -> bool:
    half = Decimal(5).scaleb(-places - 1)
    if abs(printed - value) > half:
        return False
    if kind != "amount" or places >= _FORM_DECIMALS:
        return True
    return printed == value.quantize(CENT, ROUND_HALF_UP) if decimals(value) > places else True
