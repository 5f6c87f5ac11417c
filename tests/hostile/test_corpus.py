"""Whatever people put into the folder: converted exactly, or refused with a reason; and nothing else happens."""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

import pytest

from tests.hostile.case import Case
from tests.hostile.conftest import Run
from tests.hostile.files import ARCHIVED, UNITS
from xltool.core.texts import visible
from xltool.reading import examine
from xltool.reading.facts import facts

CHINESE = re.compile("[\u4e00-\u9fff]")
INTERNAL = re.compile(r"Traceback|程序出错|Error\b|Exception|意外结束|<xltool")
GROUPS = ("截断", "密码", "炸弹", "谎报", "包装", "实体", "庞大", "怪值", "编码", "结构", "公式")
OTHER_GROUPS = ("不是工作簿", "改名", "名字", "单位")


@lru_cache(maxsize=64)
def expected_facts(book: bytes) -> list[tuple[object, ...]]:
    """The facts of a good workbook, as the table has them."""
    return list(facts(examine(book)).rows())


def unclear(row: dict[str, object]) -> str | None:
    """What is wrong with what is said of a book, or None."""
    reason = str(row["原因"] or "")
    if row["状态"] == "成功":
        return "a reason for success" if reason else None
    if not CHINESE.search(reason) or INTERNAL.search(reason):
        return f"{row['状态']} without a clear reason: {reason[:300]}"
    return None


def judged(case: Case, run: Run) -> str | None:
    """What is wrong with the outcome of a case, or None."""
    row = run.books.get(case.shown)
    if row is None:
        return "no row"
    if fault := unclear(row):
        return fault
    if row["状态"] not in case.state.split():
        return f"{row['状态']} instead of {case.state}: {str(row['原因'])[:300]}"
    if row["状态"] != "成功":
        missing = [word for word in case.said if word not in str(row["原因"])]
        return f"not said {missing}: {str(row['原因'])[:300]}" if missing else None
    if case.facts_of is not None and run.facts.get(case.name) != expected_facts(case.facts_of):
        return "other facts"
    return None


@pytest.mark.parametrize("group", [*GROUPS, *OTHER_GROUPS])
def test_each_file_is_converted_exactly_or_refused_with_a_reason(
    group: str, cases: list[Case], run: Run
) -> None:
    chosen = [case for case in cases if case.name.startswith(f"{group}/")]
    faults = {case.name: fault for case in chosen if (fault := judged(case, run))}
    assert chosen and not faults, "\n".join(f"{name}: {said}" for name, said in faults.items())


def test_every_file_of_the_corpus_belongs_to_a_group(cases: list[Case]) -> None:
    assert {case.name.partition("/")[0] for case in cases} == {*GROUPS, *OTHER_GROUPS, "压缩"}


def test_names_in_archives_are_made_harmless(cases: list[Case], run: Run) -> None:
    good = next(case for case in cases if case.name == "压缩/危险的名字.zip").facts_of
    assert good is not None
    shown = [f"压缩/危险的名字.zip!/{name}" for name in ARCHIVED.values()]
    for name in (*shown, "压缩/本地编码.zip!/县局/甲单位.xlsx"):
        assert run.books[name]["状态"] == "成功", name
        assert run.facts[name] == expected_facts(good), name


def test_things_that_are_no_files(run: Run, places: dict[str, tuple[str, str]]) -> None:
    faults = []
    for name, (state, said) in places.items():
        row = run.books.get(name)
        if row is None:
            faults.append(f"{name[:60]}: no row")
        elif row["状态"] != state or unclear(row) or said not in str(row["原因"]):
            faults.append(f"{name[:60]}: {row['状态']} {row['原因']}")
    found = {name for name in run.books if name.startswith("怪文件/")}
    assert not faults and found == places.keys(), "\n".join([*faults, *(found - places.keys())])


def test_names_of_units_are_kept_as_they_are(run: Run) -> None:
    read = [run.books[f"单位/{number}.xlsx"]["单位名称"] for number in range(len(UNITS))]
    assert read == [visible(unit) for unit in UNITS]


def test_the_run_ends_with_a_summary(run: Run) -> None:
    assert run.code == 1 and "Traceback" not in run.err + run.out
    assert f"共 {len(run.books)} 份工作簿" in run.out
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", run.out), "control characters in the summary"


def test_nothing_is_written_outside_the_output(run: Run, cases: list[Case]) -> None:
    here = run.room
    assert sorted(path.name for path in (here / "out").iterdir()) == ["结果"]
    for folder in ("home", "here", "temp"):
        assert not list((here / folder).iterdir()), folder
    assert sorted(path.name for path in here.iterdir()) == ["corpus", "here", "home", "out", "temp"]
    left = {Path(folder, name) for folder, _, names in os.walk(here / "corpus") for name in names}
    ours = {here / "corpus" / case.name for case in cases}
    assert ours <= left
    assert {path.relative_to(here / "corpus").parts[0] for path in left - ours} <= {"怪文件"}
    digests = {name: hashlib.sha256((here / "corpus" / name).read_bytes()) for name in run.hashes}
    assert {name: digest.hexdigest() for name, digest in digests.items()} == run.hashes
