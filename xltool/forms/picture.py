"""A picture of a binding: the form with the name of its field in each bound cell, as a workbook or a page.

It is drawn of a form that does not fit its mapping too: then it shows what should stand where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xltool.core.problems import InputError, Problem
from xltool.core.saving.mark import begins_with
from xltool.core.texts import quoted
from xltool.editions import Edition, WorkbookSpec
from xltool.forms.bound import bound_cells
from xltool.mapping.located import as_text
from xltool.mapping.model import TableMapping
from xltool.mapping.plan import plan
from xltool.mapping.questions import NAME, load_questions
from xltool.mapping.titles import Titles, is_title
from xltool.ooxml import EditError, Editor, Sheet, Workbook, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, examine
from xltool.reading.accounting import unaccounted
from xltool.reporting.html.grid import Mark, Marked, ReportGrid, draw
from xltool.reporting.html.template import page_template

_TEMPLATES = Path(__file__).parent / "templates"
_TITLE = "字段位置</title>"
KINDS = {
    "bound": "绑定的单元格，写着字段名",
    "head": "表头的内容（单位名称、年度、金额单位）",
    "asked": "认不准，等着回答",
    "loose": "没有绑定的数",
    "wrong": "与映射文件不符",
}
"""What a cell may be, and what the page says of it."""


class Spot(NamedTuple):
    """A cell of the picture: what is written in it, and which of `KINDS` it is."""

    ref: str
    text: str
    kind: str


@dataclass(slots=True)
class Drawn:
    """What is to be drawn on a sheet, and what is to be said of it as a whole."""

    spots: dict[str, Spot] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    def add(self, ref: str, text: str, kind: str) -> None:
        """Draw a cell; one that is wrong stays so."""
        if ref not in self.spots or self.spots[ref].kind != "wrong":
            self.spots[ref] = Spot(ref, text, kind)


class SheetPicture(NamedTuple):
    """A sheet for the page."""

    name: str
    tables: str
    remarks: list[str]
    grid: ReportGrid
    kinds: dict[str, str]
    """Id of a drawn cell -> its kind."""


class Picture:
    """The picture of one of an edition's workbooks. Raises `InputError` for a form that cannot be opened."""

    def __init__(self, edition: Edition, book: WorkbookSpec) -> None:
        try:
            self._workbook = open_workbook(book.template)
        except WorkbookError as error:
            raise InputError(workbook_problem(error, str(book.template))) from error
        self.edition, self.book = edition, book
        self.sheets: dict[str, Drawn] = {sheet.name: Drawn() for sheet in self._workbook.sheets}
        self.remarks: list[str] = []
        """What is said of the whole workbook."""
        by_words = edition.recognise
        _by_words(self, self._workbook) if by_words else _by_address(self, self._workbook)
        self._editor = Editor(self._workbook)
        for name, drawn in self.sheets.items():
            for spot in drawn.spots.values():
                try:
                    self._editor.set(name, spot.ref, spot.text, over_formula=True)
                except EditError as error:
                    drawn.remarks.append(f"{spot.ref} {spot.text}：{error}")

    def save(self, target: Path, *, force: bool = False) -> None:
        """Write it as a workbook."""
        self._editor.save(target, overwrite=force, own=True)

    def html(self) -> str:
        """It as a complete page that needs nothing else."""
        workbook = open_workbook(self._editor.content())
        shown = [sheet for sheet in workbook.sheets if sheet.state == "visible"]
        sheets = [
            _sheet(sheet, self.sheets[sheet.name], number) for number, sheet in enumerate(shown, 1)
        ]
        return page_template(_TEMPLATES, "picture.html.j2").render(
            edition=self.edition, book=self.book, remarks=self.remarks, sheets=sheets, kinds=KINDS
        )


def is_picture(path: Path) -> bool:
    """Whether a file is a page as `Picture.html` makes them."""
    return begins_with(path, _TITLE)


def _sheet(sheet: Sheet, drawn: Drawn, number: int) -> SheetPicture:
    ids = {spot.ref: f"s{number}-{spot.ref}" for spot in drawn.spots.values()}
    marked = {
        spot.ref: Marked(ids[spot.ref], KINDS[spot.kind], [Mark(0, spot.kind, "", "")])
        for spot in drawn.spots.values()
    }
    kinds = {ids[spot.ref]: spot.kind for spot in drawn.spots.values()}
    tables = "、".join(dict.fromkeys(drawn.tables))
    return SheetPicture(sheet.name, tables, drawn.remarks, draw(sheet, None, marked), kinds)


