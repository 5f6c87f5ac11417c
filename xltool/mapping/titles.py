"""Which sheets of a workbook are which tables, by the titles they bear."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from itertools import chain

from xltool.core.caches import remembered
from xltool.core.texts import norm
from xltool.core.years import YEAR, digits
from xltool.mapping.blocks import Anchor
from xltool.mapping.headlines import year_at
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.unitnames import may_stand_before_title
from xltool.ooxml import Sheet, Workbook, split_ref

_YEAR = re.compile(rf"(?<!\d)({YEAR})年度")
_ROWS = 6
"""In how many rows of a sheet its title may stand."""
_ABOVE = 4
"""Above which row a number may be a year: no form has figures so high."""


def is_title(text: str, title: Anchor) -> bool:
    """Whether `text` is a table's title, alone or after the unit's name or the year."""
    return _bears(norm(text), _wanted(title.texts))


@remembered(256)
def _wanted(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(norm, texts))


def _bears(plain: str, wanted: tuple[str, ...]) -> bool:
    return any(
        plain == title
        or (plain.endswith(title) and may_stand_before_title(plain.removesuffix(title)))
        for title in wanted
    )


class Titles:
    """The texts at the head of every sheet of a workbook, read once."""

    def __init__(self, workbook: Workbook) -> None:
        self._texts: dict[str, list[tuple[Sheet, str]]] = defaultdict(list)
        """Where each text stands, normalized."""
        self._found: dict[tuple[str, ...], list[tuple[Sheet, str]]] = {}
        self._numbers: list[tuple[Sheet, str]] = []
        self._by_end: dict[str, list[tuple[int, str]]] = defaultdict(list)
        """The texts by their last character, each with its number: of many texts few end as a title does."""
        for sheet in workbook.sheets:
            for ref, value in sheet.head(_ROWS):
                if isinstance(value, str) and value:
                    self._texts[norm(value)].append((sheet, ref))
                elif isinstance(value, Decimal):
                    self._numbers.append((sheet, ref))
        for number, text in enumerate(self._texts):
            self._by_end[text[-1:]].append((number, text))

    def find(self, mapping: TableMapping) -> list[tuple[Sheet, str]]:
        """The sheets that bear the mapping's title, in tab order, with the title's address."""
        texts = mapping.title.texts
        found = self._found.get(texts)
        if found is None:
            found = self._found[texts] = self._find(_wanted(texts))
        if len(found) > 1:
            # a table of contents names the tables too; the table itself has the form's texts
            return [hit for hit in found if _has_form(mapping, hit[0])] or found
        return found

    def _find(self, wanted: tuple[str, ...]) -> list[tuple[Sheet, str]]:
        hits: dict[str, tuple[Sheet, str]] = {}
        alone = [places for title in wanted if (places := self._texts.get(title))]
        ends = {title[-1:] for title in wanted}
        likely = sorted(chain.from_iterable(self._by_end.get(end, ()) for end in ends))
        long = [self._texts[t] for _, t in likely if t.endswith(wanted) and _bears(t, wanted)]
        for sheet, ref in chain.from_iterable((*alone, *long)):
            hits.setdefault(sheet.name, (sheet, ref))
        return sorted(hits.values(), key=lambda hit: hit[0].index)

    def years(self) -> set[int]:
        """Years printed at the head of any sheet, as in 2024年度, or as a number or a date."""
        found = {int(digits(year)) for year in _YEAR.findall("\n".join(self._texts))}
        high = ((s, ref) for s, ref in self._numbers if split_ref(ref)[0] < _ABOVE)
        return found | {year for sheet, ref in high if (year := year_at(sheet, ref)) is not None}


def _has_form(mapping: TableMapping, sheet: Sheet) -> bool:
    """Whether a sheet has most of the column heads of a table."""
    present = {norm(value) for _, value in sheet.items() if isinstance(value, str)}
    found = sum(any(norm(t) in present for t in anchor.texts) for anchor in mapping.header)
    return 2 * found >= len(mapping.header)
