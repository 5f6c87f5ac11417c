"""The vocabulary (`mappings/vocabulary/`): what official tables are called and which words their parts bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.codes import CodeList
from xltool.core.model import Kind, TableSpec
from xltool.core.model import Path as FieldPath
from xltool.core.resources import MAPPINGS
from xltool.mapping.load import read_raw, read_yaml
from xltool.mapping.recognition.keys import bare, header_key, row_key, title_key
from xltool.mapping.recognition.ownwords import extend, word_files
from xltool.mapping.recognition.shapes import table_spec

VOCABULARY = MAPPINGS / "vocabulary"
Raw = dict[str, Any]
Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column: each of the alternatives is a set of words that stand above it, in any order."""

    name: str
    kind: Kind
    alternatives: tuple[Keys, ...]
    group: bool = False
    rows: Keys | None = None
    """The rows that have the column; None: all."""
    unless: Keys = frozenset()
    """The column is not what it says where one of these stands beside it."""


@dataclass(frozen=True, slots=True)
class RowWords:
    """A labelled row: its name in the document, the spellings of its label."""

    name: str
    label: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class CellWords:
    """A single cell beside its label, or in its label's row under a column of another block."""

    name: str
    keys: Keys
    kind: Kind
    head: bool
    under: tuple[str, str] | None
    otherwise: Keys
    """Labels that stand beside the cell where `under` finds nothing."""


@dataclass(frozen=True, slots=True)
class ClassWords:
    """A column that holds the figures of some classes of codes only, and the field of its total."""

    keys: Keys
    classes: Keys
    total: str


@dataclass(frozen=True, eq=False)
class BlockWords:
    """A block of a table, in the shapes that mappings have."""

    name: str
    shape: str
    path: FieldPath
    columns: tuple[ColumnWords, ...]
    rows: tuple[RowWords, ...]
    cells: tuple[CellWords, ...]
    codes: CodeList | None
    single: bool
    by_class: tuple[ClassWords, ...] = ()
    flat: bool = False
    """A list whose codes say what a row is for, and add up to nothing: several rows may have one code."""
    least: int = 1
    """Fewer columns make no list."""
    may: bool = False
    """A form without this block is the table none the less."""

    def path_of(self, row: str, column: str) -> FieldPath:
        """As `Form.path_of`."""
        return (*self.path, row) if len(self.columns) == 1 else (*self.path, row, column)

    @cached_property
    def row_keys(self) -> Keys:
        """Every spelling of every row."""
        return frozenset(key for row in self.rows for key in row.keys)


