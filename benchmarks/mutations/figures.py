"""Slips in one figure: what a clerk types instead of the right number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Literal

from benchmarks.mutations.books import Book, Spot
from xltool.core.amounts import plain
from xltool.ooxml import Editor, split_ref

BLANK: Literal["空白"] = "空白"
Typed = Decimal | Literal["空白"]
Wrong = Callable[[Book, Spot, Random], Typed | None]
"""What is typed into a cell by mistake; None where this slip cannot be made there."""


@dataclass(frozen=True)
class FigureSlip:
    """A slip in one figure. `words`: what the hint should say."""

    name: str
    words: str
    wrong: Wrong


def _typed(value: Decimal) -> str:
    text = plain(abs(value))
    return text if "." in text else f"{text}.00"


def _number(text: str, like: Decimal) -> Decimal | None:
    if text.startswith(".") or not text:
        text = f"0{text}"
    number = Decimal(text)
    number = -number if like < 0 else number
    return None if number == like else number


def _digit(value: Decimal, rng: Random) -> tuple[str, int]:
    """The figure as typed, and the position of one of its digits, zeros in front left out."""
    text = _typed(value)
    first = next(n for n, c in enumerate(text) if c in "123456789")
    return text, rng.choice([n for n in range(first, len(text)) if text[n] != "."])


def dropped(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    text, at = _digit(spot.value, rng)
    return _number(text[:at] + text[at + 1 :], spot.value)


def doubled(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    text, at = _digit(spot.value, rng)
    return _number(text[:at] + text[at] + text[at:], spot.value)


def transposed(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    text = _typed(spot.value)
    whole = text.replace(".", "")
    pairs = [n for n in range(len(whole) - 1) if whole[n] != whole[n + 1]]
    if not pairs:
        return None
    n = rng.choice(pairs)
    swapped = whole[:n] + whole[n + 1] + whole[n] + whole[n + 2 :]
    point = text.index(".")
    return _number(f"{swapped[:point]}.{swapped[point:]}", spot.value)


def mistyped(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    text, at = _digit(spot.value, rng)
    other = rng.choice([d for d in "0123456789" if d != text[at]])
    return _number(text[:at] + other + text[at + 1 :], spot.value)


def opposite(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    return -spot.value


def times(factor: str) -> Wrong:
    """The figure times a factor; what falls below the cent is lost, as on a form."""

    def wrong(book: Book, spot: Spot, rng: Random) -> Decimal | None:
        places = max(2, -int(spot.value.as_tuple().exponent))
        number = (spot.value * Decimal(factor)).quantize(Decimal(1).scaleb(-places))
        return None if number == spot.value else number

    return wrong


def beside(rows: int, columns: int) -> Wrong:
    """The figure of a cell so many rows down and columns to the right, or the next one there."""

    def wrong(book: Book, spot: Spot, rng: Random) -> Decimal | None:
        sheet, ref = spot.cell
        row, column = split_ref(ref)
        for step in (1, 2, 3) if columns else (1,):
            other = book.by_position.get((sheet, row + rows * step, column + columns * step))
            if other is not None and other.place[:2] == spot.place[:2]:
                return None if other.value == spot.value else other.value
        return None

    return wrong


def blanked(book: Book, spot: Spot, rng: Random) -> Typed | None:
    return BLANK


def zeroed(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    return Decimal(0)


def last_years(book: Book, spot: Spot, rng: Random) -> Decimal | None:
    """Last year's figure of the same cell."""
    if book.prior is None:
        return None
    match spot.place:
        case (table, instance, str(name), int(position), column):
            rows = book.prior.report.tables[table][instance].lists[name]
            value = rows[position].get(column)
        case (table, instance, path):
            value = book.prior.report.tables[table][instance].fields.get(path)
    return value if isinstance(value, Decimal) and value != spot.value else None


def write(editor: Editor, spot: Spot, typed: Typed) -> None:
    """Put what was typed into the cell."""
    sheet, ref = spot.cell
    value = None if typed == BLANK else typed
    assert not isinstance(value, str)
    editor.set(sheet, ref, value, over_formula=True)


LAST_YEAR = "填成上年的数"

FIGURES = (
    FigureSlip("漏一位数字", "漏了一位数字", dropped),
    FigureSlip("多一位数字", "多了一位数字", doubled),
    FigureSlip("两位数字颠倒", "有两位数字颠倒", transposed),
    FigureSlip("一位数字输错", "有一位数字输错", mistyped),
    FigureSlip("正负号反了", "正负号反了", opposite),
    FigureSlip("大10倍", "大了10倍", times("10")),
    FigureSlip("小10倍", "小了10倍", times("0.1")),
    FigureSlip("大100倍", "大了100倍", times("100")),
    FigureSlip("一格填成元", "大了10000倍", times("10000")),
    FigureSlip("填成上一行的数", "填成了上一行的数", beside(-1, 0)),
    FigureSlip("填成下一行的数", "填成了下一行的数", beside(1, 0)),
    FigureSlip("填成旁边一栏的数", "填成了“", beside(0, 1)),
    FigureSlip("漏填", "漏填", blanked),
    FigureSlip("填成零", "填成了0", zeroed),
    FigureSlip(LAST_YEAR, "填成了上年的数", last_years),
)
