"""Where what a criterion of SUMIF or COUNTIF fits could differ from Excel; see `guards`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xltool.ooxml.calc.calculation import Calculation
from xltool.ooxml.calc.calcvalues import Plain, close_to, far_from
from xltool.ooxml.calc.columns import ColumnFacts
from xltool.ooxml.calc.criteria import Criterion, criterion, reads_as_number, reads_somehow
from xltool.ooxml.calc.tree import ExpressionNode, SheetArea
from xltool.ooxml.read.values import CellError

_CODES = re.compile(r"[0-9?*]+")
_SPACED = "里有空格或看不见的字符，各软件结果可能不同"
_WIDE = "里有全角字符，各软件结果可能不同"
ODD = (_SPACED, _WIDE)
"""Faults that are told with the criterion itself."""


class Differs(str):
    """What LibreOffice makes otherwise: the value is Excel's and certain."""


def gravest(reasons: Iterable[str | None]) -> str | None:
    """The first reason for doubt, or else the first difference."""
    difference: str | None = None
    for reason in reasons:
        if reason and not isinstance(reason, Differs):
            return reason
        difference = difference or reason
    return difference


def criterion_fault(area: ExpressionNode, value: Plain, calc: Calculation) -> str | None:
    """Why it is not certain which cells of an area fit a criterion, None when it is; see `Differs`."""
    place = calc.places[area.ref]
    key = ("criterion", place, type(value), value)
    found: str | None = calc.once(key, _fault_at, value, place, calc)
    return found


def _fault_at(written: Plain, place: SheetArea, calc: Calculation) -> str | None:
    facts = calc.facts(place)
    if facts is not None and not any(_may_be_at_odds(written, known) for known in facts):
        return None
    return _fault_with(written, calc.inside(place))


def _may_be_at_odds(written: Plain, known: ColumnFacts) -> bool:
    """False when nothing in a column can make the outcome of a criterion uncertain."""
    if known.kinds & {bool, CellError}:
        return True
    if type(written) is float:
        return known.may_be_near(written, "")
    if type(written) is not str:
        return True
    wanted = criterion(written)
    if wanted.number is not None:
        return known.may_be_near(wanted.number, wanted.text)
    plain = wanted.operator not in ("<", ">", "<=", ">=") and wanted.text not in ("", "?", "*")
    if not plain or not wanted.text.isascii() or wanted.text.casefold() in known.folded:
        return True
    if not known.few_floats or any(map(wanted.shows, known.floats)):
        return True
    return any(map(str.isdigit, wanted.text)) and not _CODES.fullmatch(wanted.text)


def _fault_with(written: Plain, cells: list[Plain]) -> str | None:
    if not {bool, CellError}.isdisjoint(map(type, cells)):
        return "条件区域里有逻辑值或错误值"
    if isinstance(written, float):
        return _numeric_criterion_fault(criterion(written)._replace(text=""), cells)
    if not isinstance(written, str):
        return "条件是空白、逻辑值或错误值"
    wanted = criterion(written)
    if wanted.number is not None:
        return _numeric_criterion_fault(wanted, cells)
    if wanted.operator in ("<", ">", "<=", ">="):
        return "条件比较文本的先后，各软件结果不同"
    if not wanted.text and "" in cells:
        return "条件针对空白，而区域里有空文本"
    if any(map(str.isdigit, wanted.text)) and not _CODES.fullmatch(wanted.text):
        return _odd_digits(wanted.text)
    texts = [value for value in cells if isinstance(value, str)]
    if not "".join([wanted.text, *texts]).isascii() and any(
        _differ_in_case(text, wanted.text) for text in texts
    ):
        return "条件与区域里的文本只差大小写"
    if wanted.text in ("?", "*"):
        return Differs("条件只有一个通配符，Excel 只找文字")
    if any(isinstance(value, float) and wanted.shows(value) for value in cells):
        return Differs("条件里有通配符，Excel 只找文字，不找数字")
    return None


def _odd_digits(text: str) -> str:
    """Why it is not certain what a criterion with digits in it is taken for."""
    visible = "".join(char for char in text if unicodedata.category(char)[0] not in "ZC")
    if _CODES.fullmatch(visible):
        return _SPACED
    if _CODES.fullmatch(unicodedata.normalize("NFKC", visible)):
        return _WIDE
    return "条件可能被当作金额、日期或百分数"


def _differ_in_case(text: str, wanted: str) -> bool:
    """True for texts that some programs hold equal; how ASCII letters compare is agreed."""
    return text != wanted and text.casefold() == wanted.casefold() and not (text + wanted).isascii()


def _numeric_criterion_fault(wanted: Criterion, cells: list[Plain]) -> str | None:
    numbers = [value for value in cells if type(value) is float]
    texts = any(isinstance(value, str) and value for value in cells)
    number = wanted.number or 0.0
    if not texts and (not numbers or far_from(number, min(numbers), max(numbers))):
        return None  # as it is nearly always: amounts, and a number that no amount is near
    return gravest(_number_fault(value, wanted) for value in cells)


def _number_fault(value: Plain, wanted: Criterion) -> str | None:
    number = wanted.number or 0.0
    if isinstance(value, float):
        return "条件与区域里的数几乎相等，各软件结果不同" if close_to(value, number) else None
    if not isinstance(value, str) or value == wanted.text or not _may_be(value, number):
        return None
    if wanted.operator in ("", "=") and reads_as_number(value):
        return Differs("区域里有写成文本的同一个数，Excel 认作相同")
    return "区域里有写成文本的同一个数"


def _may_be(text: str, number: float) -> bool:
    """True when Excel might read the text as that number."""
    return float(text) == number if reads_as_number(text) else reads_somehow(text)
