"""`xltool validate`: checks workbooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xltool.checks import Validation, validate
from xltool.checks.explanations import Explanation, as_explanations
from xltool.cli.blankform import tell_blank
from xltool.cli.options import (
    FILE,
    as_typed,
    check_options,
    edition_files,
    edition_option,
    force_option,
    form_of,
    form_option,
    make_folder,
    note,
    of_edition,
    put_json,
)
from xltool.core.printable import harmless
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import check_outputs, collisions

if TYPE_CHECKING:
    from xltool.reading import Reading

FINDINGS, FAILED = 1, 2


@click.command(help="校验工作簿：结构、单元格、科目编码、公式、勾稽关系。")
@click.argument("books", nargs=-1, required=True, type=FILE, metavar="工作簿…")
@edition_option
@form_option("text", "json", "html")
@click.option(
    "-o", "--output", type=FILE, metavar="文件", help="报告写到哪个文件；多个工作簿的 html 写文件夹"
)
@click.option(
    "--annotate", type=FILE, metavar="文件", help="另存一份标出问题的工作簿；多个工作簿写文件夹"
)
@check_options
@click.option(
    "--together",
    is_flag=True,
    help="这些工作簿（或一个文件夹里的）是一个单位的：跨簿的规则合起来核对，如自评表与决算表",
)
@click.option(
    "--summed",
    type=click.IntRange(min=1),
    default=1,
    metavar="个数",
    help="这份表是几个单位印出的数相加的：尾差按这么多份算",
)
@click.option("--only", multiple=True, metavar="名称", help="只做这项检查或这条规则，可多次")
@click.option("--skip", multiple=True, metavar="名称", help="不做这项检查或这条规则，可多次")
@force_option
def command(books: tuple[Path, ...], form: str | None, output: Path | None, **options: Any) -> int:
    """Validate each book; the exit code is the worst of them."""
    form = form_of(form, output)
    if options["together"]:
        books = _in_folders(books)
    inputs = _inputs(books, options)
    many, force = len(books) > 1, options["force"]
    check_outputs(_reports(books, form, output), inputs, force=force, made=_is_report(form))
    given = as_explanations(options["explanations"])
    done: list[Validation] = []
    results: list[Validation | UnreadBook] = []
    problems: list[Problem] = []
    beside = _beside(books, options["edition"]) if options["together"] else {}
    for book in books:
        try:
            more = {"explanations": given, "together": beside.get(book)}
            done.append(run(book, {**options, **more}))
            results.append(done[-1])
        except InputError as error:
            problems += error.problems
            results.append(UnreadBook(book, error))
    _report(results, form, output, many=many, force=force)
    told = zip(books, results, strict=True)
    blank = [tell_blank(made, book) for book, made in told if isinstance(made, Validation)]
    for problem in (problem for validation in done for problem in validation.notes):
        note(f"注意：{problem}")
    if given and done:
        _tell_unused(done, given, options["explanations"].name)
    if options["annotate"] is not None:
        taken = [*inputs, *_reports(books, form, output)]
        problems += _annotate(done, options["annotate"], taken, many=many, force=force)
    elif not many and not any(blank):
        _tell_waiting(done, books[0], options["edition"])
    for problem in problems:
        click.echo(f"错误：{problem}", err=True)
    if problems:
        return FAILED
    return FINDINGS if any(v.verdict != "合格" for v in done) else 0


def _in_folders(books: Sequence[Path]) -> tuple[Path, ...]:
    """The workbooks that were named, and those in the folders that were."""
    from xltool.batch.discovered import find_books

    found: list[Path] = []
    for book in books:
        sources = find_books([str(book)]).sources if book.is_dir() else ()
        found += [Path(source.path) for source in sources] if book.is_dir() else [book]
    return tuple(dict.fromkeys(found))


def _beside(books: Sequence[Path], edition: str | None) -> dict[Path, list[Reading]]:
    """Of the workbook of a unit that has the most tables: the others, as far as they can be read."""
    from xltool.checks.together import main_of
    from xltool.reading import examine

    readings: dict[Path, Reading] = {}
    for book in books:
        with suppress(InputError):  # told when its turn comes
            readings[book] = examine(book, edition)
    if not readings:
        return {}
    main = list(readings)[main_of(list(readings.values()))]
    return {main: [reading for book, reading in readings.items() if book != main]}


class UnreadBook(NamedTuple):
    """A book that could not be read, and why."""

    book: Path
    error: InputError


def run(book: Path, options: dict[str, Any]) -> Validation:
    """Validate one book with the options of the command line. Raises `InputError`."""
    if book.is_dir():
        hint = f"审核一个文件夹：{as_typed('xltool', 'review', book, '-o', '审核结果')}"
        raise InputError(Problem(str(book), "这是文件夹，不是工作簿", hint, code="not-workbook"))
    names = (
        *("prior", "explanations", "unit_type", "rules", "only", "skip", "summed"),
        *("external", "external_unit", "together"),
    )
    return validate(book, options["edition"], **{name: options[name] for name in names})


def _inputs(books: Sequence[Path], options: dict[str, Any]) -> list[Path]:
    """Every file that is read."""
    given = (options["explanations"], options["prior"], *options["rules"], *options["external"])
    return [*books, *filter(None, given), *edition_files(options["edition"])]


def _reports(books: Sequence[Path], form: str, output: Path | None) -> list[Path]:
    """The files that reports go to."""
    if output is None:
        return []
    many = form == "html" and len(books) > 1
    return list(dict.fromkeys(output / f"{b.stem}.html" for b in books)) if many else [output]


def _is_report(form: str) -> Callable[[Path], bool]:
    """What tells a report of this form."""
    match form:
        case "html":
            from xltool.reporting.html import is_report
        case "json":
            from xltool.reporting.json import is_report
        case _:
            from xltool.reporting.text.terminal import is_report
    return is_report


def _tell_waiting(done: list[Validation], book: Path, edition: str | None) -> None:
    """Say how to explain what waits for a person's word."""
    if any(finding.confirm and finding.failed for v in done for finding in v.findings):
        words = ("xltool", "validate", book, *of_edition(edition), "--annotate", "标注.xlsx")
        marked = as_typed(*words)
        note(f"待确认的，不对就改；本来就这样的，在标注本的“说明”一栏写原因：{marked}")


