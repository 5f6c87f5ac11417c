"""A worksheet described in a few words, and its XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from xltool.ooxml.edit.cellpatch import cached, constant, formula_content
from xltool.ooxml.edit.looks import Look
from xltool.ooxml.edit.shelltext import DECLARATION
from xltool.ooxml.package.xmltext import escape_attribute, escape_cell_text
from xltool.ooxml.read.formula import quote_sheet
from xltool.ooxml.read.refs import Range, column_letter, make_ref, split_ref
from xltool.ooxml.read.values import Value
from xltool.ooxml.read.workbook import State


class Formula(NamedTuple):
    """A formula (without "=") and the value that it shows until it is calculated."""

    text: str
    cached: Value = None


Content: TypeAlias = Decimal | int | str | bool | Formula | None


class Link(NamedTuple):
    """A link to a cell of a sheet of the same workbook."""

    sheet: str
    ref: str
    tooltip: str = ""

    @property
    def location(self) -> str:
        """The target as a reference."""
        return f"{quote_sheet(self.sheet)}{self.ref}"


class Condition(NamedTuple):
    """A conditional format: `formula` holds, or the cell compares with it by `operator`.

    Operators are those of the file format: equal, notEqual, greaterThan, lessThan, …
    """

    area: str
    formula: str
    look: Look
    operator: str | None = None


class RowHeight(NamedTuple):
    """Points; a height that is not fixed follows when the texts of the row change."""

    points: float
    fixed: bool = False


@dataclass(frozen=True)
class PrintSetup:
    """Printing on A4, as wide as the page; `repeat` are the rows (first, last) on every page."""

    landscape: bool = True
    repeat: tuple[int, int] | None = None
    footer: str = ""
    margin: float = 0.4


@dataclass
class NewSheet:
    """What a new worksheet is to hold.

    Fill it with `put`; `looks` are the formats by the names that `put` takes. Widths are in
    characters by column letter. `choices` are validation lists (area -> formula of the list),
    `names` hidden names of this sheet (name -> formula). A sheet that is `protected` has no
    password and can be filtered; its unlocked cells can be filled.
    """

    looks: Mapping[str, Look] = field(default_factory=dict)
    cells: dict[tuple[int, int], tuple[Content, str]] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)
    heights: dict[int, RowHeight] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    frozen: str | None = None
    filtered: str | None = None
    printing: PrintSetup | None = None
    tab_colour: str | None = None
    state: State = "visible"
    gridlines: bool = True
    protected: bool = False

    def put(self, ref: str, content: Content, look: str = "") -> None:
        """Set a cell. Raises ValueError for a bad reference, KeyError for an unknown look."""
        if look:
            _ = self.looks[look]
        self.cells[split_ref(ref)] = content, look

    def used_looks(self) -> dict[str, Look]:
        """The formats that cells have, by name."""
        used = {look for _, look in self.cells.values() if look}
        return {name: look for name, look in self.looks.items() if name in used}

    @property
    def has_formulas(self) -> bool:
        """True when a cell holds a formula."""
        return any(isinstance(content, Formula) for content, _ in self.cells.values())


class Namespaces(NamedTuple):
    """Those of the workbook that a sheet is made for."""

    main: str
    relations: str


def sheet_xml(
    sheet: NewSheet, formats: Mapping[str, int], rules: Mapping[Look, int], spaces: Namespaces
) -> str:
    """The part for a sheet; `formats` are the cell formats of its looks by name.

    Raises ValueError, which names the cell, for content that no cell can hold.
    """
    pieces = (
        f'{DECLARATION}<worksheet xmlns="{spaces.main}" xmlns:r="{spaces.relations}">',
        _properties(sheet),
        f'<dimension ref="{_extent(sheet)}"/>',
        _view(sheet),
        '<sheetFormatPr defaultRowHeight="15"/>',
        _columns(sheet),
        f"<sheetData>{_rows(sheet, formats)}</sheetData>",
        _PROTECTION if sheet.protected else "",
        f'<autoFilter ref="{sheet.filtered}"/>' if sheet.filtered else "",
        _counted("mergeCells", [f'<mergeCell ref="{area}"/>' for area in sheet.merges]),
        *(_condition(c, rules[c.look], n) for n, c in enumerate(sheet.conditions, 1)),
        _counted("dataValidations", [_choice(*item) for item in sheet.choices.items()]),
        _links(sheet),
        _printing(sheet.printing) if sheet.printing else "",
        "</worksheet>",
    )
    return "".join(pieces)


_PROTECTION = (
    '<sheetProtection sheet="1" objects="1" scenarios="1" formatCells="0" formatColumns="0"'
    ' formatRows="0" sort="0" autoFilter="0"/>'
)


def _properties(sheet: NewSheet) -> str:
    colour = f'<tabColor rgb="FF{sheet.tab_colour}"/>' if sheet.tab_colour else ""
    fit = '<pageSetUpPr fitToPage="1"/>' if sheet.printing else ""
    return f"<sheetPr>{colour}{fit}</sheetPr>" if colour or fit else ""


def _extent(sheet: NewSheet) -> str:
    if not sheet.cells:
        return "A1"
    bottom, right = max(row for row, _ in sheet.cells), max(column for _, column in sheet.cells)
    return str(Range(1, 1, bottom, right))


def _view(sheet: NewSheet) -> str:
    lines = "" if sheet.gridlines else ' showGridLines="0"'
    start = f'<sheetViews><sheetView{lines} workbookViewId="0"'
    if sheet.frozen is None:
        return f"{start}/></sheetViews>"
    row, column = split_ref(sheet.frozen)
    across = f' xSplit="{column - 1}"' if column > 1 else ""
    down = f' ySplit="{row - 1}"' if row > 1 else ""
    pane = f"{'bottom' if down else 'top'}{'Right' if across else 'Left'}"
    return (
        f'{start}><pane{across}{down} topLeftCell="{sheet.frozen}" activePane="{pane}"'
        f' state="frozen"/><selection pane="{pane}" activeCell="{sheet.frozen}"'
        f' sqref="{sheet.frozen}"/></sheetView></sheetViews>'
    )


def _columns(sheet: NewSheet) -> str:
    places = sorted((split_ref(f"{letter}1")[1], width) for letter, width in sheet.widths.items())
    columns = (
        f'<col min="{n}" max="{n}" width="{width:g}" customWidth="1"/>' for n, width in places
    )
    return f"<cols>{''.join(columns)}</cols>" if places else ""


def _rows(sheet: NewSheet, formats: Mapping[str, int]) -> str:
    rows: dict[int, list[str]] = {row: [] for row in sheet.heights}
    for (row, column), (content, look) in sorted(sheet.cells.items()):
        style = f' s="{formats[look]}"' if look else ""
        rows.setdefault(row, []).append(_cell(make_ref(row, column), style, content))
    pieces = []
    for row, cells in sorted(rows.items()):
        height = sheet.heights.get(row)
        stated = f' ht="{height.points:g}"' if height else ""
        fixed = ' customHeight="1"' if height and height.fixed else ""
        pieces.append(f'<row r="{row}"{stated}{fixed}>{"".join(cells)}</row>')
    return "".join(pieces)


def _cell(ref: str, style: str, content: Content) -> str:
    try:
        if isinstance(content, Formula):
            _, before = formula_content(content.text, "")
            kind, value = cached(content.cached, "")
            value = before + value
        else:
            kind, value = constant(content, "")
    except ValueError as error:
        raise ValueError(f"{ref} {error}") from None
    type_ = f' t="{kind}"' if kind else ""
    return f'<c r="{ref}"{style}{type_}>{value}</c>' if value else f'<c r="{ref}"{style}/>'


def _counted(name: str, items: list[str]) -> str:
    return f'<{name} count="{len(items)}">{"".join(items)}</{name}>' if items else ""


def _condition(condition: Condition, rule: int, priority: int) -> str:
    kind = f'cellIs" operator="{condition.operator}' if condition.operator else "expression"
    return (
        f'<conditionalFormatting sqref="{condition.area}"><cfRule type="{kind}" dxfId="{rule}"'
        f' priority="{priority}"><formula>{escape_cell_text(condition.formula)}</formula></cfRule>'
        "</conditionalFormatting>"
    )


def _choice(area: str, formula: str) -> str:
    return (
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{area}">'
        f"<formula1>{escape_cell_text(formula)}</formula1></dataValidation>"
    )


def link_xml(ref: str, link: Link) -> str:
    """The `<hyperlink>` of a cell."""
    tip = f' tooltip="{escape_attribute(link.tooltip)}"' if link.tooltip else ""
    return f'<hyperlink ref="{ref}" location="{escape_attribute(link.location)}"{tip}/>'


def _links(sheet: NewSheet) -> str:
    links = "".join(link_xml(ref, link) for ref, link in sheet.links.items())
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""


def _printing(setup: PrintSetup) -> str:
    sides = "".join(f' {side}="{setup.margin:g}"' for side in ("left", "right", "top"))
    footer = escape_cell_text(setup.footer)
    turned = "landscape" if setup.landscape else "portrait"
    return (
        f'<pageMargins{sides} bottom="{setup.margin * 1.5:g}" header="0.2" footer="0.2"/>'
        f'<pageSetup paperSize="9" orientation="{turned}" fitToHeight="0"/>'
        + (f"<headerFooter><oddFooter>{footer}</oddFooter></headerFooter>" if footer else "")
    )


def local_names(sheet: NewSheet, name: str) -> dict[str, str]:
    """The hidden names that go with the sheet when it is called `name`: name -> formula."""
    prefix = quote_sheet(name)
    names = dict(sheet.names)
    if sheet.filtered:
        area = Range.parse(sheet.filtered)
        first, last = (f"${column_letter(c)}${r}" for r, c in (area[:2], area[2:]))
        names["_xlnm._FilterDatabase"] = f"{prefix}{first}:{last}"
    return names


def print_titles(sheet: NewSheet, name: str) -> str | None:
    """What the name Print_Titles of the sheet stands for, if rows are to be repeated."""
    rows = sheet.printing.repeat if sheet.printing else None
    return f"{quote_sheet(name)}${rows[0]}:${rows[1]}" if rows else None
