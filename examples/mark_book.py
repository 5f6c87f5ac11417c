"""校验一本，另存标出问题的工作簿和网页报告。"""

from decimal import Decimal
from pathlib import Path

import xltool

SAMPLE = Path(__file__).parent.parent / "samples" / "sgb-2024.json"

report, edition = xltool.load(SAMPLE)
row = next(row for row in report["支出决算表"]["明细"] if row["科目编码"] == "2013901")
row["基本支出"] = Decimal("1.32")  # 51.32 漏了一位
book = xltool.fill(report, edition, "录错.xlsx", totals="given", force=True).files[0]

checked = xltool.validate(book)
print(checked.verdict, dict(checked.counts()))
checked.annotate("录错-标注.xlsx", force=True)
Path("录错-报告.html").write_text(checked.to_html(), encoding="utf-8")
