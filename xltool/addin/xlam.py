"""The add-in as a file: an .xlam with the ribbon, the VBA project and the sheet of settings.

Stored without compression and without dates: the same versions and settings give the same bytes on
every machine.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from xml.sax.saxutils import escape

from xltool.addin.config import SHEET, interpreter, settings
from xltool.addin.ribbon import older_ribbon_xml, ribbon_xml
from xltool.addin.vbaproject import Module, document_module, project_bin
from xltool.addin.xlwingsbas import PROJECT, xlwings_module
from xltool.core.saving.mark import MARK

NAME = "xltool.xlam"

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DATE = (1980, 1, 1, 0, 0, 0)

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETS}.styles+xml"/></Types>'
)
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><workbookPr codeName="ThisWorkbook"/>'
    f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/>'
    '<top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0"'
    ' fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0"'
    ' borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"'
    ' applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _settings_sheet(values: Mapping[str, str]) -> str:
    """Two columns of texts; the second is formatted as text, so that nothing in it is converted."""
    rows = []
    for number, pair in enumerate(values.items(), 1):
        cells = "".join(
            f'<c r="{column}{number}" s="1" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for column, text in zip("AB", pair, strict=True)
            if text
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="Sheet1"/><sheetData>{"".join(rows)}'
        "</sheetData></worksheet>"
    )


def modules() -> list[Module]:
    """The VBA modules. Raises `InputError` when the installed xlwings does not fit."""
    ribbon = Path(__file__).with_name("ribbon.bas").read_text(encoding="ascii")
    return [
        document_module("ThisWorkbook", "workbook"),
        document_module("Sheet1", "sheet"),
        Module("XltoolRibbon", ribbon),
        Module("xlwings", xlwings_module()),
    ]


def build(python: PurePath | None = None) -> bytes:
    """The add-in for the Python given, by default the one that runs now.

    Raises `InputError` when the installed xlwings is missing or does not fit.
    """
    ribbons = {
        "customUI/customUI14.xml": ribbon_xml(),
        "customUI/customUI.xml": older_ribbon_xml(),
    }
    texts = {
        "[Content_Types].xml": _XML + _TYPES,
        "_rels/.rels": _XML
        + _relations(
            (f"{_DOCUMENT}/officeDocument", "xl/workbook.xml"),
            (f"{_MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
            (f"{_MICROSOFT}/2006/relationships/ui/extensibility", "customUI/customUI.xml"),
        ),
        **ribbons,
        "xl/workbook.xml": _XML + _WORKBOOK,
        "xl/_rels/workbook.xml.rels": _XML
        + _relations(
            (f"{_DOCUMENT}/worksheet", "worksheets/sheet1.xml"),
            (f"{_DOCUMENT}/styles", "styles.xml"),
            (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/styles.xml": _XML + _STYLES,
        "xl/worksheets/sheet1.xml": _XML + _settings_sheet(settings(python or interpreter())),
    }
    parts = {name: text.encode("utf-8") for name, text in texts.items()}
    parts["xl/vbaProject.bin"] = project_bin(PROJECT, modules())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content)
        archive.comment = MARK
    return target.getvalue()
