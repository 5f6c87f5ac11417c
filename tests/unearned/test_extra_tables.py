"""Tables beside those of the editions: what is wrong in one column, or between two of them, is named."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest

from tests.unearned.books import BASIC, document, values
from tests.unearned.edits import Edit, both, changed, extra, opened, put
from tests.unearned.ownform import own_form
from tests.unearned.trial import judged, stands
from xltool.checks import validate
from xltool.reading import examine

HEADS = ["编制单位：临江县水务局", "2024年度", "单位：万元"]
DETAIL, BALANCE, RUNNING, THREE = "g10明细", "g11收支", "g12运行", "g13三公"


def _spent() -> dict[str, tuple[Decimal, Decimal]]:
    """基本支出 and 项目支出 of every code of 一般公共预算, and of 合计 under ""."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for row in document()["表"]["一般公共预算财政拨款支出决算表"]["明细"]:
        amounts = row.get("基本支出", Decimal(0)), row.get("项目支出", Decimal(0))
        for length in (0, 3, 5, 7):
            above = found.setdefault(row["科目编码"][:length], (Decimal(0), Decimal(0)))
            found[row["科目编码"][:length]] = above[0] + amounts[0], above[1] + amounts[1]
    return dict(sorted(found.items()))


def _detail() -> list[list[Any]]:
    """Half of every amount for 基本工资, the other half for 办公费."""
    rows: list[list[Any]] = [
        ["一般公共预算财政拨款支出决算明细表"],
        HEADS,
        ["科目编码", "科目名称", "合计", "工资福利支出", None, "商品和服务支出", None],
        [None, None, None, "小计", "基本工资", "小计", "办公费"],
    ]
    for code, (basic, project) in _spent().items():
        half = (basic + project) / 2
        rows.append([code or "合计", None, basic + project, half, half, half, half])
    return rows


def _balance() -> list[list[Any]]:
    """Nothing is carried over; three quarters of 基本支出 are for people."""
    rows: list[list[Any]] = [
        ["一般公共预算财政拨款收入支出决算表"],
        HEADS,
        [
            "科目编码",
            "科目名称",
            "年初结转和结余",
            "本年收入",
            *[None] * 2,
            "本年支出",
            *[None] * 4,
            "年末结转和结余",
        ],
        [*[None] * 3, *("合计", "基本支出", "项目支出") * 2, "人员经费", "日常公用经费"],
    ]
    for code, (basic, project) in _spent().items():
        amounts = basic + project, basic or None, project or None
        people = (3 * basic / 4, basic / 4) if basic else ()
        rows.append([code or "合计", None, None, *amounts, *amounts, *people])
    return rows


def _three(title: str) -> list[list[Any]]:
    return [
        [title],
        HEADS,
        ["项目", "预算数", "统计数"],
        ["（一）支出合计", 7, 6],
        ["1．因公出国（境）费", 0, 0],
        ["2．公务用车购置及运行维护费", 5, 4.5],
        ["（1）公务用车购置费", 0, 0],
        ["（2）公务用车运行维护费", 5, 4.5],
        ["3．公务接待费", 2, 1.5],
    ]


@lru_cache(maxsize=1)
def book() -> bytes:
    running = [
        *_three("财政拨款“三公”经费、行政参公单位机关运行经费情况表"),
        ["二、机关运行经费", None, None],
        ["（一）行政单位", None, 21],
    ]
    return changed(
        own_form(),
        both(
            extra("g06基本", [list(row) for row in opened(values())[BASIC].values]),
            extra(DETAIL, _detail()),
            extra(BALANCE, _balance()),
            extra(RUNNING, running),
            extra(THREE, _three("一般公共预算财政拨款“三公”经费情况表")),
        ),
    )


ATTEMPTS: dict[str, tuple[Edit, str]] = {
    "明细表一项的两类对挪": (
        put(DETAIL, {"D@2010301": 51, "E@2010301": 51, "F@2010301": 49, "G@2010301": 49}),
        "error MX-02 g10明细!",
    ),
    "明细表合计的两类对挪": (
        put(DETAIL, {"D@合计": 121, "E@合计": 121, "F@合计": 118.5, "G@合计": 118.5}),
        "error MX-02 g10明细!",
    ),
    "一项的人员、公用对挪": (
        put(BALANCE, {"J@2010301": 76, "K@2010301": 24}),
        "warning SZ-05 g11收支!",
    ),
    "机关运行经费大于公用经费": (put(RUNNING, {"C11": 22}), "warning JG-04 g12运行!C11"),
    "一般公共的三公大于财政拨款的": (
        put(THREE, {"C4": 7, "C9": 2.5}),
        "warning JG-04 g13三公!C4",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("unit_type", "spent", "wrong"),
    [
        ("行政单位", 21, False),
        ("行政单位", 20.9, True),
        ("事业单位", 20.9, False),
        (None, 20.9, False),
    ],
)
def test_an_office_spends_on_running_itself_what_it_spends_publicly(
    unit_type: str | None, spent: float, wrong: bool
) -> None:
    """With other kinds of units below it, or of a kind that nobody has told, it may be less."""
    reading = examine(changed(book(), put(RUNNING, {"C11": spent})))
    found = [f for f in validate(reading, unit_type=unit_type).findings if f.rule == "JG-05"]
    assert [f.outcome for f in found] == ["不符"] * wrong


def test_the_extra_tables_are_sound() -> None:
    stands(book())


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_is_wrong_is_named(attempt: str) -> None:
    edit, naming = ATTEMPTS[attempt]
    _, said = judged(changed(book(), edit))
    assert naming in said, said
