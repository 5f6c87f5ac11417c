"""Texts that a worksheet prints beside its cells: headers and footers, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.ooxml.package.package import Package
from xltool.ooxml.package.xmltext import cell_text
from xltool.ooxml.package.xmltree import Node

HEADER, BOX = "页眉页脚", "文本框"
_CODES = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[A-Za-z]')
"""Codes in a header: fonts, colours, sizes, the number of the page."""


def header_texts(header_footer: Node | None) -> Iterator[tuple[str, str]]:
    """The texts of the headers and footers of a sheet, without their codes."""
    for node in header_footer.children if header_footer is not None else ():
        yield HEADER, _CODES.sub(" ", cell_text(node.text))


def box_texts(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """The texts of the text boxes and shapes of a worksheet part."""
    for part in package.related(sheet, "drawing"):
        for body in package.tree(part).iter("txBody"):
            yield BOX, "".join(cell_text(text.text) for text in body.iter("t"))
