"""Lists that people have changed: other spellings of codes and figures, totals and rows elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.books import cells, differences, examined, fill_raw, read_raw
from tests.support.drifting import (
    BASIC,
    FISCAL,
    FUND,
    GENERAL,
    INCOME,
    OVERVIEW,
    SHANGHAI,
    SPENDING,
    TRIPS,
    Change,
    Changes,
    assert_followed,
)
from tests.support.paper import Paper, paper_of
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import read_document

followed = Changes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drift")


@followed()
def blank_rows_inside_and_after_a_list(paper: Paper) -> None:
    for title in (INCOME, SPENDING, FUND):
        page = paper[title]
        first = page.row("合计") + 1
        page.insert_rows(first + 1)
        page.insert_rows(next(r for (r, _), v in page.cells.items() if str(v).startswith("注")), 3)


def _spread(paper: Paper, place: Callable[[str], tuple[str, str, str]]) -> None:
    """Write each 科目编码 into the three columns 类, 款, 项 as `place` says, and head them so."""
    for title in (INCOME, SPENDING, GENERAL, FUND):
        page = paper[title]
        for row, column in [c for c, v in page.cells.items() if re.fullmatch(r"\d{3,7}", str(v))]:
            if column == 1 and isinstance(page.cells[row, column], str):
                code = str(page.cells[row, column])
                page.merges = [m for m in page.merges if m[0] != row]
                for n, piece in enumerate(place(code), 1):
                    page.write(row, n, piece or None)
        row = page.row("栏次")
        page.merges = [m for m in page.merges if m[0] != row]
        for n, text in enumerate(("类", "款", "项", "栏次"), 1):
            page.write(row, n, text)


@followed()
def whole_code_in_the_column_of_its_level(paper: Paper) -> None:
    def place(code: str) -> tuple[str, str, str]:
        first, second, third = (code if len(code) == n else "" for n in (3, 5, 7))
        return first, second, third

    _spread(paper, place)


@followed()
def code_in_pieces(paper: Paper) -> None:
    _spread(paper, lambda code: (code[:3], code[3:5], code[5:]))


@followed()
def code_in_pieces_that_rows_above_complete(paper: Paper) -> None:
    def place(code: str) -> tuple[str, str, str]:
        pieces = (code[:3], code[3:5], code[5:])
        last = (len(code) - 3) // 2
        first, second, third = (piece if n == last else "" for n, piece in enumerate(pieces))
        return first, second, third

    _spread(paper, place)


@followed("列", edition=SHANGHAI)
def three_code_columns_where_the_form_has_one(paper: Paper) -> None:
    for title in (INCOME, SPENDING, GENERAL, FUND):
        page = paper[title]
        page.insert_columns(2, 2)
        row = page.row("科目名称")
        label = page.at("功能分类科目编码")
        page.merges = [m for m in page.merges if m[:2] != label]
        page.merges.append((label[0], 1, label[0], 3))
        for at, column in [c for c, v in page.cells.items() if re.fullmatch(r"\d{3,7}", str(v))]:
            if at > row and column == 1:
                code = str(page.cells[at, 1])
                for n, piece in enumerate((code[:3], code[3:5], code[5:]), 1):
                    page.write(at, n, piece or None)


@followed("明细首行")
def total_last(paper: Paper) -> None:
    for title in (INCOME, GENERAL):
        page = paper[title]
        note = next(r for (r, _), v in page.cells.items() if str(v).startswith("注"))
        page.move_row(page.row("合计"), note)


@followed("明细首行", edition=SHANGHAI)
def total_first(paper: Paper) -> None:
    page = paper[GENERAL]
    total = max(row for (row, _), value in page.cells.items() if value == "合计")
    page.move_row(total, page.row("科目名称") + 1)


@followed()
def figures_as_text(paper: Paper) -> None:
    for title in (OVERVIEW, INCOME, SPENDING, FISCAL, GENERAL, BASIC, FUND, TRIPS):
        page = paper[title]
        for cell, value in page.cells.items():
            if isinstance(value, float):
                page.cells[cell] = f" {Decimal(repr(value)):,f}"


@followed()
def codes_as_numbers(paper: Paper) -> None:
    for title in (INCOME, SPENDING, GENERAL, FUND, BASIC):
        page = paper[title]
        for cell, value in page.cells.items():
            if isinstance(value, str) and re.fullmatch(r"\d{3,7}", value):
                page.cells[cell] = int(value)


@followed()
def codes_with_spaces_and_wide_digits(paper: Paper) -> None:
    for title in (INCOME, SPENDING, BASIC):
        page = paper[title]
        for cell, value in page.cells.items():
            if isinstance(value, str) and re.fullmatch(r"\d{5}", value):
                page.cells[cell] = f"  {value}"
            elif isinstance(value, str) and re.fullmatch(r"\d{7}", value):
                page.cells[cell] = value.translate({48 + n: 0xFF10 + n for n in range(10)})


@followed("30703", "39906")
def economic_codes_moved_added_and_missing(paper: Paper) -> None:
    page = paper[BASIC]
    _, column = page.at("30702")
    page.write(page.row("30114"), column, None)
    code, name = page.at("39906"), page.at("赠与")
    for cell in (code, name):
        page.write(*cell, None)
    end = max(r for (r, c), v in page.cells.items() if c == column and str(v).isdigit())
    page.write(end + 1, column, "30703")
    page.write(end + 1, column + 1, "国内债务发行费用")


@pytest.mark.parametrize(("edition", "change", "said"), followed.cases)
def test_what_people_change_is_followed_and_reported(
    folder: Path, edition: str, change: Change, said: tuple[str, ...]
) -> None:
    assert_followed(edition, change, said, folder)


def test_an_empty_list_may_have_no_rows_at_all(tmp_path: Path) -> None:
    book = fill_raw(read_document(SAMPLES / "beiguan-2021.json"), tmp_path / "样.xlsx").files[0]
    document, paper = read_raw([book]), paper_of(book)
    for title in (INCOME, FUND):
        page = paper[title]
        note = next(row for (row, _), v in page.cells.items() if str(v).startswith("注"))
        page.delete_rows(8, note - 8)
    read, reading = examined(paper.save(tmp_path / "无行.xlsx"))
    assert (reading.problems, reading.faults) == ([], [])
    assert differences(cells(document), cells(read)) == []
