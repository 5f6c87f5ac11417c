"""What stands in a letter in place of its marks, and in the rows of its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from xltool.season.letters.marks import OF_LINE, filled
from xltool.season.letters.model import Demand, LetterLine, LetterUnit
from xltool.season.letters.template import LetterTemplate

NOTHING = "不用处理"
"""What is asked about a finding that is waived."""
_ROWS = 300
"""Lines that a Word document lists; the workbook has all of them."""


def mark_values(
    unit: LetterUnit, template: LetterTemplate, number: int, year: int | None
) -> dict[str, str]:
    """The text of every mark in the letter of a unit. `number`: its 顺序号; `year`: of a unit that names none."""
    asked = Counter(line.demand for line in unit.lines)
    files = [book.file.rpartition("/")[2] for book in unit.books]
    values = {
        **template.values,
        "年度": str(unit.year or year or ""),
        "单位名称": unit.name,
        "单位编码": unit.code,
        "主管部门": unit.department,
        "单位联系人": unit.contact,
        "结论": unit.verdict,
        "报表文件": "、".join(files),
        "问题数": str(asked.total() + (len(unit.unread) if unit.lines else 0)),
        "改正数": str(asked["改正"]),
        "补全数": str(asked["补全"]),
        "说明数": str(asked["改正或说明"]),
        "分类": _sorts(asked, len(unit.unread)),
        "未读数": str(len(unit.unread)),
        "顺序号": str(number),
        "附件": _enclosures(unit),
    }
    values["文号"] = filled(template.values["文号"], values)
    values["标题"] = filled(template.titles[unit.kind], values)
    return values


_SORTS: Mapping[Demand, str] = {
    "改正": "必须改正",
    "补全": "需要补全数据",
    "改正或说明": "可以改正、也可以书面说明",
}


def _sorts(asked: Mapping[Demand, int], unread: int) -> str:
    """How many lines of each sort there are, without those of which there is none."""
    told = [f"{word}的 {asked[demand]} 处" for demand, word in _SORTS.items() if asked[demand]]
    return "，".join([*told, f"没有能够读取的文件 {unread} 个"] if unread else told)


def _enclosures(unit: LetterUnit) -> str:
    if unit.kind == "退回通知":
        return "未能读取的文件"
    told = ["审核问题清单（另有 Excel 文件，供填写说明）"]
    if any(unit.marked):
        told.append("标注本")
    return told[0] if len(told) == 1 else "\n".join(f"{n}．{t}" for n, t in enumerate(told, 1))


def line_rows(unit: LetterUnit) -> Iterator[dict[str, str]]:
    """The rows of the list of a 整改通知: its lines, the files that could not be read, what is waived."""
    several = len(unit.books) > 1
    number = 0
    for number, line in enumerate(unit.lines[:_ROWS], 1):
        yield _row(number, line, several=several)
    blank = dict.fromkeys(OF_LINE["整改通知"], "")
    if (rest := len(unit.lines) - _ROWS) > 0:
        yield {**blank, "问题": f"其余 {rest} 处见 Excel 文件"}
    for book in unit.unread:
        number += 1
        yield {
            **blank,
            "序号": str(number),
            "文件": book.file,
            "工作表": book.file,
            "问题": book.reason,
        }
    for waived in unit.waived:
        yield {**blank, **waived, "要求": NOTHING}


def _row(number: int, line: LetterLine, *, several: bool) -> dict[str, str]:
    file = line.file.rpartition("/")[2]
    return {
        "序号": str(number),
        "编号": line.number,
        "文件": file,
        "工作表": f"{file}：{line.sheet}" if several else line.sheet,
        "单元格": line.cells,
        "问题": line.problem,
        "现为": line.now,
        "应为": line.should,
        "依据": line.basis,
        "要求": line.demand,
        "单位说明": "",
    }


def unread_rows(unit: LetterUnit) -> Iterator[dict[str, str]]:
    """The rows of the list of a 退回通知."""
    for number, book in enumerate(unit.unread, 1):
        yield {"序号": str(number), "文件": book.file, "原因": book.reason}
