"""The queries of docs/queries.md, run as they stand there on workbooks of some units and two years."""

from __future__ import annotations

import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.batch.support import QUERIES, write
from tests.support.books import fill_raw, without_blank_reviews
from tests.support.documents import make
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import process
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.season.keeper import judged

Row = tuple[Any, ...]
Raw = dict[str, Any]
UNITS = (("甲局", 2023, 11), ("甲局", 2024, 12), ("乙局", 2023, 13), ("乙局", 2024, 14))
THREE = "财政拨款“三公”经费支出决算表"


def documents() -> dict[str, Raw]:
    """Five documents: two units in two years, and one that spends more on 三公 than planned."""
    found: dict[str, Raw] = {}
    for name, year, seed in (*UNITS, ("丙局", 2024, 15)):
        raw = make(seed, "2023-national", details=3, unit="万元", printed=name == "乙局")
        raw |= {"单位名称": name, "年度": Decimal(year)}
        raw["表"].pop("项目支出绩效自评表", None)
        raw["表"].pop("部门整体绩效自评表", None)
        found[f"{name}{year}"] = raw
    table = found["丙局2024"]["表"][THREE]
    table["预算数"] |= {"合计": Decimal(5), "公务接待费": Decimal(1)}
    table["决算数"] |= {"合计": Decimal(6), "公务接待费": Decimal(2)}
    return found


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A validated database of the documents, one of them handed in twice, and of a broken book."""
    folder = tmp_path_factory.mktemp("queries") / "报送"
    folder.mkdir()
    for name, raw in documents().items():
        without_blank_reviews(fill_raw(raw, folder / f"{name}.xlsx", totals="given").files[0])
    shutil.copy(folder / "乙局2024.xlsx", folder / "乙局2024（改）.xlsx")
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    with WorkFolder(folder.parent / "work") as work:
        sources = find_sources([str(folder)]).sources
        finished = process(sources, work, Options(validate=True), here=True)
        out = write(finished, "duckdb", folder.parent / "out.duckdb")
    judged(sources)(out)
    return out


def ask(database: Path, number: int) -> list[Row]:
    with duckdb.connect(str(database), read_only=True) as db:
        return db.execute(QUERIES[str(number)]).fetchall()


def spent(name: str) -> Decimal:
    total: Decimal = documents()[name]["表"]["收入支出决算总表"]["支出"]["本年支出合计"]
    return total


def test_there_are_ten() -> None:
    assert sorted(map(int, QUERIES)) == list(range(1, 11))


def test_changes_against_last_year(database: Path) -> None:
    changes = {name: (spent(f"{name}2023"), spent(f"{name}2024")) for name in ("甲局", "乙局")}
    found = ask(database, 1)
    assert {row[0]: row[2:4] for row in found} == changes
    assert [row[4] for row in found] == sorted(
        (new - old for old, new in changes.values()), key=abs, reverse=True
    )


def test_rank_by_three_public_expenses(database: Path) -> None:
    found = ask(database, 2)
    expected = {
        (int(raw["年度"]), raw["单位名称"]): raw["表"][THREE]["决算数"]["合计"]
        for raw in documents().values()
    }
    assert {row[:2]: row[2] for row in found} == expected
    assert [row[0] for row in found] == [2024, 2024, 2024, 2023, 2023]
    assert [row[2] for row in found[:3]] == sorted((row[2] for row in found[:3]), reverse=True)


def test_sums_by_class(database: Path) -> None:
    expected: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for raw in documents().values():
        for row in raw["表"]["支出决算表"]["明细"]:
            if len(row["科目编码"]) == 7:
                expected[int(raw["年度"]), row["科目编码"][:3]] += row["本年支出合计"]
    assert {(row[0], row[1]): row[4] for row in ask(database, 3)} == expected


def test_rules_that_fail_most(database: Path) -> None:
    found = ask(database, 4)
    assert found
    assert [row[3] for row in found] == sorted((row[3] for row in found), reverse=True)
    assert all(row[3] <= row[4] for row in found)


def test_books_that_could_not_be_read(database: Path) -> None:
    ((state, name, unit, reason),) = ask(database, 5)
    assert (state, name, unit) == ("失败", "坏.xlsx", None)
    assert "不是 Excel 工作簿" in reason


def test_rounding_residues(database: Path) -> None:
    found = ask(database, 6)
    assert {row[0] for row in found} >= {"乙局"}
    assert [row[2] for row in found] == sorted((row[2] for row in found), reverse=True)


def test_units_that_handed_in_twice(database: Path) -> None:
    assert ask(database, 7) == [("乙局", 2024, 2, 1, "乙局2024.xlsx；乙局2024（改）.xlsx")]


def test_more_spent_than_planned(database: Path) -> None:
    found = {(row[0], row[2]): row[3:6] for row in ask(database, 8)}
    assert found["丙局", "合计"] == (5, 6, 1)
    assert found["丙局", "公务接待费"] == (1, 2, 1)


def test_what_is_carried_over(database: Path) -> None:
    found = ask(database, 9)
    assert [row[4] for row in found] == sorted((row[4] for row in found), reverse=True)
    for row in found:
        table = documents()[f"{row[0]}{row[1]}"]["表"]["收入支出决算总表"]["支出"]
        assert row[2:4] == (table["年末结转和结余"], table["总计"])


def test_what_to_look_at_first(database: Path) -> None:
    found = ask(database, 10)
    assert found[0][0] == "丙局2024.xlsx"
    assert "坏.xlsx" in [row[0] for row in found]
    assert all(row[3] != "合格" for row in found)
    opened = {"丙局2024.xlsx": 0, "甲局2024.xlsx": 1, "坏.xlsx": None}
    assert {row[0]: row[-1] for row in found} == opened
