"""A sound book with money of every kind."""

from __future__ import annotations

import io
from decimal import Decimal
from functools import lru_cache
from typing import Any

import openpyxl

from tests.support.books import handed_in
from tests.support.editing import saved
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks
from xltool.filling.totals import Mode

OVERVIEW = "公开01 收入支出决算总表"
INCOME = "公开02 收入决算表"
SPENDING = "公开03 支出决算表"
FISCAL = "公开04 财政拨款收入支出决算总表"
GENERAL = "公开05 一般公共预算财政拨款支出决算表"
BASIC = "公开06 一般公共预算财政拨款基本支出决算表"
FUNDS = "公开07 政府性基金预算财政拨款收入支出决算表"
STATE = "公开08 国有资本经营预算财政拨款支出决算表"
THREE = "公开09 财政拨款“三公”经费支出决算表"
SHEETS = (OVERVIEW, INCOME, SPENDING, FISCAL, GENERAL, BASIC, FUNDS, STATE, THREE)

# 科目编码: 一般公共预算 基本支出, 项目支出; 政府性基金 项目支出; 国有资本 项目支出; 事业 基本支出
_SPENT: dict[str, tuple[str, str, str, str, str]] = {
    "2010301": ("100", "", "", "", ""),
    "2010302": ("", "55.5", "", "", ""),
    "2010350": ("40", "", "", "", "10"),
    "2080505": ("16", "", "", "", ""),
    "2080506": ("8", "", "", "", ""),
    "2101101": ("6", "", "", "", ""),
    "2101103": ("2", "", "", "", ""),
    "2120801": ("", "", "20", "", ""),
    "2120803": ("", "", "10", "", ""),
    "2210201": ("12", "", "", "", ""),
    "2230105": ("", "", "", "3", ""),
}
_ECONOMIC = {
    "30101": "50", "30102": "40", "30103": "20", "30108": "16", "30109": "8", "30110": "6",
    "30111": "2", "30113": "12", "30201": "8", "30207": "2", "30211": "3", "30217": "1.5",
    "30228": "2", "30231": "4.5", "30302": "9",
}  # fmt: skip


def _money(**columns: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in columns.items() if value}


def document() -> dict[str, Any]:
    """A unit that lives on all three kinds of 财政拨款 and on 事业收入, with something carried over of each."""
    spent = {code: dict(zip("基项金资事", row, strict=True)) for code, row in _SPENT.items()}
    income = {"2010302": "50", "2120801": "25", "2120803": "15"}
    names = {"2230105": {"科目名称": "国有企业退休人员社会化管理补助支出"}}
    received = [
        {"科目编码": code, **names.get(code, {}),
         **_money(财政拨款收入=income.get(code) or one["基"] or one["项"] or one["资"],
                  事业收入="12" if one["事"] else "")}
        for code, one in spent.items()
    ]  # fmt: skip
    all_spent = [
        {"科目编码": code, **names.get(code, {}),
         **_money(基本支出=str(Decimal(one["基"] or 0) + Decimal(one["事"] or 0)) if one["基"] else "",
                  项目支出=one["项"] or one["金"] or one["资"])}
        for code, one in spent.items()
    ]  # fmt: skip
    general = [
        {"科目编码": code, **_money(基本支出=one["基"], 项目支出=one["项"])}
        for code, one in spent.items()
        if one["基"] or one["项"]
    ]
    of_fund = "政府性基金预算财政拨款"
    of_general, of_soe = "一般公共预算财政拨款", "国有资本经营预算财政拨款"
    return {
        "版本": "2023-national",
        "单位名称": "临江县水务局",
        "年度": 2024,
        "金额单位": "万元",
        "表": {
            "收入支出决算总表": {
                "收入": _money(
                    一般公共预算财政拨款收入="234", 政府性基金预算财政拨款收入="40",
                    国有资本经营预算财政拨款收入="3", 事业收入="12", 年初结转和结余="16",
                ),
                "支出": _money(
                    一般公共服务支出="205.5", 社会保障和就业支出="24", 卫生健康支出="8", 城乡社区支出="30",
                    住房保障支出="12", 国有资本经营预算支出="3", 年末结转和结余="22.5",
                ),
            },
            "收入决算表": {"明细": received},
            "支出决算表": {"明细": all_spent},
            "财政拨款收入支出决算总表": {
                "收入": _money(**{of_general: "234", of_fund: "40", of_soe: "3",
                                  f"年初{of_general}": "10", f"年初{of_fund}": "5"}),
                "支出": {
                    "一般公共服务支出": _money(**{of_general: "195.5"}),
                    "社会保障和就业支出": _money(**{of_general: "24"}),
                    "卫生健康支出": _money(**{of_general: "8"}),
                    "城乡社区支出": _money(**{of_fund: "30"}),
                    "住房保障支出": _money(**{of_general: "12"}),
                    "国有资本经营预算支出": _money(**{of_soe: "3"}),
                    "年末财政拨款结转和结余": _money(**{of_general: "4.5", of_fund: "15"}),
                },
            },
            "一般公共预算财政拨款支出决算表": {"明细": general},
            "一般公共预算财政拨款基本支出决算表": {
                "明细": [{"科目编码": code, "金额": Decimal(value)} for code, value in _ECONOMIC.items()]
            },
            "政府性基金预算财政拨款收入支出决算表": {
                "明细": [
                    {"科目编码": "2120801", **_money(年初结转和结余="5", 本年收入="25", 项目支出="20")},
                    {"科目编码": "2120803", **_money(本年收入="15", 项目支出="10")},
                ]
            },
            "国有资本经营预算财政拨款支出决算表": {
                "明细": [{"科目编码": "2230105", **names["2230105"], **_money(项目支出="3")}]
            },
            "财政拨款“三公”经费支出决算表": {
                "预算数": _money(公务用车运行费="5", 公务接待费="2"),
                "决算数": _money(公务用车运行费="4.5", 公务接待费="1.5"),
            },
        },
    }  # fmt: skip


@lru_cache(maxsize=1)
def sound() -> bytes:
    """The book of `document()`, as `fill` writes it."""
    return filled(document())


def filled(raw: dict[str, Any], *, totals: Mode = "formula") -> bytes:
    """The first workbook of a document, as a unit hands it in."""
    return handed_in(saved(filled_workbooks(*from_raw(raw), totals=totals)[0]))


@lru_cache(maxsize=1)
def values() -> bytes:
    """The same figures without a formula, as a unit hands in what it pasted as values."""
    shown = openpyxl.load_workbook(io.BytesIO(sound()), data_only=True)
    for sheet in shown:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "":
                    cell.value = None
    return saved(shown)
