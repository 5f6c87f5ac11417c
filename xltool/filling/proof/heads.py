"""The heads of the document on every sheet that has a place for them, with the labels that the form prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.core.model import Report
from xltool.core.problems import Problem
from xltool.core.texts import norm
from xltool.filling.openheads import open_heads
from xltool.mapping.headlines import filled_line
from xltool.mapping.located import as_text
from xltool.reading import Reading, Sighting
from xltool.reading.model import UNIT_HEAD

_SLOT = re.compile(r"\{([^{}]+)\}")


def head_differences(report: Report, before: Reading, after: Reading) -> Iterator[Problem]:
    """Heads that a sheet has a place for and does not say, and labels that are not what the form printed."""
    heads = {"单位名称": report.unit_name, "年度": str(report.year), **report.heads}
    blanks = {s.mapping.table: s for s in before.sightings}
    for sighting in after.sightings:
        blank = blanks.get(sighting.mapping.table)
        places = _places(sighting)
        for name in places & heads.keys():
            said = sighting.heads.get(name, "")
            if norm(said) != norm(heads[name]):
                where = f"工作表“{sighting.located.sheet.name}”（{name}）"
                shown = f"写成了“{said}”" if said else "没有写上"
                yield Problem(where, f"应是“{heads[name]}”，{shown}", code="not-proved")
        if blank is not None:
            yield from _labels(sighting, blank)
    for head in open_heads(before):
        wanted = head.filled(heads)
        text = as_text(after.workbook.sheet(head.sheet.name).value(head.ref)) or ""
        if text != wanted:
            where = f"工作表“{head.sheet.name}”{head.ref}"
            yield Problem(where, f"应是“{wanted}”，写成了“{text}”", code="not-proved")


def _places(sighting: Sighting) -> set[str]:
    """The heads that a sheet has a place for."""
    lines = (name for line in sighting.mapping.lines for name in _SLOT.findall(line.pattern))
    return {*lines, *sighting.located.heads} - {UNIT_HEAD}


def _labels(sighting: Sighting, blank: Sighting) -> Iterator[Problem]:
    """Lines whose words beside the heads are not those of the blank form."""
    for ref, pattern in sighting.located.labels.items():
        if not _SLOT.search(pattern):
            continue
        old, new = (
            as_text(blank.located.sheet.value(ref)),
            as_text(sighting.located.sheet.value(ref)) or "",
        )
        if old is not None and old != new and _words(old, pattern) != _words(new, pattern):
            where = f"工作表“{sighting.located.sheet.name}”{ref}"
            yield Problem(where, f"表样印的是“{old.strip()}”，写成了“{new}”", code="not-proved")


def _words(text: str, pattern: str) -> str:
    """A line without its heads."""
    bare = filled_line(pattern, text, dict.fromkeys(_SLOT.findall(pattern), ""))
    return norm(text if bare is None else bare)
