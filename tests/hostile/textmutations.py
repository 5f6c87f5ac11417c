"""Texts and data files spoilt at random: what people get wrong by hand, and what nobody would write."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

import yaml

from tests.hostile.bytemutations import BYTES

_ODD: tuple[Any, ...] = (
    None, "", [], {}, 0, -1, 1.5, True, False, 10**30, 1e308, "x", "甲", "=1+1", "A1", "XFE1048577", "A0", "A:A",
    "1:1", "C:A", "B9:A1", 2**31, "元", "千元", "合计", [[]], [None], {"": None}, {"甲": {}}, ["A", "A"], "|", "{年度}",
    "{", "$a", "names(", "(" * 900, "9" * 5000, "甲" * 4000, "\u202e甲", "..", "../x", "/etc/passwd", "C:\\x", "a\x00b",
    "1e999999999", "1e-999999999", "１２", "2021-02-30", ".nan", float("inf"), "*", "sum()", "1 =", "= 1", [1] * 400,
)  # fmt: skip
_MARKS = (
    "\t", "：", "，", "“", "\x00", "\x1b", "\r", "\r\n", "\n\n", "\ufeff", "\u2028", "\u00a0", "\ud7ff", "&a ", "*a ",
    "!!python/object:os.system ", "!!binary ", "!x ", "%", "@", "`", "---\n", "...\n", "- ", "? ", ": ", "#", "|\n",
    ">\n", "<<: ", "'", '"', "{", "}", "[", "]", ",", "\\", "\\u0000", "e9999999", "-", "NaN", "0x1F", "1_0",
)  # fmt: skip


def text(chance: Random, data: bytes) -> bytes:
    """Lines and characters of a text: gone, doubled, moved, added."""
    lines = data.decode("utf-8", "replace").splitlines(keepends=True) or [""]
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(lines))
        line = lines[at]
        place = chance.randrange(len(line) + 1)
        match chance.randrange(8):
            case 0:
                lines[at] = ""
            case 1:
                lines[at] = line * chance.choice((2, 2, 300))
            case 2:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], line
            case 3:
                lines[at] = " " * chance.choice((1, 2, 50)) + line
            case 4:
                lines[at] = line.lstrip(" ")
            case 5:
                lines[at] = line[:place]
            case 6:
                lines[at] = line[:place] + chance.choice(_MARKS) + line[place:]
            case _:
                lines[at] = re.sub(r"\d+", chance.choice(("0", "-7", "9" * 40, "1e9", "")), line)
    return "".join(lines).encode("utf-8", "surrogatepass")


def tree(chance: Random, data: Any) -> Any:
    """Data with another key, value or shape at one or a few places."""
    data = copy.deepcopy(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = list(_places(data))
        if not places:
            return chance.choice(_ODD)
        holder, key = chance.choice(places)
        _change(chance, holder, key, places)
    return data


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every key or position in a tree, with what holds it."""
    keys = (
        list(value)
        if isinstance(value, dict)
        else range(len(value))
        if isinstance(value, list)
        else ()
    )
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _change(chance: Random, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    match chance.randrange(9):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(("", "甲", 7, str(key) + "x", str(key).upper(), None))] = (
                holder.pop(key)
            )
        case 2:
            other, place = chance.choice(places)
            value = copy.deepcopy(other[place]) if place in _keys(other) else None
            holder[key] = value
        case 3:
            holder[key] = [holder[key]]
        case 4:
            holder[key] = {"x": holder[key]}
        case 5:
            value = holder[key]
            for _ in range(chance.choice((20, 300))):
                value = [value]
            holder[key] = value
        case 6 if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        case _:
            holder[key] = chance.choice(_ODD)


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def as_yaml(data: Any) -> bytes:
    """The YAML of data, with Chinese as it is."""
    return yaml.dump(data, allow_unicode=True, sort_keys=False, width=1000).encode(
        "utf-8", "replace"
    )


def as_json(data: Any) -> bytes:
    """The JSON of data, with whatever Python puts into it (NaN, huge numbers)."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def spoilt_yaml(chance: Random, data: bytes) -> tuple[bytes, str]:
    """A YAML file, most often still YAML."""
    if chance.random() < 0.7:
        with suppress(yaml.YAMLError, RecursionError):  # spoilt before, or too deep to be written
            return as_yaml(tree(chance, yaml.safe_load(data))), "tree"
    return _plain(chance, data)


def spoilt_json(chance: Random, data: bytes) -> tuple[bytes, str]:
    """A JSON file, most often still JSON."""
    if chance.random() < 0.7:
        return as_json(tree(chance, json.loads(data))), "tree"
    return _plain(chance, data)


def spoilt_csv(chance: Random, data: bytes) -> tuple[bytes, str]:
    """A CSV file: its cells, or its text."""
    if chance.random() < 0.5 or b"\0" in data:
        return _plain(chance, data)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"))))
    for _ in range(chance.choice((1, 2, 6))):
        row = chance.choice(rows) if rows else []
        match chance.randrange(6):
            case 0 if row:
                row.pop(chance.randrange(len(row)))
            case 1:
                row.append(_cell(chance))
            case 2 if rows:
                rows.insert(chance.randrange(len(rows)), list(row))
            case 3 if rows:
                rows.remove(row)
            case _ if row:
                row[chance.randrange(len(row))] = _cell(chance)
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    text = target.getvalue()
    return text.encode(
        chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")), "replace"
    ), "cells"


def _cell(chance: Random) -> str:
    return chance.choice((*map(str, _ODD), "x" * 200_000, "1,234.5", "１２３", "—", "\n=1"))


def _plain(chance: Random, data: bytes) -> tuple[bytes, str]:
    change: Callable[[Random, bytes], bytes] = chance.choice(
        (text, text, text, chance.choice(BYTES))
    )
    return change(chance, data), change.__name__