@dataclass(frozen=True, eq=False)
class TableWords:
    """One official table."""

    table: str
    titles: Keys
    blocks: tuple[BlockWords, ...]
    synonyms: Mapping[str, Keys]
    """Head -> the words that it may stand for."""
    neutral: Keys
    stop: Keys
    optional: bool = False
    many: str | None = None
    unit_name: str | None = None
    same: str | None = None
    """Another name of the same table: forms of other years print that."""
    years: tuple[int | None, int | None] = (None, None)
    """In which years a title means this table that another may bear as well."""
    likely: bool = False
    """No edition has it and no source gives its layout: it is read as it most likely is, and so marked."""
    spec: TableSpec = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spec", table_spec(self))

    def of_year(self, year: int) -> bool:
        """Whether the table was in use in `year`, where that tells it from another."""
        first, last = self.years
        return (first or year) <= year <= (last or year)

    @property
    def is_card(self) -> bool:
        """A 自评表: several blocks with heads of their own, one under the other."""
        return bool(self.stop)

    @cached_property
    def header_keys(self) -> Keys:
        """Every word that may stand in a head."""
        words = {word for b in self.blocks for c in b.columns for a in c.alternatives for word in a}
        return frozenset({*words, *self.synonyms, *self.neutral})

    @cached_property
    def row_keys(self) -> Keys:
        """Every spelling of every labelled row."""
        if any(block.single for block in self.blocks) and not self.is_card:
            return self.header_keys
        return frozenset(key for block in self.blocks for key in block.row_keys)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words that all tables share, and the tables by the keys of their titles."""

    name_labels: Keys
    unit_labels: Keys
    year_labels: Keys
    numbers: Keys
    ordinals: Keys
    total: Keys
    code: Keys
    name: Keys
    named: Keys
    parts: tuple[str, ...]
    labels: Keys
    neutral: Keys
    no_data: tuple[str, ...]
    notes: tuple[str, ...]
    contents: Keys
    always: tuple[str, ...]
    """The tables that every return has, of whatever place and year."""
    others: Mapping[str, str]
    looks: Mapping[str, tuple[str, ...]]
    """What a workbook that is no 决算 form looks like, by the words at its head."""
    tables: tuple[TableWords, ...]
    codes: Mapping[str, CodeList]

    @cached_property
    def titles(self) -> Mapping[str, tuple[TableWords, ...]]:
        """Key of a title -> the tables that may bear it."""
        found: dict[str, tuple[TableWords, ...]] = {}
        for table in self.tables:
            for title in table.titles:
                found[title] = (*found.get(title, ()), table)
        return found

    @cached_property
    def twins(self) -> Mapping[str, str]:
        """The other name of a table that has two."""
        pairs = [(table.table, table.same) for table in self.tables if table.same]
        return {**dict(pairs), **{same: name for name, same in pairs}}

    @cached_property
    def longest_first(self) -> tuple[str, ...]:
        """Every known title, of tables with and without fields."""
        return tuple(sorted({*self.titles, *self.others}, key=len, reverse=True))

    def is_note(self, text: str) -> bool:
        """Whether a text stands under a table: a note, or that there are no data."""
        return _under(self, text) != ""

    def is_empty_statement(self, text: str) -> bool:
        """Whether a text says that its table has no data."""
        return _under(self, text) == "empty"


@remembered(1 << 13)
def _under(words: Vocabulary, text: str) -> str:
    """What a text under a table says: "empty", that there are no data; "note"; "" for anything else."""
    plain = bare(text)
    if any(sentence in plain for sentence in words.no_data):
        return "empty"
    return "note" if plain.startswith(words.notes) and len(plain) > 1 else ""


def vocabulary() -> Vocabulary:
    """The bundled vocabulary with the words of one's own. Raises `InputError` for faults in files with those."""
    return _vocabulary(tuple((path, path.stat().st_mtime_ns) for path in word_files()))


@remembered(2)
def _vocabulary(own: tuple[tuple[Path, int], ...]) -> Vocabulary:
    """The vocabulary with these files of own words, as they were changed last."""
    raw = read_yaml(VOCABULARY / "words.yaml")
    files = sorted(path for path in VOCABULARY.glob("*.yaml") if path.stem != "words")
    tables = {table["table"]: table for table in map(read_raw, files)}
    extend(raw, tables, [path for path, _ in own])
    codes = {path.stem: CodeList.load(path) for path in (MAPPINGS / "codes").glob("*.csv")}
    heads, numbers, kinds = raw["heads"], raw["numbers"], raw["codes"]
    return Vocabulary(
        name_labels=_keys(heads["单位名称"]),
        unit_labels=_keys(heads["金额单位"]),
        year_labels=_keys(heads["年度"]),
        numbers=_keys(numbers["columns"]),
        ordinals=_keys(numbers["rows"]),
        total=_keys(raw["total"]),
        code=_keys(kinds["code"]),
        name=_keys(kinds["name"]),
        named=_keys(kinds["named"]),
        parts=tuple(kinds["parts"]),
        labels=_keys(raw["labels"]),
        neutral=_keys(raw["neutral"]),
        no_data=tuple(map(bare, raw["no_data"])),
        notes=tuple(map(bare, raw["notes"])),
        contents=_keys(raw["contents"]),
        always=tuple(raw["always"]),
        others={title_key(title): title for title in raw["others"]},
        looks={kind: tuple(words) for kind, words in raw["looks"].items()},
        tables=tuple(_table(table, codes) for table in tables.values()),
        codes=codes,
    )


def _keys(words: list[str]) -> Keys:
    return frozenset(map(header_key, words))


