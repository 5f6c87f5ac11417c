"""Questions about a form of one's own, asked in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from xltool.core.problems import InputError, Problem
from xltool.forms.init import Made, make_edition
from xltool.mapping.questions import Question


def require_terminal() -> None:
    """Raise `InputError` where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        told, hint = "这里不是终端，问不了", "不加 --ask：问题写在文件夹的 问题.yaml 里，答了再运行"
        raise InputError(Problem("--ask", told, hint, code="bad-option"))


def with_answers(
    book: Path, id_: str, name: str, answers: Mapping[str, str], *, asking: bool
) -> Made:
    """Make an edition; with `asking` every question without an answer is put, once, and those that follow from it.

    Ctrl-C ends it before anything is written.
    """
    given = dict(answers)
    skipped: set[str] = set()
    while True:
        made = make_edition(book, id_, name, given)
        left = [q for q in made.open if q.id not in skipped]
        if not asking or not left:
            return made
        for question in left:
            if answer := _ask(question):
                given[question.id] = answer
            skipped.add(question.id)


def _ask(question: Question) -> str:
    """The answer of a person; "" where the question is skipped."""
    click.echo(f"\n{question.where}：{question.ask}")
    for number, choice in enumerate(question.choices, 1):
        reason = f"（{choice.reason}）" if choice.reason else ""
        click.echo(f"  {number}. {choice.text}{reason}")
    while True:
        given = str(click.prompt("答（序号；回车跳过）", default="", show_default=False)).strip()
        answer = question.chosen(given)
        if answer is not None:
            return answer
        click.echo("  不在可选的里面，再答一次")
