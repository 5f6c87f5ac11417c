"""Texts that people wrote in the manner of four provinces, on one unit: right ones pass, changed words are found."""

from __future__ import annotations

import pytest

from benchmarks.paraphrases import FOLDER, checked, faults, planted, written

TEXTS = dict(written())
_EVERY = 7
"""Every n-th change is tried here; benchmarks/paraphrases.py tries all."""


def test_there_are_more_than_a_hundred_sentences_of_four_provinces() -> None:
    assert len(TEXTS) >= 4
    assert sum(line.count("。") for lines in TEXTS.values() for line in lines) >= 100


@pytest.mark.parametrize("province", TEXTS)
def test_a_right_text_passes_with_every_number_checked(province: str) -> None:
    result = checked(TEXTS[province])
    assert faults(result) == {}
    assert [s.words for s in result.unchecked] == []


@pytest.mark.parametrize("province", TEXTS)
def test_each_change_is_found(province: str) -> None:
    lines = TEXTS[province]
    clean = faults(checked(lines))
    changes = list(planted(lines))[::_EVERY]
    missed = [c.words for c in changes if not faults(checked(c.lines)) - clean]
    assert missed == []
    assert len(changes) > 20


@pytest.mark.parametrize(
    ("name", "open_"),
    [("湖北", 4), ("中央", 2), ("北京", 1), ("湖南", 8), ("云南", 9), ("江苏", 20)],
)
def test_texts_with_numbers_that_nothing_tells(name: str, open_: int) -> None:
    """Some of their numbers stand in no table and no file: those are listed, the others are checked."""
    lines = (FOLDER / "more" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    result = checked(lines)
    assert {rule for rule, _ in faults(result)} <= {"N5-03"}, "they leave out some 科目"
    assert len(list(result.unchecked)) <= open_
    assert result.total > 90
