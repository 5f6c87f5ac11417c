"""Cases for rules as data: a small document, changes of it, changes of its workbook, and what is to be found.

A case file (YAML) has `description`, `edition`, and optionally `year`, `unit`, `heads`, `document`, `prior`
(tables by name, this year's and last year's), `formulas: true` to check the formulas too, `unit_type` (that of the
unit, which the form does not print). `passes` and `fails` are changes of these: `heads`, `document`, `prior` are
merged into the shared ones (null removes); `year` and `book` replace. `book` is a list of edits of the filled
workbook; cells are written `sheet!B7`.

`edition` is an id, or an object: the id that an edition of one's own `extends`, and by table what its mapping
changes; `template` then sets texts of its template.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tests.support.editing import (
    edited,
    hide_row,
    hide_sheet,
    recalculated_in_place,
    saved,
    set_format,
)
from tests.support.statements import stated
from xltool.checks import Validation, validate
from xltool.checks.prior import load_prior
from xltool.documents.datafile import dumps, parse_text
from xltool.documents.load import from_raw
from xltool.editions import find_edition
from xltool.filling import filled_workbooks
from xltool.mapping.files import merged
from xltool.ooxml import Editor, open_workbook

Raw = dict[str, Any]

_MERGED = ("heads", "document", "prior")


@dataclass(frozen=True)
class Case:
    """One document with its workbook edits. `document` and `prior` are data documents."""

    document: Raw
    prior: Raw | None = None
    book: list[Raw] = field(default_factory=list)
    formulas: bool = False
    unit_type: str | None = None


def case(raw: Raw, change: Raw | None, folder: Path) -> Case:
    """The case that a file (or an entry of one) describes, with one of its changes.

    `folder` takes the edition of its own, if the case has one.
    """
    change = change or {}
    parts = {key: merged(raw.get(key) or {}, change.get(key) or {}) for key in _MERGED}
    edition, unit = raw["edition"], raw.get("unit", "万元")
    base = edition["extends"] if isinstance(edition, dict) else edition
    year = Decimal(change.get("year", raw.get("year", find_edition(base).years[1])))
    if isinstance(edition, dict):
        edition = own_edition(folder / "本地", edition, raw.get("template", {}))
    prior = None
    if parts["prior"]:
        prior = _document(edition, year - 1, unit, {}, parts["prior"])
    document = _document(edition, year, unit, parts["heads"], parts["document"])
    book, formulas = change.get("book", raw.get("book", [])), raw.get("formulas", False)
    return Case(document, prior, book, formulas, raw.get("unit_type"))


def _document(edition: str, year: Decimal, unit: str, heads: Raw, tables: Raw) -> Raw:
    fixed = {"版本": edition, "单位名称": "某单位", "年度": year, "金额单位": unit}
    return stated({**fixed, **heads, "表": tables})


def own_edition(folder: Path, raw: Raw, texts: dict[str, str]) -> str:
    """Write an edition that extends another, with `texts` in its template; its name."""
    base = raw["extends"]
    folder.mkdir()
    _write(folder / "edition.yaml", {"extends": base})
    for table, change in raw.items():
        if table != "extends":
            _write(folder / f"{table}.yaml", {"extends": f"{base}/{table}", **change})
    template = find_edition(base).workbooks[0].template
    editor = Editor(open_workbook(template))
    for cell, text in texts.items():
        editor.set(*_cell(cell), text)
    (folder / template.name).write_bytes(saved(editor))
    return str(folder)


def _write(path: Path, raw: Raw) -> None:
    path.write_text(dumps(raw), encoding="utf-8", newline="\n")


def run(case: Case, folder: Path) -> list[Validation]:
    """Fill the workbooks of a case, edit them, validate each. `folder` takes last year's document."""
    edition = find_edition(case.document["版本"])
    prior = None
    if case.prior is not None:
        path = folder / "上年.json"
        _write(path, case.prior)
        prior = load_prior(path, from_raw(case.document)[0])
    skip = () if case.formulas else ("formulas",)

    def edit(editor: Editor) -> None:
        for step in case.book:
            _edit(editor, step)

    books = _filled(dumps(case.document))
    if case.book:
        books = tuple(edited(book, edit) for book in books)
    given = {"skip": skip, "prior": prior, "unit_type": case.unit_type}
    return [validate(book, edition, **given) for book in books]


@lru_cache(maxsize=32)
def _filled(document: str) -> tuple[bytes, ...]:
    """The workbooks of a document, filled once for all the cases that only edit them."""
    report, edition = from_raw(parse_text(document, "case"))
    return tuple(saved(editor) for editor in filled_workbooks(report, edition, totals="given"))


def _edit(editor: Editor, step: Raw) -> None:
    """One step: {set|formula|stored|format: {cell: content}}, {hide|remove: place}, {rename: {old: new}}."""
    ((kind, what),) = step.items()
    of_cells: dict[str, Callable[[str, str, Any], object]] = {
        "set": partial(editor.set, over_formula=True),
        "formula": editor.set_formula,
        "stored": editor.set_cached,
        "format": partial(set_format, editor),
    }
    if kind in of_cells:
        for cell, content in what.items():
            of_cells[kind](*_cell(cell), content)
        if kind in ("set", "formula"):
            recalculated_in_place(editor)
        return
    match kind:
        case "hide" if "!" in what:
            sheet, row = what.split("!")
            hide_row(editor, sheet, int(row))
        case "hide":
            hide_sheet(editor, what)
        case "remove":
            editor.remove_sheet(what)
        case "rename":
            for old, new in what.items():
                editor.rename_sheet(old, new)
        case _:
            raise AssertionError(f"unknown step {kind}")


def _cell(cell: str) -> tuple[str, str]:
    sheet, ref = cell.split("!")
    return sheet, ref


UNREVIEWED = "S-08"
"""What the blank 自评表 of a form breaks, in every case whose document has none."""
LIKELY = "S-09"
"""Told of every table whose layout no source gives."""
ALWAYS = frozenset({UNREVIEWED, LIKELY})


def failed(validations: Iterable[Validation], besides: Collection[str] = ALWAYS) -> set[str]:
    """The rules that fail at their own level in any of the workbooks, `besides` those."""
    return {
        finding.rule
        for validation in validations
        for finding in validation.findings
        if finding.outcome == "不符"
        and finding.rule not in besides
        and finding.level == validation.context.rule(finding.rule).level
    }


def outcomes(validations: Iterable[Validation], rule: str) -> set[str]:
    """How a rule ended in the workbooks."""
    return {validation.ledger.lines[rule].outcome for validation in validations}
