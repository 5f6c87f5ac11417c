"""The YAML files that come with the tool, parsed once for all: a fresh process need not do it.

A text is known by its content: one that was changed since is parsed as it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from xltool.core.caches import remembered
from xltool.core.resources import MAPPINGS
from xltool.core.yamlfile import load_yaml

FILE = MAPPINGS / "parsed.txt"
"""Written by `tasks.py trees`: for each text a line with its digest and, as JSON, what it says."""


def parsed(text: str) -> Any:
    """As `load_yaml`, which is not asked for what is known. Raises `YAMLError`."""
    kept = _kept().get(_digest(text))
    return load_yaml(text) if kept is None else json.loads(kept, object_hook=_unpacked)


@remembered(1)
def _kept() -> dict[str, str]:
    """What the texts say, by their digests."""
    if not FILE.is_file():
        return {}
    lines = FILE.read_text(encoding="utf-8").split("\n")
    return dict(line.split(" ", 1) for line in lines if line)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def written(texts: Iterable[str]) -> str:
    """The text of the file for these texts, none of them twice. Raises `YAMLError`."""
    return "".join(f"{_digest(text)} {_packed(load_yaml(text))}\n" for text in dict.fromkeys(texts))


def _packed(data: Any) -> str:
    return json.dumps(_with_pairs(data), ensure_ascii=False, separators=(",", ":"))


def _with_pairs(data: Any) -> Any:
    """The same with pairs for the keys that JSON has not: rows by their numbers."""
    if isinstance(data, list):
        return [*map(_with_pairs, data)]
    if not isinstance(data, dict):
        return data
    inner = {key: _with_pairs(value) for key, value in data.items()}
    return inner if all(isinstance(key, str) and key for key in inner) else {"": [*inner.items()]}


def _unpacked(found: dict[str, Any]) -> dict[Any, Any]:
    """A mapping that was packed."""
    return dict(found[""]) if "" in found else found
