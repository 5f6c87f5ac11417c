"""Checking mapping files: their form (JSON Schema), and against the template that they bind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from xltool.core.problems import InputError, Problem
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import at_text, line_of
from xltool.editions import Edition, WorkbookSpec
from xltool.forms.absent import absent_tables
from xltool.forms.bound import bound_cells, bound_twice, covered, keys_of, line_of_binding
from xltool.forms.fit import line_in, misfit_problems, printed_at
from xltool.forms.pointing import strayed
from xltool.mapping.blocks import Form, ListBlock
from xltool.mapping.files import read_raw
from xltool.mapping.load import SCHEMA
from xltool.mapping.locate import locate
from xltool.mapping.located import Located
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.workbook import Recognition, recognise
from xltool.mapping.titles import Titles
from xltool.ooxml import Range, Sheet, Workbook, WorkbookError, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem

_SHOWN = 4
"""So many cells are named in a message."""


def check_form(path: Path) -> list[Problem]:
    """What in a mapping file (with what it extends) is not of the right form."""
    try:
        raw = read_raw(path)
    except InputError as error:
        return list(error.problems)
    return schema_problems(raw, SCHEMA, path.name, source=path)


def check_edition(edition: Edition) -> list[Problem]:
    """Everything wrong with an edition: form of its mappings, and each against its template."""
    problems = list(_contradictions(edition))
    if edition.recognise:
        return problems + list(_check_recognised(edition))
    for mapping in edition.tables.values():
        problems += check_form(Path(mapping.source))
        problems += _check_bindings(mapping)
    for book in edition.workbooks:
        try:
            workbook = open_workbook(book.template)
        except WorkbookError as error:
            problems.append(_no_form(error, edition, book))
            continue
        titles = Titles(workbook)
        for mapping in book.tables:
            hits = [sheet for sheet, _ in titles.find(mapping)]
            if len(hits) != 1:
                problems.append(_no_sheet(mapping, workbook, hits, book.template.name))
            else:
                problems += check_sheet(mapping, hits[0])
    return problems


def _no_form(error: WorkbookError, edition: Edition, book: WorkbookSpec) -> Problem:
    """That a form cannot be opened, with the line that names it."""
    name = book.template.name
    told = workbook_problem(error, name)
    where = at_text(edition.folders[0] / "edition.yaml", f"template: {name}")
    hint = told.hint or f"template 改成 {edition.folders[0].name} 里有的表样"
    return Problem(where, f"表样 {name}：{told.message}", hint, code="bad-edition")


def _no_sheet(
    mapping: TableMapping, workbook: Workbook, hits: Sequence[Sheet], template: str
) -> Problem:
    """That no sheet of the form, or more than one, bears a table's title."""
    where = line_in(mapping.source, ("title",))
    told = f"{template} 里标题为“{mapping.title.text}”的工作表有{len(hits)}张，应有1张"
    named = next((sheet for sheet in workbook.sheets if sheet.name == mapping.sheet), None)
    if hits:
        hint = f"表样里只留一张，别的改标题：{'、'.join(sheet.name for sheet in hits)}"
    elif named is not None:
        at = mapping.title.range.anchor
        hint = f"工作表“{named.name}”{at} {printed_at(named, at)}：title 改成这样，或把表样改回"
    else:
        hint = "表样里补上这张表，或从 edition.yaml 的 tables 里去掉"
    return Problem(where, told, hint, code="bad-mapping")


def _contradictions(edition: Edition) -> Iterator[Problem]:
    """What edition.yaml says against itself."""
    file = edition.folders[0] / "edition.yaml"
    first, last = edition.years
    if first > last:
        where = f"{file} 第{line_of(file, ('years',))}行"
        told, hint = f"首个年度{first}在末个年度{last}后面", f"改成 [{last}, {first}]"
        yield Problem(where, told, hint, code="bad-edition")
    for name in edition.ignore:
        sheets = (mapping.sheet for mapping in edition.tables.values() if mapping.blocks)
        if any(fnmatchcase(known, name) for known in (*edition.tables, *sheets)):
            where = f"{file} 第{line_of(file, ('ignore',))}行"
            told = f"ignore 里的“{name}”是这个版本的表"
            yield Problem(where, told, "从 ignore 或 tables 里去掉一处", code="bad-edition")


def _check_recognised(edition: Edition) -> Iterator[Problem]:
    """The tables that its words do not find in the forms of an edition without addresses."""
    opened: list[Workbook] = []
    for book in edition.workbooks:
        try:
            workbook = open_workbook(book.template)
        except WorkbookError as error:
            yield _no_form(error, edition, book)
            continue
        opened.append(workbook)
        found = recognise(workbook, words=edition.words)
        for table in found.tables:
            yield from _check_bindings(table.mapping)
        yield from absent_tables(edition, book, workbook, found)
        yield from _unlisted(edition, found)
    if len(opened) == len(edition.workbooks):
        yield from strayed(edition, {sheet.name: sheet for form in opened for sheet in form.sheets})


