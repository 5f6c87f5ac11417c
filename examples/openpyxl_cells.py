"""字段在哪一格由 xltool 找，格子由 openpyxl 改：给项目支出超过一百万元的各行标上颜色。"""

from pathlib import Path

import openpyxl
from openpyxl.styles import PatternFill

import xltool

BOOK = Path(__file__).parent.parent / "samples" / "sgb-2024.xlsx"
YELLOW = PatternFill("solid", start_color="FFFF00")

reading = xltool.read(BOOK)
book = openpyxl.load_workbook(BOOK)
cells = reading.cells("支出决算表")
for number, row in enumerate(reading.report["支出决算表"]["明细"]):
    if row.get("项目支出", 0) > 100:
        sheet, ref = cells["明细", number, "项目支出"]
        book[sheet][ref].fill = YELLOW
        print(row["科目编码"], row["项目支出"], "在", f"{sheet}!{ref}")
book.save("标色.xlsx")

# 空白表样里的位置，不用打开工作簿
form = xltool.find_edition("2023-national")
print(form.cells("收入支出决算总表")["收入", "其他收入"])
