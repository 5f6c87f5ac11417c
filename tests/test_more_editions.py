"""The editions of provinces and years beside the three that most tests are about: filled, read, checked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.documents import EDITIONS
from tests.support.editing import saved
from tests.support.libreoffice import recalculated
from tests.support.livechecks import found, told
from tests.support.moreeditions import MORE, PROJECTS, document, filled
from tests.support.terminal import xltool
from xltool.checks import validate
from xltool.documents.writing import to_raw
from xltool.editions import edition_ids, find_edition
from xltool.entry.sheet.draw import draw
from xltool.entry.sheet.layout import layout
from xltool.forms.check import check_edition
from xltool.forms.init import make_edition
from xltool.livechecks import add_checks_sheet
from xltool.mapping.ownsheets import CHECKS_SHEET
from xltool.ooxml import Editor, open_workbook
from xltool.reading import examine, read

BY_WORDS = [id_ for id_ in MORE if find_edition(id_).recognise]


def test_no_edition_is_without_tests() -> None:
    assert {*MORE, *EDITIONS} == set(edition_ids())


@pytest.mark.parametrize("id_", MORE)
def test_fits_its_form(id_: str) -> None:
    assert check_edition(find_edition(id_)) == []


@pytest.mark.parametrize("id_", BY_WORDS)
def test_every_cell_of_its_form_is_known_and_takes_a_figure(id_: str) -> None:
    edition = find_edition(id_)
    (book,) = edition.workbooks
    made = make_edition(book.template, "试")
    assert made.proved and made.proved.figures > (5 if id_ in PROJECTS else 100)
    assert made.unread == () and made.unbound == ()
    assert [t.mapping.table for t in made.tables] == [t.table for t in book.tables]


@pytest.mark.parametrize("id_", MORE)
def test_a_clerk_may_begin_with_its_entry_sheet(id_: str) -> None:
    edition = find_edition(id_)
    planned = layout(edition)
    assert planned.fields or planned.lists
    assert all(edition.cells(table) for table in edition.tables)
    assert draw(planned).startswith(b"PK")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The form of each edition, filled."""
    folder = tmp_path_factory.mktemp("filled")
    return {id_: filled(id_, folder) for id_ in MORE}


@pytest.mark.parametrize("id_", MORE)
def test_filled_read_and_checked(books: dict[str, Path], id_: str) -> None:
    edition, book = find_edition(id_), books[id_]
    assert examine(book).edition.id in (id_, "2021-national")  # that of 2020 has the same form
    again = to_raw(read(book, edition, unit="万元").report)
    tables = {**again["表"], **again.get("附表", {})}
    for table, content in document(id_)["表"].items():
        assert contains(tables[table], content), table
    found = validate(book).findings
    assert [
        f.message
        for f in found
        if f.level == "error" and f.outcome == "不符" and f.rule[0] not in "SA"
    ] == []


@pytest.mark.parametrize(("name", "told"), [("HIDDENSHEETNAME", False), ("备查", True)])
def test_the_hidden_sheet_of_the_program_that_exports_it_is_no_figure_of_the_unit(
    books: dict[str, Path], name: str, told: bool
) -> None:
    workbook = openpyxl.load_workbook(books["2023-central"])
    sheet = workbook.create_sheet(name)
    sheet.sheet_state = "veryHidden"
    sheet.append([1.5, 3.0, 4.5])
    found = validate(saved(workbook)).findings
    assert any(f.rule == "S-04" and f.sheet == name for f in found) is told


@pytest.fixture(scope="module")
def live(books: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same books with a 审核表."""
    folder = tmp_path_factory.mktemp("live")
    for book in books.values():
        editor = Editor(examine(book).workbook)
        add_checks_sheet(editor, examine(book))
        editor.save(folder / book.name)
    return {id_: folder / book.name for id_, book in books.items()}


@pytest.mark.parametrize("id_", MORE)
def test_its_checks_sheet_says_what_validate_says(live: dict[str, Path], id_: str) -> None:
    sheet = told(open_workbook(live[id_]).sheet(CHECKS_SHEET))
    assert sheet == found(live[id_])
    assert sheet.total() > 5


def test_so_it_does_where_libreoffice_calculates_it(
    soffice: str, live: dict[str, Path], tmp_path: Path
) -> None:
    some = [live[id_] for id_ in ("2020-caijue", "2022-yunnan", "sichuan-zp")]
    for book in recalculated(soffice, some, tmp_path):
        assert told(open_workbook(book).sheet(CHECKS_SHEET)) == found(book)


@pytest.mark.parametrize("id_", list(PROJECTS))
def test_a_filled_one_is_blanked_with_its_texts(books: dict[str, Path], id_: str) -> None:
    made = make_edition(books[id_], "试")
    form = next(data for name, data in made.files.items() if name.endswith(".xlsx"))
    (again,) = examine(form, find_edition(id_)).report.tables["项目支出绩效自评表"]
    assert {value for value in again.fields.values() if isinstance(value, str)} == set()
    assert made.proved and made.proved.figures > 5


@pytest.mark.parametrize("id_", list(PROJECTS))
def test_a_wrong_sum_of_its_funds_is_found(
    books: dict[str, Path], id_: str, tmp_path: Path
) -> None:
    reading = examine(books[id_])
    located = reading.found_tables[0].located
    editor = Editor(reading.workbook)
    ref = located.fields["项目资金", "当年财政拨款", "全年执行数"]
    editor.set(located.sheet.name, ref, Decimal(99), over_formula=True)
    ref = located.fields["项目资金", "年度资金总额", "全年执行数"]
    editor.set(located.sheet.name, ref, Decimal(50), over_formula=True)
    editor.save(tmp_path / "错.xlsx")
    wrong = [f for f in validate(tmp_path / "错.xlsx").findings if f.outcome == "不符"]
    assert "X-20" in {f.rule for f in wrong}


def contains(found: object, wanted: object) -> bool:
    """Whether all that is wanted is there; what the tool supplied may be too."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(contains(found.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(contains(f, w) for f in found) for w in wanted)
    return found == wanted


def test_a_rule_is_shown_without_addresses(tmp_path: Path) -> None:
    shown = xltool("rules", "show", "T02-01", "-e", "2023-sichuan", folder=tmp_path)
    assert shown.code == 0 and "收入决算表" in shown.out, shown.err


@pytest.mark.parametrize("id_", edition_ids())
def test_each_says_where_it_comes_from(id_: str, tmp_path: Path) -> None:
    shown = xltool("editions", id_, folder=tmp_path)
    assert "\n来源：" in shown.out, shown.err
