"""Reads mapping files (YAML): `extends` merged, addresses parsed, header texts tied to columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.codes import CodeList
from xltool.core.model import CODE, NAME, Kind
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.core.texts import row_name
from xltool.mapping.blocks import (
    Anchor,
    Block,
    Cell,
    Codes,
    CodeStyle,
    Column,
    Form,
    FormRow,
    ListBlock,
    Ordinals,
    Pane,
    Total,
)
from xltool.mapping.files import Raw, read_raw, related_file
from xltool.mapping.model import Line, Numbers, TableMapping
from xltool.ooxml import Range, column_number

SCHEMA = MAPPINGS / "mapping.schema.json"

_NO_DATA = ("注", "说明")
"""Texts under a table begin with one of these; a list ends before them."""


def load_mapping(path: Path, codes: Mapping[str, CodeList]) -> TableMapping:
    """Parse one mapping file; `codes` are the edition's code lists by name."""
    if MAPPINGS in path.parents:
        return _bundled(path, tuple(codes.items()))
    raw = read_raw(path)
    raise_if(schema_problems(raw, SCHEMA, path.name, "bad-mapping", source=path))
    return _parsed(raw, path, codes)


@remembered(128)
def _bundled(path: Path, codes: tuple[tuple[str, CodeList], ...]) -> TableMapping:
    """A mapping file of the tool's own: most editions share those of one that they extend."""
    return _parsed(read_raw(path), path, dict(codes))


def _parsed(raw: Raw, path: Path, codes: Mapping[str, CodeList]) -> TableMapping:
    try:
        return _table(raw, path, codes)
    except ValueError as error:
        raise InputError(Problem(str(path), str(error), code="bad-mapping")) from error


def _table(raw: Raw, path: Path, codes: Mapping[str, CodeList]) -> TableMapping:
    header = _anchors(raw.get("header", {}))
    numbers = _numbers(raw["numbers"]) if "numbers" in raw else None
    notes = _anchors(raw.get("notes", {}))
    blocks = tuple(
        _block(name, block, header, codes) for name, block in raw.get("blocks", {}).items()
    )
    (title,) = _anchors(raw["title"])
    empty = [Line(Range.parse(at), text) for at, text in raw.get("empty", {}).items()]
    return TableMapping(
        table=raw["table"],
        source=str(path),
        sheet=raw["sheet"],
        title=title,
        lines=tuple(Line(Range.parse(at), text) for at, text in raw.get("lines", {}).items()),
        header=header,
        numbers=numbers,
        blocks=blocks,
        notes=notes,
        empty=empty[0] if empty else None,
        texts=_anchors(raw.get("texts", {})),
        optional=raw.get("optional", False),
        many=raw.get("many"),
        unit=raw.get("unit"),
        unit_name=raw.get("unit_name"),
        area=Range.parse(raw["area"]) if "area" in raw else None,
        shape=_table(read_raw(related_file(path, raw["shape_of"])), path, codes)
        if "shape_of" in raw
        else None,
    )


def _anchors(raw: Mapping[str, Any]) -> tuple[Anchor, ...]:
    return tuple(_anchor(at, text) for at, text in raw.items())


def _anchor(at: str, text: object) -> Anchor:
    return Anchor(Range.parse(at), tuple(str(text).split("|")))


def _numbers(raw: Raw) -> Numbers:
    columns = tuple(column_number(letter) for letter in raw["columns"])
    row = int(raw["row"])
    labels = tuple(
        Range.parse(at if ":" in at else f"{at}{row}") for at in map(str, raw.get("labels", ()))
    )
    return Numbers(row, columns, labels)


def _block(name: str, raw: Raw, header: tuple[Anchor, ...], codes: Mapping[str, CodeList]) -> Block:
    match raw["shape"]:
        case "form":
            return _form(name, raw, header)
        case "list":
            return _list(name, raw, header, codes)
        case "codes":
            return _codes(name, raw, header, codes)
        case shape:
            raise ValueError(f"shape: {shape}")


def _codes_of(raw: Raw, codes: Mapping[str, CodeList]) -> CodeList:
    try:
        return codes[raw["codes"]]
    except KeyError:
        raise ValueError(f"版本里没有“{raw['codes']}”这个科目表") from None


def _spec(raw: Raw | str, key: str) -> Raw:
    """A short form (only the text) as the long one."""
    return {key: raw} if isinstance(raw, str) else raw


def _span(at: str) -> tuple[int, int]:
    left, _, right = at.partition(":")
    return column_number(left), column_number(right or left)


