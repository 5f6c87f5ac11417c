"""An earlier review: what is corrected, what is new, what is still open, and what nobody checked again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.review.support import Links, Review
from xltool.problems import InputError
from xltool.review.compare import STATES, Findings, compare, earlier

Row = dict[str, Any]


def findings(*units: Row) -> Findings:
    """Findings of units: `name`, `read`, failing places, rules that were not checked."""
    found = Findings()
    for unit in units:
        base = {"文件": f"{unit['name']}.xlsx", "单位名称": unit["name"]}
        found.book({**base, "结论": "不合格" if unit.get("read", True) else None})
        for place in unit.get("fails", ""):
            row = {
                "规则": f"R{place}",
                "级别": "必须相符",
                "结论": "不符",
                "表": "总表",
                "位置": place,
            }
            found.finding({**base, **row, "说明": f"{place} 不符"})
        for rule in unit.get("open", ""):
            found.outcome({**base, "规则": f"R{rule}", "数据不足": 1, "未执行": 0})
    return found


def states(old: Row, new: Row) -> dict[str, str]:
    """What became of each place of one unit."""
    lines = compare(findings(old), findings(new)).lines
    return {line.place.where: line.state for line in lines}


def test_each_failure_is_corrected_new_or_still_open() -> None:
    found = states({"name": "甲", "fails": "ab"}, {"name": "甲", "fails": "bc"})
    assert found == {"a": "已改正", "b": "仍未改正", "c": "新增"}


def test_what_was_not_checked_is_not_corrected() -> None:
    assert states({"name": "甲", "fails": "ab"}, {"name": "甲", "open": "a"}) == {
        "a": "未能核对",
        "b": "已改正",
    }
    assert states({"name": "甲", "fails": "a"}, {"name": "甲", "read": False}) == {"a": "未能核对"}


def test_two_failures_at_one_place_are_counted() -> None:
    found = compare(findings({"name": "甲", "fails": "aa"}), findings({"name": "甲", "fails": "a"}))
    assert Counter(line.state for line in found.lines) == {"仍未改正": 1, "已改正": 1}


def test_units_are_matched_by_name_whatever_their_file() -> None:
    found = compare(
        findings({"name": "甲局 ", "fails": "a"}, {"name": "丙"}),
        findings({"name": "甲局", "fails": "a"}, {"name": "乙", "fails": "a"}),
    )
    assert [line.state for line in found.lines] == ["仍未改正"]
    assert (found.missing, found.added) == (["丙"], ["乙"])
    assert found.of("乙") is None


def test_two_real_rounds(second: Review) -> None:
    changes = second.done.changes
    assert changes is not None
    first_round, second_round = changes.of("甲局"), changes.of("乙局")
    assert first_round is not None and set(first_round) == {"已改正"}
    assert second_round is not None and set(second_round) == {"仍未改正"}
    third = changes.of("丙局")
    assert third is not None and set(third) == {"新增"}
    assert [name.casefold() for name in changes.missing] == ["con"]
    assert changes.added == []
    (unread,) = (
        line.unit for line in changes.lines if "丁" in line.unit and line.place.rule == "T01-03"
    )
    lost = changes.of(unread)
    assert lost is not None and set(lost) == {"未能核对"}


def test_the_page_shows_the_counts(second: Review) -> None:
    changes = second.done.changes
    assert changes is not None
    head, *rows = Links(second.page).rows
    first = [title.strip() for title in head].index("新增")
    shown = {row[0].split()[0]: row[first : first + len(STATES)] for row in rows}
    for unit in ("甲局", "乙局", "丙局"):
        counts = changes.of(unit)
        assert counts is not None
        assert shown[unit] == [str(counts[state] or "") for state in STATES]


def test_a_folder_that_is_no_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"审核\.duckdb"):
        earlier(tmp_path)
    (tmp_path / "审核.duckdb").write_bytes(b"no database")
    with pytest.raises(InputError, match="读不了"):
        earlier(tmp_path)
