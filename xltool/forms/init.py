"""`mapping init`: an official workbook -> an edition of one's own, proved before it is kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.drafts import draft_folder, place
from xltool.editions import Edition, find_edition
from xltool.editions.recognised import RECOGNISED_YEARS, nearest_edition
from xltool.forms.trial import prove
from xltool.mapping.recognition import Recognised, Recognition, recognise
from xltool.mapping.recognition.strangers import looks_like
from xltool.mapping.titles import Titles
from xltool.ooxml import Editor, Workbook, WorkbookError, make_ref, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import examine

TEMPLATE = "表样"
_ANY_YEAR = "# 适用年度，可改"
_ONE_YEAR = "# 表样没有印年度的地方：改成一年，如 [2024, 2024]，读的时候就用它"
_ROWS = re.compile(r"(?<![A-Za-z0-9_.])\$?[A-Z]{1,3}\$?(\d+)(?![\d(])")


@dataclass(frozen=True)
class Made:
    """An edition that was made: its folder's files, the tables bound, what was not, how the trial went."""

    files: dict[str, bytes]
    tables: tuple[Recognised, ...]
    unread: tuple[str, ...]
    unbound: tuple[str, ...]
    near: Edition
    cleared: int
    proved: int
    """How many figures of the trial fill were read back equal."""
    without: tuple[str, ...] = ()
    """Lists that have no row between head and total: nothing was tried in them, nothing can be filled in."""
    dated: bool = True
    """The form has a place for the year."""


def make_edition(book: Path, id_: str, name: str = "") -> Made:
    """Make an edition of a blank or filled official workbook. Raises `InputError` when it cannot be proved."""
    try:
        workbook = open_workbook(book)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(book))) from error
    if workbook.kind == "xls":
        hint = "用 Excel 或 WPS 另存为 .xlsx 再试（旧格式只能读，不能填）"
        raise InputError(Problem(str(book), "表样要是 .xlsx", hint, code="bad-option"))
    found = recognise(workbook)
    if not found.tables:
        told = "；".join(f"“{u.sheet}”{u.reason}" for u in found.unread)
        said = f"没有认出决算表。{told}" if told else f"不是决算报表，{looks_like(workbook)}"
        raise InputError(Problem(str(book), said, code="unknown-form"))
    template, cleared = _blank(workbook, found)
    suffix = book.suffix.lower()
    near = nearest_edition([t.mapping.table for t in found.tables], _year(workbook))
    files = {
        f"{TEMPLATE}{suffix}": template,
        "edition.yaml": _edition_file(id_, name, near, found, suffix).encode(),
    }
    with _kept(files) as folder:
        proved = prove(folder, near)
        unbound = tuple(_unbound(folder))
    if not proved.dated:
        files["edition.yaml"] = files["edition.yaml"].replace(
            _ANY_YEAR.encode(), _ONE_YEAR.encode()
        )
    unread = tuple(f"“{u.sheet}”的“{u.table}”：{u.reason}" for u in found.unread)
    return Made(
        files,
        tuple(found.tables),
        unread,
        unbound,
        near,
        cleared,
        proved.figures,
        proved.without,
        proved.dated,
    )


def _year(workbook: Workbook) -> int:
    return max(Titles(workbook).years(), default=0)


# ── the blank form ──


def _blank(workbook: Workbook, found: Recognition) -> tuple[bytes, int]:
    """The workbook without the figures and rows that somebody filled in; formulas stay."""
    editor = Editor(workbook)
    cleared = 0
    for table in found.tables:
        sheet = table.mapping.sheet
        for ref in _figures(table):
            formula = table.cells.sheet.formula(ref)
            if formula is not None and _of_the_form(formula, ref, table):
                continue
            if formula is not None or table.cells.sheet.value(ref) is not None:
                editor.set(sheet, ref, None, over_formula=True)
                cleared += 1
    return editor.content(), cleared


def _of_the_form(formula: str, ref: str, table: Recognised) -> bool:
    """Whether a formula is the form's own: outside lists all are; in a list's row those that add up the row."""
    row = split_ref(ref)[0]
    rows = {row for found in table.located().lists.values() for row in found.rows}
    return row not in rows or {int(n) for n in _ROWS.findall(formula)} <= {row}


def _figures(table: Recognised) -> Iterator[str]:
    """The cells that take what a unit fills in: amounts, and rows of lists."""
    located = table.located()
    sheet = table.cells.sheet
    for ref in located.fields.values():
        if isinstance(sheet.value(ref), Decimal):
            yield ref
    for places in located.codes.values():
        yield from places.values()
    for rows in located.lists.values():
        for row in rows.rows:
            for spot in rows.columns.values():
                yield from (make_ref(row, c) for c in range(spot.left, spot.right + 1))


def _edition_file(id_: str, name: str, near: Edition, found: Recognition, suffix: str) -> str:
    """edition.yaml, with what could not be decided as remarks."""
    names = dict.fromkeys(table.mapping.table for table in found.tables)
    tables = "\n".join(f"      - {name}" for name in names)
    others = "".join(f"  {spec.name}: null\n" for spec in near.workbooks if spec.name != TEMPLATE)
    first, last = RECOGNISED_YEARS
    remarks = "".join(
        f"# 没有读的：工作表“{u.sheet}”的“{u.table}”（{u.reason}）。不随决算报送的，写进 ignore。\n"
        for u in found.unread
    )
    return (
        f"# 自己的版本：表样里的表按用语认（mappings/vocabulary/），不用写逐格的映射。\n"
        f"# 规则和科目表用最相近的 {near.id}；另有规则写在这个文件夹的 rules.yaml。\n"
        f"extends: {near.id}\nedition: {id_}\nname: {name or id_}\n"
        f"years: [{first}, {last}]   {_ANY_YEAR}\nrecognise: true\n"
        f"workbooks:\n{others}  {TEMPLATE}:\n    template: {TEMPLATE}{suffix}\n    tables:\n{tables}\n"
        f"{remarks}ignore: []\n"
    )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


@contextmanager
def _kept(files: dict[str, bytes]) -> Iterator[Path]:
    """A folder that has the files for a while."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "own"
        folder.mkdir()
        _write(folder, files)
        yield folder


def _unbound(folder: Path) -> Iterator[str]:
    """Numbers that the blank form prints and nobody knows."""
    reading = examine(next(folder.glob(f"{TEMPLATE}.*")), find_edition(folder))
    for sheet, ref, value in reading.unmatched:
        if isinstance(value, Decimal):
            yield f"工作表“{sheet}”{ref}：{value}"


def keep(files: dict[str, bytes], target: Path) -> None:
    """Put the edition's files into a new folder, whole or not at all. Raises `InputError`."""
    if target.exists():
        hint = "换个文件夹名，或先把它移走"
        raise InputError(Problem(str(target), "已经有了，没有覆盖", hint, code="exists"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(target.parent) as draft:
            _write(draft, files)
            place(draft, target, overwrite=False)
    except OSError as error:
        raise InputError(
            Problem(str(target), f"写不了：{system_reason(error)}", code="unwritable")
        ) from error