def _columns(
    raw: Raw, header: Iterable[Anchor], default: Kind, first_row: int
) -> tuple[Column, ...]:
    region = raw.get("header_rows") or (1, first_row - 1)
    above = [a for a in header if region[0] <= a.range.top and a.range.bottom <= region[1]]
    columns = []
    for name, spec in raw.get("columns", {}).items():
        spec = _spec(spec, "at")
        left, right = _span(spec["at"])
        rows = frozenset(spec["rows"]) if "rows" in spec else None
        keys: dict[str, Kind] = {CODE: "code", NAME: "name"}
        kind: Kind = spec.get("kind") or keys.get(name, default)
        stack = sorted(
            (a for a in above if a.range.left <= left <= a.range.right), key=lambda a: a.range.top
        )
        columns.append(
            Column(
                name,
                left,
                right,
                kind,
                spec.get("group", False),
                rows,
                tuple(stack),
                spec.get("code", "whole"),
                spec.get("unit"),
            )
        )
    return tuple(columns)


def _row(row: int | None, raw: Raw | str) -> FormRow:
    spec = _spec(raw, "label")
    texts = tuple(spec["label"].split("|"))
    return FormRow(spec.get("name") or row_name(texts[0]), row, texts, spec.get("indent", 0))


def _form(name: str, raw: Raw, header: tuple[Anchor, ...]) -> Form:
    path = tuple(raw["path"]) if "path" in raw else (name,)
    rows = [_row(int(row), spec) for row, spec in raw.get("rows", {}).items()]
    rows.sort(key=lambda row: row.row or 0)
    single = raw.get("row")
    first = rows[0].row if rows else single
    for extra in raw.get("extra", ()):
        names = [row.name for row in rows]
        if extra["after"] not in names:
            raise ValueError(f"extra 的 after 所指的行“{extra['after']}”不存在")
        rows.insert(names.index(extra["after"]) + 1, _row(None, extra))
    cells = []
    for cell_name, spec in raw.get("cells", {}).items():
        (label,) = _anchors(spec["label"])
        cells.append(
            Cell(
                cell_name,
                (*path, cell_name),
                Range.parse(spec["at"]),
                label,
                spec["kind"],
                spec.get("head", False),
            )
        )
    ordinals = raw.get("ordinals")
    return Form(
        name,
        path,
        _columns(raw, header, "amount", first) if first else (),
        tuple(rows),
        _span(raw["labels"]) if "labels" in raw else None,
        single,
        tuple(cells),
        Ordinals(
            column_number(ordinals["column"]), ordinals["first"], ordinals["from"], ordinals["to"]
        )
        if ordinals
        else None,
    )


def _list(
    name: str, raw: Raw, header: tuple[Anchor, ...], codes: Mapping[str, CodeList]
) -> ListBlock:
    first = int(raw["first"])
    total = None
    if "total" in raw:
        spec = raw["total"]
        without = frozenset(spec.get("without", ()))
        total = Total(spec["at"], _anchor(spec["cells"], spec["label"]), without)
    until = raw.get("until")
    top = min(first, total.row) if total else first
    return ListBlock(
        name,
        first,
        int(raw["rows"]),
        _columns(raw, header, "amount" if "codes" in raw else "text", top),
        _codes_of(raw, codes) if "codes" in raw else None,
        total,
        (until,) if until else _NO_DATA,
    )


def _codes(name: str, raw: Raw, header: tuple[Anchor, ...], codes: Mapping[str, CodeList]) -> Codes:
    panes = []
    known = _codes_of(raw, codes)
    for pane_name, spec in raw["panes"].items():
        (amount,) = (
            key
            for key in spec
            if re.fullmatch(r"[A-Z]+", str(spec[key])) and key not in (CODE, NAME)
        )
        (column,) = _columns({"columns": {amount: spec[amount]}}, header, "amount", spec["first"])
        left, right = _span(spec[CODE])
        places = [(row, str(c)) for row, c in enumerate(spec["list"], spec["first"]) if c]
        rows, listed = zip(*places, strict=True)
        style = spec.get("code", "whole")
        title = column_number(spec[NAME])
        printed = tuple(_printed(code, style, known) for code in listed)
        panes.append(Pane(pane_name, left, title, column, rows, listed, right, style, printed))
    return Codes(name, known, tuple(panes))


def _printed(code: str, style: CodeStyle, codes: CodeList) -> str | None:
    """What the first cell of a code prints."""
    if style == "named":
        return f"{code} {codes.name(code) or ''}".strip()
    if style == "whole" or len(code) == codes.levels[0]:
        return code
    return code[: codes.levels[0]] if style == "parts" else None
