"""The elements around the rows of a worksheet, after rows were inserted or removed."""

from __future__ import annotations

from collections.abc import Callable

from xltool.ooxml.edit.anchors import move_anchor
from xltool.ooxml.edit.places import move_source
from xltool.ooxml.edit.rowedit import RowEdit, follow
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import cell_text, escape_cell_text
from xltool.ooxml.package.xmltree import Node, parse
from xltool.ooxml.read.refs import MAX_ROW, Range, make_ref, split_ref

FORMULA_ELEMENTS = ("formula", "formula1", "formula2", "f")
FORMULA_ATTRIBUTES = {
    "cfvo": ("val",),
    "hyperlink": ("location",),
    "controlPr": ("linkedCell", "listFillRange"),
    "oleObject": ("link",),
}
_AREAS = {"dimension", "autoFilter", "sortState", "sortCondition", "hyperlink"}
_MEMBERS = {"conditionalFormatting", "dataValidation", "protectedRange", "ignoredError"}
_CELLS = {
    "selection": "activeCell",
    "pane": "topLeftCell",
    "sheetView": "topLeftCell",
    "customSheetView": "topLeftCell",
}
_WATCHED = {"cellWatch", "inputCells", "cellSmartTags"}
_EMPTY_GOES = {
    "conditionalFormattings",
    "dataValidations",
    "hyperlinks",
    "ignoredErrors",
    "mergeCells",
    "protectedRanges",
    "rowBreaks",
    "sparklines",
    "sparklineGroups",
    "cellWatches",
    "smartTags",
    "ext",
    "extLst",
}


def rewrite_shell(shell: str, part: str, change: Callable[[str], str]) -> str:
    """The shell with every formula outside cells replaced by what `change` makes of it."""
    root = parse(shell, part)
    splice = Splice(shell)
    for node in root.iter(*FORMULA_ELEMENTS):
        old = "" if node.children else cell_text(node.text)
        if old and (new := change(old)) != old:
            splice.set_raw(node, escape_cell_text(new))
    for node in root.iter(*FORMULA_ATTRIBUTES):
        for name in FORMULA_ATTRIBUTES[node.local]:
            old = node.get(name) or ""
            if old and (new := change(old)) != old:
                splice.set(node, name, new)
    return splice.result()


