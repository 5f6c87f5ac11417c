"""Every kind of slip other than a single wrong figure."""

from __future__ import annotations

from benchmarks.mutations.blocks import (
    block_shifted,
    frozen_total,
    rows_swapped,
    table_in_yuan,
    total_overwritten,
)
from benchmarks.mutations.lists import (
    deleted,
    in_rows,
    malformed,
    other_class,
    other_code,
    out_of_order,
    repeated,
    row_left_out,
    unknown,
    without_parent,
    wrong_table,
)
from benchmarks.mutations.others import (
    error_value,
    external_link,
    full_width,
    head,
    hidden_row,
    in_a_cell,
    other_name,
    other_year,
    remark,
    said_empty,
    same,
    short_sum,
    stale,
)
from benchmarks.mutations.slip import Change

VALUES = ("数值簿",)
LIVE = ("公式簿",)
_SUMS = ("T02-02", "T03-02", "T05-02", "FUND-02", "SOE-01")
_BETWEEN = ("X-01", "X-02", "X-03", "X-04", "X-05", "X-06", "X-07", "X-08", "X-09", "X-10")

CHANGES = (
    Change("两行金额互换", rows_swapped),
    Change("一段金额下移一行", block_shifted, words="整块下移了一行"),
    Change("整张表填成元", table_in_yuan, words="以元填列"),
    Change("改写合计", total_overwritten),
    Change("合计贴成数值后又改明细", frozen_total, styles=LIVE),
    Change("删去一行", in_rows(deleted), _SUMS, styles=VALUES),
    Change("漏一行，合计跟着变", row_left_out, _BETWEEN, styles=LIVE),
    Change("同一行填了两次", in_rows(repeated), ("ALL-01",), styles=VALUES),
    Change("缺上级科目行", in_rows(without_parent), ("ALL-01",), styles=VALUES),
    Change("科目次序颠倒", in_rows(out_of_order), ("ALL-01",), styles=VALUES),
    Change("科目编码位数不对", other_code(malformed), ("ALL-01",)),
    Change("科目编码不存在", other_code(unknown), ("ALL-02",)),
    Change("科目编码写成别的类", other_code(other_class), ("ALL-01",)),
    Change("基金科目填进一般公共预算表", wrong_table, ("T05-03",)),
    Change("文本型数字", in_a_cell(same), ("ALL-06",)),
    Change("全角数字", in_a_cell(full_width), ("ALL-06",)),
    Change("金额格里写文字", in_a_cell(remark), ("ALL-06",)),
    Change("错误值", error_value, ("ALL-06",)),
    Change("引用别的工作簿", external_link, ("F-05",)),
    Change("没有重算", stale, ("F-06",), styles=LIVE),
    Change("合计公式少加一行", short_sum, ("F-03",), styles=LIVE),
    Change("隐藏的行里有数", hidden_row, ("S-03",)),
    Change("一张表的单位名称不同", head("单位名称", other_name), ("ALL-04",)),
    Change("一张表的年度不同", head("年度", other_year), ("ALL-05",)),
    Change("有数却写着无数据", said_empty, ("ALL-03",)),
)
