"""No text of a CSV file begins a formula in Excel, whatever blanks and breaks it hides behind."""

from __future__ import annotations

import pyarrow as pa
import pytest

from xltool.batch.sinks.csvfiles import guarded
from xltool.core.csvfile import no_formula

BEFORE = ("", "\n", "\r\n", "\r", "\t", " ", "\v", "\u00a0", "\u3000", "\u2028", "\ufeff", "\n \n")


@pytest.mark.parametrize("before", BEFORE, ids=repr)
@pytest.mark.parametrize("sign", "=+-@")
def test_a_formula_gets_its_apostrophe(before: str, sign: str) -> None:
    text = f"{before}{sign}cmd|' /C calc'!A0"
    assert guarded(pa.chunked_array([[text]])).to_pylist() == [f"'{text}"]
    assert no_formula(text) == f"'{text}"


def test_other_texts_stay() -> None:
    texts = ["一般公共服务支出", "a=1", "5\n=1", "（=）", "", None]
    assert guarded(pa.chunked_array([texts])).to_pylist() == texts
    assert [text and no_formula(text) for text in texts] == texts
