"""What taking rows away would lose: formulas elsewhere that need them, notes on them. Then they may stay instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.ooxml.edit.rowedit import RowEdit
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.package import Package
from xltool.ooxml.read.formula import REF_ERROR
from xltool.ooxml.read.refs import split_ref
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_SHOWN = 3
_AROUND = ("workbook", "chart", "table", "drawing", "control", "connection")
"""Words in the content types of parts that hold formulas."""


class RowsNeeded(EditError):
    """Rows that were to go are needed; `what` tells for what."""

    def __init__(self, sheet: str, found: list[str]) -> None:
        more = f" 等{len(found)}处" if len(found) > _SHOWN else ""
        self.what = "、".join(found[:_SHOWN]) + more
        super().__init__(f"工作表“{sheet}”的空行不能删：{self.what}。")


class Losses:
    """Collects what an edit would lose while it is made."""

    def __init__(self, package: Package, view: XlsxSheet, edit: RowEdit) -> None:
        self._edit = edit
        self._before = _broken_parts(package)
        self.found = list(_notes(package, view, edit))

    def formulas(self, sheet: XlsxSheet, after: Mapping[str, str]) -> None:
        """Look at the formulas of a sheet as they become."""
        own = self._edit.names(sheet.name)
        for ref, formula in sheet.formulas().items():
            goes = own and self._edit.row(split_ref(ref)[0]) is None
            if not goes and _breaks(formula, after[ref]):
                self.found.append(f"{sheet.name}!{ref} 的公式要用")

    def around(self, sheet: XlsxSheet, before: str, after: str) -> None:
        """Look at what stands around the cells of a sheet, as it becomes."""
        if _breaks(before, after):
            self.found.append(f"工作表“{sheet.name}”的条件格式、有效性或链接要用")
        if after.count("<inputCells") < before.count("<inputCells"):
            self.found.append(f"工作表“{sheet.name}”的方案要用")

    def check(self, package: Package) -> None:
        """Raise `RowsNeeded` if anything would be lost."""
        for part, count in _broken_parts(package).items():
            if count > self._before.get(part, 0):
                self.found.append("名称、图表或控件要用")
                break
        if self.found:
            raise RowsNeeded(self._edit.sheet, list(dict.fromkeys(self.found)))


def _breaks(before: str, after: str) -> bool:
    return after.count(REF_ERROR) > before.count(REF_ERROR)


def _broken_parts(package: Package) -> dict[str, int]:
    """How many broken references stand in the parts besides the worksheets."""
    return {
        part: package.read(part).count(REF_ERROR.encode())
        for part in package.names()
        if any(word in package.content_type(part).lower().rpartition(".")[2] for word in _AROUND)
        or part.endswith("workbook.xml")
    }


def _notes(package: Package, view: XlsxSheet, edit: RowEdit) -> Iterator[str]:
    for kind, name in (("comments", "comment"), ("threadedComment", "threadedComment")):
        for part in package.related(view.part, kind):
            for node in package.tree(part).iter(name):
                ref = node.get("ref") or ""
                if edit.row(split_ref(ref)[0]) is None:
                    yield f"{ref} 有批注"
