"""Questions about a form of one's own, asked in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from xltool.core.problems import InputError, Problem
from xltool.forms.init import Made, answer, make_edition
from xltool.mapping.questions import Question


def require_terminal() -> None:
    """Raise `InputError` where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        told, hint = "这里不是终端，问不了", "不加 --ask：问题写在文件夹的 问题.yaml 里，答了再运行"
        raise InputError(Problem("--ask", told, hint, code="bad-option"))


def with_answers(
    book: Path, id_: str, name: str, answers: Mapping[str, str], *, asking: bool
) -> Made:
    """Make an edition; with `asking` every question without an answer is put, and those that follow from it.

    Ctrl-C ends it before anything is written.
    """
    given = dict(answers)
    made = make_edition(book, id_, name, given)
    if asking:
        for more in _asked(made, lambda: make_edition(book, id_, name, given), given):
            made = more
    return made


def answered(folder: Path, answers: Mapping[str, str], *, asking: bool) -> Made:
    """Answer the questions of an edition in a folder; with `asking` those that are open are put.

    Answers stand in the folder before what follows from them is asked; Ctrl-C leaves it as it then is.
    """
    given = dict(answers)
    made = answer(folder, given)
    if asking:
        for more in _asked(made, lambda: answer(folder, given), given):
            made = more
    return made


def _asked(made: Made, again: Callable[[], Made], given: dict[str, str]) -> Iterator[Made]:
    """Put the open questions, each once, and make it again with the answers, until none is left."""
    put: set[str] = set()
    while left := [question for question in made.open if question.id not in put]:
        for question in left:
            put.add(question.id)
            if text := _ask(question):
                given[question.id] = text
        made = again()
        yield made


def _ask(question: Question) -> str:
    """The answer of a person; "" where the question is skipped."""
    click.echo(f"\n{question.where}：{question.ask}")
    for number, choice in enumerate(question.choices, 1):
        reason = f"（{choice.reason}）" if choice.reason else ""
        click.echo(f"  {number}. {choice.text}{reason}")
    while True:
        given = str(click.prompt("答（序号；回车跳过）", default="", show_default=False)).strip()
        chosen = question.chosen(given)
        if chosen is not None:
            return chosen
        click.echo("  不在可选的里面，再答一次")
