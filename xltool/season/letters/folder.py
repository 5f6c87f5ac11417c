"""All letters as one folder: a subfolder for each department, a list of all letters; whole or not there."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from xltool.batch.filenames import FileNames, safe_stem
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.drafts import draft_folder
from xltool.core.saving.mark import put_mark
from xltool.season.letters.marks import OF_LINE, filled
from xltool.season.letters.model import DEMANDS, Demand, LetterKind, LetterLine, LetterUnit
from xltool.season.letters.sheet import write_sheet
from xltool.season.letters.template import LetterTemplate

NO_DEPARTMENT = "未分部门"
INDEX = "发文清单.xlsx"
_STEM = 40
"""Characters of a unit's name in the names of its files: Windows limits a whole path."""
_ROWS = 300
"""Lines that a Word document lists; the workbook has all of them."""


class LetterEntry(NamedTuple):
    """A letter that was written: a row of the list."""

    number: int
    document: str
    department: str
    unit: str
    code: str
    contact: str
    kind: LetterKind
    lines: int
    corrections: int
    marked: int
    file: str


@dataclass(slots=True)
class Letters:
    """What was written. `passed`: units that get no letter, because they are 合格."""

    entries: list[LetterEntry] = field(default_factory=list)
    passed: int = 0
    settled: int = 0
    """Units that are not 合格 and have nothing left to do: all is explained or waived."""
    unmarked: int = 0
    """Letters about findings that go without an annotated copy."""

    @property
    def kinds(self) -> Counter[str]:
        """How many letters of each kind."""
        return Counter(entry.kind for entry in self.entries)


def write_letters(
    units: Iterable[LetterUnit], template: LetterTemplate, out: Path, *, passed: bool
) -> Letters:
    """Write the letters of `units` into the new folder `out`; 合格 units get one only with `passed`.

    Raises `InputError`, also when there is no letter to write.
    """
    if out.exists():
        hint = "换一个新文件夹的名字"
        raise InputError(Problem(str(out), "已经有了，没有覆盖", hint, code="exists"))
    ordered = sorted(units, key=lambda u: (not u.department, u.department, u.shown or u.name))
    letters = Letters()
    try:
        with draft_folder(out.absolute().parent) as draft:
            folder = draft / out.name
            folder.mkdir()
            _write(folder, ordered, template, letters, passed=passed)
            if not letters.entries:
                raise InputError(
                    Problem(
                        "",
                        "没有要发的通知：都合格，或都有说明、已豁免",
                        "要发合格通知的，加 --passed",
                        code="nothing-to-do",
                    )
                )
            _index(folder / INDEX, letters.entries)
            folder.rename(out)
    except OSError as error:
        told = f"写不了：{system_reason(error)}"
        raise InputError(Problem(str(error.filename or out), told, code="unwritable")) from error
    return letters


def _write(
    folder: Path,
    units: Sequence[LetterUnit],
    template: LetterTemplate,
    letters: Letters,
    *,
    passed: bool,
) -> None:
    names: defaultdict[str, FileNames] = defaultdict(FileNames)
    folders = _Folders()
    year = _usual_year(units)
    number = template.first
    for unit in units:
        if unit.kind == "合格通知" and not passed:
            letters.passed += 1
            continue
        if unit.kind == "整改通知" and not unit.lines and not unit.unread:
            letters.settled += 1
            continue
        department = folders.of(unit.department)
        (folder / department).mkdir(exist_ok=True)
        stem = names[department].take(safe_stem(unit.shown or unit.name)[:_STEM], "")
        values = _values(unit, template, number, year)
        _letter(folder / department, stem, unit, template, values)
        if unit.kind == "整改通知" and not any(unit.marked):
            letters.unmarked += 1
        letters.entries.append(_entry(unit, values, number, f"{department}/{stem}"))
        number += 1


class _Folders:
    """A folder for each department, its own also where two names differ only in what Windows ignores."""

    def __init__(self) -> None:
        self._names, self._known = FileNames(), dict[str, str]()

    def of(self, department: str) -> str:
        """The folder of a department; of none, that of those without."""
        if department not in self._known:
            stem = safe_stem(department or NO_DEPARTMENT)[:_STEM]
            self._known[department] = self._names.take(stem, "")
        return self._known[department]


def _usual_year(units: Sequence[LetterUnit]) -> int | None:
    """The year that most books name: for letters about books that could not be read."""
    years = Counter(unit.year for unit in units if unit.year)
    return years.most_common(1)[0][0] if years else None


def _letter(
    folder: Path,
    stem: str,
    unit: LetterUnit,
    template: LetterTemplate,
    values: Mapping[str, str],
) -> None:
    kind = unit.kind
    body = [filled(text, values) for text in template.bodies[kind]]
    rows = list(_unread_rows(unit) if kind == "退回通知" else _line_rows(unit))
    document = template.documents[kind].filled(values, body, rows)
    (folder / f"{stem}-{kind}.docx").write_bytes(document)
    if kind != "整改通知":
        return
    office, due = values["审核单位"].strip("＿"), values["限期"]
    write_sheet(folder / f"{stem}-{kind}.xlsx", unit, values["标题"], office, due)
    for n, marked in enumerate(unit.marked, 1):
        more = f"{n}" if n > 1 else ""
        shutil.copyfile(marked, folder / f"{stem}-标注本{more}{marked.suffix}")


def _values(
    unit: LetterUnit, template: LetterTemplate, number: int, year: int | None
) -> dict[str, str]:
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


def _line_rows(unit: LetterUnit) -> Iterator[dict[str, str]]:
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
        yield {**blank, **waived, "要求": "不用处理"}


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


def _unread_rows(unit: LetterUnit) -> Iterator[dict[str, str]]:
    for number, book in enumerate(unit.unread, 1):
        yield {"序号": str(number), "文件": book.file, "原因": book.reason}


def _entry(unit: LetterUnit, values: Mapping[str, str], number: int, file: str) -> LetterEntry:
    kind = unit.kind
    asked = Counter(line.demand for line in unit.lines)
    return LetterEntry(
        number,
        values["文号"].strip("＿"),
        unit.department or NO_DEPARTMENT,
        unit.shown or unit.name,
        unit.code,
        unit.contact,
        kind,
        asked.total(),
        sum(asked[demand] for demand in DEMANDS[:2]),
        sum(1 for _ in unit.marked),
        f"{file}-{kind}.docx",
    )


_HEADS = (
    *(("顺序号", 8), ("文号", 24), ("主管部门", 24), ("单位名称", 34), ("单位编码", 14)),
    *(("联系人", 14), ("通知", 12), ("问题", 8), ("必须处理", 10), ("标注本", 8), ("文件", 60)),
)


def _index(path: Path, entries: Sequence[LetterEntry]) -> None:
    """The list of all letters, to be ticked off when they are sent and come back."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    plain = {"font_name": "宋体", "font_size": 11}
    head = book.add_format({**plain, "bold": True, "bg_color": "#E8EEF5", "bottom": 1})
    look = book.add_format(plain)
    sheet = book.add_worksheet("发文清单")
    for column, (title, width) in enumerate(_HEADS):
        sheet.set_column(column, column, width, look)
        sheet.write_string(0, column, title, head)
    for row, entry in enumerate(entries, 1):
        for column, value in enumerate(entry):
            sheet.write(row, column, value, look)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, len(entries), len(_HEADS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    put_mark(path)
