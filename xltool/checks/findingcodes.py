"""The codes of findings, for rules that tell of faults of several kinds (docs/json.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FindingCode = Literal[
    "",
    "bad-code",
    "code-order",
    "code-outdated",
    "code-unknown",
    "code-wide",
    "code-with-spaces",
    "code-invisible",
    "duplicate-code",
    "form-number",
    "missing-parent",
    "money-unit-differs",
    "money-unit-unknown",
    "name-differs",
    "name-missing",
    "never-calculated",
    "no-figure",
    "number-codes",
    "numbers-only",
    "stale",
    "statement-missing",
    "statement-with-data",
    "text-figure",
    "year-differs",
    "year-missing",
    "year-outside",
]
"""The fault of a finding. "": its rule says it."""

FINDING_CODES: Mapping[FindingCode, str] = {
    "bad-code": "科目编码写得不对，或没有写",
    "duplicate-code": "科目编码重复",
    "code-order": "科目编码次序不对",
    "missing-parent": "没有上级科目的行",
    "code-invisible": "科目编码里有看不见的字符",
    "code-wide": "科目编码是全角数字",
    "code-with-spaces": "科目编码前后有空格",
    "number-codes": "科目编码存成了数字",
    "code-unknown": "科目表里没有这个编码",
    "code-outdated": "科目在这个年度不适用",
    "name-missing": "没有科目名称",
    "name-differs": "科目名称与科目表不同",
    "statement-with-data": "有数，却写着本表无数据",
    "statement-missing": "没有数，没有写本表无数据",
    "year-differs": "年度与其他表不同",
    "money-unit-differs": "金额单位与其他表不同",
    "money-unit-unknown": "金额单位不是元或万元",
    "form-number": "表号写错",
    "no-figure": "该是数的单元格里不是数",
    "text-figure": "数存成了文字",
    "year-missing": "各表上都没有年度",
    "year-outside": "年度不在版本适用的年度以内",
    "stale": "存的数与公式算的不同",
    "never-calculated": "公式从来没有计算过",
    "numbers-only": "全簿没有公式，是数值版",
}
"""What each of them means. Findings of S-01 carry the codes of problems."""