class _Moves:
    """Moves what stands on the edited sheet along with its rows."""

    def __init__(self, shell: str, part: str, edit: RowEdit) -> None:
        self.root = parse(shell, part)
        self.splice = Splice(shell)
        self.edit = edit
        self.removed: set[Node] = set()

    def result(self) -> str:
        """The shell after the edit."""
        edit = self.edit
        handlers: dict[str, Callable[[Node], None]] = {
            **dict.fromkeys(_AREAS, self._area),
            **dict.fromkeys(_MEMBERS, self._members),
            **dict.fromkeys(_WATCHED, self._watched),
            "mergeCells": self._merges,
            "selection": self._selection,
            "rowBreaks": self._breaks,
            "scenarios": self._results,
            "webPublishItem": self._published,
            "sqref": self._extension_members,
            "anchor": lambda node: move_anchor(node, edit, self.splice),
        }
        for node in self.root.iter():
            if node.local in handlers:
                handlers[node.local](node)
            name = _CELLS.get(node.local)
            if name and (ref := node.get(name)):
                self._set(node, name, self._cell(ref))
        return self.splice.result()

    def _set(self, node: Node, name: str, value: str) -> None:
        if node.get(name) != value:
            self.splice.set(node, name, value)

    def _set_text(self, node: Node, value: str) -> None:
        if cell_text(node.text) != value:
            self.splice.set_raw(node, escape_cell_text(value))

    def _cell(self, ref: str) -> str:
        row, column = split_ref(ref)
        return make_ref(min(self.edit.row_or_next(row), MAX_ROW), column)

    def _area(self, node: Node) -> None:
        old = Range.parse(node.get("ref") or "")
        new = self.edit.list_area(old)
        if new is None:
            self.remove(node)
        elif new != old:
            self._set(node, "ref", str(new))

    def _watched(self, node: Node) -> None:
        moved = self.edit.cell(node.get("r") or "")
        if moved is None:
            self.remove(node)
        else:
            self._set(node, "r", moved)

    def _members(self, node: Node) -> None:
        old = node.get("sqref")
        new = self._moved_members(old) if old else old
        if new == "":
            self.remove(node)
        elif new is not None and old is not None:
            self._set(node, "sqref", new)

    def _extension_members(self, node: Node) -> None:
        """`<xm:sqref>`: the place of a sparkline, or the ranges of a rule or a validation."""
        owner = self.root.parent_of(node)
        if owner is None:
            return
        is_place = owner.local == "sparkline"
        new = self._plain_ranges(node.text) if is_place else self._moved_members(node.text)
        if new:
            self._set_text(node, new)
        else:
            self.remove(owner)

    def _moved_members(self, ranges: str) -> str:
        old = [Range.parse(text) for text in ranges.split()]
        new = self.edit.members(old)
        return ranges if new == old else " ".join(map(str, new))

    def _plain_ranges(self, ranges: str) -> str:
        old = [Range.parse(text) for text in ranges.split()]
        moved = [self.edit.area(area, grow=False) for area in old]
        return ranges if moved == old else " ".join(str(area) for area in moved if area)

    def _selection(self, node: Node) -> None:
        ranges = node.get("sqref")
        if ranges:
            active = node.get("activeCell") or "A1"
            self._set(node, "sqref", self._plain_ranges(ranges) or self._cell(active))

    def _results(self, node: Node) -> None:
        """The cells whose results scenarios compare."""
        ranges = node.get("sqref")
        if ranges and (moved := self._plain_ranges(ranges)):
            self._set(node, "sqref", moved)

    def _published(self, node: Node) -> None:
        """The range that is saved as a web page."""
        if node.get("sourceType") == "range" and (ref := node.get("sourceRef")):
            moved = self.edit.area(Range.parse(ref), grow=False)
            self._set(node, "sourceRef", str(moved or ref))

    def _merges(self, node: Node) -> None:
        edit = self.edit
        copies: list[str] = []
        rest = 0
        for merge in node.children:
            old = Range.parse(merge.get("ref") or "")
            new = edit.area(old, grow=old.top < old.bottom)
            if new is None or (new != old and new.is_cell):
                self.remove(merge)
                continue
            rest += 1
            if new != old:
                self._set(merge, "ref", str(new))
            if old.top == old.bottom == edit.last:
                same = (old._replace(top=row, bottom=row) for row in edit.new_rows)
                copies += [f'<{merge.name} ref="{area}"/>' for area in same]
        if copies:
            self.splice.append(node, "".join(copies))
        if node.get("count") is not None:
            self._set(node, "count", str(rest + len(copies)))

    def _breaks(self, node: Node) -> None:
        """A break stands above a row: it moves with the row below it."""
        kept = []
        for child in node.children:
            row = int(child.get("id") or 0)
            moved = self.edit.row(row + 1) if row < MAX_ROW else row + 1
            if moved is None:
                self.remove(child)
                continue
            kept.append(child)
            self._set(child, "id", str(moved - 1))
        manual = sum(child.get("man") in ("1", "true") for child in kept)
        for name, value in (("count", len(kept)), ("manualBreakCount", manual)):
            if node.get(name) is not None:
                self._set(node, name, str(value))

    def remove(self, node: Node) -> None:
        """Drop an element, and its parent when that is nothing without it."""
        self.removed.add(node)
        self.splice.remove(node)
        parent = self.root.parent_of(node)
        if parent is None:
            return
        rest = [child for child in parent.children if child not in self.removed]
        if node.local == "sparklines" or (parent.local in _EMPTY_GOES and not rest):
            self.remove(parent)
        elif parent.get("count") is not None:
            self._set(parent, "count", str(len(rest)))


def _move_consolidated(shell: str, part: str, edit: RowEdit, sheet: str) -> str:
    """The ranges that a sheet adds up (数据 → 合并计算), which may be of any sheet."""
    if "dataRef" not in shell:
        return shell
    root = parse(shell, part)
    splice = Splice(shell)
    for node in root.iter("dataRef"):
        name, value = move_source(node, edit, sheet)
        if value and node.get(name) != value:
            splice.set(node, name, value)
    return splice.result()


def move_shell(shell: str, part: str, edit: RowEdit, sheet: str) -> str:
    """The shell of the sheet named `sheet` after the edit. Raises ValueError for a bad range."""
    shell = rewrite_shell(shell, part, lambda formula: follow(formula, edit, sheet))
    shell = _move_consolidated(shell, part, edit, sheet)
    return _Moves(shell, part, edit).result() if edit.names(sheet) else shell
