"""The workbooks in samples/ are what `fill` makes of the documents beside them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from xltool.documents.datafile import dumps
from xltool.documents.load import load
from xltool.documents.writing import to_raw
from xltool.reading import read

ROOT = Path(__file__).resolve().parent.parent


def test_the_workbooks_are_up_to_date(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("build_samples", ROOT / "tools/build_samples.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.build(tmp_path)
    assert {path.name for path in made} == {p.name for p in (ROOT / "samples").glob("*.xlsx")}
    for path in made:
        kept = ROOT / "samples" / path.name
        assert path.read_bytes() == kept.read_bytes(), f"{kept} is old: python tasks.py samples"


def test_they_hold_the_documents() -> None:
    for book in (ROOT / "samples").glob("*.xlsx"):
        report, _ = load(book.with_suffix(".json"))
        given = to_raw(report)["表"]
        found = to_raw(read(book).report)["表"]
        for table, content in given.items():
            for path, value in _cells(content):
                assert dict(_cells(found[table]))[path] == value, (table, path)
        assert dumps(found)


def _cells(content, path=()):  # type: ignore[no-untyped-def]
    """(path, value) of every cell; rows of lists are named by their code."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _cells(value, (*path, key))
        elif isinstance(value, list):
            for number, row in enumerate(value):
                yield from _cells(row, (*path, key, row.get("科目编码", str(number))))
        elif value is not None:
            yield (*path, key), value
