"""What an Editor can add to a workbook and take off again: sheets, marks, notes, links, heights.

What is taken off right after it was added leaves every part as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from xltool.ooxml.edit import addsheet, links, notes, tabs
from xltool.ooxml.edit import appearance as appearance_module
from xltool.ooxml.edit import marks as marks_module
from xltool.ooxml.edit.appearance import Appearance
from xltool.ooxml.edit.looks import Look
from xltool.ooxml.edit.newsheet import Link, NewSheet
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.xmltext import set_attribute
from xltool.ooxml.read.refs import MAX_ROW, plain_ref

_TALLEST = 409


class Additions(EditSession):
    """The part of an Editor that adds and takes off."""

    # --- sheets --------------------------------------------------------------------------------

    def add_sheet(self, name: str, content: NewSheet) -> None:
        """Add a worksheet behind the last one.

        Refused when the name is taken or not allowed, or a cell cannot hold what it is to hold.
        """
        with self._whole(f"新增工作表“{name}”"):
            addsheet.add(self, name, content)

    def remove_sheet(self, name: str) -> None:
        """Remove a worksheet with the parts, names and formats that only it uses.

        Refused when formulas elsewhere refer to it, when it is the last visible sheet, or when it
        holds a pivot table or a slicer. Formats go only as far as they end their list.
        """
        view = self.view(name)
        with self._whole(f"删除工作表“{view.name}”"):
            addsheet.remove(self, view)

    def open_at(self, name: str) -> None:
        """Let the workbook open with this sheet, and this sheet alone selected."""
        view = self.view(name)
        with self._whole(f"选定工作表“{view.name}”"):
            tabs.open_at(self, view.name)

    def dress(self, name: str, wanted: Appearance) -> bool:
        """Let a sheet be printed and show as `wanted`, so far as that says; whether that changed anything."""
        view = self.view(name)
        with self._whole(f"设置“{view.name}”的打印区域"):
            return appearance_module.dress(self, view.name, wanted)

    def appearance(self, name: str) -> Appearance:
        """What is printed of a sheet and how it shows first."""
        return appearance_module.appearance(self, self.view(name).name)

    def order(self, names: Sequence[str]) -> bool:
        """Put these sheets into this order among themselves; whether that changed anything."""
        with self._whole("排列工作表"):
            return appearance_module.order_tabs(self, names)

    @property
    def opens_at(self) -> str | None:
        """The name of the sheet that the workbook opens with, if it says so."""
        return tabs.active(self)

    @property
    def opening(self) -> str:
        """How the workbook opens now, in a short text for `open_as`."""
        return tabs.opening(self)

    def open_as(self, opening: str) -> None:
        """Let the workbook open as it did when `opening` was asked for."""
        with self._whole("恢复打开时的工作表"):
            tabs.open_as(self, opening)

    def calculate_on_load(self) -> None:
        """Let Excel calculate all formulas when it opens the workbook."""
        with self._whole("设置打开时重新计算"):
            tabs.calculate_on_load(self)

    # --- marks, notes, links -------------------------------------------------------------------

    def mark(self, sheet: str, marks: Mapping[Look, Iterable[str]], tag: str) -> None:
        """Show cells in other looks, by conditional formats that bear the tag.

        The cells keep their formats, and the sheet the conditional formats that it has. Merged
        cells are marked whole. Protected sheets can be marked.
        """
        view = self.view(sheet)
        with self._whole(f"标记工作表“{view.name}”"):
            marks_of = {look: [plain_ref(ref) for ref in refs] for look, refs in marks.items()}
            marks_module.mark(self, view, marks_of, tag)

    def unmark(self, tag: str) -> None:
        """Take the marks with the tag off all sheets."""
        with self._whole("清除标记"):
            marks_module.unmark(self, tag)

    def add_notes(self, sheet: str, texts: Mapping[str, str], author: str) -> None:
        """Put notes on cells by reference. Refused where a cell has a note already."""
        view = self.view(sheet)
        with self._whole(f"工作表“{view.name}”加批注"):
            placed = {plain_ref(ref): text for ref, text in texts.items()}
            notes.add(self, view, placed, author)

    def remove_notes(self, author: str) -> None:
        """Remove the notes of an author from all sheets."""
        with self._whole("清除批注"):
            notes.remove(self, author)

    def add_link(self, sheet: str, ref: str, link: Link) -> None:
        """Let a cell link to another sheet; its format stays. Refused where it has a link."""
        view = self.view(sheet)
        with self._whole(f"工作表“{view.name}”加链接"):
            links.add(self, view, plain_ref(ref), link)

    def has_link(self, sheet: str, ref: str) -> bool:
        """True when the cell, or a part of its merged range, links somewhere."""
        return links.linked(self, self.view(sheet), plain_ref(ref))

    def remove_links(self, target: str) -> None:
        """Remove the links of all sheets that lead to the sheet `target`."""
        with self._whole("清除链接"):
            links.remove(self, target)

    # --- sizes ---------------------------------------------------------------------------------

    def set_row_height(self, sheet: str, row: int, points: Decimal | float) -> None:
        """Fix the height of a row; the row is made when it is absent. Raises EditError."""
        view = self.view(sheet)
        if not (0 < points <= _TALLEST and 1 <= row <= MAX_ROW):
            where = f"工作表“{view.name}”第 {row} 行"
            what = f"行号或行高无效，行高应在 0 到 {_TALLEST} 磅之间"
            raise EditError(f"{where}：{what}。", file=self.workbook.file)
        text = self.text_of(view.part)
        found = text.row(row) or text.new_row(row)
        _ = found.cells  # they are cut while the row still stands as it was written
        for name, value in (("ht", f"{points:g}"), ("customHeight", "1")):
            found.attributes = set_attribute(found.attributes, name, value)
        found.touch()
        text.changed = True
        view.forget(formulas=False)
