"""加一条自己的规则，再校验。"""

from pathlib import Path

import xltool

BOOK = Path(__file__).parent.parent / "samples" / "sgb-2024.xlsx"
RULE = """\
rules:
  本局-01:
    name: 项目支出不超过本年支出的一半
    level: warning
    expr: 支出表.合计.项目支出 <= 支出表.合计.本年支出合计 * 0.5
"""
Path("本局规则.yaml").write_text(RULE, encoding="utf-8")

checked = xltool.validate(BOOK, rules="本局规则.yaml")
for finding in checked.findings:
    if finding.rule == "本局-01":
        print(finding.message, "单元格：", *map("!".join, finding.cells))
