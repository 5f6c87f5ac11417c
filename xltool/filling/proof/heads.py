"""The heads of the document on every sheet that has a place for them, with the labels that the form prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from xltool.core.model import Report
from xltool.core.problems import Problem
from xltool.core.texts import norm
from xltool.core.years import year_of
from xltool.filling.openheads import open_heads
from xltool.filling.rowplan import RowMoves
from xltool.mapping.headlines import filled_line, is_term
from xltool.mapping.located import as_text
from xltool.ooxml import make_ref, split_ref
from xltool.reading import FoundTable, Reading
from xltool.reading.found import UNIT_HEAD

_SLOT = re.compile(r"\{([^{}]+)\}")


def head_differences(
    report: Report, before: Reading, after: Reading, moves: Mapping[str, RowMoves]
) -> Iterator[Problem]:
    """Heads that a sheet has a place for and does not say, and labels that are not what the form printed."""
    heads = {"单位名称": report.unit_name, "年度": str(report.year), **report.heads}
    blanks: dict[str, list[FoundTable]] = {}
    for found_table in before.found_tables:
        blanks.setdefault(found_table.mapping.table, []).append(found_table)
    for found_table in after.found_tables:
        forms = blanks.get(found_table.mapping.table, [])
        places = _places(found_table)
        for name in places & heads.keys():
            said = found_table.heads.get(name, "")
            if norm(said) != norm(heads[name]):
                where = f"工作表“{found_table.located.sheet.name}”（{name}）"
                shown = f"写成了“{said}”" if said else "没有写上"
                yield Problem(where, f"应是“{heads[name]}”，{shown}", code="not-proved")
        if forms:
            # further tables are copies of the last
            blank = forms[min(found_table.instance, len(forms) - 1)]
            yield from _labels(
                found_table, blank, moves.get(found_table.located.sheet.name, RowMoves())
            )
    for head in open_heads(before):
        wanted = head.filled(heads)
        text = as_text(after.workbook.sheet(head.sheet.name).value(head.ref)) or ""
        if text != wanted:
            where = f"工作表“{head.sheet.name}”{head.ref}"
            yield Problem(where, f"应是“{wanted}”，写成了“{text}”", code="not-proved")


def _places(found_table: FoundTable) -> set[str]:
    """The heads that a sheet has a place for."""
    lines = (name for line in found_table.mapping.lines for name in _SLOT.findall(line.pattern))
    return {*lines, *found_table.located.heads} - {UNIT_HEAD}


def _labels(found_table: FoundTable, blank: FoundTable, moves: RowMoves) -> Iterator[Problem]:
    """Lines whose words beside the heads are not those of the blank form."""
    for ref, pattern in found_table.located.labels.items():
        row, column = split_ref(ref)
        origin = moves.origin(row)
        if origin is None or not _SLOT.search(pattern):
            continue
        old = as_text(blank.located.sheet.value(make_ref(origin, column)))
        new = as_text(found_table.located.sheet.value(ref)) or ""
        if old is None or old == new:
            continue
        here = [line.pattern for line in found_table.mapping.lines if line.range.anchor == ref]
        if _words(old, [*here, pattern]) != _words(new, [*here, pattern]):
            where = f"工作表“{found_table.located.sheet.name}”{ref}"
            yield Problem(where, f"表样印的是“{old.strip()}”，写成了“{new}”", code="not-proved")


def _words(text: str, patterns: Iterable[str]) -> str:
    """A line without its heads: several may stand in one cell."""
    for pattern in patterns:
        bare = filled_line(pattern, text, dict.fromkeys(_SLOT.findall(pattern), ""))
        if bare is None and is_term(pattern) and year_of(norm(text).strip("()")) is not None:
            return ""
        text = text if bare is None else bare
    return norm(text)
