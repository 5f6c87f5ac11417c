"""Write what comes with the tool parsed: mappings/rules/trees.json, the expressions of the rule files, and
mappings/parsed.txt, the YAML files.

    python tools/build_trees.py

Where anything is missing it is parsed when it is needed, which costs a fresh process time and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from xltool.core.resources import MAPPINGS
from xltool.mapping import parsed
from xltool.mapping.files import read_yaml
from xltool.rules import trees


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


def yaml_texts() -> list[str]:
    """The YAML files, by their paths."""
    files = sorted(MAPPINGS.rglob("*.yaml"), key=Path.as_posix)
    return [path.read_text(encoding="utf-8") for path in files]


def main() -> None:
    """Write the files."""
    for module, source in ((trees, expressions()), (parsed, yaml_texts())):
        module.FILE.write_text(module.written(source), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
