"""The questions about a whole import that a word answers, and the words that they may be answered with."""

from __future__ import annotations

from xltool.core.hints import Way

FINAL, WHOLE_YEAR = "口径", "全年决算"
"""A title says budget or half a year: these are the final figures of the whole year."""
SAY_FINAL = Way(
    f"命令加 --final，或回答 {FINAL}={WHOLE_YEAR}", f"在“要改的”里写 {FINAL}={WHOLE_YEAR}"
)
SHEETS, ADDED, LATEST = "几张表", "相加", "最后一个月"
"""Sheets that are parts: months, departments; or months of running totals, of which the last counts."""
ECONOMIC, FISCAL_BASIC, NOT_FILLED = "经济分类", "一般公共基本支出", "不填"
"""Figures by 经济分类 of which nothing says of which fund and nature they are."""
FISCAL, ALL_SPENDING, SOME_SPENDING = "财政拨款", "全部支出", "一部分支出"
"""A title of 财政拨款 over columns of spending: 支出决算表 is filled too, or not."""
HIDDEN, OTHER_YEARS = "隐藏的", "别年的行"
"""Rows, columns, sheets that do not show; rows of which a cell says another year."""
COUNTED, NOT_COUNTED = "算", "不算"
LESS, TAKEN_AWAY = "冲减", "减去"
"""What a day book has on the other side, with a memo of a reversal."""
ALIKE, ALL_COUNTED = "相同的行", "都算"
"""Rows that are the same in every cell."""
BELOW = "合计下面的行"
"""Rows below the total of all rows above them; `ALL_COUNTED`, too."""
AS_CODE = "等于编码的数"
"""Amounts that are the digits of the code of their own row; `COUNTED`."""
BY_NAME, RIGHT = "科目按名称", "对"
"""Codes that were found by the names of a list without codes."""
NO_CODE, AS_ABOVE = "空着的编码", "同上"
"""Rows without a code below the row of one, as a pivot table or a list of projects has them."""
NO_NATURE = "空着的性质"
"""Rows whose nature is blank below one that says it; `AS_ABOVE`."""

ANSWERS: dict[str, tuple[str, ...]] = {
    FINAL: (WHOLE_YEAR,),
    SHEETS: (ADDED, LATEST),
    ECONOMIC: (FISCAL_BASIC, NOT_FILLED),
    FISCAL: (ALL_SPENDING, SOME_SPENDING),
    HIDDEN: (COUNTED, NOT_COUNTED),
    OTHER_YEARS: (COUNTED, NOT_COUNTED),
    LESS: (TAKEN_AWAY,),
    ALIKE: (ALL_COUNTED,),
    BELOW: (ALL_COUNTED,),
    AS_CODE: (COUNTED,),
    BY_NAME: (RIGHT,),
    NO_CODE: (AS_ABOVE,),
    NO_NATURE: (AS_ABOVE,),
}


def choices(name: str, *values: str) -> tuple[str, ...]:
    """The answers `name`=value to choose from; without values all that a question of `ANSWERS` may have."""
    return tuple(f"{name}={value}" for value in values or ANSWERS[name])
