"""What is done with the files that were dropped: checked, or filled in and then checked. Results lie beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from xltool.batch.generated import copied
from xltool.checks import Validation, validate
from xltool.checks.explanations import Explanation
from xltool.cli.fill import AT_A_DOOR
from xltool.cli.fill import command as fill_in
from xltool.core.problems import InputError, Problem
from xltool.core.suffixes import PATCHED, WORKBOOKS
from xltool.filling import Mode
from xltool.reading import Reading
from xltool.watch import Outputs, Watcher
from xltool.watch.outputs import is_output

DATA = (".json", ".yaml", ".yml", ".csv", ".tsv", *PATCHED)
_FORM = ".xlsx"
_WORST = ("", "不合格", "未完成审核", "合格")


class Checker:
    """Checks workbooks as the folder watcher does, and remembers how each came out ("" = not at all)."""

    def __init__(self) -> None:
        self.verdicts: dict[Path, str] = {}

    def check(self, book: Path) -> Iterator[str]:
        """Check one workbook; a marked copy stands for its original."""
        book = _original(book)
        self.verdicts[book] = ""

        def checked(reading: Reading, written: Sequence[Explanation]) -> Validation:
            validation = validate(reading, explanations=written)
            self.verdicts[book] = validation.verdict
            return validation

        yield from Watcher(book.parent, checked).check(book)

    def account(self) -> Iterator[str]:
        """How many came out how, the worst first."""
        counts = {word: [*self.verdicts.values()].count(word) for word in _WORST}
        told = [f"{word or '没有校验'} {count} 份" for word, count in counts.items() if count]
        if len(self.verdicts) > 1:
            yield f"共 {len(self.verdicts)} 份：{'，'.join(told)}"

    def report(self) -> Path | None:
        """The report to open: there is one when one workbook was checked."""
        (book, *more) = self.verdicts or (None,)
        if book is None or more or not self.verdicts[book]:
            return None
        return Outputs.of(book).report


def _original(book: Path) -> Path:
    name = copied(book.name)
    found = book.with_name(f"{name}{book.suffix}")
    return found if name and found.exists() else book


def workbooks(given: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The workbooks among what was dropped, those of folders included, and what is said of the rest."""
    found: list[Path] = []
    problems: list[Problem] = []
    for path in given:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _is_book(p))
            found += inside
            if not inside:
                problems.append(Problem(str(path), "里面没有工作簿", code="missing"))
        elif not path.exists():
            problems.append(Problem(str(path), "没有这个文件", code="missing"))
        elif path.suffix.lower() in WORKBOOKS:
            found.append(path)
        else:
            hint = "填数表、数据文档、长表请拖到“填报”上" if path.suffix.lower() in DATA else ""
            problems.append(
                Problem(str(path), "不是工作簿（.xlsx .xlsm .xls .et）", hint, code="not-workbook")
            )
    return list(dict.fromkeys(map(_original, found))), problems


def passed_over(given: Iterable[Path]) -> Iterator[str]:
    """What is said of the folders inside of a folder that was dropped: nobody looked into them."""
    for path in given:
        inner = sorted(p.name for p in path.iterdir() if p.is_dir()) if path.is_dir() else []
        if inner:
            more = "等" if len(inner) > 3 else ""
            names = "、".join(inner[:3])
            yield f"{path.name} 里的 {len(inner)} 个子文件夹没有看（{names}{more}），要校验的请另拖"


def _is_book(path: Path) -> bool:
    own = path.name.startswith(("~$", ".")) or is_output(path.name)
    return path.is_file() and path.suffix.lower() in WORKBOOKS and not own


def fill(data: Path, totals: Mode) -> list[Path]:
    """Fill the official workbook beside `data`, as `xltool fill` does; the workbooks. Raises `InputError`."""
    before = set(data.parent.iterdir())
    words = [str(data), "-o", str(_free(data)), "--totals", totals]
    try:
        fill_in.main(words, prog_name="xltool fill", standalone_mode=False, obj=AT_A_DOOR)
    except click.Abort:
        raise InputError(Problem(data.name, "没有填，请先改数据", code="unfinished")) from None
    new = set(data.parent.iterdir()) - before
    return sorted(path for path in new if path.suffix == _FORM)


def _free(data: Path) -> Path:
    """A name that no file has: nothing is written over."""
    names = ("已填报", *(f"已填报({n})" for n in range(2, 10_000)))
    paths = (data.with_name(f"{data.stem}-{name}{_FORM}") for name in names)
    return next(path for path in paths if not path.exists())
