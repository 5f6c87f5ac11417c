"""科目编码 stored as numbers: SUMIF patterns do not find them in Excel."""

from __future__ import annotations

import pytest

from tests.unearned.books import FUNDS, GENERAL, INCOME, SPENDING, STATE, sound
from tests.unearned.edits import Edit, changed, put
from tests.unearned.trial import unearned


def numbers(*sheets: str, only: str = "", code: str | None = None) -> Edit:
    def edit(book) -> None:  # type: ignore[no-untyped-def]
        for name in sheets:
            for cell in book[name]["A"]:
                if (
                    isinstance(cell.value, str)
                    and cell.value.isdigit()
                    and cell.value.startswith(only)
                ):
                    cell.value = int(cell.value)
                    if code is not None:
                        cell.number_format = code

    return edit


ATTEMPTS: dict[str, tuple[Edit, str]] = {
    "收入表": (numbers(INCOME), "公开02"),
    "支出表": (numbers(SPENDING), "公开03"),
    "一般公共": (numbers(GENERAL), "公开05"),
    "基金表": (numbers(FUNDS), "公开07"),
    "国资表": (numbers(STATE), "公开08"),
    "各表": (numbers(INCOME, SPENDING, GENERAL, FUNDS, STATE), "公开03"),
    "只有一格": (numbers(SPENDING, only="2010302"), "公开03"),
    "只有类": (numbers(SPENDING, only="208", code="000"), "公开03"),
    "文本格式的数字": (numbers(SPENDING, code="@"), "公开03"),
    "补零格式的数字": (numbers(SPENDING, code="0000000"), "公开03"),
    "公式得出的数字": (put(SPENDING, {"A@2010302": "=2010301+1"}), "公开03"),
    "小数": (put(SPENDING, {"A@2010302": 2010302.0}), "公开03"),
    "科学记数的文字": (put(SPENDING, {"A@2010302": "2.010302E6"}), "公开03"),
}  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_code_that_is_a_number_is_named(attempt: str) -> None:
    edit, naming = ATTEMPTS[attempt]
    unearned(changed(sound(), edit), naming=naming)
