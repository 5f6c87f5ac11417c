"""Marks 〔单位名称〕 in the texts of a template: which there are, what they stand for.

〔2026〕 is no mark but how years stand in the number of an official letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from xltool.core.problems import Problem

MARK = re.compile(r"〔([^〔〕]*[^〔〕\d][^〔〕]*)〕")
BLANK = "＿＿＿＿＿＿"
"""What is left to be written by hand."""

OF_OFFICE = ("审核单位", "文号", "联系人", "联系电话")
"""What only the office knows: blank where the template does not say."""

OF_LETTER = (
    *("年度", "单位名称", "单位编码", "主管部门", "单位联系人", "结论", "报表文件", "附件"),
    *(
        "问题数",
        "改正数",
        "补全数",
        "说明数",
        "分类",
        "未读数",
        "顺序号",
        "发文年",
        "发文日期",
        "限期",
        "标题",
    ),
    *OF_OFFICE,
)
OF_LINE: Mapping[str, tuple[str, ...]] = {
    "整改通知": (
        *(
            "序号",
            "编号",
            "文件",
            "工作表",
            "单元格",
            "问题",
            "现为",
            "应为",
            "依据",
            "要求",
            "单位说明",
        ),
    ),
    "退回通知": ("序号", "文件", "原因"),
    "合格通知": (),
}
"""Marks of a row of the table, which is repeated for every line."""
BODY = "正文"
"""A paragraph that is nothing but this mark is repeated for every sentence of the letter."""


def marks_in(text: str) -> Iterator[str]:
    """The marks of a text, also those inside others."""
    return (found[1] for found in MARK.finditer(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its marks replaced; a mark that `values` does not have stays."""
    return MARK.sub(lambda found: values.get(found[1], found[0]), text)


def wrong_marks(where: str, texts: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    """Marks that nobody knows, each once, with what may be meant."""
    allowed = tuple(known)
    found = dict.fromkeys(mark for text in texts for mark in marks_in(text))
    for mark in found:
        if mark not in allowed:
            near = get_close_matches(mark, allowed, 1, 0.4)
            hint = f"是不是〔{near[0]}〕" if near else f"可以用：{'、'.join(allowed)}"
            yield Problem(where, f"不认识〔{mark}〕", hint, code="unknown-name")
