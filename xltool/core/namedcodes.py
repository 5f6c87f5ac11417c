"""The codes of a list that prints nothing but names: by the rows around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xltool.core.codes import CodeList


def codes_of(names: Iterable[str], codes: CodeList) -> list[str | None]:
    """The code that each name of a list means, None where it is not certain.

    A name that only one code has needs no other row. Else rows ascend, and the row that the code stands under must
    be printed above: 行政运行 is another code under each 款. A code whose own part has the same name
    (其他支出) needs a row below it, too, or the part might be meant.
    """
    path: list[str] = []
    found: list[str | None] = []
    for name in names:
        code = _below(path, codes.with_name(name), codes)
        if code is not None:
            path = [*(above for above in path if code.startswith(above)), code]
        found.append(code)
    following = ""
    for at, code in reversed([*enumerate(found)]):
        if code is not None:
            if not following.startswith(code) and _has_namesake_below(code, codes):
                found[at] = None
            following = code
    return found


def _below(path: Sequence[str], known: Sequence[str], codes: CodeList) -> str | None:
    """The one of some codes of one name that may follow below a row; `path`: its code and those printed above it."""
    if len(known) > 1:
        last, holding = path[-1] if path else "", {*path, None}
        known = [code for code in known if code > last and codes.parent(code) in holding]
    return known[0] if len(known) == 1 else None


def _has_namesake_below(code: str, codes: CodeList) -> bool:
    known = codes.with_name(codes.name(code) or "")
    return any(other != code and other.startswith(code) for other in known)
