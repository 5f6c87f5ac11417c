"""Formulas as text: tokens, the references and functions in them, copying them elsewhere.

Formulas are stored without the leading "=". They are never parsed into a tree here: the tokens
of a formula, joined, give the formula back, so a rewrite changes references and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.ooxml.read.refs import MAX_ROW, Range

REF_ERROR = "#REF!"
MAX_LENGTH = 8192
"""The longest formula that Excel takes."""

_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_AREA = (
    rf"(?:{_CELL}:{_CELL}|{_CELL}|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}"
    r"|\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})(?![\w.(!\[\\$])"
)
_SHEET = r"(?:'(?:[^']|'')+'|(?:\[[0-9]+\])?[\w.\\]+(?::[\w.\\]+)?|\[[0-9]+\])!"
_ERROR = r"\#(?:[A-Z_]+[!?]|DIV/0!|N/A)"
_TOKEN = re.compile(
    rf"""(?P<string>"(?:[^"]|"")*")
    |(?P<ref>(?P<sheet>{_SHEET})?(?P<area>{_AREA}))
    |(?P<error>(?:{_SHEET})?{_ERROR})
    |(?P<outer>{_SHEET}[\w.\\?]+)
    |(?P<structured>[\w.\\]*\[)
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?(?![\w.]))
    |(?P<function>[^\W\d][\w.]*(?=\())
    |(?P<name>[\w.\\?]+)
    |(?P<space>\s+)
    |(?P<operator><>|<=|>=|'.*|.)""",
    re.X | re.S,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_BARE_SHEET = re.compile(r"[^\W\d][\w.]*")
_LIKE_REF = re.compile(r"[a-z]{1,3}[0-9]+|r[0-9]*(?:c[0-9]*)?|c[0-9]*|true|false", re.I)


class Token(NamedTuple):
    """A piece of a formula.

    `kind` is string, ref, error, number, function, name, structured, space or operator. For a
    ref, `sheet` is its prefix as written with the `!` ('' without one) and `area` the rest.
    """

    kind: str
    text: str
    sheet: str = ""
    area: str = ""


class Corner(NamedTuple):
    """One end of a reference: letters and row as written, '' and 0 where it has none."""

    fixed_column: bool
    letters: str
    fixed_row: bool
    row: int

    def __str__(self) -> str:
        row = f"{'$' * self.fixed_row}{self.row}" if self.row else ""
        return f"{'$' * self.fixed_column}{self.letters}{row}"


_NAMED = re.compile(
    r"([$A-Za-z](?<![\w.\\$].)(?:(?<!\$)|(?<=\$)[A-Za-z])[A-Za-z]?\$?[1-9][0-9]{0,5})(?![\w.(!\[\\$])"
)
"""A cell inside a formula, unless it is one of the last columns or rows, which are told from names by more.

What stands before it is looked at behind its first character: a pattern that begins with a character is found
three times as fast as one that begins by looking back.
"""


_SOME_CELL = "A1"


class Outline(NamedTuple):
    """The tokens of a shape, and which of them have gaps: by the place of the token, which of the gaps.

    In place of every gap the tokens have some cell.
    """

    tokens: tuple[Token, ...]
    gaps: Mapping[int, slice]


class Shape(NamedTuple):
    """A formula with gaps where it names cells.

    `texts` stand between the cells, one more than there are cells. Books of one form have lists of different
    lengths: their formulas name different cells, but their shapes are the same few hundred.
    """

    texts: tuple[str, ...]
    cells: Sequence[str]
    outline: Outline


def shape(formula: str) -> Shape:
    """The shape of a formula; one whose tokens depend on more has no gaps. Raises ValueError if it is too long."""
    if len(formula) > MAX_LENGTH:
        raise ValueError(f"公式超过 {MAX_LENGTH} 个字符")
    pieces = _NAMED.split(formula)
    texts = tuple(pieces[::2])
    outline = outline_of(texts)
    if outline is None:
        texts, pieces = (formula,), []
        outline = outline_of(texts)
        assert outline is not None  # without gaps there is nothing to get wrong
    return Shape(texts, pieces[1::2], outline)


@remembered(2048)
def tokens(formula: str) -> tuple[Token, ...]:
    """The pieces of a formula; joined, they give it back. Raises ValueError if it is too long."""
    _, cells, outline = shape(formula)
    found = list(outline.tokens)
    for at, gaps in outline.gaps.items():
        area, sheet = ":".join(cells[gaps]), found[at].sheet
        found[at] = Token("ref", sheet + area, sheet, area)
    return tuple(found)


@remembered(2048)
def outline_of(texts: tuple[str, ...]) -> Outline | None:
    """The tokens of all formulas with these texts between cells; None where each has to be cut by itself.

    What follows a cell or stands before it is the same in all of them, so where one is a reference by itself
    or an end of one, all are.
    """
    cut = tuple(_cut(_SOME_CELL.join(texts)))
    starts, at = [], 0
    for text in texts[:-1]:
        starts.append(at + len(text))
        at = starts[-1] + len(_SOME_CELL)
    gaps: dict[int, slice] = {}
    at = done = 0
    for number, token in enumerate(cut):
        end = at + len(token.text)
        inside = [start for start in starts[done : done + 3] if start < end]
        if inside:
            area = ":".join([_SOME_CELL] * len(inside))
            if token.kind != "ref" or token.area != area or inside[0] != end - len(area):
                return None
            gaps[number] = slice(done, done + len(inside))
            done += len(inside)
        at = end
    return Outline(cut, gaps)


def _cut(formula: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while match := _TOKEN.match(formula, at):
        kind = match.lastgroup if match["ref"] is None else "ref"
        at = match.end()
        if kind == "structured":
            at = _bracket_end(formula, at)
            found.append(Token(kind, formula[match.start() : at]))
        elif kind == "ref" and _in_sheet(match["area"]):
            found.append(Token(kind, match[0], match["sheet"] or "", match["area"]))
        else:
            found.append(Token("name" if kind in ("ref", "outer") else str(kind), match[0]))
    return found


def _bracket_end(formula: str, at: int) -> int:
    """Where a structured reference ends whose `[` stands just before `at`; `'` escapes."""
    depth = 1
    while at < len(formula) and depth:
        if formula[at] == "'":
            at += 1
        else:
            depth += {"[": 1, "]": -1}.get(formula[at], 0)
        at += 1
    return min(at, len(formula))


def _in_sheet(area: str) -> bool:
    """False for names such as `ABC99999999` or `ZZZ1` that only look like references."""
    for corner in corners(area):
        if corner.row > MAX_ROW:
            return False
        if len(corner.letters) == 3 and corner.letters.upper() > "XFD":
            return False
    return True


@remembered(1 << 14)
def corners(area: str) -> tuple[Corner, ...]:
    """The one or two ends of a reference without its sheet."""
    found = []
    for text in area.split(":"):
        match = _CORNER.fullmatch(text)
        if match is None:
            raise ValueError(f"“{area}”不是单元格区域")
        fixed, letters, fixed_row, row = match.groups()
        if letters:
            found.append(Corner(bool(fixed), letters, bool(fixed_row), int(row or 0)))
        else:
            found.append(Corner(False, "", bool(fixed), int(row)))
    return tuple(found)


def sheet_names(prefix: str) -> tuple[str, ...]:
    """The sheet that a prefix such as `'A B'!` names, two for `A:C!`, none for another workbook."""
    name = prefix.removesuffix("!")
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return () if "[" in name else tuple(name.split(":"))


def quote_sheet(name: str) -> str:
    """The prefix, with `!`, that refers to the sheet `name`."""
    if _BARE_SHEET.fullmatch(name) and not _LIKE_REF.fullmatch(name):
        return f"{name}!"
    return "'{}'!".format(name.replace("'", "''"))


_PREFIX = re.compile(f"({_SHEET})(.*)", re.S)


def sheet_prefix(token: Token) -> tuple[str, bool, str]:
    """(sheet prefix, whether there is one, rest) of a token."""
    match = _PREFIX.fullmatch(token.text) if token.kind in ("ref", "error", "name") else None
    return (match[1], True, match[2]) if match else ("", False, token.text)


def functions(formula: str) -> set[str]:
    """The names of the functions used, in capitals, without `_xlfn.` and `_xlws.`."""
    return {
        token.text.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        for token in tokens(formula)
        if token.kind == "function"
    }


def references(formula: str) -> list[tuple[str | None, Range]]:
    """(sheet, range) of each reference, in order; sheet None is the formula's own.

    References into other workbooks and across several sheets are left out.
    """
    found: list[tuple[str | None, Range]] = []
    for token in tokens(formula):
        if token.kind != "ref":
            continue
        names = sheet_names(token.sheet) if token.sheet else (None,)
        if len(names) == 1:
            found.append((names[0], Range.parse(token.area)))
    return found
