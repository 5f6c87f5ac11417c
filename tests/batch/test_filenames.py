"""File names made of the names of books."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.batch.filenames import FileNames, safe_stem


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("县局_甲单位.xlsx", "县局_甲单位.xlsx"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("NUL", "_NUL"),
        ("com1.xlsx", "_com1.xlsx"),
        ("aux .某局", "_aux .某局"),
        ("console.xlsx", "console.xlsx"),
        ("..", "_"),
        (" 尾. ", "尾"),
        ("", "_"),
    ],
)
def test_what_windows_forbids_is_replaced(text: str, stem: str) -> None:
    assert safe_stem(text) == stem


def test_long_names_stay_apart() -> None:
    one, other = safe_stem("长" * 300 + "一"), safe_stem("长" * 300 + "二")
    assert one != other
    assert max(len(one.encode()), len(other.encode())) < 240


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    names = FileNames()
    taken = [names.take(text, ".json") for text in ("A.xlsx", "a.xlsx", "Ａ.xlsx", "A.xlsx")]
    assert taken == ["A.xlsx.json", "a.xlsx~2.json", "Ａ.xlsx~3.json", "A.xlsx~4.json"]


@given(st.lists(st.text(max_size=200), max_size=8))
def test_every_text_gives_a_name_of_its_own(texts: list[str]) -> None:
    names = FileNames()
    taken = [names.take(text, ".json") for text in texts]
    assert len({name.casefold() for name in taken}) == len(texts)
    for name in taken:
        assert len(name.encode()) <= 255
        assert not set(name) & set('<>:"/\\|?*\0\n')
        assert name.strip(" .") == name
