"""万元的表按元读：乘的是精确的一万，没有误差。"""

from pathlib import Path

import xltool

BOOK = Path(__file__).parent.parent / "samples" / "sgb-2024.xlsx"

for unit in ("万元", "元"):
    report = xltool.read(BOOK, unit=unit).report
    print(report["收入支出决算总表"]["收入"]["总计"], report.unit)
