"""A workbook that was read, as the translation of rules to formulas asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from xltool.checks.context import Context
from xltool.core.cellref import CellRef
from xltool.core.model import CODE, NUMERIC, ListSpec, Path, TableSpec, block_column
from xltool.core.places import FieldPlace, ListPlace, TableCopy
from xltool.core.texts import norm
from xltool.livechecks.areas import CellArea, area_ref, quoted, rectangles, sheet_prefix
from xltool.livechecks.listrows import FilledRows
from xltool.livechecks.locations import ListRow
from xltool.livechecks.terms import Untranslatable
from xltool.mapping.located import LocatedList, text_at
from xltool.ooxml import make_ref
from xltool.rules.keys import RowKey

Refer = Callable[[int], str]


def placeholder(number: int) -> str:
    """What formulas hold in place of the state of a table, until it is known where that stands."""
    return f"\x00{number}\x00"


class ReadBook:
    """The tables of one workbook. See `Book`; `state` raises `Unread` and `Outside` as the lookup does."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._shown: dict[tuple[TableCopy, str, str], list[str]] = {}
        self._codes: dict[ListPlace, str] = {}
        self._rows: dict[ListPlace, FilledRows] = {}
        self._extents: dict[ListPlace, tuple[int, int]] = {}

    @cached_property
    def tables(self) -> list[tuple[str, int]]:
        """Every table instance that was found, in the order of the workbook."""
        return list(self.context.located)

    @cached_property
    def specs(self) -> Mapping[str, TableSpec]:
        """The tables as the workbook has them: a list that was recognised in fixed cells has the codes of those."""
        specs = dict(self.context.reading.edition.specs)
        for (table, _), located in self.context.located.items():
            for name, places in located.codes.items():
                rows = specs[table].lists[name]
                if not rows.listed:
                    fixed = rows._replace(listed=tuple(sorted(places)))
                    lists = {**specs[table].lists, name: fixed}
                    specs[table] = specs[table]._replace(lists=lists)
        return specs

    def state(self, copy: TableCopy) -> str:
        self.context.lookup.table(*copy)
        return placeholder(self.tables.index(copy))

    def areas(self, refs: Sequence[CellRef]) -> list[CellArea]:
        return [CellArea(cells) for cells in rectangles(refs)]

    def field(self, copy: TableCopy, path: Path) -> CellRef | None:
        self._require_unit(copy)
        return self.context.cell(FieldPlace(*copy, path))

    def _require_unit(self, copy: TableCopy) -> None:
        found_table = self.context.found_table(*copy)
        unit = self.context.report.unit
        if found_table is not None and found_table.unit and found_table.unit != unit:
            raise Untranslatable(f"“{copy.table}”的金额单位与其他表不一致")

    def _require_one_sheet(self, copy: TableCopy) -> None:
        if self.context.reading.rests_of(copy):
            raise Untranslatable(f"“{copy.table}”的行分在几张工作表上（续表）")

    # ── lists ──

    def _list(self, place: ListPlace) -> LocatedList:
        self._require_unit(place.copy)
        self._require_one_sheet(place.copy)
        located = self.context.located.get(place.copy)
        found = located.lists.get(place.list) if located else None
        if found is None or not found.rows:
            raise Untranslatable(f"“{place.table}”里没有“{place.list}”的行")
        return found

    def _sheet(self, copy: TableCopy) -> str:
        return self.context.located[copy].sheet.name

    def row_cell(self, row: ListRow, column: str) -> CellRef | None:
        found = self._list(row.place)
        if column not in found.columns:
            return None
        return CellRef(self._sheet(row.copy), found.ref(row.number, column))

    def listed(self, place: ListPlace, code: str) -> CellRef | None:
        self._require_unit(place.copy)
        located = self.context.located.get(place.copy)
        ref = located.codes.get(place.list, {}).get(code) if located else None
        return CellRef(located.sheet.name, ref) if located and ref else None

    def rows(self, place: ListPlace) -> list[ListRow]:
        """Every row of a list, blank ones included; of a fixed list every code."""
        self._require_one_sheet(place.copy)
        spec, located = self._spec(place), self.context.located[place.copy]
        if spec.listed:
            codes = located.codes.get(place.list, {})
            return [ListRow(place, code) for code in spec.listed if code in codes]
        found, filled = located.lists.get(place.list), self._rows_of(place)
        return [ListRow(place, filled.code(n), n) for n in (found.rows if found else ())]

    def _spec(self, place: ListPlace) -> ListSpec:
        return self.specs[place.table].lists[place.list]

    def _rows_of(self, place: ListPlace) -> FilledRows:
        if place not in self._rows:
            self._rows[place] = FilledRows(self.context, place)
        return self._rows[place]

    def filled(self, row: ListRow) -> bool:
        """Whether the row holds what every row has: its code, or a text."""
        key = self.key_of(row)
        if key is None:
            return False
        found = self.context.lookup.rows(key)[key.position]
        return found.get(self._key_column(row.place)) is not None

    def key_of(self, row: ListRow) -> RowKey | None:
        """The row as rules know it; None when nothing is filled in it."""
        return self._rows_of(row.place).key(row)

    def column(self, place: ListPlace, column: str) -> str:
        found = self._list(place)
        if column not in found.columns:
            raise Untranslatable(f"“{place.table}”里没有“{column}”一栏")
        top, bottom = self._extent(place)
        left = found.columns[column].left
        return area_ref(self._sheet(place.copy), top, bottom, left, left)

    def _extent(self, place: ListPlace) -> tuple[int, int]:
        if place not in self._extents:
            self._extents[place] = self._with_neighbours(place)
        return self._extents[place]

    def _with_neighbours(self, place: ListPlace) -> tuple[int, int]:
        """First and last row of the list with a row on either side, so that rows added at the ends count too.

        Where those rows might be taken for rows of the list, it stays as it is.
        """
        found, sheet = self._list(place), self.context.located[place.copy].sheet
        first, last = found.rows[0], found.rows[-1]
        codes = found.block.codes
        key = found.columns[self._key_column(place)]

        def free(row: int) -> bool:
            text = "".join(text_at(sheet, row, column) or "" for column in key.columns)
            if codes is None:
                return not text and not any(
                    text_at(sheet, row, spot.left) for spot in found.columns.values()
                )
            return len(text) not in codes.levels

        return (
            first - 1 if codes is not None and first > 1 and free(first - 1) else first,
            last + 1 if free(last + 1) else last,
        )

    def _key_column(self, place: ListPlace) -> str:
        columns = self._spec(place).columns
        if CODE in columns:
            return CODE
        groups = {
            column.name
            for mapping in self.context.reading.tables
            if mapping.table == place.table
            for block in mapping.blocks
            if block.name == place.list
            for column in getattr(block, "columns", ())
            if column.group
        }
        texts = [c for c, kind in columns.items() if kind not in NUMERIC and c not in groups]
        return texts[0] if texts else next(iter(columns))

    def key(self, place: ListPlace) -> str:
        column = self._key_column(place)
        return self.codes(place) if column == CODE else self.column(place, column)

    def labelled(self, place: ListPlace, text: str) -> tuple[str, str]:
        wanted = norm(text)
        for row in self.context.report.tables[place.table][place.instance].lists.get(
            place.list, []
        ):
            for column, value in row.items():
                if isinstance(value, str) and norm(value) == wanted:
                    return self.column(place, column), value
        return self.key(place), text

    def key_cell(self, row: ListRow) -> CellRef:
        """The cell of a row in that column."""
        cell = self.row_cell(row, self._key_column(row.place))
        assert cell is not None
        return cell

    def codes(self, place: ListPlace) -> str:
        if place not in self._codes:
            self._codes[place] = self._codes_in(place, *self._extent(place))
        return self._codes[place]

    def _codes_in(self, place: ListPlace, top: int, bottom: int) -> str:
        sheet = self._sheet(place.copy)
        return self._joined(place, lambda column: area_ref(sheet, top, bottom, column, column))

    def flat_level(self, place: ListPlace) -> int | None:
        return self.context.lookup.flat_level(*place)

    def codes_above(self, row: ListRow) -> str:
        """The codes of the rows of the list above a row; "" for the first one and for fixed codes."""
        if not row.number or row.number == (first := self._list(row.place).rows[0]):
            return ""
        return self._codes_in(row.place, first, row.number - 1)

    def own_code(self, row: ListRow) -> str:
        if not row.number:
            return quoted(row.code)
        sheet = sheet_prefix(self._sheet(row.copy))
        cell = self._joined(row.place, lambda column: sheet + make_ref(row.number, column))
        return cell if cell.startswith("TRIM") or "&" in cell else f'({cell}&"")'

    def _joined(self, place: ListPlace, refer: Refer) -> str:
        """The codes, whole in one column or in pieces, without the spaces around them if there are any."""
        columns, spaced = self._rows_of(place).spelling
        joined = "&".join(map(refer, columns))
        if spaced:
            return f"TRIM({joined})"
        return f"({joined})" if len(columns) > 1 else joined

    # ── what shows that a blank is a zero, and heads ──

    def shown(self, copy: TableCopy, block: str, column: str) -> Sequence[str]:
        key = (copy, block, column)
        if key not in self._shown:
            self._shown[key] = list(self._columns(*key))
        return self._shown[key]

    def _columns(self, copy: TableCopy, block: str, column: str) -> Iterator[str]:
        located = self.context.located[copy]
        sheet = located.sheet.name
        yield from rectangles(
            (sheet, ref)
            for path, ref in located.fields.items()
            if block_column(path) == (block, column)
        )
        for name, spec in self.specs[copy.table].lists.items():
            if block not in (name, spec.total) or column not in spec.columns:
                continue
            if spec.listed:
                codes = located.codes.get(name, {})
                yield from rectangles((sheet, ref) for ref in codes.values())
            elif name in located.lists and located.lists[name].rows:
                rows = located.lists[name].rows
                if (spot := located.lists[name].columns.get(column)) is None:
                    continue
                left, last = spot.left, self._extent(ListPlace(*copy, name))[1]
                yield area_ref(sheet, rows[0], last, left, left)

    def head(self, name: str) -> str:
        for located in self.context.located.values():
            if name in located.heads:
                return f"TRIM({sheet_prefix(located.sheet.name)}{located.heads[name]})"
        return quoted(self.context.heads.get(name, ""))
