"""Write mappings/rules/trees.json: the expressions of the rule files that come with the tool, parsed.

    python tools/build_trees.py

Where one is missing it is parsed when it is needed, which costs a fresh process time and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from xltool.core.resources import MAPPINGS
from xltool.mapping.files import read_yaml
from xltool.rules.trees import FILE, written


def expressions() -> list[str]:
    """All expressions of the rule files, each once."""
    files = [*(MAPPINGS / "rules").glob("*.yaml"), *MAPPINGS.glob("*/rules.yaml")]
    found = {text for file in files for text in _expressions(read_yaml(file), "")}
    return sorted(found)


def _expressions(value: object, key: str) -> Iterator[str]:
    """The texts below the keys of rules that take an expression."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _expressions(inner, key if key == "each" else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions(inner, "" if key == "each" else key)
    elif isinstance(value, str) and key in ("expr", "if", "when", "each"):
        yield value


def main() -> None:
    """Write the file."""
    FILE.write_text(written(expressions()), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
