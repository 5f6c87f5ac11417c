"""`xltool narrative write`: texts that pass the check, with every number checked; slips planted in them are found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.narratives import KINDS, checked, faults, texts
from tests.support.terminal import ended
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.narrative.book import tables_of, validated
from xltool.narrative.facts import NarrativeFacts, load_facts
from xltool.narrative.writing.compose import choose_style, compose, styles


@pytest.fixture(scope="module")
def written():
    return list(texts(7, 6))


def test_a_written_text_passes_with_every_number_checked(written) -> None:
    for tables, facts, text in written:
        result = checked(text, tables, facts)
        assert faults(result) == {}
        assert [s.words for s in result.unchecked] == []
        assert result.total > 30


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_slip_is_found(written, kind: str) -> None:
    rng = random.Random(3)
    tried = 0
    for tables, facts, text in written:
        changed = KINDS[kind](text, rng)
        if changed is not None:
            tried += 1
            assert faults(checked(changed, tables, facts)), changed
    assert tried


def test_every_style_fills_in(written) -> None:
    tables, facts, _ = written[0]
    assert {"河南", "通用", "上海", "四川", "浙江", "中央"} == set(styles())
    for style in styles().values():
        assert faults(checked(compose(tables, facts, style).text, tables, facts)) == {}


def test_what_only_a_person_knows_is_marked_and_listed() -> None:
    tables = tables_of(validated(SAMPLES / "sgb-2024.json"))
    composed = compose(tables, NarrativeFacts(), choose_style(None, "2024-shanghai"))
    assert "政府采购支出情况" in composed.missing
    assert "【待写：政府采购支出情况】" in composed.text
    told = {f.finding.rule for f in checked(composed.text, tables, NarrativeFacts()).findings}
    assert told == {"N0-09"}


def test_without_last_year_nothing_is_said_of_it() -> None:
    tables = tables_of(validated(SAMPLES / "beiguan-2021.json"))
    text = compose(tables, NarrativeFacts(), choose_style(None, "2021-national")).text
    assert "上年" not in text


def test_a_year_without_base_has_no_rate() -> None:
    prior = {
        "版本": "2024-shanghai",
        "单位名称": "中共上海市普陀区委社会工作部",
        "年度": 2023,
        "金额单位": "万元",
    }
    prior["表"] = {"收入支出决算总表": {"收入": {"总计": 0}, "支出": {"总计": 0}}}
    from xltool.documents.load import from_raw

    report, _ = from_raw(prior)
    tables = tables_of(validated(SAMPLES / "sgb-2024.json", prior=report))
    facts = NarrativeFacts({"原因": {"收支总计": "本年新成立"}})
    text = compose(tables, facts, choose_style(None, "2024-shanghai")).text
    assert "增加307.82万元（2023年度没有这项收支，无可比性）。主要原因是本年新成立。" in text
    assert "增长100" not in text


def test_facts_are_checked_by_their_schema(tmp_path: Path) -> None:
    path = tmp_path / "事实.yaml"
    path.write_text("采购: {货物: 多}\n车量: {}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_facts(path)
    assert len(error.value.problems) == 2


def test_word_document(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    out = tmp_path / "说明.docx"
    done = ended(
        "narrative",
        "write",
        str(SAMPLES / "beiguan-2021.xlsx"),
        "-o",
        str(out),
    )
    assert "待人写的有" in done.stderr
    paragraphs = docx.Document(str(out)).paragraphs
    assert paragraphs[0].text == "安阳市北关区大数据局2021年度部门决算情况说明"
    assert paragraphs[1].style.name == "Heading 2"
    ended(
        "narrative",
        "check",
        str(out),
        str(SAMPLES / "beiguan-2021.xlsx"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [", "不是合法的 YAML"), ("a: 1\na: 2\n", "写了两次"), ("[1]", "事实.yaml")],
)
def test_facts_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "事实.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_facts(path)
    assert said in str(refusal.value)


def test_a_number_without_end_is_no_fact(tmp_path: Path) -> None:
    path = tmp_path / "事实.yaml"
    path.write_text("预算:\n  三公: 1e999999999\n", encoding="utf-8")
    with pytest.raises(InputError):
        load_facts(path)
