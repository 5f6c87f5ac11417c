"""What the page says of what cannot be filled in speaks of what is on the page, never of the command line."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.test_derive import ALL, FIRST, document, figures, rows
from tests.web.running import finished, put

HEADS = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元"}
ROWS = [{"科目编码": "2010301", "基本支出": 5000}]
BROKEN = {"合计": {"本年支出合计": 1}, "明细": ROWS}
UNFIT: dict[str, tuple[str, str]] = {
    "填的合计不对": (
        "数.json",
        json.dumps({**HEADS, "表": {"支出决算表": BROKEN}}, ensure_ascii=False),
    ),
    "空的数据文档": ("数.json", " "),
    "语法错": ("数.json", "{"),
    "不是数据文档": ("数.json", "[1]"),
}


def without_commands(said: str) -> None:
    assert said
    assert "--" not in said, said
    assert "xltool" not in said, said


@pytest.mark.parametrize("name", UNFIT)
def test_what_cannot_be_filled_in(client: httpx.Client, name: str) -> None:
    file, text = UNFIT[name]
    put(client, file, text.encode())
    said = "".join(finished(client)[0]["problems"])
    without_commands(said)
    assert "/" not in said, said


def test_a_rule_that_an_assumption_breaks() -> None:
    typed = rows({"科目编码": FIRST, "基本支出": 5000})
    _, told = figures(document(支出决算表={"合计": {"本年支出合计": 1}, **typed}), *ALL)
    assert told.contradictions
    for problem in told.contradictions:
        without_commands(problem.on_page("数.json"))
