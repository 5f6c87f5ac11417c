"""Recalculation: certain values equal those of LibreOffice; everything else says why not."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

import pytest

from tests.support.libreoffice import recalculated
from tests.support.packages import book, packed, worksheet
from tests.support.randomformulas import Formulas
from xltool.ooxml import CellError, Value, make_ref, open_workbook
from xltool.ooxml.calc import calcinputs
from xltool.ooxml.calc.functions import FUNCTIONS
from xltool.ooxml.calc.recalc import Recalculation, recalculate
from xltool.ooxml.package.xmltext import escape

SHEET, OTHER = "公开02 收入(1)", "T 'x"
DATA: dict[str, object] = {
    "A1": 1, "A2": 2.5, "A4": "文本", "A6": "3", "A8": -4, "A9": 0.1, "A10": 0.2, "A11": 0.3,
    "A12": 29.54, "A13": 1.005, "A14": 2.675, "A15": 1e15, "A16": 0,
    "B1": "201", "B2": "20101", "B3": "2010101", "B4": "2010102", "B5": "208", "B6": "20805", "B7": "2080505",
    "C1": 10, "C2": 20, "C3": 1.1, "C4": 2.2, "C5": 30, "C6": 40, "C7": 0.7,
    "D1": 201, "D2": 20101, "D3": "一般", "D4": "abc", "D5": "ABC", "D6": "a?c", "D7": "x*y",
    "E1": "甲", "E2": "乙", "E4": "甲", "E5": "丙", "E7": "甲乙",
    "G1": "甲类", "G2": "乙类x", "G3": "丙", "G4": "甲乙丙", "G5": "a类b",
}  # fmt: skip
INNER = {
    "F1": "1/0",
    "F2": "#N/A",
    "F3": '""',
    "F4": "A1=1",
    "F5": "0.1+0.2",
    "F6": "F5-0.3",
    "F8": "SUM(C1:C7)",
}

PROVED = """
A1 | A3 | A3+1 | A3&"x" | E3="" | E3=0 | A6+1 | A4+1 | -A2 | -2^2 | 2^3^2 | A2% | 50%*2 | A12&"元"
'T ''x'!A1*2 | '公开02 收入(1)'!A1 | 公开03!A1 | A1+(C1-C2)*C3/4 | +C1 | --C1 | 10/4 | 7/3 | C1^2
"a"="A" | 1<"a" | A1="1" | D1="201" | B1=201 | B1&""="201" | A1<>1 | C1>C2 | C1>=10 | C3<=C4 | E1=E4
SUM(A8:A16) | SUM(C1:C7,A1,5) | SUM(A6,1) | SUM(A4) | SUM(F1,1) | SUM(C:C) | SUM(1:1) | SUM(#REF!)
SUM(C1:C3,C5:C7) | SUM(C1:C3)*2% | SUM(F3,1) | SUM('T ''x'!A1:B9) | SUM(Z900:Z901)
COUNT(A8:A16) | COUNT(F3) | COUNT(E1:E7) | COUNTA(A8:A16) | COUNTA(E1:E7) | COUNTA(F3) | COUNT(C1:C7,1) | COUNT(A1,)
MIN(A8:A16) | MAX(A8:A16) | MIN(E1:E7) | MIN(A4) | MAX(C1:C7)-MIN(C1:C7) | AVERAGE(C1:C7) | AVERAGE(E1:E3)
IF(A1,1,2) | IF(A3,1,2) | IF(A1=1,"") | IF(A1=2,1) | IF(A1=1,) | IF(F1,1,2) | IF(C1>5,"大","小")
IF(SUM(C1:C2)=0,"",SUM(C1:C2)) | IF(COUNT(E1:E7)=0,"",SUM(E1:E7)) | IF(AND(C1>5,C2<3),1,0) | IF(1,#REF!,2)
IFERROR(F1,"e") | IFERROR(A3,1) | IFERROR(1/0,) | IFERROR(A1/A3,"-") | IFERROR(C1/A16,0) | IFERROR(A1,2)
AND(A1,A2) | OR(A3,A1) | NOT(A1) | NOT(A3) | AND(F4,A1>0) | OR(A1>5,A2>5) | AND(F1,TRUE) | NOT(F4)
ABS(A8) | ABS(A6) | ABS(A4) | ABS(A3) | ABS(F1) | ABS(C1-C2) | N(A1) | N(A4) | N(A3) | N(F1) | N("3")
ROUND(A13,2) | ROUND(A14,2) | ROUND(2.5,0) | ROUND(-2.5,0) | ROUND(1.15,1) | ROUND(0.285,2) | ROUND(A3,2)
ROUND(A12*1.005,2) | ROUND(1234.5,-2) | ROUND(A6,1) | ROUND(A4,1) | ROUND(4.35*100,0) | ROUND(8.325,2)
LEN(A4) | LEN(A12) | LEN(A3) | LEN(E7) | LEN(F3) | LEFT(B2,3) | RIGHT(B2,2) | MID(B3,4,2)
LEFT(G4,2) | MID(G4,2,1) | LEFT("a",5) | LEFT("abc",-1) | CONCATENATE(B1,"-",C1) | EXACT(B1,"201") | EXACT("a","A")
ISBLANK(A3) | ISBLANK(F3) | ISNUMBER(A6) | ISNUMBER(F5) | ISERROR(F1) | ISTEXT(A4) | ISERROR(1/0) | ISTEXT(E3)
SUMIF(B1:B7,"???",C1:C7) | SUMIF(B1:B7,"201??",C1:C7) | SUMIF(B1:B7,B1&"??",C1:C7) | SUMIF(B1:B7,"201*",C1:C7)
SUMIF(B1:B7,"201",C1:C7) | SUMIF(D4:D7,"abc",C1:C4) | SUMIF(C1:C7,">10") | SUMIF(C1:C7,"<>10") | SUMIF(B:B,"20??",C:C)
SUMIF(E1:E7,"甲",C1:C7) | SUMIF(E1:E7,"<>甲",C1:C7) | SUMIF(E1:E7,"",C1:C7) | SUMIF(D1:D7,"a~?c",C1:C7)
SUMIF(E1:E7,"甲*",C1:C7) | SUMIF(C1:C7,C3) | SUMIF(C1:C7,">"&C3) | SUMIF(B1:B7,"201??",C1) | SUMIF(G1:G5,"*类*",C1:C5)
SUMIF(G1:G5,"??",C1:C5) | SUMIF(G1:G5,"甲??",C1:C5) | SUMIF(B1:B7,"<>",C1:C7) | SUMIF(B1:B7,"<>???",C1:C7)
COUNTIF(B1:B7,"201??") | COUNTIF(E1:E7,"") | COUNTIF(C1:C7,">0") | COUNTIF(C1:C7,10) | COUNTIF(E1:E7,E1)
COUNTIF(D4:D7,"ABC") | COUNTIF(G1:G5,"?类") | SUMIFS(C1:C7,B1:B7,"201*",C1:C7,">5") | SUMIFS(C1:C7,B1:B7,B1&"??")
SUMIF(B1:B7,"201??",C1)+C1 | C1+SUMIF(B1:B7,"201??",C1) | SUM(C1:C2)+SUMIF(B1:B7,"20?",C1:C2)-SUM(C1:C2)
SUMIFS(C1:C7,E1:E7,"") | SUMIFS(C1:C7,E1:E7,"<>甲",B1:B7,"20*") | SUMIFS(C1:C7,C1:C7,">-1E+300")
COUNTIFS(B1:B7,"???",C1:C7,">-1E+300") | COUNTIFS(B1:B7,"???") | COUNTIFS(E1:E7,"甲",C1:C7,">5")
IF(COUNTIFS(B2:B7,B1&"??",C2:C7,">-1E+300")=0,"",SUMIF(B2:B7,B1&"??",C2:C7)) | F8=ROUND(C1+C2,2) | F8-F8
A9+A10-A11 | F6 | ABS(F6) | SUM(A9:A10)-A11 | F3="" | F3&"x" | F3+1 | F8*1 | IF(F3="",0,F3) | F1&"" | F1=1
A1/A16 | A1/A3 | "x"*1 | "3"*2 | -"3" | 1E300*1E300 | SUM(C1:C7)/COUNT(C1:C7) | 1&2 | 1.5&"" | (A1)
SUMPRODUCT((LEN(B1:B7)=3)*C1:C7) | SUMPRODUCT((B1:B7="201")*(C1:C7)) | SUMPRODUCT(--(LEFT(B1:B7,3)="201"),C1:C7)
SUMPRODUCT(C1:C7) | SUMPRODUCT(A1:A7,C1:C7) | SUMPRODUCT(E1:E7,C1:C7) | SUMPRODUCT((E1:E7="")*1) | SUMPRODUCT(C1:D2)
SUMPRODUCT((E1:E7="甲")*(C1:C7>5)*C1:C7) | SUMPRODUCT((LEN(B:B)=3)*C:C) | SUMPRODUCT((D1:D7="abc")*C1:C7)
SUMPRODUCT((LEFT(B1:B7,LEN(B1))=B1)*(LEN(B1:B7)=5)*C1:C7)/2 | SUMPRODUCT(ROUND(C1:C7*1.005,2)) | SUMPRODUCT(E1:E7*C1:C7)
SUMPRODUCT(ISNUMBER(D1:D7)*C1:C7) | SUMPRODUCT(ABS(A8:A9)) | SUMPRODUCT(C1:C3/A1:A3) | SUMPRODUCT(C1:C7%)
SUMPRODUCT((MID(B1:B7,4,2)<>"01")*1,C1:C7) | SUMPRODUCT((RIGHT(B1:B7,2)="01")+0) | SUMPRODUCT(F8*C1:C7) | SUMPRODUCT(C1)
SUMPRODUCT(EXACT(D4:D5,"abc")*C4:C5) | SUMPRODUCT(ISBLANK(E1:E7)*1) | SUMPRODUCT(ISTEXT(E1:E7)*C1:C7)
SUMPRODUCT((LEN(B1:B7)=3)*C1:C7)-SUM(C1,C5) | SUM(C1:C7)-SUMPRODUCT(1*C1:C7) | SUMPRODUCT(A1:C1*1)
SUMPRODUCT((LEN(B1:B7)=LEN(B1))*C1:C7)+LEN(B1) | SUMPRODUCT(C1:C7,C1:C7) | ROUND(SUMPRODUCT(C1:C7*A1),2)=F8
SUMPRODUCT(-C1:C7) | SUMPRODUCT(F2:F3) | SUMPRODUCT(Z900:Z901) | SUMPRODUCT(F1:F1) | SUMPRODUCT(科目金额*2)
金额合计*2 | SUM(科目金额) | TRUE | IF(TRUE,1,F1) | SUM(SUM(C1:C2),MAX(C1:C2)) | 1.0E-3+0 | IF(A1=1,IF(A2=2,1,2),3)
"""

UNCERTAIN = {
    "NOSUCH(1)": "函数 NOSUCH",
    "SUMPRODUCT(SUM(B1:B7)*C1:C7)": "SUMPRODUCT 里面的函数 SUM",
    "SUMPRODUCT(IF(C1:C7>1,C1:C7))": "SUMPRODUCT 里面的函数 IF",
    "SUMPRODUCT((LEN(B1:B7)=3)*C1:C6)": "大小不一",
    "SUMPRODUCT(C1:C7,A1)": "大小不一",
    "SUMPRODUCT(C1:C7,)": "大小不一",
    'SUMPRODUCT((B1:B7="201")*1)+(B1:B7="201")': "一个值的位置",
    'SUMPRODUCT(B1:B7="201")': "参数是逻辑值",
    'SUMPRODUCT((B1:B7="201"),C1:C7)': "参数是逻辑值",
    "SUMPRODUCT(B1:B7&A3,C1:C7)": "参数是文本",
    "SUMPRODUCT(F4:F5)": "逻辑值",
    "SUMPRODUCT((A9+A10=A11:A12)*1)": "几乎相等",
    "SUMPRODUCT((F5:F6=0.3)*1)": "几乎相等",
    "SUMPRODUCT(H3:H4*1)": "文本参加计算",
    'SUMPRODUCT((F5:F6&""="x")*1)': "转成文本",
    "SUMPRODUCT(F1:F2)": "几种错误值",
    'SUMPRODUCT((B:B="")*1)': "后面的空白格",
    "_xlfn.XLOOKUP(1,A1:A2,B1:B2)": "函数 XLOOKUP",
    "TODAY()": "函数 TODAY",
    'INDIRECT("A1")': "函数 INDIRECT",
    "OFFSET(A1,1,1)": "函数 OFFSET",
    "[1]Sheet1!A1+1": "别的工作簿",
    "公开02:公开03!A1": "跨多张工作表",
    "没有的表!A1": "工作表“没有的表”不存在",
    "没有的名称+1": "名称“没有的名称”",
    "相对名称+1": "名称“相对名称”",
    "表1[金额]": "结构化引用",
    "SUM({1,2})": "数组常量",
    "SUM(A1:INDEX(A1:A9,2))": "动态的区域",
    "A1#": "动态的区域",
    "@A1:A3": "隐式交集",
    "SUM(A1:A9 A2:C2)": "区域交集",
    "SUM((A1,A2))": "区域联合",
    "A1:A3": "一个值的位置",
    "A1:A3+1": "一个值的位置",
    "IF(A1:A3>0,1)": "一个值的位置",
    "SUMIF(IF(A1,B1:B7),1)": "不是直接引用",
    "0.1+0.2=0.3": "几乎相等",
    "F5=0.3": "几乎相等",
    "F6=0": "几乎相等",
    "A9+A10>=A11": "几乎相等",
    "IF(F6,1,2)": "几乎为零",
    "IF(A4,1,2)": "条件是文本",
    "AND(A4,TRUE)": "条件是文本",
    'F5&""': "转成文本",
    '1/3&"元"': "转成文本",
    "LEN(F5)": "转成文本",
    '(A1=1)&""': "逻辑值转成文本",
    '"甲"<"乙"': "先后",
    '"é"="É"': "大小写",
    "F4=1": "逻辑值",
    "SUM(F4:F5)": "逻辑值",
    "SUM(A1,TRUE)": "文本或逻辑值",
    'MAX("5",1)': "文本或逻辑值",
    "SUMIF(F4:F5,1)": "逻辑值",
    'COUNTIF(B1:B7,"<>0201")': "写成文本的同一个数",
    'COUNTIF(H3,"1234")': "写成文本的同一个数",
    "SUMIF(F5:F6,0.3)": "几乎相等",
    'COUNTIF(B1:B7,"50%")': "日期或百分数",
    'COUNTIF(B1:B7,">a")': "先后",
    "COUNTIF(B1:B7,A3)": "空白",
    "H3+1": "文本参加计算",
    "SUM(": "无法识别",
    "1+": "无法识别",
    "1 2": "无法识别",
    "LOOP!A1": "工作表“LOOP”",
    'LEN("𠮷")': "计数不同",
    "0^0": "乘方",
    "(-8)^(1/3)": "乘方",
    "A16^-1": "乘方",
    "AND(A3)": "条件都是空白",
    "IF(SUM(C1:C7)-104=0,1,2)": "几乎相等",
    "IF(SUM(C1:C7)-104,1,2)": "几乎为零",
    "1/(SUM(C1:C7)-104)": "除数几乎为零",
    'COUNTIF(A1:A9,"-50%")': "百分数",
    'COUNTIF(A1:A9,"$5")': "金额",
    'COUNTIF(A1:A9,"jan 1 2024")': "日期",
    '"ß"="ss"': "大小写",
    '"ss"="ß"': "大小写",
    'COUNTIF(E1:E7,"ÉA")': "大小写",
    f'COUNTIF(A1:A9,"{"a" * 256}")': "超过 255 个字符",
    'COUNTIF(AB3:XFD1048576,"<>1")': "太多",
    "+".join(["A1"] * 2000): "嵌套太深",
    "A1" + "%" * 2000: "嵌套太深",
    "A1/F6": "除数几乎为零",
    "A3=F6": "几乎相等",
    "ROUND(A1)": "参数个数",
    "SUM(F1:F3)": "几种错误值",
    'SUMIF(B1:B7,"201??",C1048575)': "超出工作表",
}


EXCEL = {
    'COUNTIF(C1:C7,"??")': (0, "不找数字"),
    'COUNTIF(D1:D7,"<>201??")': (7, "不找数字"),
    'SUMIF(D1:D7,"20???",C1:C7)': (0, "不找数字"),
    'IF(COUNTIFS(D1:D2,D1&"??",C1:C2,">-1E+300")=0,"",SUMIF(D1:D2,D1&"??",C1:C2))': (
        "",
        "不找数字",
    ),
    "SUMIF(B1:B7,201,C1:C7)": (10, "认作相同"),
    'COUNTIF(H1:H2,"201")': (2, "认作相同"),
    "COUNTIF(H1:H2,D1)": (2, "认作相同"),
    'COUNTIF(E1:E7,"*")': (5, "一个通配符"),
    'COUNTIF(E1:E7,"?")': (4, "一个通配符"),
}
"""What Excel makes of formulas by its documentation where LibreOffice makes something else."""


def proved() -> list[str]:
    return [
        formula.strip() for line in PROVED.strip().splitlines() for formula in line.split(" | ")
    ]


def made(formulas: Mapping[str, str], data: Mapping[str, object] = DATA) -> bytes:
    """A book with the data and the formulas on one sheet; every stored result is wrong."""
    cells: dict[int, dict[str, str]] = {}
    for ref in [*data, *INNER, *formulas]:
        row = int("".join(char for char in ref if char.isdigit()))
        text = formulas.get(ref, INNER.get(ref))
        if text is not None:
            xml = f'<c r="{ref}"><f>{escape(text)}</f><v>-12345</v></c>'
        elif isinstance(data[ref], str):
            xml = f'<c r="{ref}" t="inlineStr"><is><t>{data[ref]}</t></is></c>'
        else:
            xml = f'<c r="{ref}"><v>{data[ref]!r}</v></c>'
        cells.setdefault(row, {})[ref] = xml
    rows = "".join(
        f'<row r="{row}">{"".join(cells[row][ref] for ref in sorted(cells[row], key=lambda x: (len(x), x)))}</row>'
        for row in sorted(cells)
    )
    number = '<row r="1"><c r="A1"><v>7.5</v></c></row>'
    names = (
        f"<definedName name=\"金额合计\">'{SHEET}'!$C$1</definedName>"
        f"<definedName name=\"科目金额\">'{SHEET}'!$C$1:$C$7</definedName>"
        f"<definedName name=\"相对名称\">'{SHEET}'!C1</definedName>"
    )
    sheets = {SHEET: worksheet(rows), OTHER: worksheet(number), "公开03": worksheet(number)}
    return packed(book(sheets, names=names))


def calculated(package: bytes) -> Recalculation:
    return recalculate({sheet.name: sheet for sheet in open_workbook(package).sheets})


def in_column(formulas: list[str]) -> dict[str, str]:
    return {make_ref(row, 30): formula for row, formula in enumerate(formulas, 1)}


def same(ours: Value, theirs: Value) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return abs(ours - theirs) <= Decimal("1e-12") * max(1, abs(theirs))
    return type(ours) is type(theirs) and ours == theirs


ROUNDINGS, DRAWN = 400, 2000


def roundings() -> list[str]:
    """ROUND near ties: the place where decimal and binary arithmetic part."""
    chance = random.Random(7)
    found = []
    for _ in range(ROUNDINGS // 4):
        cents = [f"{chance.randint(0, 99999) / 100:.2f}" for _ in range(chance.randint(2, 5))]
        found += [
            f"ROUND({chance.randint(0, 10**6)}.{chance.randint(0, 99):02d}5,2)",
            f"ROUND(({'+'.join(cents)})/2,2)",
            f"ROUND({chance.randint(1, 99999) / 100}*{chance.randint(1, 999) / 1000},{chance.randint(1, 4)})",
            f"{'+'.join(cents)}-{sum(map(Decimal, cents))}",
        ]
    return found


def drawn() -> list[str]:
    """Formulas of all functions within each other."""
    formulas = Formulas(seed=1)
    return sorted({formulas.formula() for _ in range(DRAWN)})


@pytest.fixture(scope="module")
def certified(
    soffice: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Value, Value | None, str]]:
    """formula -> (LibreOffice's value, ours, why not)."""
    formulas = in_column(proved() + roundings() + drawn())
    folder = tmp_path_factory.mktemp("recalc")
    path = folder / "book.xlsx"
    path.write_bytes(made(formulas))
    theirs = open_workbook(recalculated(soffice, [path], folder)[0]).sheet(SHEET)
    ours = calculated(path.read_bytes())
    return {
        formula: (
            theirs.value(ref),
            ours.values.get((SHEET, ref)),
            ours.uncertain.get((SHEET, ref)) or ours.differing.get((SHEET, ref), ""),
        )
        for ref, formula in formulas.items()
    }


def test_the_formulas_are_many_and_use_every_certified_function() -> None:
    from xltool.ooxml.read.formula import functions

    assert len(proved()) >= 200
    assert set().union(*map(functions, proved())) == set(FUNCTIONS)


@pytest.mark.parametrize("formula", proved())
def test_certain_values_are_those_of_libreoffice(
    certified: dict[str, tuple[Value, Value | None, str]], formula: str
) -> None:
    theirs, ours, reason = certified[formula]
    assert reason == ""
    assert same(ours, theirs), (ours, theirs)


def test_rounding_and_cancelling_are_those_of_libreoffice(
    certified: dict[str, tuple[Value, Value | None, str]],
) -> None:
    wrong = {f: certified[f] for f in roundings() if not same(certified[f][1], certified[f][0])}
    assert wrong == {}


def test_formulas_drawn_by_chance_are_certain_and_right_or_uncertain(
    certified: dict[str, tuple[Value, Value | None, str]],
) -> None:
    results = {formula: certified[formula] for formula in drawn()}
    certain = {f: (theirs, ours) for f, (theirs, ours, reason) in results.items() if not reason}
    assert {f: pair for f, pair in certain.items() if not same(pair[1], pair[0])} == {}
    assert len(certain) > 0.9 * len(results) > 1000


def test_where_terms_cancel_out_the_noise_goes() -> None:
    formulas = {
        "Z1": "100.02-100.03",
        "Z2": "C3+C7-1.79",
        "Z3": "Z1-A9",
        "Z4": "1/3-A11",
        "Z5": "100-Z6",
    }
    result = calculated(made({**formulas, "Z6": "1/3"}))
    assert {ref: str(result.values[SHEET, ref]) for ref in formulas} == {
        "Z1": "-0.01",
        "Z2": "0.01",
        "Z3": "-0.11",
        "Z4": "0.0333333333333333",
        "Z5": "99.6666666666667",
    }


def test_what_cancels_out_is_zero() -> None:
    result = calculated(
        made({"Z1": "A9+A10-A11", "Z2": "SUM(A9:A10,-A11)", "Z3": "ABS(Z1)", "Z4": "A9*1E-15"})
    )
    assert [result.values[SHEET, ref] for ref in ("Z1", "Z2", "Z3")] == [0, 0, 0]
    assert result.values[SHEET, "Z4"] == Decimal("1E-16")


def test_what_excel_does_and_libreoffice_does_not() -> None:
    """Facts of Excel where LibreOffice is no witness: a formula that shows a blank cell is zero."""
    result = calculated(made({"Z1": "A3", "Z2": 'Z1=""', "Z3": "Z1=0", "Z4": "COUNT(Z1)"}))
    assert [result.values[SHEET, f"Z{n}"] for n in range(1, 5)] == [0, False, True, 1]


@pytest.mark.parametrize("formula", EXCEL)
def test_where_libreoffice_differs_the_value_is_that_of_excel_and_said_to_be(formula: str) -> None:
    value, reason = EXCEL[formula]
    data = {**DATA, "H1": "0201", "H2": "201"}
    result = calculated(made({"Z1": formula, "Z2": "Z1"}, data))
    assert result.values[SHEET, "Z1"] == value
    assert reason in result.differing[SHEET, "Z1"]
    assert (SHEET, "Z2") in result.values and not result.uncertain


@pytest.mark.parametrize(("formula", "reason"), UNCERTAIN.items())
def test_what_could_differ_is_uncertain_and_says_why(formula: str, reason: str) -> None:
    data = {**DATA, "H1": "0201", "H2": "201", "H3": "1,234", "E6": "éa", "XFD1048576": 1}
    result = calculated(made({"Z1": formula, "Z2": "Z1+1", "Z3": "SUM(Z2:Z2)", "Z4": "A1+1"}, data))
    assert reason in result.uncertain[SHEET, "Z1"]
    assert "Z1" in result.uncertain[SHEET, "Z2"]
    assert "Z2" in result.uncertain[SHEET, "Z3"]
    assert result.values[SHEET, "Z4"] == 2
    assert (SHEET, "Z1") not in result.values


def test_numbers_beyond_all_bounds() -> None:
    result = calculated(
        made({"Z1": "ROUND(123456789012,17)", "Z2": "SUM(1E308,1E308)", "Z3": "ROUND(1E300,-2)"})
    )
    assert result.values[SHEET, "Z1"] == 123456789012
    assert result.values[SHEET, "Z2"] == CellError("#NUM!")
    assert result.values[SHEET, "Z3"] == Decimal("1E300")


def test_sumif_adds_up_a_range_of_the_shape_of_the_first() -> None:
    """What it adds up beyond what is written is waited for, and doubted, like the rest."""
    data = {"A1": "x", "A2": "x", "A3": "x", "B1": 1}
    formulas = {"C1": 'SUMIF(A1:A3,"x",B1)', "B2": "1+1", "B3": "B2+1"}
    whole = made(formulas, data)
    assert calculated(whole).values[SHEET, "C1"] == 6
    doubtful = calculated(made({**formulas, "B3": "TODAY()"}, data)).uncertain
    assert doubtful[SHEET, "C1"] == f"依赖不能复算的单元格 {SHEET}!B3"


def test_a_criterion_with_spaces_is_doubted_for_them_and_its_cell_is_named() -> None:
    data = {"A1": " 20105 ", "A2": "2010501", "A3": "２０１０５", "B2": 1}
    formulas = {"C1": 'SUMIF(A2:A3,A1&"??",B2:B3)', "C2": 'SUMIF(A2:A2,A3&"??",B2:B2)'}
    doubtful = calculated(made(formulas, data)).uncertain
    assert doubtful[SHEET, "C1"].startswith("条件“ 20105 ??”（取自 A1）里有空格")
    assert doubtful[SHEET, "C2"].startswith("条件“２０１０５??”（取自 A3）里有全角字符")


def test_texts_do_not_grow_beyond_what_a_cell_holds() -> None:
    formulas = {"Z1": "REPT", **{f"Z{n}": f"Z{n - 1}&Z{n - 1}" for n in range(2, 40)}}
    del formulas["Z1"]
    result = calculated(made(formulas, {**DATA, "Z1": "字" * 1000}))
    assert result.values[SHEET, "Z6"] == "字" * 32_000
    assert "上限" in result.uncertain[SHEET, "Z7"]


def test_a_book_with_too_many_places_to_multiply_is_not_calculated_for_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calcinputs, "_MOST_LOOKS", 3500)
    result = calculated(made({"Z1": "SUMPRODUCT(C1:C7*2)", "Z2": "SUMPRODUCT(C1:C7*3)"}))
    assert result.values[SHEET, "Z1"] == 208
    assert "太多" in result.uncertain[SHEET, "Z2"]


def test_stars_in_criteria_take_no_longer_than_the_text() -> None:
    data = {**DATA, "Z1": "a" * 30_000, "Z2": "a" * 30_000 + "b", "Z3": "ab"}
    stars = f'COUNTIF(Z1:Z3,"{"*a" * 100}*b")'
    result = calculated(
        made({"Y1": stars, "Y2": 'COUNTIF(Z1:Z3,"a*?b*")', "Y3": 'COUNTIF(Z3,"a*b")'}, data)
    )
    assert [result.values[SHEET, f"Y{n}"] for n in (1, 2, 3)] == [1, 1, 1]


def test_formulas_that_lean_on_each_other_by_the_thousand() -> None:
    down = {f"Z{n}": f"Z{n + 1}+1" for n in range(1, 3000)}
    sums = {f"Y{n}": f"SUM(Z{n}:Z3000)" for n in range(1, 300)}
    result = calculated(made({**down, **sums}, {**DATA, "Z3000": 1}))
    assert result.values[SHEET, "Z1"] == 3000
    assert result.values[SHEET, "Y1"] == 3000 * 3001 / 2


def test_every_formula_is_certain_or_not() -> None:
    package = made({**in_column(proved()), "Z1": "NOSUCH(A1)"})
    result = calculated(package)
    formulas = {(s.name, ref) for s in open_workbook(package).sheets for ref in s.formulas()}
    assert result.values.keys() | result.uncertain.keys() == formulas
    assert not result.values.keys() & result.uncertain.keys()


def test_circles_and_what_hangs_on_them_are_uncertain() -> None:
    result = calculated(
        made({"Z1": "Z2+1", "Z2": "Z1", "Z3": "Z3", "Z4": "SUM(Z1:Z3)", "Z5": "A1"})
    )
    for ref in ("Z1", "Z2", "Z3", "Z4"):
        assert "循环" in result.uncertain[SHEET, ref]
    assert result.values[SHEET, "Z5"] == 1


def test_array_formulas_and_their_ranges_are_uncertain() -> None:
    rows = """<row r="1"><c r="A1"><f t="array" ref="A1:A2">C1:C2*2</f><v>2</v></c><c r="B1"><f>A2+1</f></c>
        <c r="C1"><v>1</v></c></row><row r="2"><c r="A2"><v>4</v></c><c r="B2"><f>C1+1</f></c></row>
        <row r="3"><c r="A3" t="e"><v>#SPILL!</v></c><c r="B3"><f>A3</f></c></row>"""
    result = calculated(packed(book({"表": worksheet(rows)})))
    assert set(result.uncertain) == {("表", "A1"), ("表", "B1"), ("表", "B3")}
    assert result.values == {("表", "B2"): Decimal(2)}


def test_constant_errors_and_shared_formulas() -> None:
    rows = """<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><f t="shared" ref="B1:B2" si="0">A1</f></c></row>
        <row r="2"><c r="A2"><v>5</v></c><c r="B2"><f t="shared" si="0"/></c></row>"""
    result = calculated(packed(book({"表": worksheet(rows)})))
    assert result.values == {("表", "B1"): CellError("#N/A"), ("表", "B2"): Decimal(5)}


def test_the_edited_state_is_recalculated_and_stored() -> None:
    from tests.support.editing import saved
    from xltool.ooxml import Editor

    editor = Editor(open_workbook(made({"Z1": "SUM(C1:C7)", "Z2": 'IF(C1>50,"超","")'})))
    editor.set(SHEET, "C1", Decimal("100.01"))
    result = recalculate(editor.sheets())
    for (sheet, ref), value in result.values.items():
        editor.set_cached(sheet, ref, value)
    found = open_workbook(saved(editor)).sheet(SHEET)
    assert (found.value("Z1"), found.value("Z2")) == (Decimal("194.01"), "超")
    assert found.value("F8") == Decimal("194.01")


def test_names_local_to_a_sheet_come_first() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><f>数</f></c></row>'
    names = (
        '<definedName name="数">甲!$A$1</definedName>'
        '<definedName name="数" localSheetId="1">乙!$B$1</definedName>'
    )
    result = calculated(packed(book({"甲": worksheet(rows), "乙": worksheet(rows)}, names=names)))
    assert result.values == {("甲", "C1"): Decimal(1), ("乙", "C1"): Decimal(2)}


def test_an_old_book_has_nothing_to_recalculate() -> None:
    assert calculated(packed(book({"表": worksheet()}))) == Recalculation()
