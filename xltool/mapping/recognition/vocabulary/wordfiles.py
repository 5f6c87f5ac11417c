"""The files of the vocabulary (`mappings/vocabulary/`) and of one's own words, read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.codes import CodeList
from xltool.core.resources import MAPPINGS
from xltool.mapping import questions
from xltool.mapping.files import read_raw, read_yaml
from xltool.mapping.recognition.vocabulary.blockwords import (
    BlockWords,
    CellWords,
    ClassWords,
    ColumnWords,
    Keys,
    RowWords,
)
from xltool.mapping.recognition.vocabulary.keys import bare, header_key, row_key, title_key
from xltool.mapping.recognition.vocabulary.ownwords import (
    NAME,
    answer,
    extend,
    word_files,
    words_of,
)
from xltool.mapping.recognition.vocabulary.words import Nothing, TableWords, Vocabulary

VOCABULARY = MAPPINGS / "vocabulary"
Raw = dict[str, Any]


def vocabulary(folders: Sequence[Path] = ()) -> Vocabulary:
    """The bundled vocabulary with the words of one's own. Raises `InputError` for faults in files with those.

    `folders`: those of an edition, its own first, which may have words and answered questions too.
    """
    bases_first = tuple(reversed(folders))
    more = [path for folder in bases_first if (path := folder / NAME).is_file()]
    files = tuple((path, path.stat().st_mtime_ns) for path in (*word_files(), *more))
    asked = ((folder, questions.content_of(folder / questions.NAME)) for folder in bases_first)
    return _vocabulary(files, tuple(entry for entry in asked if entry[1]))


@remembered(16)
def _vocabulary(
    own: tuple[tuple[Path, int], ...], asked: tuple[tuple[Path, bytes], ...]
) -> Vocabulary:
    """The vocabulary with these files of own words, as they were changed last, and these folders' answers."""
    given = [questions.answers_of(folder) for folder, _ in asked]
    raw, tables = _written([path for path, _ in own], given)
    codes = {path.stem: CodeList.load(path) for path in (MAPPINGS / "codes").glob("*.csv")}
    heads, numbers, kinds = raw["heads"], raw["numbers"], raw["codes"]
    return Vocabulary(
        name_labels=_keys(heads["单位名称"]),
        unit_labels=_keys(heads["金额单位"]),
        year_labels=_keys(heads["年度"]),
        code_labels=_keys(heads["单位编码"]),
        numbers=_keys(numbers["columns"]),
        ordinals=_keys(numbers["rows"]),
        total=_keys(raw["total"]),
        code=_key_words(kinds, "code"),
        name=_key_words(kinds, "name"),
        named=_key_words(kinds, "named"),
        parts=tuple(kinds["parts"]),
        labels=_keys(raw["labels"]),
        neutral=_keys(raw["neutral"]),
        no_data=tuple(map(bare, raw["no_data"])),
        none=Nothing(**{kind: tuple(map(bare, said)) for kind, said in raw["none"].items()}),
        notes=tuple(map(bare, raw["notes"])),
        contents=_keys(raw["contents"]),
        always=tuple(raw["always"]),
        others={title_key(title): title for title in raw["others"]},
        either={title_key(k): title_key(v) for k, v in raw["either"]["titles"].items()},
        final=(tuple(raw["either"]["final"]), tuple(raw["either"]["not"])),
        looks={kind: tuple(words) for kind, words in raw["looks"].items()},
        tables=tuple(_table(table, codes) for table in tables.values()),
        codes=codes,
        sheets={sheet: table for answers in given for sheet, table in answers.sheets.items()},
        aside=frozenset(bare(name) for answers in given for name in answers.aside),
        unit=next((answers.unit for answers in given if answers.unit), None),
    )


def _written(own: Sequence[Path], given: Sequence[questions.Answers]) -> tuple[Raw, dict[str, Raw]]:
    """The words that all tables share and those of each table, as the files, own words and answers have them."""
    # own words and answers are put into them, and what is read of a file is everybody's
    copied = deepcopy if own or given else Raw
    shared = copied(read_yaml(VOCABULARY / "words.yaml"))
    files = sorted(path for path in VOCABULARY.glob("*.yaml") if path.stem != "words")
    tables = {table["table"]: copied(table) for table in map(read_raw, files)}
    extend(shared, tables, own)
    for answers in given:
        answer(shared, tables, answers)
    return shared, tables


def _keys(words: list[str]) -> Keys:
    return frozenset(map(header_key, words))


def _key_words(kinds: Mapping[str, Any], kind: str) -> Keys:
    """The heads of a column of codes or names: those that are listed, and all that their parts make."""
    made = [of + ending for of in kinds["of"] for ending in kinds["endings"][kind]]
    return _keys([*kinds[kind], *made])


def _table(raw: Raw, codes: Mapping[str, CodeList]) -> TableWords:
    synonyms: dict[str, set[str]] = {}
    for word, spellings in raw.get("words", {}).items():
        for spelling in (word, *spellings):
            synonyms.setdefault(header_key(spelling), set()).add(header_key(word))
    return TableWords(
        table=raw["table"],
        titles=frozenset(map(title_key, raw["titles"])),
        made=partial(_blocks, raw["blocks"], codes),
        synonyms={key: frozenset(words) for key, words in synonyms.items()},
        neutral=_keys(raw.get("neutral", [])),
        stop=frozenset(map(row_key, raw.get("stop", []))),
        optional=raw.get("optional", False),
        many=raw.get("many"),
        unit_name=raw.get("unit_name"),
        same=raw.get("same"),
        years=tuple(raw.get("years", (None, None))),
        likely=raw.get("likely", False),
        yields={header_key(k): _keys(words) for k, words in raw.get("yields", {}).items()},
        beside=raw.get("beside"),
    )


def _blocks(raw: Raw, codes: Mapping[str, CodeList]) -> tuple[BlockWords, ...]:
    return tuple(_block(name, block, codes) for name, block in raw.items())


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
        sums=frozenset(map(row_key, raw.get("sums", []))),
    )


@remembered(16)
def economic_columns(codes: CodeList) -> tuple[ColumnWords, ...]:
    """A column for each 类 of the economic list, then for each 款; of one name that several have, with its 类."""
    return tuple(_economic_columns(codes))


def _economic_columns(codes: CodeList) -> Iterator[ColumnWords]:
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
    return ColumnWords(
        name,
        more.get("kind", "amount"),
        tuple(map(_alternative, words_of(raw))),
        more.get("group", False),
        frozenset(more["rows"]) if "rows" in more else None,
        _keys(more.get("unless", [])),
    )


def _alternative(words: str | Sequence[str]) -> Keys:
    """The words above a column: divided by strokes, or already apart."""
    return _keys(_escaped(words).split("/") if isinstance(words, str) else list(words))


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
        _keys(raw.get("column", [])),
    )
