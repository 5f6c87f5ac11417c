"""The formulas of a 填数表: sums that stay blank while nothing is typed, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xltool.entry.sheet.keys import CODES
from xltool.entry.sheet.layout import Listed

_MOST = 10**15


CODE_CHOICE: Mapping[str, object] = {
    "validate": "list",
    "source": f"={CODES}!$C$1:$C$2000",
    "show_error": False,
}
NUMBERS: Mapping[str, object] = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -_MOST,
    "maximum": _MOST,
    "error_title": "这里填金额",
    "error_message": "只填数字，不带单位。空着是空白，没有发生的填 0。",
}


class Live:
    """Formulas as Excel, WPS and LibreOffice understand them."""

    @staticmethod
    def total(cells: Iterable[str]) -> str:
        """The sum, blank where nothing is typed."""
        listed = ",".join(cells)
        return f'=IF(COUNT({listed})=0,"",ROUND(SUM({listed}),6))'

    @staticmethod
    def difference(left: str, right: str, needs: str) -> str:
        """Left less right, blank where a side is, or what it needs."""
        blank = ",".join(f'{cell}=""' for cell in (left, right, needs) if cell)
        return f'=IF(OR({blank}),"",ROUND({left}-{right},6))'

    @staticmethod
    def verdict(difference: str, *, most: bool, when: str) -> str:
        """Whether a relation holds."""
        holds = f"{difference}<=0" if most else f"{difference}=0"
        text = f'IF({difference}="","还没填",IF({holds},"对得上","对不上，差"&TEXT({difference},"#,##0.00####")))'
        return f'=IF({when}="是",{text},"不看（没有选这个前提）")' if when else f"={text}"

    @staticmethod
    def status(ranges: Sequence[str], checks: str, unit: str) -> str:
        """The line at the top: the money unit, and how many things are wrong."""
        rows = [f'COUNTIF({area},"?*")' for area in ranges if area != checks]
        wrong = "+".join([*rows, f'COUNTIF({checks},"对不上*")'])
        told = f'IF({wrong}=0,"没有对不上的","对不上的有 "&({wrong})&" 处，看红色的格子")'
        return f'="金额单位："&{unit}&"　　"&{told}'

    @staticmethod
    def name(row: int) -> str:
        """The full name of the code in a row, or what is wrong with it."""
        cell = xl_rowcol_to_cell(row, 1)
        code = f'LEFT(TRIM({cell}&""),7)'
        own = f'IF(LEN(TRIM({cell}&""))>8,MID(TRIM({cell}&""),9,60)&"（科目表里没有）","科目表里没有，写成：编码 名称")'
        found = f"VLOOKUP({code},{CODES}!$A$1:$B$2000,2,FALSE)"
        return f'=IF(TRIM({cell}&"")="","",IFERROR({found},{own}))'

    @staticmethod
    def row_says(
        row: int, area: range, typed: Sequence[tuple[int, int]], where: Mapping[str, int],
        block: Listed, unit: str,
    ) -> str:  # fmt: skip
        """What is wrong with a row, in words; blank when nothing is."""
        code = xl_rowcol_to_cell(row, 1)
        spans = [f"{xl_rowcol_to_cell(row, a)}:{xl_rowcol_to_cell(row, b)}" for a, b in typed]
        listed = ",".join(spans)
        fen = f'IF({unit}="万元",1000000,100)'
        broken = "+".join(
            f"SUMPRODUCT(--(ABS(ROUND({span}*{fen},0)-{span}*{fen})>0.0001))" for span in spans
        )
        parts = [
            (f"COUNTA({listed})>COUNT({listed})", "有的格子不是数"),
            (f"{broken}>0", "有不到一分的数"),
        ]
        for part, whole in block.within:
            a, b = (xl_rowcol_to_cell(row, where[name]) for name in (part, whole))
            words = f"{part.replace('.', '的')}大于{whole.replace('.', '的')}"
            parts.append((f"AND(COUNT({a},{b})=2,{a}>{b})", words))
        if not block.fixed:
            column = xl_col_to_name(1)
            codes = f"${column}${area[0] + 1}:${column}${area[-1] + 1}"
            text = f'TRIM({code}&"")'
            digits = f"LEFT({text},7)"
            parts = [
                (f'AND({text}="",COUNTA({listed})>0)', "没有选科目"),
                (
                    f'AND({text}<>"",OR(LEN({digits})<7,ISERROR({digits}*1)))',
                    "科目要填到项（7位编码）",
                ),
                (f'AND({text}<>"",SUMPRODUCT(--(LEFT({codes}&"",7)={digits}))>1)', "科目重复"),
                *parts,
            ]
        formula = '""'
        for condition, words in reversed(parts):
            formula = f'IF({condition},"{words}",{formula})'
        return f"={formula}"
