"""What is known of a subject: its figures in the tables of this year and last, its budget, its facts. All in 元."""

from __future__ import annotations

from decimal import Decimal

from xltool.narrative.document import Document
from xltool.narrative.statements import Basis, Statement, Subject
from xltool.narrative.tables import Figure

TEN_THOUSAND = Decimal(10) ** 4


def this_year(document: Document, subject: Subject | None) -> Figure | None:
    """The figure of the tables, or None when they have none such."""
    return _of_tables(document, subject, prior=False)


def last_year(document: Document, subject: Subject | None) -> Figure | None:
    """The same of last year's tables."""
    return _of_tables(document, subject, prior=True)


def _of_tables(document: Document, subject: Subject | None, *, prior: bool) -> Figure | None:
    if subject is None:
        return None
    if subject.row is not None:
        return document.tables.of_row(subject.row, subject.column, prior=prior)
    return document.tables.figure(subject.item.figure, prior=prior) if subject.item else None


def budget(document: Document, subject: Subject | None, basis: Basis) -> Figure | None:
    """The budget that the facts or the tables have."""
    if subject is None:
        return None
    if basis in ("", "年初"):
        key = subject.row.code if subject.row else subject.name
        told = document.facts.number("年初预算", key)
        if told is not None:
            return Figure(told * TEN_THOUSAND, False, ())
    if subject.item is None or basis == "调整":
        return None
    return document.tables.figure(subject.item.budget)


def fact(document: Document, subject: Subject | None, *, money: bool) -> Decimal | None:
    """The number of the facts file; several of a group are added up."""
    path = subject.item.fact if subject and subject.item else ()
    if not path:
        return None
    *group, last = path
    if last == "*":
        last = "+".join(document.facts.group(*group))
    found = [document.facts.number(*group, name) for name in last.split("+")]
    numbers = [number for number in found if number is not None]
    if not numbers:
        return None
    total = sum(numbers, Decimal(0))
    return total * TEN_THOUSAND if money else total


def known_figure(document: Document, subject: Subject | None) -> Figure | None:
    """This year's figure: of the tables, else of the facts."""
    found = this_year(document, subject)
    if found is not None:
        return found
    told = fact(document, subject, money=True)
    return None if told is None else Figure(told, False, ())


def figure_of(document: Document, statement: Statement) -> Figure | None:
    """The figure that an amount repeats, or None when there is none such."""
    match statement.role:
        case "figure":
            return known_figure(document, statement.subject)
        case "budget":
            return budget(document, statement.subject, statement.basis)
        case "prior":
            return last_year(document, statement.subject)
    return None
