"""What `fill` takes: a data document (JSON, YAML) or a long table (CSV, XLSX) -> Report and edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path

from xltool.core.hints import NAME_EDITION
from xltool.core.model import Report
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem
from xltool.core.texts import visible
from xltool.documents.datafile import Raw, read_document
from xltool.documents.document import to_report
from xltool.documents.longtable import is_long_table, read_long_table
from xltool.editions import Edition, EditionLike, edition_ids, find_edition
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary


def _unsaid(text: str) -> None:
    """A remark that nobody asked for."""


def load(
    file: AnyPath,
    edition: EditionLike | None = None,
    remark: Callable[[str], None] = _unsaid,
    *,
    any_table: bool = False,
) -> tuple[Report, Edition]:
    """The Report in a document or a long table, and its edition. Raises `InputError`.

    `edition` overrides the document's 版本; `remark` is told where it does. `any_table`: the document goes into
    a form of its own, and may have tables that the edition lacks.
    """
    path = Path(file)
    if is_long_table(path):
        return read_long_table(path, edition)
    raw = read_document(path)
    report, found = from_raw(raw, edition, any_table=any_table)
    stated = _stated(raw)
    if edition and stated and stated != found.id:
        remark(f"文档写的版本是“{stated}”，照选的版本 {found.id} 的表样填")
    return report, found


def _stated(raw: Raw) -> EditionLike | None:
    """The edition that a document states, as it is seen."""
    stated = next((v for key, v in raw.items() if visible(str(key)).strip() == "版本"), None)
    if isinstance(stated, str):
        return visible(stated).strip()
    return stated if isinstance(stated, (PathLike, Edition)) else None


def _not_nested(raw: Raw) -> None:
    """Refuse a document that stands whole within one of its own fields: nothing else of it would be told."""
    for key, value in raw.items():
        if "表" not in raw and isinstance(value, Mapping) and {"表", "版本"} & value.keys():
            hint = f"去掉外面“{key}”这一层，版本、单位名称、表写在最外面"
            message = "多了一层，数据文档的各项写在它里面"
            raise InputError(Problem(str(key), message, hint, code="bad-value"))


def from_raw(
    raw: Raw, edition: EditionLike | None = None, *, any_table: bool = False
) -> tuple[Report, Edition]:
    """The Report of a raw document; `edition` overrides the document's 版本. `any_table`: see `load`."""
    _not_nested(raw)
    name = edition or _stated(raw)
    if name is None:
        hint = NAME_EDITION.within(f"写上版本，或{{}}：{'、'.join(edition_ids())}")
        raise InputError(Problem("版本", "没有填", hint, code="missing-value"))
    found = find_edition(name)
    specs = found.specs
    if any_table:
        specs = {words.table: words.spec for words in vocabulary().tables} | specs
    return to_report(raw, specs, found.id), found
