"""workbook.xml with its names, and the calculation chain."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from tests.support.feature_book.form_tail import HASH, SALT, VIEW_ID
from tests.support.feature_book.layout import (
    ANNEX,
    CODES,
    DETAIL,
    FORM,
    LOST,
    SETTINGS,
    Layout,
    compact,
)
from tests.support.feature_book.strings import MAIN

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STATES = {
    FORM: "",
    DETAIL: "",
    ANNEX: "",
    CODES: ' state="hidden"',
    SETTINGS: ' state="veryHidden"',
}


def defined_names(layout: Layout) -> list[tuple[str, str, str]]:
    """(name, further attributes, text) in the order of the part."""
    form = f"'{FORM}'!"
    last = layout.ref("C", 8, absolute=True)
    wvu = VIEW_ID.strip("{}").replace("-", "_")
    return [
        (
            "_xlnm._FilterDatabase",
            ' localSheetId="0" hidden="1"',
            form + layout.absolute("C", 11, "D", 14),
        ),
        ("_xlnm._FilterDatabase", ' localSheetId="1" hidden="1"', "'支出''s 明细'!$B$3:$E$12"),
        ("_xlnm.Print_Area", ' localSheetId="0"', form + layout.absolute("A", 1, "I", 40)),
        ("_xlnm.Print_Area", ' localSheetId="2"', f"'{ANNEX}'!$A$1:$C$20"),
        ("_xlnm.Print_Titles", ' localSheetId="0"', f"{form}$A:$A,{form}$3:$5"),
        (
            f"Z_{wvu}_.wvu.PrintArea",
            ' localSheetId="0" hidden="1"',
            form + layout.absolute("A", 1, "I", 25),
        ),
        ("本表合计", ' localSheetId="0"', form + layout.ref("D", 9, absolute=True)),
        ("表头区", ' comment="不随行数变化"', f"{form}$A$3:$I$5"),
        ("合计金额", "", form + layout.ref("C", 9, absolute=True)),
        ("列合计", "", f"SUM({form}{layout.absolute('C', 12, 'C', 14)})+{form}$C$5"),
        ("明细金额", "", form + layout.absolute("C", 6, "C", 8)),
        # Without $ the row counts from the cell that uses the name: no row moves it.
        ("本行金额", "", f"{form}$C9"),
        ("末行金额", "", form + last if last != LOST else LOST),
        ("切片器_名称", "", "#N/A"),
        ("外部数", "", "[1]参考!$B$9"),
        ("隐藏参数", ' hidden="1"', f"{SETTINGS}!$B$1"),
    ]


def workbook(layout: Layout) -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{10 + i}"{state} r:id="rId{i}"/>'
        for i, (name, state) in enumerate(STATES.items(), 1)
    )
    names = "".join(
        f'<definedName name="{name}"{attributes}>{text}</definedName>'
        for name, attributes, text in defined_names(layout)
    )
    return compact(f"""
        <workbook xmlns="{MAIN}" xmlns:r="{R}">
        <fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="24326"
         codeName="{{8A9B0C1D-2E3F-4A5B-8C7D-9E0F1A2B3C4D}}"/>
        <fileSharing readOnlyRecommended="1" userName="财政局"/>
        <workbookPr codeName="ThisWorkbook" defaultThemeVersion="166925"/>
        <workbookProtection workbookAlgorithmName="SHA-512" workbookHashValue="{HASH}"
         workbookSaltValue="{SALT}" workbookSpinCount="100000" lockStructure="1"/>
        <bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="12300"
         tabRatio="750"/></bookViews><sheets>{sheets}</sheets>
        <externalReferences><externalReference r:id="rId6"/></externalReferences>
        <definedNames>{names}</definedNames>
        <calcPr calcId="191029" calcMode="autoNoTable" iterate="1" iterateCount="50"
         iterateDelta="1E-4" fullPrecision="1" calcCompleted="1"/>
        <customWorkbookViews><customWorkbookView name="审核视图" guid="{VIEW_ID}" maximized="1"
         xWindow="-8" yWindow="-8" windowWidth="1936" windowHeight="1056" activeSheetId="11"/>
        </customWorkbookViews>
        <extLst><ext uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}"
         xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">
        <x15:slicerCaches xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">
        <x14:slicerCache r:id="rId14"/></x15:slicerCaches></ext></extLst></workbook>""")


def calc_chain(sheets: list[str]) -> str:
    """The chain over the formulas of `sheets`, whose ids count from 11. Excel adds array flags."""
    cells = []
    for sheet_id, xml in enumerate(sheets, 11):
        for cell in ET.fromstring(xml).iter(f"{{{MAIN}}}c"):
            found = cell.find(f"{{{MAIN}}}f")
            if found is not None:
                flag = ' a="1"' if found.get("t") == "array" else ""
                cells.append(f'<c r="{cell.get("r")}" i="{sheet_id}"{flag}/>')
    return f'<calcChain xmlns="{MAIN}">{"".join(cells)}</calcChain>'
