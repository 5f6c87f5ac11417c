"""What the workers do with data: it is completed, filled in and validated; what is still wanting is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xltool.core.model import Report
from xltool.core.problems import InputError, raise_if
from xltool.editions import Edition
from xltool.entry.assumptions import chosen
from xltool.entry.derive import Derived, assumed, derive
from xltool.entry.derive import told as derivation
from xltool.entry.given import broken_fen, given, with_figures
from xltool.entry.wanting import asked, missing, suggested, told
from xltool.filling import Filled, fill
from xltool.web.books import BookResult, UploadResult, UploadTask, book_result, write


def filled(task: UploadTask, result: UploadResult) -> Iterator[BookResult]:
    """The workbooks of a document, a long table or a 填数表. Raises `InputError`."""
    got = given(task.source, task.edition or None, result.notes.append)
    edition, assume = got.edition, (*got.assume, *task.assume)
    report = with_figures(got.report, edition, task.figures)
    raise_if(broken_fen(report, edition))
    meant = got.derive or bool(assume or task.figures)
    derived, books = _fill(task, report, edition, assume, meant=meant)
    if derived is not None:
        result.notes += assumed(derived)
        result.notes.append(f"推算了{len(derived.steps)}个数，依据在“补上的数”里")
    account = "".join(
        f"{line}\n"
        for line in (
            *(derivation(derived) if derived is not None else ()),
            *(f"补上：{line}" for line in books.supplied),
        )
    )
    if books.blank:
        result.notes.append(f"没有填的表：{'、'.join(books.blank)}")
    supplied = task.out / f"{task.source.stem}-补上的数.txt"
    if account:
        write(supplied, account)
    result.notes += books.notes
    for n, path in enumerate(books.files):
        part = book_result(task, path, task.out / str(n))
        part.files = {"filled": path, **part.files}
        if account:
            part.files["supplied"] = supplied
        if n == 0 and part.verdict != "合格" and derived is not None:
            _wanting(result, derived, report, edition, assume)  # worked out only now
        yield part


def _fill(
    task: UploadTask, report: Report, edition: Edition, assume: tuple[str, ...], *, meant: bool
) -> tuple[Derived | None, Filled]:
    """Fill in a report with what follows from it. Raises `InputError`, also for what contradicts what was given.

    Where nobody `meant` it to be completed, it is filled in as it stands if completing it comes to nothing.
    """
    suffix = edition.workbooks[0].template.suffix.lower()
    target = task.out / f"{task.source.stem}-已填报{suffix}"
    derived = derive(report, edition, assume)
    if meant and task.totals == "formula":
        raise_if(derived.contradictions)
    if meant or (derived.steps and not derived.contradictions):
        try:
            return derived, fill(derived.report, edition, target, totals=task.totals)
        except InputError:
            if meant:
                raise
    return None, fill(report, edition, target, totals=task.totals)


def _wanting(
    result: UploadResult,
    derived: Derived,
    report: Report,
    edition: Edition,
    assume: tuple[str, ...],
) -> None:
    """Say which figures are still wanting, and which assumptions spare how many."""
    names, spared = missing(derived, edition), suggested(derived, report, edition, assume)
    wanted: dict[str, Any] = asked(derived, edition)._asdict()
    if (best := spared[1] or next(iter(spared[0]), None)) is not None:
        wanted["assume"] = [entry.name for entry in best.assumptions]
        wanted["left"] = best.wanted
        result.notes.append(f"还有{len(names)}个数推算不出来，选了前提就只差{best.wanted}个：")
        made = (e for e in chosen(wanted["assume"]) if e.name not in assume)  # with those needed
        result.notes += [f"前提“{entry.name}”：{entry.words}" for entry in made]
    elif wanted["figures"] or wanted["held"] or wanted["economic"]:
        result.notes.append("还有推算不出来的数，在下面填：")
    else:
        result.notes += told(derived, report, edition, assume, spared=spared).lines
    wanted["count"] = len(names) + len(derived.held)
    result.asked = wanted if wanted["count"] else {}
