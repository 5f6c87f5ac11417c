"""本年和上年逐项比：两本各读成 DataFrame，按表、行、科目、列对上。"""

from pathlib import Path

import xltool

SAMPLE = Path(__file__).parent.parent / "samples" / "sgb-2024.json"

report, edition = xltool.load(SAMPLE)
xltool.fill(report, edition, "本年.xlsx", totals="given", force=True)
report.year -= 1
for row in report["支出决算表"]["明细"]:
    if "项目支出" in row:
        row["项目支出"] *= 2
xltool.fill(report, edition, "上年.xlsx", totals="given", force=True)

key = ["表", "份", "行", "科目编码", "列"]
now, then = (xltool.read(file).to_frame() for file in ("本年.xlsx", "上年.xlsx"))
both = now.merge(then, on=key, how="outer", suffixes=("", "_上年"))
changed = both[both["值"].notna() & both["值_上年"].notna()]
changed = changed[changed["值"] != changed["值_上年"]]
print(changed[["表", "科目名称", "列", "值", "值_上年"]].to_string(index=False))
