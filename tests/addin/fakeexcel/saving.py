"""Saving what is in memory: openpyxl writes formulas without values, so those are put in after."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from openpyxl.workbook import Workbook

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


def write_copy(formulas: Workbook, values: Workbook, target: Path) -> None:
    """Write a workbook with its formulas and their values."""
    package = io.BytesIO()
    formulas.save(package)
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            match = _SHEET.fullmatch(name)
            if match:
                title = formulas.worksheets[int(match[1]) - 1].title
                data = _with_values(data, values[title])
            out.writestr(name, data)


def _with_values(part: bytes, values: Any) -> bytes:
    ElementTree.register_namespace("", _MAIN[1:-1])
    root = ElementTree.fromstring(part)
    for cell in root.iter(f"{_MAIN}c"):
        if cell.find(f"{_MAIN}f") is None:
            continue
        value = values[cell.get("r")].value
        shown = cell.find(f"{_MAIN}v")
        if shown is None:
            shown = ElementTree.SubElement(cell, f"{_MAIN}v")
        kind, shown.text = _stored(value)
        cell.set("t", kind)
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _stored(value: Any) -> tuple[str, str]:
    if value is None:
        return "str", ""  # Excel has calculated every formula: openpyxl drops empty texts
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, str):
        return ("e" if value.startswith("#") else "str"), value
    return "n", repr(value)
