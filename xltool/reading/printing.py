"""Amounts that a cell does not print as it stores them: a format that scales, hides, or says something else.

What is printed is what is audited. Rounding to the form's decimals, separators, brackets or red for negatives and
a dash for zero are no other figure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from xltool.core.amounts import CENT, decimals, money, parse_number
from xltool.core.caches import remembered
from xltool.core.model import NUMERIC, Kind, Place
from xltool.core.problems import Problem
from xltool.ooxml import Sheet, split_ref
from xltool.ooxml.read.numberformat import picks_figures, shown_number
from xltool.reading.accounting import covered, covered_cells
from xltool.reading.printedfigures import figure_of_text

if TYPE_CHECKING:
    from xltool.reading.model import Reading, ValueCells

_DASHES = frozenset("-‐‑‒–—―─－")
_CURRENCY = "¥￥$€"
_UNITS = {"元": ("元",), "万元": ("万元", "万")}
_FORM_DECIMALS = 2
_PROBES = tuple(map(Decimal, ("1234567.89", "-1234567.89", "12.34", "5", "0.05", "0")))


class Misprint(NamedTuple):
    """A cell whose print is not its figure: where, what it stores, what it shows and why."""

    place: Place
    sheet: str
    ref: str
    value: Decimal | None
    shows: str
    why: str

    @property
    def words(self) -> str:
        """What it stores and what it shows."""
        stores = "空白" if self.value is None else money(self.value)
        return f"存 {stores}，{f'显示 {self.shows}' if self.shows else '不显示'}"


def misprints(reading: Reading) -> Iterator[Misprint]:
    """Every cell with a number whose print is another figure, or none."""
    units = {
        (s.mapping.table, s.instance): s.unit or reading.report.unit for s in reading.found_tables
    }
    formats = reading.workbook.formats
    # as nearly always: whatever the cells hold, these formats print it
    plain = formats is not None and all(
        _harmless(known.number_format) and not known.unseen for known in formats
    )
    sheets = {sheet.name: (sheet, _doubtful(sheet, plain)) for sheet in reading.workbook.sheets}
    for found in reading.found:
        sheet, doubtful = sheets[found.sheet]
        for place, ref, kind in number_cells(reading, found):
            if not doubtful(ref):
                continue
            value = reading.value(sheet.name, ref)
            if isinstance(value, Decimal):
                unit = units[found.table, found.instance]
                if (seen := _misprint(sheet, ref, value, kind, unit)) is not None:
                    yield Misprint(place, found.sheet, ref, value, *seen)
    if formats is not None and any(figure_of_text("", known.number_format) for known in formats):
        yield from _of_blanks(reading)


def _of_blanks(reading: Reading) -> Iterator[Misprint]:
    """Cells without a figure, as a formula that makes a blank, whose format prints one all the same."""
    for found_table in reading.found_tables:
        sheet = found_table.located.sheet
        for ref in (*sheet.refs(), *sheet.formulas()):
            code, value = sheet.number_format(ref), reading.value(sheet.name, ref)
            if isinstance(value, str) and (seen := figure_of_text(value, code)):
                place: Place = (found_table.mapping.table, found_table.instance, ())
                yield Misprint(place, sheet.name, ref, None, seen, f"数字格式是 {code}")


def number_cells(reading: Reading, found: ValueCells) -> Iterator[tuple[Place, str, Kind]]:
    """The filled cells of a block that hold numbers by their kind."""
    spec = reading.edition.specs[found.table]
    for path, ref in found.fields.items():
        kind = spec.fields[path].kind
        if kind in NUMERIC:
            yield (found.table, found.instance, path), ref, kind
    columns = spec.lists[found.list].columns if found.list else {}
    kinds = {column: kind for column, kind in columns.items() if kind in NUMERIC}
    for number, row in enumerate(found.rows):
        for column, ref in row.items():
            if column in kinds:
                place = (found.table, found.instance, found.list, number, column)
                yield place, ref, kinds[column]


def problems(reading: Reading) -> Iterator[Problem]:
    """What to say of a workbook whose cells print other figures: one for each sheet and reason."""
    groups: dict[tuple[str, str], list[Misprint]] = {}
    for found in reading.misprints:
        groups.setdefault((found.sheet, found.why), []).append(found)
    for (sheet, why), group in groups.items():
        first, more = group[0], f" 等{len(group)}格" if len(group) > 1 else ""
        message = f"{first.words}{more}（{why}），不知道哪个是要报的数"
        yield Problem(
            f"工作表“{sheet}”{first.ref}", message, "改正数字格式或所存的数", code="bad-cell"
        )


def _doubtful(sheet: Sheet, plain: bool) -> Callable[[str], bool]:
    """Whether a cell needs a look: formats that print every figure as it is are known by their number.

    `plain`: all formats of the workbook are such.
    """
    hidden = covered_cells(sheet)
    conditions = sheet.conditional_prints()
    if conditions:
        return lambda ref: True
    if plain:
        return hidden.__contains__
    known: dict[int | str, bool] = {}
    numbered = sheet.workbook.formats is not None

    def look(ref: str) -> bool:
        index = sheet.style(ref) if numbered else sheet.number_format(ref)
        if index not in known:
            known[index] = sheet.unseen(ref) or not _harmless(sheet.number_format(ref))
        return known[index] or ref in hidden

    return look


def _misprint(
    sheet: Sheet, ref: str, value: Decimal, kind: Kind, unit: str
) -> tuple[str, str] | None:
    """What a cell shows instead of its figure, and why."""
    code = sheet.number_format(ref)
    if value != 0 and covered(sheet, ref):
        return "", "被合并的单元格盖住了"
    if value != 0 and sheet.unseen(ref):
        return "", "字的颜色与底色相同，字小得看不见，划掉了，或重复填满一格"
    date1904 = sheet.workbook.date1904
    if prints(value, code, kind, unit, date1904=date1904):
        return _by_condition(sheet, ref, value, kind, unit)
    return shown_number(value, code, date1904=date1904).text, f"数字格式是 {code}"


def _by_condition(
    sheet: Sheet, ref: str, value: Decimal, kind: Kind, unit: str
) -> tuple[str, str] | None:
    """As `_misprint`, for the formats that conditions give a cell: whether they hold is not looked into."""
    for area, code in sheet.conditional_prints():
        if area.holds(*split_ref(ref)) and not prints(value, code, kind, unit):
            return shown_number(value, code).text, f"条件格式的数字格式是 {code}"
    return None


@remembered(512)
def _harmless(code: str) -> bool:
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
