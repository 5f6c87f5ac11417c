"""A unit's 自评表 in a file of its own is held against its 决算表, in `review` and in `convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import xltool
from tests.support.terminal import xltool as run
from tests.test_together import RULES, split
from xltool.batch import worker
from xltool.batch.discovered import find_books
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import process
from xltool.batch.source import Source
from xltool.batch.task import Beside, Options
from xltool.batch.together import BookHead, companions


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "本局.yaml"
    path.write_text(RULES, encoding="utf-8", newline="\n")
    return path


def outcomes(folder: Path, rules: Path) -> dict[tuple[str, str], str]:
    table = xltool.frames(folder, validate=True, rules=rules)["outcomes"]
    rows = zip(table["文件"], table["规则"], table["结论"], strict=True)
    return {(file, rule): outcome for file, rule, outcome in rows}


def test_the_books_of_a_unit_are_judged_together(tmp_path: Path, rules: Path) -> None:
    for place, spent in (("甲", ""), ("乙", "29"), ("丙", "")):
        split(tmp_path / "报送" / place, spent=spent)
    (tmp_path / "报送" / "丙" / "自评表.xlsx").unlink()
    found = outcomes(tmp_path / "报送", rules)
    told = {
        place: [found[f"{place}/九张表.xlsx", rule] for rule in ("B-1", "B-3", "X-17")]
        for place in "甲乙丙"
    }
    assert told == {
        "甲": ["通过", "通过", "通过"],
        "乙": ["通过", "不符", "不符"],
        "丙": ["不符", "数据不足", "不适用"],
    }
    assert (
        len([name for name, rule in found if rule == "B-3" and name.endswith("九张表.xlsx")]) == 3
    )
    assert found["甲/自评表.xlsx", "B-1"] == "通过"


def test_a_review_says_where_they_differ(tmp_path: Path, rules: Path) -> None:
    split(tmp_path / "报送" / "甲", spent="29")
    line = ("review", "报送", "-o", "审核", "--rules", "本局.yaml", "--jobs", "1")
    told = run(*line, folder=tmp_path)
    assert "B-3（1 份）" in told.out, told.out + told.err


def head(name: str, unit: str, *tables: str, code: str = "", digest: str = "") -> BookHead:
    return BookHead(name, digest or name, unit, code, 2024, frozenset(tables or ("支出决算表",)))


def paired(*heads: BookHead) -> tuple[dict[str, list[str]], list[str]]:
    sources = {h.name: Source(h.name, h.name) for h in heads}
    beside, lost = companions(heads, sources)
    which = {name: [source.name for source in found.books] for name, found in beside.items()}
    return which, [name for passed in lost for name in passed.which]


def test_whose_a_book_is_is_told_by_code_name_and_folder_and_never_guessed() -> None:
    own = "部门整体绩效自评表"
    assert paired(head("a/1", "甲局"), head("b/2", "甲局", own)) == ({"a/1": ["b/2"]}, [])
    # another name, but the only unit of the folder
    assert paired(head("a/1", "甲局"), head("a/2", "甲局机关", own)) == ({"a/1": ["a/2"]}, [])
    assert paired(head("a/1", "甲局"), head("a/3", "乙局"), head("a/2", "丙", own)) == ({}, ["a/2"])
    # two units of one name
    same = head("甲区/1", "小学"), head("乙区/1", "小学")
    assert paired(*same, head("乙区/2", "小学", own)) == ({"乙区/1": ["乙区/2"]}, [])
    assert paired(*same, head("丙/2", "小学", own)) == ({}, ["丙/2"])
    # codes come first
    coded = head("a/1", "小学", code="1"), head("b/1", "小学", code="2")
    assert paired(*coded, head("c/2", "改名", own, code="2")) == ({"b/1": ["c/2"]}, [])
    assert paired(coded[0], head("a/2", "改名", own, code="9")) == ({}, [])
    # handed in anew, and copies of one file
    assert paired(head("a/1", "甲局"), head("a/1改", "甲局"), head("a/2", "甲局", own))[0] == {
        "a/1": ["a/2"],
        "a/1改": ["a/2"],
    }
    twice = head("a/2", "甲局", own, digest="x"), head("a/3", "甲局", own, digest="x")
    assert paired(head("a/1", "甲局"), *twice)[0] == {"a/1": ["a/2"]}


def test_a_book_that_cannot_be_done_together_stands_as_done_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split(tmp_path / "报送" / "甲")
    read = worker._read

    def odd(row: Any, content: bytes, source: Source, options: Options, beside: Beside) -> None:
        if beside.books:
            raise ZeroDivisionError("together")
        read(row, content, source, options, beside)

    monkeypatch.setattr(worker, "_read", odd)
    found = find_books([str(tmp_path / "报送")]).sources
    with WorkFolder(tmp_path / "出") as work:
        done = process(found, work, Options(validate=True), jobs=1, here=True)
        books = [row for batch in done.batches() for row in batch.books.to_pylist()]
        work.remove()
    assert [row["状态"] for row in books] == ["成功", "成功"]
    assert "九张表.xlsx（程序出错：ZeroDivisionError: together）" in str(done.unread_prior[0])
