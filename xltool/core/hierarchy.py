"""类, 款, 项: which rows a list must have, and the live formulas that add them up.

The formulas keep a blank blank: where nothing is filled below, they give "" and not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xltool.core.codes import CodeList

_ANY_NUMBER = '">-1E+300"'


def with_parents(codes: Iterable[str], known: CodeList) -> list[str]:
    """The codes and all their 类 and 款, in the order of the form: ascending, parents first."""
    wanted = set(codes)
    for code in tuple(wanted):
        wanted.update(known.ancestors(code))
    return sorted(wanted)


def children(codes: Iterable[str], known: CodeList) -> Mapping[str, list[str]]:
    """For each code that has rows one level below it among `codes`, those rows."""
    result: dict[str, list[str]] = {}
    for code in codes:
        parent = known.parent(code)
        if parent is not None:
            result.setdefault(parent, []).append(code)
    return result


def sum_formula(*ranges: str) -> str:
    """The sum of ranges, blank while they hold no number."""
    listed = ",".join(ranges)
    return f'IF(COUNT({listed})=0,"",SUM({listed}))'


def level_formula(codes: str, values: str, pattern: str) -> str:
    """The sum of `values` in the rows whose code matches `pattern` (a quoted wildcard or a cell)."""
    return (
        f'IF(COUNTIFS({codes},{pattern},{values},{_ANY_NUMBER})=0,"",'
        f"SUMIF({codes},{pattern},{values}))"
    )


def parent_formula(code: str, value: str, row: int, last: int) -> str:
    """What a 类 or 款 in `row` adds up: the rows one level below it, which stand between it and `last`.

    `code` and `value` are column letters.
    """
    return level_formula(
        f"${code}{row + 1}:${code}${last}",
        f"{value}{row + 1}:{value}${last}",
        f'${code}{row}&"??"',
    )


def runs(column: str, rows: Iterable[int]) -> Iterator[str]:
    """The cells of a column in these rows (ascending), neighbours as ranges: E9:E11, E14."""
    first = last = 0
    for row in [*rows, 0]:
        if row == last + 1 and first:
            last = row
            continue
        if first:
            yield f"{column}{first}" if first == last else f"{column}{first}:{column}{last}"
        first = last = row
