"""One form and a report: first the sheets, then the rows of the lists, then the values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from xltool.core.amounts import UNITS
from xltool.core.model import Report, Row, Table
from xltool.core.places import instance_name
from xltool.core.problems import Problem
from xltool.filling.account import Account
from xltool.filling.forms import BlankForm
from xltool.filling.heights import fit_rows
from xltool.filling.listtotals import list_totals, wanting_totals
from xltool.filling.numbering import continued
from xltool.filling.openheads import open_heads
from xltool.filling.rowplan import RowMoves, list_edits
from xltool.filling.supply import list_rows
from xltool.filling.totals import Cell, Given, Mode, choose_totals
from xltool.filling.writer import TableWriter
from xltool.mapping.blocks import Codes
from xltool.mapping.located import Located, LocatedList
from xltool.mapping.model import TableMapping
from xltool.mapping.ownsheets import remove_checks_sheet
from xltool.ooxml import EditError, Editor
from xltool.ooxml.edit.losses import RowsNeeded
from xltool.ooxml.edit.rowedit import RowEdit
from xltool.ooxml.edit.signatures import UNSIGNED
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import FoundTable
from xltool.reading.itemlists import lowest_alone

_SHEET_NAME = 31
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")


@dataclass(eq=False)
class _Placement:
    """A table of the report and the place of the form where it goes."""

    found_table: FoundTable
    sheet: str
    table: Table
    instance: int
    rows: dict[str, list[Row]] = field(default_factory=dict)
    """What each list will hold."""

    @property
    def mapping(self) -> TableMapping:
        return self.found_table.mapping

    @property
    def located(self) -> Located:
        """Where everything stands in the blank form."""
        return self.found_table.located

    @property
    def where(self) -> str:
        return f"表 › {instance_name(self.mapping.table, self.instance)}"

    def lists(self) -> Iterator[tuple[LocatedList, int]]:
        """Each list with the number of rows that it needs."""
        for name, found in self.located.lists.items():
            yield found, len(self.rows.get(name, ()))

    def others(self) -> Iterator[str]:
        """Bound cells that are no list's."""
        yield from self.located.heads.values()
        yield from self.located.fields.values()
        for places in self.located.codes.values():
            yield from places.values()


