"""给需核实的问题写上说明，再校验：有说明的不再算问题。"""

from pathlib import Path

import xltool

BOOK = Path(__file__).parent.parent / "samples" / "beiguan-2021.xlsx"

checked = xltool.validate(BOOK)
open_ones = [f for f in checked.findings if f.level == "warning" and f.outcome == "不符"]
written = [
    xltool.Explanation(f.rule, f.where, *f.numbers(), "公开数逐项四舍五入", f.message)
    for f in open_ones
]
again = xltool.validate(BOOK, explanations=written)
print(f"写了 {len(written)} 条说明，还有 {len(again.unused)} 条没用上")
print("说明前：", dict(checked.counts()))
print("说明后：", dict(again.counts()))
