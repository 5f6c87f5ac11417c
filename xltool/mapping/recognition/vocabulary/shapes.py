"""What a table of the vocabulary may hold, whatever form it is printed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xltool.core.model import CODE, NAME, FieldSpec, Kind, ListSpec, Path, TableSpec
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords


def table_spec(table: str, blocks: Sequence[BlockWords], *, many: bool, likely: bool) -> TableSpec:
    """All that a table of this name may have, whatever its form."""
    fields = {spec.path: spec for block in blocks for spec in _fields(block)}
    lists = {block.name: _list(block) for block in blocks if block.shape != "form"}
    synonyms = {written: path for block in blocks for written, path in _synonyms(block)}
    return TableSpec(table, fields, lists, many, synonyms, likely=likely)


def _synonyms(block: BlockWords) -> Iterator[tuple[Path, Path]]:
    """The other spellings of a row, as forms of other years print them, where one row alone has that spelling.

    A total is only what it is called: 合计 may be one of several. So it is with words that several rows share.
    """
    if block.shape != "form":
        return
    names = [row.name for row in block.rows]
    spelt = Counter(key for row in block.rows for key in row.keys)
    for row in block.rows:
        for key in sorted(row.keys - set(names)):
            shared = sum(key in name for name in names) > 1
            if spelt[key] == 1 and not shared and not key.endswith("计"):
                yield (*block.path, key), (*block.path, row.name)


def _fields(block: BlockWords) -> Iterator[FieldSpec]:
    for cell in block.cells:
        if not cell.head:
            path = (*block.path, cell.name)
            at = (path[-2], cell.name) if len(path) > 1 else (cell.name, "")
            yield FieldSpec(path, *at, cell.kind)
    if block.shape == "form" and block.single:
        for column in block.columns:
            yield FieldSpec((*block.path, column.name), block.name, column.name, column.kind)
    if block.shape == "form":
        for row in block.rows:
            for column in block.columns:
                if column.rows is None or row.name in column.rows:
                    path = block.path_of(row.name, column.name)
                    yield FieldSpec(path, row.name, column.name, column.kind)
    if block.shape == "list" and block.codes is not None:
        for column in block.columns:
            yield FieldSpec(("合计", column.name), "合计", column.name, column.kind)


def _list(block: BlockWords) -> ListSpec:
    keyed: dict[str, Kind] = {CODE: "code", NAME: "name"} if block.codes else {}
    kinds = keyed | {column.name: column.kind for column in block.columns}
    totalled = block.shape == "list" and block.codes is not None
    return ListSpec(
        block.name,
        kinds,
        None if block.flat else block.codes,
        hierarchy=totalled and not block.flat,
        total="合计" if totalled else None,
    )