# ── an edition whose tables are found by their words ──


def _by_words(picture: Picture, workbook: Workbook) -> None:
    try:
        reading = examine(workbook, picture.edition)
    except InputError as error:
        picture.remarks += map(str, error.problems)
        _asked(picture)
        return
    for found_table in reading.found_tables:
        _bound(picture.sheets[found_table.located.sheet.name], found_table.mapping)
    for unread in reading.report.unread:
        told = f"没有读“{unread.table}”：{unread.reason}"
        picture.sheets[unread.sheet].remarks.append(told)
    for block in unaccounted(reading):
        for ref in block.refs:
            value = workbook.sheet(block.sheet).value(ref)
            picture.sheets[block.sheet].add(ref, f"没有绑定：{as_text(value)}", "loose")
    picture.remarks += [
        str(problem) for problem in reading.problems if not _to_fill(reading, problem)
    ]
    _asked(picture)


def _to_fill(reading: Reading, problem: Problem) -> bool:
    """Whether something is missing only because a blank form has it still to be filled in."""
    head = {"no-unit-name": "{单位名称}", "no-year": "{年度}"}.get(problem.code)
    lines = (line.pattern for t in reading.found_tables for line in t.mapping.lines)
    return head is not None and any(head in pattern for pattern in lines)


def _asked(picture: Picture) -> None:
    path = picture.edition.folders[0] / NAME
    for question in load_questions(path) if path.is_file() else ():
        if question.answer:
            continue
        drawn = picture.sheets.get(question.sheet)
        if drawn is None:
            picture.remarks.append(f"要问的：{question.ask}")
        elif question.cell:
            drawn.add(question.cell, f"{question.text}（要问的：{question.ask}）", "asked")
        else:
            drawn.remarks.append(f"要问的：{question.ask}")


def _bound(drawn: Drawn, mapping: TableMapping) -> None:
    drawn.tables.append(mapping.table)
    for line in mapping.lines:
        if "{" in line.pattern:
            drawn.add(line.range.anchor, line.pattern.split("|")[0], "head")
    for ref, name in bound_cells(mapping):
        drawn.add(ref, name, "bound")
    if mapping.empty:
        drawn.add(mapping.empty.range.anchor, mapping.empty.pattern, "head")


# ── an edition with addresses ──


def _by_address(picture: Picture, workbook: Workbook) -> None:
    titles = Titles(workbook)
    for mapping in picture.book.tables:
        found = [sheet for sheet, _ in titles.find(mapping)]
        named = [sheet for sheet in workbook.sheets if sheet.name == mapping.sheet]
        for sheet in found or named:
            drawn = picture.sheets[sheet.name]
            for ref, text in _misfits(mapping, sheet):
                drawn.add(ref, text, "wrong")
            _bound(drawn, mapping)
        if len(found) > 1:
            told = "、".join(sheet.name for sheet in found)
            picture.remarks.append(f"标题是“{mapping.title.text}”的有{len(found)}张：{told}")
        if not found and not named:
            told = f"没有“{mapping.table}”：没有标题是“{mapping.title.text}”、也没有叫“{mapping.sheet}”的工作表"
            picture.remarks.append(told)


def _misfits(mapping: TableMapping, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The cells where the form prints something else than its mapping says, and what should stand there."""
    at = mapping.title.range.anchor
    if not is_title(as_text(sheet.value(at)) or "", mapping.title):
        yield at, _should(mapping.title.text, sheet, at)
    expected = plan(mapping, ())
    for ref, anchor in expected.anchors:
        text = as_text(sheet.value(ref))
        if text is None or not anchor.matches(text):
            yield ref, _should(anchor.text, sheet, ref)
    yield from _codes(expected.code_cells, sheet)


def _codes(cells: Iterable[tuple[str, str | None]], sheet: Sheet) -> Iterator[tuple[str, str]]:
    for ref, code in cells:
        if as_text(sheet.value(ref)) != code:
            yield ref, _should(code or "空白", sheet, ref)


def _should(wanted: str, sheet: Sheet, ref: str) -> str:
    text = as_text(sheet.value(ref))
    return f"映射写的是“{wanted}”，这里是{quoted(text) if text else '空白'}"
