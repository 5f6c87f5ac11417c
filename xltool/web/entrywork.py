"""What the workers do on the clerk's way: blank forms, ordinary spreadsheets, clean copies, the 审核表."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xltool.core.problems import InputError, Problem
from xltool.documents.datafile import dumps
from xltool.editions import bundled_only, find_edition

if TYPE_CHECKING:
    from xltool.entry.importing.assemble import Imported
    from xltool.entry.importing.session import Session

Made = Literal["finish", "clean", "checks", "set"]
MADE: tuple[Made, ...] = ("finish", "clean", "checks", "set")
BlankKind = Literal["表样", "填数表", "数据"]
BLANKS: tuple[BlankKind, ...] = ("表样", "填数表", "数据")


@dataclass(frozen=True, slots=True)
class MakeTask:
    """A workbook and what to make of it, into the new folder `out`."""

    book: Path
    out: Path
    what: Made
    edition: str = ""
    explanations: Path | None = None
    changes: tuple[str, ...] = ()
    """Of a `set`: 地址=数, as on the command line."""


@dataclass(slots=True)
class MadeFiles:
    """Files by purpose; with `problems` there are none. `lines`: what was changed."""

    files: dict[str, Path] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def make(task: MakeTask) -> MadeFiles:
    """A copy to hand in with its receipt, a copy without marks, or one with the 审核表."""
    task.out.mkdir()
    made = MadeFiles()
    try:
        with bundled_only():
            match task.what:
                case "finish":
                    _finish(task, made)
                case "clean":
                    _clean(task, made)
                case "checks":
                    _checks(task, made)
                case "set":
                    _set(task, made)
    except InputError as error:
        made.problems = [problem.on_page(task.book.name) for problem in error.problems]
    return made


def _finish(task: MakeTask, made: MadeFiles) -> None:
    from xltool.core.saving.mark import marked
    from xltool.entry.finish import finish, receipt_path
    from xltool.reporting.summary import summary

    done = finish(task.book, task.edition or None, explanations=task.explanations)
    if done.validation.verdict != "合格":
        told = f"结论是{done.validation.verdict}（{summary(done.validation)}）"
        made.problems = [f"没有做上报稿：{told}。照报告改好，或写明说明，再做"]
        return
    target = task.out / f"{task.book.stem}-上报稿{task.book.suffix.lower()}"
    target.write_bytes(marked(done.data))
    receipt = receipt_path(target)
    receipt.write_text(dumps(done.receipt(target.name)), encoding="utf-8", newline="\n")
    made.lines = [f"上报稿做好了，结论是{done.validation.verdict}"]
    if done.taken_off:
        made.lines.append(f"去掉了：{'、'.join(done.taken_off)}")
    if done.restored:
        made.lines.append(f"照表样：{'、'.join(done.restored)}")
    made.files = {"finished": target, "receipt": receipt}


def _clean(task: MakeTask, made: MadeFiles) -> None:
    from xltool.reporting.workbook.annotate import clean

    target = task.out / f"{task.book.stem}-清除标记{task.book.suffix.lower()}"
    clean(task.book, target)
    made.files = {"cleaned": target}


def _checks(task: MakeTask, made: MadeFiles) -> None:
    from xltool.livechecks import add_checks_sheet
    from xltool.ooxml import Editor, WorkbookError
    from xltool.ooxml.package.errors import workbook_problem
    from xltool.reading import examine

    reading = examine(task.book, task.edition or None)
    target = task.out / f"{task.book.stem}-审核表{task.book.suffix.lower()}"
    try:
        editor = Editor(reading.workbook)
        add_checks_sheet(editor, reading)
        editor.save(target, own=True)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, task.book.name)) from error
    made.files = {"checked": target}


def _set(task: MakeTask, made: MadeFiles) -> None:
    from xltool.core.saving.mark import marked
    from xltool.entry.change import change, told
    from xltool.ooxml.edit.signatures import UNSIGNED
    from xltool.reporting.summary import summary

    done = change(task.book, task.changes, task.edition or None)
    target = task.out / f"{task.book.stem}-改数{task.book.suffix.lower()}"
    target.write_bytes(marked(done.data))
    verdict = f"改了以后：{done.validation.verdict}（{summary(done.validation)}）"
    made.lines = [*told(done), *([UNSIGNED] if done.unsigned else []), verdict]
    made.files = {"changed": target}


# ── blank forms ──


@dataclass(frozen=True, slots=True)
class Blank:
    """A file to begin with, or why there is none."""

    name: str = ""
    data: bytes = b""
    problem: str = ""


def blank(edition: str, kind: BlankKind, prior: Path | None) -> Blank:
    """A blank form, a 填数表 or a skeleton; `prior` is rolled forward."""
    from xltool.entry.blanks import skeleton
    from xltool.entry.rollover import last_year

    try:
        with bundled_only():
            found = find_edition(edition)
            if kind == "表样":
                return _forms(edition)
            last = last_year(prior) if prior is not None else None
            if kind == "数据":
                text = skeleton(found, list(found.specs), last)
                return Blank(f"数据-{edition}.yaml", text.encode("utf-8"))
            from xltool.entry.sheet.draw import draw
            from xltool.entry.sheet.layout import layout

            return Blank(f"填数表-{edition}.xlsx", draw(layout(found), last))
    except InputError as error:
        return Blank(problem="；".join(map(str, error.problems)))


def _forms(edition: str) -> Blank:
    """The blank workbook of an edition; a zip of them where it has several."""
    from xltool.entry.blanks import blank_books

    found = find_edition(edition)
    books = blank_books(found, list(found.specs))
    if len(books) == 1:
        return Blank(f"{books[0][0]}-{edition}.xlsx", books[0][1])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in books:
            archive.writestr(f"{name}.xlsx", content)
    return Blank(f"空白表样-{edition}.zip", data.getvalue())


# ── ordinary spreadsheets ──


@dataclass(slots=True)
class ImportResult:
    """How a spreadsheet was read, a line each; its files when nothing is to be asked, else the questions."""

    lines: list[str] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    columns: list[dict[str, str]] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    """The uses that a column may have."""
    questions: list[Problem] = field(default_factory=list)


def is_ordinary(source: Path) -> bool:
    """Whether a file has a block that importing knows: a list of 科目, an account ledger."""
    from xltool.documents.grids import grids
    from xltool.entry.importing.layout.blocks import blocks
    from xltool.entry.importing.layout.headrows import months_named
    from xltool.entry.importing.vocabulary import load_words

    words = load_words()
    try:
        return any(blocks(months_named(grid, words), words)[0] for grid in grids(source))
    except InputError:
        return False


def import_upload(
    sources: Sequence[Path], out: Path, answers: Mapping[str, str], mapping: Path | None = None
) -> ImportResult:
    """Read spreadsheets; write a 填数表, a data document and the import mapping into `out`, or ask.

    `answers`: 单位名称, 年度, 金额单位, 版本, and 改: corrections, a line each. `mapping`: of an earlier import.
    Raises `InputError` for what cannot be read at all.
    """
    from xltool.entry.importing.session import Session
    from xltool.entry.importing.vocabulary import read_mapping

    given = {name: answers[name] for name in ("单位名称", "年度", "金额单位") if answers.get(name)}
    own = read_mapping(mapping) if mapping else {}
    session = Session(sources, answers.get("版本") or None, given, own)
    result = ImportResult()
    for text in filter(str.strip, answers.get("改", "").splitlines()):
        try:
            session.correct(text)
        except InputError as error:
            result.questions += error.problems
    columns, result.uses = session.columns()
    result.columns = [column._asdict() for column in columns]
    try:
        imported = session.read()
    except InputError as error:
        result.questions += error.problems
    if not result.questions:
        _write_imported(session, imported, out, sources[0].stem, result)
    return result


def _write_imported(
    session: Session, imported: Imported, out: Path, stem: str, result: ImportResult
) -> None:
    from xltool.entry.importing.assemble import entry_sheet
    from xltool.entry.importing.corrections import mapping_text
    from xltool.entry.importing.session import KEPT
    from xltool.entry.importing.trace import lines, trace

    result.files = files = {
        "sheet": out / f"{stem}-填数表.xlsx",
        "document": out / f"{stem}-数据.json",
        "trace": out / f"{stem}-来源.xlsx",
        "mapping": out / KEPT,
    }
    files["sheet"].write_bytes(entry_sheet(imported))
    files["document"].write_text(dumps(imported.raw), encoding="utf-8", newline="\n")
    files["trace"].write_bytes(trace(imported))
    kept = mapping_text(session.agreed(imported))
    files["mapping"].write_text(kept, encoding="utf-8", newline="\n")
    raw = imported.raw
    head = f"{raw['单位名称']}　{raw['年度']}年度　{raw['金额单位']}　{raw['版本']}"
    result.lines = [head, *lines(imported)]
