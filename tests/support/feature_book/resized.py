"""What the book says when its block has 5 rows, or 2: written down one by one, not computed."""

from __future__ import annotations

from tests.support.feature_book.layout import DETAIL, FORM, SHEET_PARTS

SHEET, DETAILS = SHEET_PARTS[FORM], SHEET_PARTS[DETAIL]
DRAWING, VML = "xl/drawings/drawing1.xml", "xl/drawings/vmlDrawing1.vml"
COMMENTS, THREADS = "xl/comments1.xml", "xl/threadedComments/threadedComment1.xml"
TABLE, CHART, WORKBOOK = "xl/tables/table1.xml", "xl/charts/chart1.xml", "xl/workbook.xml"

# feature: (part, what, with 5 rows, with 2 rows). Values part at | if there is one, else at blanks.
LISTS = {
    "dimension": (SHEET, "x:dimension@ref", "A1:I27", "A1:I24"),
    "frozen panes": (SHEET, "x:pane@topLeftCell", "B12 A6", "B9 A6"),
    "selection": (
        SHEET,
        "x:selection@sqref",
        "B1|A6|C14:D15 B2|A6",
        "B1|A6|C11:D12 B2|A6",
    ),
    "protected ranges": (
        SHEET,
        "x:protectedRange@sqref",
        "B6:D10 B18:D20|B2 H2",
        "B6:D7 B15:D17|B2 H2",
    ),
    "filter": (SHEET, "x:autoFilter@ref", "C13:D16", "C10:D13"),
    "conditional formats": (
        SHEET,
        "x:conditionalFormatting@sqref",
        "B2|C6:C10 C18:C20|C14:D16|D18:D20",
        "B2|C6:C7 C15:C17|C11:D13|D15:D17",
    ),
    "conditional formats, formulas": (
        SHEET,
        "x:formula",
        '$B$2="" C6>$C$11 $C$17',
        '$B$2="" C6>$C$8 $C$14',
    ),
    "validations": (
        SHEET,
        "x:dataValidation@sqref",
        "H2 C6:D10 B18 C19:D20",
        "H2 C6:D7 B15 C16:D17",
    ),
    "validations, formulas": (
        SHEET,
        "x:formula1",
        '"元,万元" 0 字典!$B$1:$B$2 C19>=$C$14',
        '"元,万元" 0 字典!$B$1:$B$2 C16>=$C$11',
    ),
    "x14 formats and validations, sparklines": (
        SHEET,
        "xm:sqref",
        "D18:D20 E6:E10 B6:B10 C14:C16 I5 G13 G14",
        "D15:D17 E6:E7 B6:B7 C11:C13 I5 G10 G11",
    ),
    "x14 formats and validations, sparklines: formulas": (
        SHEET,
        "xm:f",
        "E6<$E$11-字典!$C$1|字典!$A$1:$A$3|$D$14:$D$16"
        "|'收支 总表'!C5:E5|'收支 总表'!C6:C10|'收支 总表'!C14:D14",
        "E6<$E$8-字典!$C$1|字典!$A$1:$A$3|$D$11:$D$13"
        "|'收支 总表'!C5:E5|'收支 总表'!C6:C7|'收支 总表'!C11:D11",
    ),
    "hyperlinks": (SHEET, "x:hyperlink@ref", "B7 B19", "B7 B16"),
    "page breaks": (SHEET, "x:brk@id", "5 21 9", "5 18 9"),
    "ignored errors": (
        SHEET,
        "x:ignoredError@sqref",
        "B6:B10 B18:B20|E5",
        "B6:B7 B15:B17|E5",
    ),
    "button, in the sheet": (SHEET, "xdr:row", "28 30", "25 27"),
    "drawing anchors": (
        DRAWING,
        "xdr:row",
        "0 1 4 5 3 22 10 11 28 39 32 33 39 28 30",
        "0 1 4 5 3 19 7 8 25 36 29 30 36 25 27",
    ),
    "comments": (COMMENTS, "x:comment@ref", "B2 C6 C7 C19 C20", "B2 C6 C7 C16 C17"),
    "threads": (THREADS, "tc:threadedComment@ref", "C20 C20", "C17 C17"),
    "boxes of comments: cell": (VML, "vml:Row", "1 5 6 18 19", "1 5 6 15 16"),
    "boxes of comments and button: place": (
        VML,
        "vml:Anchor",
        "4,15,1,10,7,31,4,4 4,15,1,10,7,31,4,4 4,15,1,10,7,31,4,4 "
        "4,15,17,10,7,31,22,4 4,15,18,10,7,31,23,4 1,4,28,2,2,64,30,1",
        "4,15,1,10,7,31,4,4 4,15,1,10,7,31,4,4 4,15,1,10,7,31,4,4 "
        "4,15,14,10,7,31,19,4 4,15,15,10,7,31,20,4 1,4,25,2,2,64,27,1",
    ),
    "table": (TABLE, "x:table@ref", "A23:C26", "A20:C23"),
    "table's filter": (TABLE, "x:autoFilter@ref", "A23:C26", "A20:C23"),
    "chart": (
        CHART,
        "c:f",
        "'收支 总表'!$A$11|'收支 总表'!$C$4|'收支 总表'!$F$6:$F$10|'收支 总表'!$C$6:$C$10",
        "'收支 总表'!$A$8|'收支 总表'!$C$4|'收支 总表'!$F$6:$F$7|'收支 总表'!$C$6:$C$7",
    ),
    "other sheet: conditional format": (
        DETAILS,
        "x:formula",
        "'收支 总表'!$C$11|",
        "'收支 总表'!$C$8|",
    ),
    "other sheet: validation": (
        DETAILS,
        "x:formula1",
        "'收支 总表'!$C$14:$C$16|",
        "'收支 总表'!$C$11:$C$13|",
    ),
    "other sheet: x14 validation, sparkline": (
        DETAILS,
        "xm:f",
        "'收支 总表'!$B$6:$B$10|'收支 总表'!D14:D16",
        "'收支 总表'!$B$6:$B$7|'收支 总表'!D11:D13",
    ),
}
MERGES = {
    5: "A1:H1 A3:A4 B3:B4 C3:E3 F3:G4 H3:H4 I3:I14 A6:A10 F6:G6 F7:G7 F8:G8 F9:G9 F10:G10 "
    "A13:B13 B27:C27",
    2: "A1:H1 A3:A4 B3:B4 C3:E3 F3:G4 H3:H4 I3:I11 A6:A7 F6:G6 F7:G7 A10:B10 B24:C24",
}
NAMES = {
    "_xlnm.Print_Area": ("'收支 总表'!$A$1:$I$42", "'收支 总表'!$A$1:$I$39"),
    "_xlnm.Print_Titles": ("'收支 总表'!$A:$A,'收支 总表'!$3:$5",) * 2,
    "本表合计": ("'收支 总表'!$D$11", "'收支 总表'!$D$8"),
    "表头区": ("'收支 总表'!$A$3:$I$5",) * 2,
    "合计金额": ("'收支 总表'!$C$11", "'收支 总表'!$C$8"),
    "明细金额": ("'收支 总表'!$C$6:$C$10", "'收支 总表'!$C$6:$C$7"),
    "列合计": (
        "SUM('收支 总表'!$C$14:$C$16)+'收支 总表'!$C$5",
        "SUM('收支 总表'!$C$11:$C$13)+'收支 总表'!$C$5",
    ),
    "本行金额": ("'收支 总表'!$C9",) * 2,
    "外部数": ("[1]参考!$B$9",) * 2,
    "隐藏参数": ("_参数!$B$1",) * 2,
}
FORM_FORMULAS = {
    5: {
        "E6": "C6-D6",
        "E8": "C8-D8",
        "E9": "C9-D9",
        "E10": "C10-D10",
        "H10": "IF(C10=0,0,ROUND(D10/C10,4))",
        "C11": "SUM(C6:C10)",
        "E11": "C11-D11",
        "F11": "C8",
        "G11": "SUM(C8:D8)",
        "H11": "SUM($C$6:$C$10)/2",
        "F14": "C7",
        "F15": "C8",
        "F16": "C11",
        "C17": "C14:D14*2",
        "E17": "LOG10(C14)",
        "E21": "SUM(14:14)",
        "F21": 'IF(B2="","C9","\'收支 总表\'!C9")',
        "G21": "'支出''s 明细'!C12",
        "H21": "SUM(明细表[金额])",
    },
    2: {
        "E7": "C7-D7",
        "C8": "SUM(C6:C7)",
        "E8": "C8-D8",
        "F8": "#REF!",
        "G8": "SUM(#REF!)",
        "H8": "SUM($C$6:$C$7)/2",
        "F11": "C7",
        "F12": "#REF!",
        "F13": "C8",
        "C14": "C11:D11*2",
        "E18": "SUM(11:11)",
    },
}
DETAIL_FORMULAS = {
    5: {
        "E4": "'收支 总表'!C11",
        "E5": "SUM('收支 总表'!C6:C10)",
        "E6": "'收支 总表'!C8",
        "E7": "SUM('收支 总表'!14:14)",
        "E8": "SUM('收支 总表'!C:C)",
        "E9": "SUM('收支 总表'!$C$14:$D$16)",
        "E10": "SUM(C4:C12)",
        "E11": "合计金额+SUM(明细金额)",
        "E12": "[1]参考!$B$9",
        "E13": "\"'收支 总表'!C9\"&C12",
        "E14": "SUM(明细表[金额])",
        "F4": "'收支 总表'!C7",
        "F5": "'收支 总表'!C8",
        "F6": "'收支 总表'!C11",
        "G4": "'收支 总表'!H2",
        "G5": "SUM(INDEX('收支 总表'!C14:D16,2,0))",
        "G6": "C9+'收支 总表'!C11",
    },
}
