"""The code of a row that prints nothing but its name: by the rows above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool.core.codes import CodeList


def code_of(name: str, above: str, codes: CodeList) -> str | None:
    """The code that a name means below the row of `above` ("" for the first row); None where it is not certain.

    Rows ascend, and a 款 or 项 stands under its 类 or 款: 行政运行 is another code under each 款. A name that only
    one code has needs no row above it.
    """
    known = codes.with_name(name)
    holding = {above, *codes.ancestors(above), None}
    here = [code for code in known if code > above and codes.parent(code) in holding]
    found = here or known
    return found[0] if len(found) == 1 else None


def codes_of(names: Iterable[str], codes: CodeList) -> Iterator[str | None]:
    """The code of each of the rows of a list."""
    above = ""
    for name in names:
        code = code_of(name, above, codes)
        above = code or above
        yield code
