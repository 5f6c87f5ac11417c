"""The words of ordinary spreadsheets: mappings/import/vocabulary.yaml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problems import raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.core.texts import norm
from xltool.mapping.load import read_yaml

FILE = MAPPINGS / "import" / "vocabulary.yaml"
SCHEMA = MAPPINGS / "import" / "vocabulary.schema.json"
_REMARK = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])")


def bare(text: object) -> str:
    """A head or label for comparing: without remarks in brackets, ordinals, spaces, differences of width."""
    return _ORDINAL.sub("", _REMARK.sub("", norm(str(text)))).rstrip(":")


class ImportWords:
    """The vocabulary, its wordings in the spelling of `bare`; a file of the user's own adds to it."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.codes = {bare(w): kind for kind, words in raw["codes"].items() for w in words}
        self.names = frozenset(map(bare, raw["names"]))
        self.amounts = {bare(w): tuple(target) for w, target in raw["amounts"].items()}
        self.single = frozenset(map(bare, raw["single"]))
        self.totals = frozenset(map(bare, raw["totals"]))
        self.sides = {bare(w): side for side, words in raw["sides"].items() for w in words}
        self.ignored = frozenset(map(bare, raw["ignored"]))
        self.labels = {bare(w): tuple(target) for w, target in raw["labels"].items()}
        self.accounts: list[dict[str, Any]] = raw["accounts"]
        self.fiscal = tuple(raw["fiscal"])
        self.no_data: dict[str, dict[str, list[str]]] = raw["no_data"]
        self.subtotals = frozenset(map(bare, raw["subtotals"]))


def load_words(own: Path | None = None) -> ImportWords:
    """The bundled words, with those of an import mapping on top. Raises `InputError`."""
    return ImportWords(_raw() if own is None else _with(_raw(), read_yaml(own), own))


@remembered(1)
def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    return raw


def _with(base: dict[str, Any], own: dict[str, Any], path: Path) -> dict[str, Any]:
    """An import mapping gives heads and labels their meaning: `{列: {列名: [表, 栏]}, 行: {行名: [表, …]}}`."""
    raise_if(schema_problems(own, SCHEMA.with_name("mapping.schema.json"), path.name))
    return {
        **base,
        "amounts": {**base["amounts"], **own.get("列", {})},
        "labels": {**base["labels"], **own.get("行", {})},
        "ignored": [*base["ignored"], *own.get("不要", [])],
    }
