"""一份数据文档 → 官方工作簿，再读回来核对。"""

from pathlib import Path

import xltool

SAMPLE = Path(__file__).parent.parent / "samples" / "sgb-2024.json"

report, edition = xltool.load(SAMPLE)
filled = xltool.fill(report, edition, "决算.xlsx", totals="given", force=True)
print("写好：", *filled.files)

reading = xltool.read("决算.xlsx")
spending = reading.report["支出决算表"]
print("本年支出合计：", spending["合计"]["本年支出合计"], reading.report.unit)
assert spending["合计"] == report["支出决算表"]["合计"]
