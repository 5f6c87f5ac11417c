"""What a verdict rests on: rules that were eased, sums, magnitudes, checks that had nothing to look at."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import fill_raw
from tests.support.documents import make
from tests.support.editing import edited
from tests.support.terminal import xltool
from xltool.checks import Validation, validate
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import dumps
from xltool.ooxml import Editor
from xltool.reporting.json import report
from xltool.reporting.summary import summary

BOOK = SAMPLES / "sgb-2024.xlsx"
TOTAL = ("收入支出决算总表", "D33")


def rules(folder: Path, text: str) -> Path:
    path = folder / "本局.yaml"
    path.write_text(f"rules:\n{text}", encoding="utf-8", newline="\n")
    return path


def test_rules_that_were_eased_stand_beside_the_verdict(tmp_path: Path) -> None:
    def spoil(editor: Editor) -> None:
        editor.set(*TOTAL, Decimal("999"), over_formula=True)

    book = edited(BOOK.read_bytes(), spoil)
    eased = "  T01-04: {level: info}\n  T01-05: null\n  X-01: {expr: 总表.收入.本年收入合计 >= 0}\n"
    validation = validate(book, rules=rules(tmp_path, eased))
    assert validation.terms.changes == (("T01-05",), ("T01-04",), ("X-01",), ())
    for words in ("取消了T01-05", "降低了T01-04", "改写了X-01"):
        assert words in summary(validation)
    told = report(validation)["terms"]
    assert (told["removed"], told["lowered"], told["rewritten"]) == (
        ["T01-05"],
        ["T01-04"],
        ["X-01"],
    )


def test_limits_of_rules_come_from_a_file_and_stand_beside_the_verdict(tmp_path: Path) -> None:
    eased = "  T01-04: {tolerance: 1}\n  P-04: {percent: 20%, level: info}\n"
    own = rules(tmp_path, eased)
    validation = validate(BOOK, rules=own)
    said = "改了界限T01-04（容差四舍五入的误差以内改为1）、P-04（10%改为20%）"
    assert said in summary(validation)
    assert len(report(validation)["terms"]["limits"]) == 2
    assert "改写了" not in summary(validation)
    shown = xltool("rules", "show", "P-04", "--rules", own, folder=tmp_path)
    assert "20% * 上年.总表.收入.总计" in shown.out and "10%" not in shown.out

    def spoil(editor: Editor) -> None:
        editor.set(*TOTAL, Decimal("308.32"), over_formula=True)

    book = edited(BOOK.read_bytes(), spoil)
    failed = {f.rule for f in validate(book).findings if f.outcome == "不符"}
    loose = {f.rule for f in validate(book, rules=own).findings if f.outcome == "不符"}
    assert "T01-05" in failed or "T01-04" in failed
    assert "T01-04" not in loose


def test_limits_that_cannot_be_set_are_told_at_once(tmp_path: Path) -> None:
    text = "  T01-04: {percent: 20%}\n  C-02: {tolerance: 1}\n  P-04: {percent: 20%, expr: 0 = 0}\n"
    with pytest.raises(InputError) as caught:
        validate(BOOK, rules=rules(tmp_path, text))
    told = "\n".join(map(str, caught.value.problems))
    assert "T01-04：这条规则的算式里没有百分数" in told and "C-02：这条规则由程序检查" in told
    assert "P-04：百分数写在算式里" in told


def test_further_rules_and_the_usual_ones_are_no_change(tmp_path: Path) -> None:
    more = "  BJ-01: {name: 有支出, expr: 总表.支出.总计 > 0}\n  X-15: {level: error}\n"
    validation = validate(BOOK, rules=rules(tmp_path, more))
    assert validation.terms.words == []
    assert validate(BOOK).terms.words == []


def test_an_edition_of_ones_own_is_held_against_the_rules_of_the_tool(tmp_path: Path) -> None:
    edition = tmp_path / "本地"
    edition.mkdir()
    (edition / "edition.yaml").write_text(
        "extends: 2024-shanghai\n", encoding="utf-8", newline="\n"
    )
    (edition / "rules.yaml").write_text("rules:\n  X-02: null\n", encoding="utf-8", newline="\n")
    assert "取消了X-02" in summary(validate(BOOK, str(edition)))


def test_what_was_left_out_stands_there_too() -> None:
    validation = validate(BOOK, skip=("C-02",))
    assert "没有做C-02" in summary(validation)
    assert report(validation)["terms"]["skip"] == ["C-02"]


def test_a_sum_has_no_more_units_than_could_have_spent_it() -> None:
    assert "尾差按12个单位相加放宽" in summary(validate(BOOK, summed=12))
    assert "尾差按2个单位相加放宽" in summary(validate(BOOK, summed=2))
    assert "相加放宽" not in summary(validate(BOOK))
    with pytest.raises(InputError, match="不会是5000个单位相加的"):
        validate(BOOK, summed=5000)


def _unit(unit: str) -> dict[str, Any]:
    return make(12, "2024-shanghai", details=12, unit=unit)


def _mistaken(folder: Path, unit: str) -> Validation:
    """The book of a unit whose amounts are all in the other unit than they say."""
    raw = _unit({"元": "万元", "万元": "元"}[unit])
    raw["金额单位"] = unit
    return validate(fill_raw(raw, folder / f"{unit}.xlsx").files[0])


def test_a_whole_book_in_the_wrong_unit_waits_for_a_persons_word(tmp_path: Path) -> None:
    validation = _mistaken(tmp_path, "万元")
    assert validation.verdict == "未完成审核"
    assert {f.rule for f in validation.findings if f.failed and f.level == "error"} == {"C-05"}


def test_c04_passes_only_what_it_can_see(tmp_path: Path) -> None:
    raw = _unit("万元")
    book = fill_raw(raw, tmp_path / "本年.xlsx").files[0]
    line = validate(book).ledger.lines["C-04"]
    assert (line.outcome, line.blocks) == ("未执行", False)
    assert validate(book).verdict == "合格"
    raw["年度"] -= 1
    prior = tmp_path / "上年.json"
    prior.write_text(dumps(raw), encoding="utf-8", newline="\n")
    assert validate(book, prior=prior).ledger.lines["C-04"].outcome == "通过"


def test_a_jump_against_last_year_waits_for_a_persons_word(tmp_path: Path) -> None:
    book = fill_raw(_unit("万元"), tmp_path / "本年.xlsx").files[0]
    before = _unit("元")
    before["年度"] -= 1
    before["金额单位"] = "万元"
    prior = tmp_path / "上年.json"
    prior.write_text(dumps(before), encoding="utf-8", newline="\n")
    validation = validate(book, prior=prior)
    assert validation.verdict == "未完成审核"
    assert [f.rule for f in validation.findings if f.level == "error" and f.failed] == ["P-06"]


def test_fill_tells_of_amounts_that_do_not_go_with_their_unit(tmp_path: Path) -> None:
    raw = _unit("元")
    data = tmp_path / "数据.json"
    for unit, told in (("万元", True), ("元", False)):
        data.write_text(dumps(raw | {"金额单位": unit}), encoding="utf-8", newline="\n")
        done = xltool("fill", data, "-o", tmp_path / f"{unit}.xlsx", folder=tmp_path)
        assert done.code == 0
        assert ("核对金额单位" in done.err) is told


def test_names_are_compared_only_where_two_tables_print_one() -> None:
    line = validate(BOOK).ledger.lines["ALL-04"]
    assert (line.outcome, line.blocks) == ("未执行", False)
    beiguan = validate(SAMPLES / "beiguan-2021.xlsx")
    (found,) = (f for f in beiguan.findings if f.rule == "ALL-04")
    assert found.confirm
    assert "北关区政务服务和大数据局" in found.message


def test_json_says_what_a_rule_that_was_not_made_means() -> None:
    rules_of = {r["rule"]: r for r in json.loads(dumps(report(validate(BOOK))))["ledger"]["rules"]}
    assert rules_of["P-06"]["blocks"] is False
    assert rules_of["P-06"]["outcome"] == "未执行"


def test_what_was_audited_is_what_ended_one_way_or_the_other() -> None:
    ledger = validate(BOOK).ledger
    ended = [o for line in ledger.lines.values() if (o := line.outcome) != "不适用"]
    assert ledger.applicable == len(ended)
    assert ledger.audited == sum(o in ("通过", "尾差", "不符") for o in ended)
    assert 0 < ledger.audited < ledger.applicable
    assert f"适用的{ledger.applicable}条规则审核了{ledger.audited}条" in summary(validate(BOOK))
