"""What reading needs of styles.xml: number formats and the locked flag of each cell format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from xltool.core.caches import remembered
from xltool.ooxml.package.xmltext import is_true, unescape, whole
from xltool.ooxml.package.xmltree import Node

GENERAL = "General"

_DATES = {
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"',
}
_SAME_DATES = {27: (36, 50, 52, 57), 28: (29, 51, 53, 54, 58), 34: (55,), 35: (56,)}

BUILTIN_FORMATS = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
    **_DATES,
    **{number: _DATES[like] for like, numbers in _SAME_DATES.items() for number in numbers},
}
"""Number formats that have no entry in styles.xml, as a Chinese Excel shows them."""


_DAY, _DATE = re.compile("[yd年月日]", re.IGNORECASE), re.compile("[ymdhs]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|General', re.IGNORECASE)
_NUMBER_ID = re.compile('numFmtId="([0-9]+)"')
_CODE = re.compile('formatCode="([^"]*)"')


@remembered(256)
def shows_date(number_format: str) -> bool:
    """Whether a number format shows a number as a date or a time."""
    return _DATE.search(bare(number_format)) is not None


@remembered(256)
def shows_day(number_format: str) -> bool:
    """Whether a number format shows a number as a day, month or year."""
    return _DAY.search(bare(number_format)) is not None


def bare(number_format: str) -> str:
    """The signs of a number format, without quoted texts and what stands in square brackets."""
    return _QUOTED.sub("", number_format)


@remembered(16)
def may_show_dates(styles: str) -> bool:
    """Whether any format of a styles part shows dates. Books of one template have the same."""
    numbers = set(map(int, _NUMBER_ID.findall(styles)))
    codes = {BUILTIN_FORMATS[number] for number in numbers if number in BUILTIN_FORMATS}
    return any(map(shows_date, {*codes, *map(unescape, _CODE.findall(styles))}))


_WHITE, _BLACK = "FFFFFF", "000000"
_THEME = {"0": _WHITE, "1": _BLACK}
_INDEXED = {"0": _BLACK, "1": _WHITE, "8": _BLACK, "9": _WHITE, "64": _BLACK, "65": _WHITE}
SMALLEST = Decimal(3)
"""A smaller type than this many points is not read by anybody."""
PICTURES = frozenset(
    {"wingdings", "wingdings 2", "wingdings 3", "webdings", "marlett", "zapfdingbats"}
)
"""Typefaces that print a picture for every digit."""
_NARROWEST = Decimal("0.8")
"""The digits of one typeface beside those of another of the same size, at least."""
_Of = TypeVar("_Of")


def _nth(items: Sequence[_Of], index: str | None, default: _Of) -> _Of:
    number = whole(index)
    return items[number] if number is not None and number < len(items) else default


def _colour(node: Node | None) -> str:
    """A colour as six digits where they are known: not those of a theme, but for black and white."""
    if node is None or node.get("tint"):
        return ""
    if rgb := node.get("rgb"):
        return rgb[-6:].upper()
    return _THEME.get(node.get("theme") or "") or _INDEXED.get(node.get("indexed") or "", "")


def _font(node: Node) -> tuple[str, bool]:
    """The colour of a font, and whether it is too small, struck out, or of pictures."""
    size, colour, struck = node.find("sz"), node.find("color"), node.find("strike")
    name = node.find("name")
    pictures = name is not None and (name.get("val") or "").lower() in PICTURES
    try:
        small = size is not None and Decimal(size.get("val") or "11") < SMALLEST
    except ArithmeticError:
        small = False
    out = struck is not None and is_true(struck.get("val") or "1")
    return (_BLACK if colour is None else _colour(colour)), small or out or pictures


def _type(node: Node | None) -> tuple[str, Decimal]:
    """The typeface and the size of a font in points."""
    name, size = (node.find(tag) if node is not None else None for tag in ("name", "sz"))
    try:
        points = Decimal(size.get("val") or "11") if size is not None else Decimal(11)
    except ArithmeticError:
        points = Decimal(11)
    return (name.get("val") or "" if name is not None else ""), points


def _scale(font: tuple[str, Decimal], standard: tuple[str, Decimal]) -> Decimal | None:
    """How large the digits of a font are beside those of another, at least."""
    if not standard[1] or not font[1]:
        return None
    return font[1] / standard[1] * (1 if font[0] == standard[0] else _NARROWEST)


def _ground(node: Node) -> str:
    """The colour of a solid fill; white without one, "" for a pattern or an unknown colour."""
    pattern = node.find("patternFill")
    kind = pattern.get("patternType") if pattern is not None else None
    if pattern is None or kind not in (None, "none", "solid"):
        return ""
    return _colour(pattern.find("fgColor")) if kind == "solid" else _WHITE


def _lined(border: Node) -> bool:
    """Whether a border has a line at its lower edge."""
    edge = border.find("bottom")
    return edge is not None and edge.get("style") not in (None, "none")


def _adapts(alignment: Node | None) -> bool:
    """Whether a cell makes its text smaller to fit, or turns it."""
    if alignment is None:
        return False
    turned = alignment.get("textRotation") not in (None, "0")
    return turned or is_true(alignment.get("shrinkToFit"))


def _fills(alignment: Node | None) -> bool:
    """Whether a cell shows its text as often as there is room for it."""
    return alignment is not None and alignment.get("horizontal") == "fill"


class Format(NamedTuple):
    """One cell format (an entry of `cellXfs`)."""

    number_format: str
    locked: bool
    wrapped: bool
    unseen: bool
    """Its text cannot be read: of the colour of its ground, too small, struck out, in pictures, or repeated."""
    scale: Decimal | None = None
    """How large its digits are beside those that the widths of columns count, at least; None: not known, or they
    shrink to fit."""
    lined: bool = False
    """A line is drawn under it."""


class Styles:
    """The cell formats of a workbook by their index."""

    def __init__(self, root: Node | None) -> None:
        self.formats: list[Format] = []
        self.conditional: list[str | None] = []
        """Of each format that conditions give: its number format; None where it leaves that alone."""
        if root is None:
            return
        codes = dict(BUILTIN_FORMATS)
        for node in root.children_of("numFmts"):
            number = whole(node.get("numFmtId"))
            if number is not None:
                codes[number] = node.get("formatCode") or GENERAL
        fonts = [_font(node) for node in root.children_of("fonts")]
        types = [_type(node) for node in root.children_of("fonts")]
        plain = next(iter(root.children_of("cellStyleXfs")), None)
        standard = _nth(types, plain.get("fontId") if plain is not None else "0", _type(None))
        grounds = [_ground(node) for node in root.children_of("fills")]
        lines = [_lined(node) for node in root.children_of("borders")]
        for node in root.children_of("cellXfs"):
            font = _nth(fonts, node.get("fontId"), ("", False))
            ground = _nth(grounds, node.get("fillId"), _WHITE)
            number = whole(node.get("numFmtId")) or 0
            protection = node.find("protection")
            locked = protection.get("locked") if protection else None
            alignment = node.find("alignment")
            self.formats.append(
                Format(
                    codes.get(number, GENERAL),
                    locked is None or is_true(locked),
                    alignment is not None and is_true(alignment.get("wrapText")),
                    font[1] or (bool(font[0]) and font[0] == ground) or _fills(alignment),
                    None
                    if _adapts(alignment)
                    else _scale(_nth(types, node.get("fontId"), standard), standard),
                    _nth(lines, node.get("borderId"), False),
                )
            )

        for node in root.children_of("dxfs"):
            own = node.find("numFmt")
            self.conditional.append(own.get("formatCode") if own is not None else None)

    def format(self, index: int) -> Format:
        """The format of an index; one that does not exist has the defaults of Excel."""
        return (
            self.formats[index]
            if index < len(self.formats)
            else Format(GENERAL, True, False, False)
        )
