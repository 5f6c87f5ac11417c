"""The session of an editing: the package, the sheets' texts and views as they stand after the edits so far.

What edits workbooks (rows, marks, notes, sheets …) is written against this; the Editor offers it to callers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from xltool.ooxml.edit.sheettext import SheetText
from xltool.ooxml.package.errors import EditError, WorkbookError
from xltool.ooxml.package.package import Package
from xltool.ooxml.package.xmltext import decode, unescape
from xltool.ooxml.package.xmltree import Node, parse
from xltool.ooxml.read.workbook import Workbook
from xltool.ooxml.read.xlsx.book import Tab
from xltool.ooxml.read.xlsx.sheet import XlsxSheet
from xltool.ooxml.read.xlsx.workbook import XlsxWorkbook


class EditedWorkbook(XlsxWorkbook):
    """A workbook read through its edits: its sheets always show the present state."""

    def __init__(
        self, base: XlsxWorkbook, package: Package, text: Callable[[str], SheetText]
    ) -> None:
        self._text = text
        self._known: dict[str, XlsxSheet] = {}
        super().__init__(package, base.path, base.lookups)

    def _sheet(self, tab: Tab, index: int) -> XlsxSheet:
        sheet = self._known.get(tab.part)
        if sheet is None:
            sheet = XlsxSheet(self, tab, index, lambda: self._text(tab.part))
            self._known[tab.part] = sheet
        sheet.name, sheet.state, sheet.index = tab.name, tab.state, index
        return sheet

    def forget_part(self, part: str) -> None:
        """Drop the sheet of a part that goes away."""
        self._known.pop(part, None)


class EditSession:
    """The edited state of an open .xlsx or .xlsm workbook, which itself stays as it is."""

    def __init__(self, workbook: Workbook) -> None:
        if not isinstance(workbook, XlsxWorkbook):
            raise EditError(
                "旧版 .xls 文件只能读取，不能写入。请用 Excel 或 WPS 另存为 .xlsx 后重试。",
                kind="unsupported",
                file=workbook.file,
            )
        self._base = workbook
        self.package = workbook.package.copy()
        self._texts: dict[str, SheetText] = {}
        self.workbook: EditedWorkbook = EditedWorkbook(workbook, self.package, self.text_of)
        self._last_copy: dict[str, str] = {}
        self._chain_is_stale = False

    def view(self, name: str) -> XlsxSheet:
        """The worksheet of that name as edited so far. Raises EditError when there is none."""
        try:
            sheet = self.workbook.sheet(name)
        except KeyError:
            raise self._refused(f"没有名为“{name}”的工作表。") from None
        assert isinstance(sheet, XlsxSheet)
        return sheet

    def text_of(self, part: str) -> SheetText:
        """The text of a worksheet part under edit."""
        text = self._texts.get(part)
        if text is None:
            content = decode(self.package.read(part), part)  # proved well-formed on opening
            text = self._texts[part] = self._cut(content, part)
        return text

    def _cut(self, content: str, part: str) -> SheetText:
        names = (tab.name for tab in self.workbook.tabs if tab.part == part)
        return SheetText(content, part, f"工作表“{next(names, part)}”", self.package.limits)

    def views(self) -> list[XlsxSheet]:
        """All worksheets as edited so far."""
        return [sheet for sheet in self.workbook.sheets if isinstance(sheet, XlsxSheet)]

    def mentions(self, sheet: XlsxSheet, name: str) -> bool:
        """True when the text of a worksheet may refer to the sheet `name`."""
        loaded = self._texts.get(sheet.part)
        text = loaded.text() if loaded else decode(self.package.read(sheet.part), sheet.part)
        return name.lower().replace("'", "''") in unescape(text).lower()

    def flush(self) -> None:
        """Put the texts of the changed sheets into the package."""
        for part, text in self._texts.items():
            if text.changed:
                self.package.write_text(part, text.text())

    @contextmanager
    def _whole(self, what: str) -> Iterator[None]:
        """An edit in many places: when one of them fails, all is as it was before."""
        texts = {part: text.text() for part, text in self._texts.items() if text.changed}
        package, stale, copies = self.package.copy(), self._chain_is_stale, dict(self._last_copy)
        try:
            yield
        except Exception as error:
            self.package, self._chain_is_stale, self._last_copy = package, stale, copies
            self.workbook = EditedWorkbook(self._base, package, self.text_of)
            self.workbook.reread()
            self._texts = {}
            for part, before in texts.items():
                self._texts[part] = self._cut(before, part)
                self._texts[part].changed = True
            if isinstance(error, WorkbookError):
                error.file = self.workbook.file
            if isinstance(error, ValueError):
                raise self._refused(f"{what}：工作簿中有无法识别的引用（{error}）。") from error
            raise

    def forget_part(self, part: str) -> None:
        """Drop the text and the view of a worksheet part that goes away."""
        self._texts.pop(part, None)
        self.workbook.forget_part(part)

    def formulas_moved(self) -> None:
        """Note that formula cells came, went or moved: the calculation chain no longer holds."""
        self._chain_is_stale = True

    @property
    def relation_base(self) -> str:
        """What the types of relationships begin with, transitional or strict."""
        relations = self.package.relations(self.workbook.part)
        kinds = ("worksheet", "chartsheet", "dialogsheet")
        return next(r.type.rpartition("/")[0] for r in relations if r.kind in kinds)

    def shell_of(self, part: str) -> Node:
        """What stands around the rows of a worksheet; another kind of sheet whole."""
        if any(view.part == part for view in self.views()):
            return parse(self.text_of(part).shell, part)
        return self.package.tree(part)

    def set_shell(self, part: str, text: str) -> None:
        """Change what `shell_of` gave."""
        view = next((view for view in self.views() if view.part == part), None)
        if view is None:
            self.package.write_text(part, text)
        else:
            self.text_of(part).set_shell(text)
            view.forget(formulas=False)

    def _refused(
        self, what: str, view: XlsxSheet | None = None, ref: str | None = None
    ) -> EditError:
        where = f"工作表“{view.name}”" if view else ""
        cell = f"单元格 {ref} " if ref else ""
        return EditError(f"{where}{cell}{what}", file=self.workbook.file)
