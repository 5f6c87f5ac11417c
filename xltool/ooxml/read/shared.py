"""Formulas of cells as stored: plain, shared, array, data table."""

from __future__ import annotations

from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.ooxml.package.xmltext import attributes, cell_text
from xltool.ooxml.read.refs import Range, split_ref
from xltool.ooxml.read.rewriting import shift


class StoredFormula(NamedTuple):
    """The content of `<f>`: its text and what kind of formula it is."""

    text: str
    kind: str
    area: str
    group: str

    @property
    def exists(self) -> bool:
        """False for an empty `<f>`, which makes no formula."""
        return bool(self.text or self.kind)


@remembered(1 << 13)
def stored_formula(raw: str) -> StoredFormula:
    """The formula in `raw`, the text from the attributes of `<f` to its end."""
    head, _, rest = raw.partition(">")
    text = "" if head.endswith("/") else cell_text(rest.partition("<")[0])
    if ' t="' not in head:
        return StoredFormula(text, "", "", "")
    known = attributes(head)
    return StoredFormula(text, known.get("t", ""), known.get("ref", ""), known.get("si", ""))


class SharedFormulas:
    """The masters of the shared formulas of one sheet."""

    def __init__(self) -> None:
        self._masters: dict[str, list[tuple[Range, int, int, str]]] = {}

    def add(self, ref: str, formula: StoredFormula) -> None:
        """Note the cell `ref` as master when it is one. Raises ValueError for a bad area."""
        if formula.kind == "shared" and formula.area:
            row, column = split_ref(ref)
            master = (Range.parse(formula.area), row, column, formula.text)
            self._masters.setdefault(formula.group, []).append(master)

    def text(self, ref: str, formula: StoredFormula) -> str | None:
        """The formula of the cell `ref` as if written there; None when its master is missing."""
        if formula.text or formula.kind != "shared":
            return formula.text
        row, column = split_ref(ref)
        candidates = self._masters.get(formula.group, [])
        inside = [master for master in candidates if master[0].holds(row, column)] or candidates
        if not inside:
            return None
        _, master_row, master_column, text = inside[-1]
        return shift(text, row - master_row, column - master_column)
