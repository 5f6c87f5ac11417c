"""How a worksheet of an .xls file is printed and protected, and what else stands on it: records that xlrd skips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Literal

from xlrd.biffh import unpack_unicode  # type: ignore[import-untyped]

from xltool.ooxml.read.xls.biffrecords import Record

Side = Literal["left", "right", "top", "bottom"]
_SETUP, _HEADER, _FOOTER, _OPTIONS = 0x00A1, 0x0014, 0x0015, 0x0081
_MARGINS: dict[int, Side] = {0x0026: "left", 0x0027: "right", 0x0028: "top", 0x0029: "bottom"}
_CENTRED = {0x0083: "across", 0x0084: "down"}
_PROTECT, _PASSWORD, _GRID = 0x0012, 0x0013, 0x002B
_UNCARRIED = {0x005D: "图片、控件", 0x01BE: "数据有效性", 0x01B0: "条件格式"}
_PORTRAIT, _UNSET, _FIT = 0x02, 0x04, 0x0100
_COMMENT = 0x19
"""Kind of an object that is the box of a cell's comment."""


@dataclass
class PageSetup:
    """Print set-up and protection of a sheet; margins in inches. `more`: what else the sheet has, in words."""

    paper: int = 0
    scale: int = 100
    fit: tuple[int, int] | None = None
    """Pages across and down, 0 for any."""
    landscape: bool = False
    margins: dict[Side, float] = field(default_factory=dict)
    head_margins: tuple[float, float] = (0.5, 0.5)
    header: str = ""
    footer: str = ""
    centred: set[str] = field(default_factory=set)
    grid: bool = False
    protected: bool = False
    password: bool = False
    more: set[str] = field(default_factory=set)


def page_setup(records: Iterable[Record]) -> PageSetup:
    """The set-up of the worksheet of these records."""
    page, fits, sizes = PageSetup(), False, (0, 0)
    for code, body in records:
        if code == _SETUP and len(body) >= 32:
            paper, scale, _, *sizes_, flags = unpack_from("<6H", body)
            sizes = (sizes_[0], sizes_[1])
            page.head_margins = unpack_from("<2d", body, 16)
            if not flags & _UNSET:
                page.paper, page.scale = paper, scale
                page.landscape = not flags & _PORTRAIT
        elif code == _OPTIONS:
            fits = bool(unpack_from("<H", body)[0] & _FIT)
        elif code in _MARGINS:
            (page.margins[_MARGINS[code]],) = unpack_from("<d", body)
        elif code in (_HEADER, _FOOTER) and body:
            text = unpack_unicode(body, 0, lenlen=2)
            page.header, page.footer = (
                (text, page.footer) if code == _HEADER else (page.header, text)
            )
        else:
            _flag(page, code, body)
    page.fit = sizes if fits else None
    return page


def _flag(page: PageSetup, code: int, body: bytes) -> None:
    on = len(body) >= 2 and unpack_from("<H", body)[0] != 0
    if code in _CENTRED and on:
        page.centred.add(_CENTRED[code])
    elif code == _PROTECT:
        page.protected = on
    elif code == _PASSWORD:
        page.password = on
    elif code == _GRID:
        page.grid = on
    elif code in _UNCARRIED and not (code == 0x005D and body[4:6] == bytes([_COMMENT, 0])):
        page.more.add(_UNCARRIED[code])