def _tell_unused(done: list[Validation], given: Sequence[Explanation], file: str) -> None:
    """Say of every explanation that explains nothing in any book that it does not."""
    for written in given:
        if all(written in validation.unused for validation in done):
            where = f"{file}：说明 {written.rule} {written.where}“{written.text}”"
            note(f"{where}没有对应的问题，或数已变、作废")


def _report(
    results: list[Validation | UnreadBook],
    form: str,
    output: Path | None,
    *,
    many: bool,
    force: bool,
) -> None:
    done = [result for result in results if isinstance(result, Validation)]
    if form == "json":
        from xltool.documents.datafile import dumps
        from xltool.reporting.json import report, unread

        reports = [
            report(r) if isinstance(r, Validation) else unread(r.book.name, r.error)
            for r in results
        ]
        put_json(dumps(reports if many else reports[0]), output, force=force)
    elif form == "html":
        _html(done, output, many=many, force=force)
    else:
        from xltool.reporting.text.terminal import lines

        told = [line for validation in done for line in ("", *lines(validation))][1:]
        if output is None:
            for line in told:
                click.echo(line)
        else:
            from xltool.core.saving.files import write_text

            text = harmless(click.unstyle("\n".join(told)))
            write_text(output, f"{text}\n", force=force)


def _html(done: list[Validation], output: Path | None, *, many: bool, force: bool) -> None:
    from xltool.core.saving.files import write_text
    from xltool.reporting.html import render

    if output is None:
        raise InputError(Problem("-o", "html 报告要写到文件", "加 -o 报告.html", code="bad-target"))
    if many:
        make_folder(output)
    for validation in done:
        file = validation.reading.file
        target = output / f"{Path(file).stem}.html" if many else output
        write_text(target, render(validation, file=file), force=force)
        click.echo(f"{file}　结论：{validation.verdict}　报告：{target}")


def _annotate(
    done: list[Validation], target: Path, taken: Sequence[Path], *, many: bool, force: bool
) -> Sequence[Problem]:
    """Write the marked copies, over none of `taken`; what hinders one does not hinder the others."""
    from xltool.reporting.workbook.annotate import annotate

    if many:
        make_folder(target)
    problems: list[Problem] = []
    written: set[str] = set()
    for validation in done:
        file = validation.reading.file
        path = target / file if many else target
        if file.casefold() in written:
            problems.append(
                Problem(
                    str(path), "有两个工作簿同名，只写了第一个的标注本", "分开校验", code="doubled"
                )
            )
            continue
        written.add(file.casefold())
        try:
            raise_if(collisions([path], taken))
            annotate(validation, path, force=force)
        except InputError as error:
            problems += error.problems
        else:
            note(f"标注本：{path}")
    return problems
