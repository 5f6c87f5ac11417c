"""读出一本，改一个数，填回同样的表样。"""

from pathlib import Path

import xltool

BOOK = Path(__file__).parent.parent / "samples" / "sgb-2024.xlsx"

reading = xltool.read(BOOK)
report = reading.report
for row in report["支出决算表"]["明细"]:
    if row["科目编码"] == "2013901":
        print("原来：", row["基本支出"])
        row["基本支出"] += 1
xltool.fill(report, out="改过.xlsx", totals="given", force=True)
print(xltool.validate("改过.xlsx").verdict)