class Job:
    """Fills one form."""

    def __init__(self, report: Report, form: BlankForm, totals: Mode) -> None:
        self.report, self.form, self.totals = form.as_here(report), form, totals
        self.editor = Editor(form.workbook)
        self.problems: list[Problem] = []
        self.given: dict[Cell, Given] = {}
        self.parents: set[Cell] = set()
        self.placed: set[str] = set()
        self.notes = [
            f"“{name}”填进表样的“{here}”，是同一张表" for name, here in form.renamed.items()
        ]
        self.accounts: list[Account] = []
        """What was supplied, table by table."""
        self.blank: list[str] = []
        """Tables in which nothing is filled and that do not say so."""
        self.moves: dict[str, RowMoves] = {}
        """How the lists of each sheet were made longer or shorter."""

    def run(self) -> None:
        """Everything but saving; faults are in `problems`."""
        try:
            self._fill()
            if self.editor.unsigned:
                self.notes.append(UNSIGNED)
        except EditError as error:
            hint = "表样里自加的内容妨碍填报：删去它，或换一份没有动过的表样"
            problem = workbook_problem(error)
            self.problems.append(replace(problem, hint=hint))

    def _fill(self) -> None:
        remove_checks_sheet(self.editor)
        placements = list(self._placements())
        sheets: dict[str, list[_Placement]] = {}
        for placement in placements:
            self._supply(placement)
            self._supply_totals(placement)
            sheets.setdefault(placement.sheet, []).append(placement)
        self.moves = {name: self._make_room(name, tables) for name, tables in sheets.items()}
        if not self.problems:
            for placement in placements:
                self._write(placement, self.moves[placement.sheet])
            for head in open_heads(self.form.reading):
                self.editor.set(head.sheet.name, head.ref, head.filled(self._heads))
                self.placed |= {n for n in self._heads if f"{{{n}}}" in head.pattern}
        if not self.problems:
            self.problems += choose_totals(
                self.editor, self.given, self.totals, self.notes, self.parents
            )
            for account in self.accounts:
                account.take_totals(self.editor, self.given)

    @property
    def _heads(self) -> dict[str, str]:
        """The heads of the document, as forms print them."""
        report = self.report
        return {"单位名称": report.unit_name, "年度": str(report.year), **report.heads}

    # --- Sheets -------------------------------------------------------------------------------------

    def _placements(self) -> Iterator[_Placement]:
        """Every table that the form has a place for; sheets are copied where one place serves several tables."""
        for table in dict.fromkeys(s.mapping.table for s in self.form.reading.found_tables):
            found_tables = self.form.found_tables(table)
            for found_table in found_tables:
                self.problems += found_table.located.problems
            yield from self._instances(found_tables, self.report.tables.get(table, []))
        for mapping in self.form.kind.tables:
            tables = self.report.tables.get(mapping.table, [])
            if not self.form.found_tables(mapping.table) and any(not t.empty for t in tables):
                self.problems.append(
                    Problem(f"表 › {mapping.table}", "模板里没有这张表", code="no-place")
                )

    def _instances(
        self, found_tables: Sequence[FoundTable], tables: Sequence[Table]
    ) -> Iterator[_Placement]:
        last = found_tables[-1]  # further sheets stand behind it, in the order of the data
        mapping, sheet = last.mapping, last.located.sheet.name
        more = len(tables) - len(found_tables)
        shared = self._shares(sheet)
        if more > 0 and (mapping.many is None or shared):
            told = f"表样里只有{len(found_tables)}张的位置，数据里有{len(tables)}张"
            self.problems.append(Problem(f"表 › {mapping.table}", told, code="not-located"))
            return
        names = [s.located.sheet.name for s in found_tables]
        for _ in range(more):
            names.append(self.editor.copy_sheet(sheet, self._free_name(mapping.table)))
        for n, name in enumerate(names):
            table = tables[n] if n < len(tables) else Table()
            title = table.fields.get((mapping.many,)) if mapping.many else None
            # a sheet of the clerk's own form keeps its name
            printed = self.form.keeps_names and n < len(found_tables)
            if title and not shared and not printed:
                own = self._free_name(str(title), besides=name)
                self.editor.rename_sheet(name, own)
                name = own
            yield _Placement(found_tables[n] if n < len(found_tables) else last, name, table, n)

    def _shares(self, sheet: str) -> bool:
        """Whether several tables stand on a sheet."""
        found_tables = self.form.reading.found_tables
        return sum(s.located.sheet.name == sheet for s in found_tables) > 1

    def _free_name(self, wish: str, besides: str = "") -> str:
        """A sheet name made from `wish` that no other sheet has."""
        taken = {view.name.casefold() for view in self.editor.sheets().values()} - {
            besides.casefold()
        }
        base = _NOT_IN_SHEET_NAME.sub(" ", wish).strip().strip("'")[:_SHEET_NAME] or "表"
        name, n = base, 2
        while name.casefold() in taken:
            mark = f"({n})"
            name, n = base[: _SHEET_NAME - len(mark)] + mark, n + 1
        return name

    # --- Rows ---------------------------------------------------------------------------------------

    def _supply(self, placement: _Placement) -> None:
        title = instance_name(placement.mapping.table, placement.instance)
        account = Account(title, placement.sheet)
        self.accounts.append(account)
        account.stated = placement.mapping.table in self.report.no_data
        for name, found in placement.located.lists.items():
            given = placement.table.lists.get(name, [])
            lowest = lowest_alone(self.form.reading, placement.found_table, name)
            rows = list_rows(
                found.block, placement.table, placement.where, self.problems, lowest=lowest
            )
            placement.rows[name] = rows
            if found.block.codes is not None:
                account.take_rows(given, rows)
                if len(rows) < len(given):
                    gone = f"{len(given) - len(rows)}行上级科目没有写（就是下面各行之和）"
                    self.notes.append(f"工作表“{placement.sheet}”的清单只列到最细一级，{gone}")

    def _supply_totals(self, placement: _Placement) -> None:
        """Add up lists whose totals the form does not compute; other totals that stay blank are told."""
        name, number = placement.mapping.table, placement.instance
        sums = list_totals(placement.located, placement.table)
        if sums:
            placement.table = replace(placement.table, fields={**placement.table.fields, **sums})
            tables = self.report.tables[name]
            self.report.tables[name] = [
                placement.table if n == number else table for n, table in enumerate(tables)
            ]
            self.accounts[-1].sums += [path[-1] for path in sums]
        if blank := ["·".join(path) for path in wanting_totals(placement.located, placement.table)]:
            told = "表样没有公式，数据里也没有，空着；数据里写上，或照等式推算"
            self.notes.append(f"“{instance_name(name, number)}”的{'、'.join(blank)}：{told}")

    def _make_room(self, sheet: str, placements: Sequence[_Placement]) -> RowMoves:
        """Give each list of a sheet the rows that it needs."""
        view = placements[0].located.sheet
        lists = [one for placement in placements for one in placement.lists()]
        others = [ref for placement in placements for ref in placement.others()]
        edits, problems = list_edits(view, lists, others)
        self.problems += problems
        made = (edit for edit in (edits if not self.problems else ()) if self._resized(sheet, edit))
        moves = RowMoves(tuple(made))
        for found, _ in lists:
            for ref, number in continued(view, found, moves):
                self.editor.set(sheet, ref, number)
        return moves

    def _resized(self, sheet: str, edit: RowEdit) -> bool:
        """Make a list longer or shorter; blank rows that the clerk's own additions need stay, and that is told."""
        have = edit.last - edit.first + 1
        try:
            self.editor.resize_rows(sheet, edit.first, have, have + edit.count, lossless=True)
        except RowsNeeded as error:
            rows = f"第{edit.at}—{edit.last}行" if edit.at < edit.last else f"第{edit.last}行"
            self.notes.append(f"工作表“{sheet}”{rows}没有用上，留着没有删：{error.what}")
            return False
        return True

    # --- Values -------------------------------------------------------------------------------------

    def _write(self, placement: _Placement, moves: RowMoves) -> None:
        located = moves.located(placement.located, self.editor.sheet(placement.sheet))
        unit = placement.found_table.unit
        if unit not in UNITS:
            odd = placement.found_table.odd_unit
            told = f"金额单位写作“{odd}”，" if odd else "找不到金额单位，"
            message = f"模板上{told}应是{'或'.join(UNITS)}"
            self.problems.append(Problem(f"工作表“{placement.sheet}”", message, code="not-located"))
            return
        writer = TableWriter(
            self.editor,
            located,
            moves,
            placement.where,
            (self.report.unit, unit),
            self.given,
            self.problems,
        )
        heads = {**self._heads, "金额单位": unit}
        self.placed |= writer.heads(heads)
        self._state(writer, placement, heads)
        writer.fields(placement.table)
        for block in placement.mapping.blocks:
            if isinstance(block, Codes):
                writer.codes(block.name, placement.table.lists.get(block.name, []))
            elif (found := located.lists.get(block.name)) is not None:
                writer.rows(found, placement.rows[block.name])
        writer.repeats(replace(placement.table, lists=placement.table.lists | placement.rows))
        self.parents |= writer.parents
        fit_rows(self.editor, placement.sheet, writer.texts)

    def _state(self, writer: TableWriter, placement: _Placement, heads: dict[str, str]) -> None:
        """Make the statement of a table, or tell that it was left blank."""
        mapping = placement.mapping
        name = instance_name(mapping.table, placement.instance)
        stated = mapping.table in self.report.no_data
        if not writer.statement(stated, heads):
            self.notes.append(f"“{name}”没有写“本表无数据”的位置，空着")
        elif not stated and placement.table.empty and not mapping.optional:
            self.blank.append(name)
