"""Putting elements into the text of a worksheet around its rows, and other parts, where they belong."""

from __future__ import annotations

import re

from xltool.ooxml.package.xmltext import escape_attribute
from xltool.ooxml.package.xmltree import Node

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
"""The first line of an XML part."""

RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
"""Namespaces of relationship ids, of transitional and of strict files."""

WORKSHEET_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
)
"""The children of a worksheet up to those that are put in here, in their order."""

_TAG = re.compile(r"<(/?)(?=[A-Za-z])")


def spot(root: Node, local: str, order: tuple[str, ...] = WORKSHEET_ORDER) -> int:
    """The offset at which a new child `local` of `root` belongs, after those it follows."""
    before = {root.prefix + name for name in order[: order.index(local) + 1]}
    ends = [node.end for node in root.children if node.name in before]
    return ends[-1] if ends else root.open_end


def under_prefix(xml: str, prefix: str) -> str:
    """XML without prefixes, its elements put under `prefix`."""
    return _TAG.sub(rf"<\1{prefix}", xml) if prefix else xml


def namespace(root: Node) -> str:
    """The namespace of the root element of a part."""
    name = f"xmlns:{root.prefix[:-1]}" if root.prefix else "xmlns"
    return root.get(name) or ""


def relation_id(root: Node, id_: str, namespace: str) -> str:
    """The attribute that names a relationship, under the prefix that `root` has for it."""
    for name, value in root.attributes.items():
        if value in RELATIONS and name.startswith("xmlns:"):
            return f'{name.removeprefix("xmlns:")}:id="{id_}"'
    return f'xmlns:r="{escape_attribute(namespace)}" r:id="{id_}"'