def _table(raw: Raw, codes: Mapping[str, CodeList]) -> TableWords:
    synonyms: dict[str, set[str]] = {}
    for word, spellings in raw.get("words", {}).items():
        for spelling in (word, *spellings):
            synonyms.setdefault(header_key(spelling), set()).add(header_key(word))
    return TableWords(
        table=raw["table"],
        titles=frozenset(map(title_key, raw["titles"])),
        blocks=tuple(_block(name, block, codes) for name, block in raw["blocks"].items()),
        synonyms={key: frozenset(words) for key, words in synonyms.items()},
        neutral=_keys(raw.get("neutral", [])),
        stop=frozenset(map(row_key, raw.get("stop", []))),
        optional=raw.get("optional", False),
        many=raw.get("many"),
        unit_name=raw.get("unit_name"),
        same=raw.get("same"),
        years=tuple(raw.get("years", (None, None))),
        likely=raw.get("likely", False),
    )


def _block(name: str, raw: Raw, codes: Mapping[str, CodeList]) -> BlockWords:
    path = tuple(raw["path"]) if "path" in raw else (name,)
    coded = "codes" in raw
    return BlockWords(
        name=name,
        shape=raw["shape"],
        path=path,
        columns=(
            *(_column(n, c) for n, c in raw.get("columns", {}).items()),
            *(economic_columns(codes["economic"]) if raw.get("economic") else ()),
        ),
        rows=tuple(map(_row, raw.get("rows", []))),
        cells=tuple(_cell(n, c) for n, c in raw.get("cells", {}).items()),
        codes=codes[raw["codes"]] if coded else None,
        single=raw.get("single", False),
        by_class=tuple(
            ClassWords(_keys(spec["words"]), frozenset(spec["classes"]), spec["total"])
            for spec in raw.get("by_class", {}).values()
        ),
        flat=raw.get("flat", False),
        least=raw.get("least", 1),
        may=raw.get("may", False),
    )


def economic_columns(codes: CodeList) -> Iterator[ColumnWords]:
    """A column for each 类 of the economic list, then for each 款; of one name that several have, with its 类."""
    listed = [entry for name in sorted(codes) if (entry := codes.get(name))]
    classes = {entry.code: entry.name for entry in listed if len(entry.code) == codes.levels[0]}
    often = Counter(entry.name for entry in listed)
    for name in classes.values():
        yield _column(name, [f"{name}/小计", f"{name}/合计", name])
    for entry in listed:
        if (above := codes.parent(entry.code)) is not None:
            group, alone = classes[above], often[entry.name] == 1
            own = entry.name if entry.name != group else f"{group}·{group}"
            words = [f"{group}/{own}", *([entry.name] if alone else [])]
            yield _column(entry.name if alone else f"{group}·{entry.name}", words)


def _column(name: str, raw: Raw | list[str]) -> ColumnWords:
    more = raw if isinstance(raw, dict) else {}
    words = more["words"] if isinstance(raw, dict) else raw
    return ColumnWords(
        name,
        more.get("kind", "amount"),
        tuple(frozenset(map(header_key, text.split("/"))) for text in map(_escaped, words)),
        more.get("group", False),
        frozenset(more["rows"]) if "rows" in more else None,
        _keys(more.get("unless", [])),
    )


def _escaped(text: str) -> str:
    """The strokes in brackets, as in 执行率（B/A）, divide no words."""
    return header_key(text) if "（" in text or "(" in text else text


def _row(raw: Raw | str) -> RowWords:
    spellings = (raw if isinstance(raw, str) else raw["labels"]).split("|")
    name = spellings[0] if isinstance(raw, str) else raw["name"]
    return RowWords(name, spellings[0], frozenset(map(row_key, spellings)))


def _cell(name: str, raw: Raw) -> CellWords:
    under = raw.get("under")
    return CellWords(
        name,
        frozenset(map(row_key, raw["labels"])),
        raw["kind"],
        raw.get("head", False),
        (under[0], under[1]) if under else None,
        frozenset(map(row_key, raw.get("else", []))),
    )
