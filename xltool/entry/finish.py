"""The clean copy that is handed in, with its receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xltool.checks import Validation, validate
from xltool.checks.explanations import Explained
from xltool.core.problems import InputError, Problem
from xltool.core.version import __version__
from xltool.documents.datafile import is_written, parse_json, read_text
from xltool.editions import EditionLike
from xltool.entry.officialview import as_the_form
from xltool.mapping.ownsheets import remove_checks_sheet
from xltool.ooxml import Editor, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, examine
from xltool.reporting.workbook.annotate import take_off

RECEIPT = ".回执.json"


@dataclass(frozen=True, slots=True)
class Finished:
    """The clean copy: its bytes, what was taken off, what its check said."""

    data: bytes
    """Marked as an output of this tool."""
    taken_off: tuple[str, ...]
    restored: tuple[str, ...]
    """What is again as the official form has it: the order of the sheets, what is printed, how they show."""
    validation: Validation

    def receipt(self, name: str) -> dict[str, Any]:
        """What goes into the file beside the copy."""
        ledger = self.validation.ledger
        report = self.validation.reading.report
        return {
            "文件": name,
            "sha256": digest(self.data),
            "结论": self.validation.verdict,
            "单位名称": report.unit_name,
            "年度": report.year,
            "版本": self.validation.reading.edition.id,
            "规则": {"适用": ledger.applicable, "审核": ledger.audited},
            "工具": f"xltool {__version__}",
            "日期": date.today().isoformat(),
        }


def finish(
    book: Path, edition: EditionLike | None = None, *, explanations: Explained | None = None
) -> Finished:
    """Take off what is not handed in: marks, notes, 校验结果, 审核表, optional sheets that are empty. Then check.

    The order of the sheets, print areas and first views are set as the official form has them.

    What the sheets hold is not changed. Raises `InputError` for a workbook that cannot be read or is an .xls.
    """
    try:
        workbook = open_workbook(book)
        if workbook.kind == "xls":
            hint = "用 Excel 或 WPS 另存为 .xlsx 再交"
            raise InputError(
                Problem(str(book), "旧格式 .xls 只能读，不能清理", hint, code="unsupported")
            )
        editor = Editor(workbook)
        taken = list(_take_off(editor))
        for name in _empty_optional(examine(editor.content(), edition)):
            editor.remove_sheet(name)
            taken.append(f"空着的“{name}”")
        restored = tuple(as_the_form(editor, examine(editor.content(), edition)))
        editor.open_at(next(iter(editor.sheets())))
        if editor.unsigned:
            taken.append("数字签名（有改动，已经作废）")
        data = editor.content(own=True)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(book))) from error
    made = open_workbook(data)
    made.path = book  # by which its report is headed
    return Finished(
        data, tuple(taken), restored, validate(made, edition, explanations=explanations)
    )


def _take_off(editor: Editor) -> Iterator[str]:
    before = editor.changed
    take_off(editor)
    if editor.changed != before:
        yield "标记、批注和校验结果"
    if remove_checks_sheet(editor):
        yield "审核表"


def _empty_optional(reading: Reading) -> list[str]:
    """Sheets of tables that need not be there and hold nothing; one sheet at least stays."""
    empty = {
        found_table.located.sheet.name
        for found_table in reading.found_tables
        if found_table.mapping.optional
        and reading.report.tables[found_table.mapping.table][found_table.instance].empty
    }
    used = {
        found_table.located.sheet.name
        for found_table in reading.found_tables
        if found_table.located.sheet.name not in empty
    }
    return sorted(empty) if used else []


def digest(data: bytes) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def receipt_path(book: Path) -> Path:
    """Where the receipt of a clean copy stands: 上报稿.xlsx -> 上报稿.回执.json."""
    return book.with_name(book.stem + RECEIPT)


def is_receipt(path: Path) -> bool:
    """Whether a file is a receipt as this tool writes them."""
    return is_written(path, "sha256", "结论")


def read_receipt(book: Path) -> dict[str, Any]:
    """The receipt beside a workbook. Raises `InputError`."""
    path = receipt_path(book)
    if not path.is_file():
        hint = "回执与上报稿放在一起，名字是“上报稿名.回执.json”"
        raise InputError(Problem(str(path), "没有回执", hint, code="not-ours"))
    return parse_receipt(read_text(path), str(path))


def parse_receipt(text: str, where: str) -> dict[str, Any]:
    """A receipt from its text. Raises `InputError` for anything else."""
    raw = parse_json(text, where)
    if not isinstance(raw, dict) or not isinstance(raw.get("sha256"), str):
        raise InputError(Problem(where, "这不是 xltool finish 写的回执", code="not-ours"))
    return raw


def compared(data: bytes, receipt: dict[str, Any]) -> tuple[bool, str]:
    """Whether a workbook is still the one that its receipt was written for, and that in words."""
    if digest(data) != receipt["sha256"]:
        return False, "与回执不符，写回执以后改过（或不是这一份）；请重新 finish"
    rules = receipt.get("规则")
    audited = rules.get("审核", "？") if isinstance(rules, dict) else "？"
    said = f"{receipt.get('日期', '')} 校验{receipt.get('结论', '')}"
    return True, f"与回执相符，{said}（审核了{audited}条规则，{receipt.get('工具', '')}）"
