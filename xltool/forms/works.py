"""Whether an edition of one's own does what the commands will ask of it: tried, not supposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xltool.core.hints import Hint
from xltool.core.problems import InputError, Problem
from xltool.core.yamlfile import line_of
from xltool.editions import Edition, WorkbookSpec
from xltool.editions.install import check_id
from xltool.editions.places import own_id
from xltool.filling.forms import BlankForm, require_blank
from xltool.forms.asking import ask
from xltool.forms.fit import line_in
from xltool.forms.leftrows import unbound_rows
from xltool.forms.trial import prove, without_rows
from xltool.mapping.questions import NAME, Question, load_questions
from xltool.mapping.recognition.workbook import recognise
from xltool.ooxml import open_workbook
from xltool.reading import examine
from xltool.reading.accounting import unaccounted
from xltool.rules.load import load_rules

_SHOWN = 5


def check_works(edition: Edition) -> list[Problem]:
    """What would stop fill, read, validate or the 审核表 with this edition; its mappings are known to be right.

    Its id and rules are looked at, a trial is filled into each of its forms, read back, validated, and gets a 审核表.
    """
    try:
        load_rules(edition)
    except InputError as error:
        return list(error.problems)
    try:
        check_id(own_id(edition.folders[0]))
    except InputError as error:
        file = edition.folders[0] / "edition.yaml"
        where = f"{file} 第{line_of(file, ('edition',))}行"
        return [replace(p, where=where, message=f"“{p.where}”{p.message}") for p in error.problems]
    problems = [problem for book in edition.workbooks for problem in _check_book(edition, book)]
    return problems + (list(map(_unanswered, open_questions(edition))) if problems else [])


def _check_book(edition: Edition, book: WorkbookSpec) -> Iterator[Problem]:
    try:
        form = BlankForm(open_workbook(book.template), edition)
        require_blank(form, book.template.name)
        faults = [*_no_unit(form, edition), *_broken(form)]
        if edition.recognise:
            faults += _new_questions(edition, book)
        if faults:
            yield from faults
        else:
            yield from prove(edition, book.template).heads
    except InputError as error:
        yield from (_with_cause(edition, problem) for problem in error.problems)


def _no_unit(form: BlankForm, edition: Edition) -> Iterator[Problem]:
    """That tables print no money unit, told once: nothing can be filled into them."""
    without = [s for s in form.reading.found_tables if not s.unit and not s.odd_unit]
    if not without:
        return
    sheets = "、".join(f"“{found_table.located.sheet.name}”" for found_table in without)
    told = f"{len(without)}张工作表上找不到金额单位（元或万元）：{sheets}"
    if edition.recognise:
        hint = "在表样的表头写上，如“金额单位：万元”，或在 问题.yaml 里答"
        yield Problem(form.workbook.title, told, hint, code="bad-edition")
    else:
        where = line_in(without[0].mapping.source, ("lines",))
        hint = "lines 里写上印着它的格，如 H2: 单位：{金额单位}；表样没有印的，先在表样上写"
        yield Problem(where, told, hint, code="bad-edition")


def _broken(form: BlankForm) -> Iterator[Problem]:
    """The formulas of a form that refer to cells that are gone, told once: they never make a figure."""
    broken = [
        f"{sheet.name}!{ref}"
        for sheet in form.workbook.sheets
        for ref, formula in sheet.formulas().items()
        if "#REF!" in formula
    ]
    if broken:
        more = f"等{len(broken)}格" if len(broken) > _SHOWN else ""
        told = f"表样的公式所指的格没有了（#REF!）：{'、'.join(broken[:_SHOWN])}{more}"
        yield Problem(form.workbook.title, told, "在表样里改好公式，或删去", code="bad-edition")


def open_questions(edition: Edition) -> list[tuple[str, Question]]:
    """The questions of an edition without an answer, each with its file and line."""
    path = edition.folders[0] / NAME
    found = enumerate(load_questions(path) if path.is_file() else ())
    return [
        (f"{path} 第{line_of(path, ('问题', n, '答'))}行", question)
        for n, question in found
        if not question.answer
    ]


def _unanswered(entry: tuple[str, Question]) -> Problem:
    where, question = entry
    return Problem(
        where, f"没有答：{question.ask}", "在“答:”后面写上可选的一个", code="bad-edition"
    )


def _new_questions(edition: Edition, book: WorkbookSpec) -> Iterator[Problem]:
    """What the form leaves open and nobody has been asked: it was changed after the edition was made."""
    workbook = open_workbook(book.template)
    path = edition.folders[0] / NAME
    known = {question.id for question in (load_questions(path) if path.is_file() else ())}
    for question in ask(workbook, recognise(workbook, words=edition.words), edition.words, None):
        if question.id not in known:
            likely = "、".join(choice.text for choice in question.choices[:3])
            hint = Hint(
                f"可能是：{likely}。运行 xltool mapping answer 这个文件夹，把问题写进 {NAME}",
                f"可能是：{likely}",
            )
            where = f"{book.template.name} {question.where}"
            yield Problem(where, question.ask, hint, code="bad-edition")


def _with_cause(edition: Edition, problem: Problem) -> Problem:
    """A fault of the trial with what to do about it, where it does not say."""
    if problem.hint:
        return problem
    file = "edition.yaml" if edition.recognise else "这张表的映射文件"
    told = f"改表样，或改 {edition.folders[0].name} 里的 {file}"
    return Problem(problem.where, problem.message, told, code=problem.code)


def left_rows(book: WorkbookSpec, edition: Edition) -> Iterator[str]:
    """The rows of a form of an edition without addresses that have a label and no field."""
    if edition.recognise:
        found = recognise(open_workbook(book.template), words=edition.words)
        yield from unbound_rows(found, edition.words)


def rowless_lists(book: WorkbookSpec, edition: Edition) -> Iterator[str]:
    """The lists of a form of an edition without addresses that have no row to begin with."""
    if edition.recognise:
        yield from without_rows(BlankForm(open_workbook(book.template), edition).reading)


def unbound_numbers(book: WorkbookSpec, edition: Edition) -> Iterator[str]:
    """The numbers that a blank form prints and nobody knows, block by block: of every unit they are asked about."""
    for block in unaccounted(examine(book.template, edition)):
        refs = "、".join(block.refs[:_SHOWN]) + ("……" if len(block.refs) > _SHOWN else "")
        under = f"“{block.title}”下面的" if block.title else ""
        yield f"工作表“{block.sheet}”{under}{refs}（{len(block.refs)}格）"
