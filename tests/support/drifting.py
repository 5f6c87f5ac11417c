"""Filled workbooks to be changed by hand, and what is expected of reading them afterwards."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import pytest

from tests.support.books import Raw, cells, differences, examined, fill_raw, heads, read_raw
from tests.support.documents import make
from tests.support.paper import Page, Paper, paper_of

SEEDS = {"2021-national": 4, "2023-national": 20, "2024-shanghai": 20}
"""Units that have something in every table, and nothing in the last rows of the 总表."""

NATIONAL, SHANGHAI = "2021-national", "2024-shanghai"
OVERVIEW, INCOME, SPENDING = "收入支出决算总表", "收入决算表", "支出决算表"
FISCAL, GENERAL = "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表"
BASIC, FUND = "一般公共预算财政拨款基本支出决算表", "政府性基金预算财政拨款收入支出决算表"
REVIEW = "区级预算部门(单位)整体预算绩效自评表"
TRIPS = "一般公共预算财政拨款“三公”经费支出决算表"

Change = Callable[[Paper], None]


@lru_cache(maxsize=16)
def _filled(edition: str, folder: Path) -> tuple[Paper, Raw]:
    raw = make(SEEDS[edition], edition, details=10, unit="万元")
    book = fill_raw(raw, folder / f"{edition}.xlsx").files[0]
    return paper_of(book), read_raw([book])


def base(edition: str, folder: Path) -> tuple[Paper, Raw]:
    """A filled workbook of an edition (also as `{edition}.xlsx` in `folder`), and the document in it."""
    return copy.deepcopy(_filled(edition, folder))


def forms(paper: Paper) -> list[Page]:
    """The pages without sentences of the clerk's own."""
    return [page for page in paper if "自评" not in page.name]


class Changes:
    """Changes by people, each with the edition that it is made to and what is to be said of it."""

    def __init__(self) -> None:
        self.cases: list[object] = []

    def __call__(self, *said: str, edition: str = NATIONAL) -> Callable[[Change], Change]:
        def register(change: Change) -> Change:
            self.cases.append(pytest.param(edition, change, said, id=change.__name__))
            return change

        return register


def assert_followed(edition: str, change: Change, said: tuple[str, ...], folder: Path) -> None:
    """After the change the workbook reads the same, and what `said` names is reported as drift."""
    paper, document = base(edition, folder)
    change(paper)
    read, reading = examined(paper.save(folder / "改动.xlsx"))
    _nothing(map(str, (*reading.problems, *reading.faults)))
    _nothing(name for name in heads(document) if heads(read)[name] != document[name])
    _nothing(differences(cells(document), cells(read)))
    drift = [f"工作表“{sheet}”：{item}" for sheet, item in reading.drift]
    _nothing(f"{words}: {drift}" for words in said if not any(words in line for line in drift))


def _nothing(found: Iterable[str]) -> None:
    """Fail with what was found."""
    if lines := list(found):
        raise AssertionError("\n".join(lines[:20]))