def _unlisted(edition: Edition, found: Recognition) -> Iterator[Problem]:
    """The tables of a form that edition.yaml does not list."""
    file = edition.folders[0] / "edition.yaml"
    where = f"{file} 第{line_of(file, ('workbooks',))}行"
    for table in dict.fromkeys(table.mapping.table for table in found.tables):
        if table not in edition.tables:
            hint = f"tables 里加一行“- {table}”；不要这张表的，从表样里删去"
            yield Problem(where, f"表样里有《{table}》，tables 里没有", hint, code="bad-edition")


def _check_bindings(mapping: TableMapping) -> Iterator[Problem]:
    """Cells that are bound twice, columns without header texts, fields that an option names in vain."""

    def where(*keys: str) -> str:
        return line_of_binding(mapping, *keys)

    yield from bound_twice(mapping)
    for block in mapping.blocks:
        columns = block.columns if isinstance(block, (Form, ListBlock)) else ()
        for column in columns:
            if not column.header:
                yield Problem(
                    where("blocks", block.name, "columns", column.name),
                    f"“{block.name}·{column.name}”上方没有栏目文字，表样变动时找不到它",
                    "在 header 里写上它的栏目文字，或改它的列",
                    code="bad-mapping",
                )
    for key, option in (("many", mapping.many), ("unit_name", mapping.unit_name)):
        if option and (option,) not in mapping.spec.fields:
            hint = did_you_mean(option, ("·".join(path) for path in mapping.spec.fields))
            yield Problem(where(key), f"没有“{option}”这个字段", hint, code="bad-mapping")


def check_sheet(mapping: TableMapping, sheet: Sheet) -> list[Problem]:
    """How a template's sheet differs from its mapping: nothing may have to be searched."""
    if found := misfit_problems(mapping, sheet):
        return found  # what follows from them is not told
    where = f"工作表“{sheet.name}”（{mapping.table}）"
    located: Located = locate(mapping, sheet)
    problems = list(located.problems)
    problems += [
        Problem(
            line_in(mapping.source, ("blocks",)),
            f"{where}与映射不一致：{drift}",
            "把地址改成表样里的，或把表样改回",
            code="bad-mapping",
        )
        for drift in located.drift
    ]
    if sheet.name != mapping.sheet:
        told = f"表样里的工作表名是“{sheet.name}”，映射写的是“{mapping.sheet}”"
        line = line_in(mapping.source, ("sheet",))
        problems.append(Problem(line, told, "改成表样里的名字", code="bad-mapping"))
    places = [("title", mapping.title), *(("header", a) for a in mapping.header)]
    places += [("notes", a) for a in mapping.notes] + [("texts", a) for a in mapping.texts]
    for key, anchor in places:
        problems += _check_merge(
            sheet, anchor.range, where, line_in(mapping.source, (key, str(anchor.range)))
        )
    return [*problems, *covered(mapping, sheet, where), *_check_locks(mapping, sheet, where)]


def _check_locks(mapping: TableMapping, sheet: Sheet, where: str) -> Iterator[Problem]:
    """Cells of a protected form that are to be filled in and not bound, or bound and locked: all at once."""
    bound = {ref for ref, _ in bound_cells(mapping)}
    lines = {line.range.anchor for line in (*mapping.lines, *filter(None, [mapping.empty]))}
    if not sheet.protected:
        return
    open_ = [
        ref
        for ref in sheet.cells()
        if not sheet.locked(ref)
        and ref not in bound | lines
        and ((merge := sheet.merge_of(ref)) is None or merge.anchor == ref)
    ]
    locked = [ref for ref in bound if sheet.formula(ref) is None and sheet.locked(ref)]
    hint = "把它们绑定（清单看 first、rows、columns），或在表样里锁定"
    if open_:
        told = f"{_listed(open_)}没有锁定，是填报单元格，却没有绑定字段"
        line = line_in(mapping.source, ("blocks",))
        yield Problem(line, f"{where}：{told}", hint, code="bad-mapping")
    if locked:
        names = dict(bound_cells(mapping))
        first = min(locked, key=split_ref)
        told = f"{_listed(locked)}是填报单元格（{first} 是“{names[first]}”），却被锁定"
        line = line_in(mapping.source, keys_of(names[first]))
        hint = "核对它的地址，或在表样里解锁"
        yield Problem(line, f"{where}：{told}", hint, code="bad-mapping")


def _listed(refs: Iterable[str]) -> str:
    ordered = sorted(refs, key=split_ref)
    more = f"等{len(ordered)}格" if len(ordered) > _SHOWN else ""
    return "、".join(ordered[:_SHOWN]) + more


def _check_merge(sheet: Sheet, at: Range, where: str, line: str) -> Iterator[Problem]:
    merge = sheet.merge_of(at.anchor)
    if not at.is_cell and merge != at:
        found = f"{merge}" if merge else "没有合并"
        told = f"{where}{at.anchor}：映射写的区域是 {at}，工作表里是 {found}"
        hint = f"改成 {merge or at.anchor}，或在表样里合并"
        yield Problem(line, told, hint, code="bad-mapping")
