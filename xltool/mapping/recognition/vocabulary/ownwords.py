"""A bureau's own words: files that add local spellings to the vocabulary, without touching the package."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.resources import MAPPINGS, own_folders
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.mapping.files import read_yaml
from xltool.mapping.questions import Answers
from xltool.mapping.recognition.vocabulary.keys import title_key

NAME = "用语.yaml"
"""The file with own words, in a folder where own things are kept."""
VARIABLE = "XLTOOL_WORDS"
"""Names one more such file, or a folder of them."""
_SCHEMA = MAPPINGS / "vocabulary" / "own.schema.json"
_LISTS = ("total", "labels", "neutral", "no_data", "notes", "contents", "others")
_GROUPS = ("heads", "codes")
Raw = dict[str, Any]


def word_files() -> list[Path]:
    """The files with own words. Raises `InputError` when the variable names one that is not there."""
    files = [path for folder in own_folders() if (path := folder / NAME).is_file()]
    given = os.environ.get(VARIABLE)
    if not given:
        return files
    place = Path(given)
    more = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    if not more or not more[0].is_file():
        hint = f"它应是一个 YAML 文件，或放着 YAML 文件的文件夹；不用时清空环境变量 {VARIABLE}"
        raise InputError(Problem(given, "没有这个用语文件", hint, code="missing"))
    return [*files, *more]


def answer(shared: Raw, tables: Mapping[str, Raw], answers: Answers) -> None:
    """Add what the answers of an edition's questions say to the shared words and to the tables."""
    _add(shared, tables, answers.words)
    for title, name in answers.titles.items():
        key = title_key(title)
        for table in tables.values():
            table["titles"] = [own for own in table["titles"] if title_key(own) != key]
        shared["others"] = [other for other in shared["others"] if title_key(other) != key]
        if name in tables:
            tables[name]["titles"].append(title)


def extend(shared: Raw, tables: Mapping[str, Raw], files: Sequence[Path]) -> None:
    """Add the words of `files` to the shared words and to the tables, by name. Raises `InputError` for all faults."""
    for path in files:
        raw = read_yaml(path)
        faults = schema_problems(raw, _SCHEMA, str(path), source=path)
        raise_if(faults or list(_unknown(raw, tables, path)))
        _add(shared, tables, raw)


def _add(shared: Raw, tables: Mapping[str, Raw], raw: Mapping[str, Any]) -> None:
    for key in _LISTS:
        shared[key] = [*shared[key], *raw.get(key, [])]
    for key in _GROUPS:
        for name, words in raw.get(key, {}).items():
            shared[key] = {**shared[key], name: [*shared[key][name], *words]}
    for name, words in raw.get("tables", {}).items():
        if name in tables:
            _extend_table(tables[name], words)


def _extend_table(table: Raw, own: Raw) -> None:
    table["titles"] = [*table["titles"], *own.get("titles", [])]
    table["neutral"] = [*table.get("neutral", []), *own.get("neutral", [])]
    for name, spellings in own.get("columns", {}).items():
        exact = [said for said in spellings if not isinstance(said, str)]
        if exact or "stop" in table:
            _extend_column(table, name, spellings)
        else:
            words = table.setdefault("words", {})
            words[name] = [*words.get(name, []), *spellings]
    for name, spellings in own.get("rows", {}).items():
        for block in table["blocks"].values():
            block["rows"] = [_with_labels(row, name, spellings) for row in block.get("rows", [])]
    for name, spellings in own.get("cells", {}).items():
        for block in table["blocks"].values():
            if name in block.get("cells", {}):
                cell = block["cells"][name]
                cell["labels"] = [*cell["labels"], *spellings]


def _with_labels(row: Raw | str, name: str, spellings: Sequence[str]) -> Raw | str:
    if _row_name(row) != name:
        return row
    if isinstance(row, str):
        return "|".join((row, *spellings))
    return {**row, "labels": "|".join((row["labels"], *spellings))}


def _row_name(row: Raw | str) -> str:
    return row.split("|")[0] if isinstance(row, str) else str(row["name"])


def _extend_column(table: Raw, name: str, spellings: Sequence[Any]) -> None:
    """Columns that have all their words themselves: of a 自评表, and those that an answer names by all above them.

    Where several blocks have a column of the name, an answer says which is meant: 块·栏.
    """
    one, _, rest = name.partition("·")
    for block_name, block in table["blocks"].items():
        columns = block.get("columns", {})
        own = rest if block_name == one and name not in columns else name
        column = columns.get(own)
        if isinstance(column, dict):
            columns[own] = {**column, "words": [*column["words"], *spellings]}
        elif column is not None:
            columns[own] = [*column, *spellings]


def words_of(column: Raw | Sequence[Any]) -> Sequence[Any]:
    """The words above a column of the vocabulary, where more is said of it, too."""
    return column["words"] if isinstance(column, dict) else column


def _column_names(table: Raw) -> set[str]:
    """The words of heads of which other spellings may be given; of a 自评表 the names of its columns."""
    columns = [c for block in table["blocks"].values() for c in block.get("columns", {}).items()]
    if "stop" in table:
        return {name for name, _ in columns}
    parts = {part for _, said in columns for text in words_of(said) for part in text.split("/")}
    return parts | set(table.get("words", {}))


def _unknown(raw: Raw, tables: Mapping[str, Raw], path: Path) -> Iterator[Problem]:
    """What names a table, column, row or cell that the vocabulary does not have, and titles that are none."""
    for name, own in raw.get("tables", {}).items():
        where = f"{path} tables › {name}"
        if name not in tables:
            hint = did_you_mean(name, tables)
            yield Problem(where, f"没有“{name}”这张表", hint, code="unknown-name")
            continue
        for key, word, known in _names(tables[name]):
            for own_name in own.get(key, {}):
                if own_name not in known:
                    hint = did_you_mean(own_name, known) or f"可用：{'、'.join(sorted(known))}"
                    told = f"没有“{own_name}”这一{word}"
                    yield Problem(f"{where} › {key}", told, hint, code="unknown-name")
        for title in own.get("titles", []):
            if "表" not in title:
                told = f"“{title}”里没有“表”字，认不出是标题"
                yield Problem(f"{where} › titles", told, code="bad-value")


def _names(table: Raw) -> Iterator[tuple[str, str, set[str]]]:
    blocks = table["blocks"].values()
    yield "columns", "栏", _column_names(table)
    yield "rows", "行", {_row_name(row) for b in blocks for row in b.get("rows", [])}
    yield "cells", "格", {name for b in blocks for name in b.get("cells", {})}
