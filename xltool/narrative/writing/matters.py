"""The sections that tables have little of: performance, running costs, procurement, assets. From the facts file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from xltool.narrative.writing.figures import ZERO, money, ratio
from xltool.narrative.writing.phrases import Phrases

_GOODS = ("货物", "工程", "服务")
_GRADES = ("优", "良", "合格", "不合格")


def performance(phrases: Phrases) -> str:
    """绩效: how it is managed, and the projects by grade."""
    facts = phrases.facts
    said = [facts.text("绩效", "管理") or phrases.to_write("预算绩效管理工作开展情况")]
    count = facts.number("绩效", "项目", "个数")
    if count is not None:
        amount = facts.number("绩效", "项目", "金额") or ZERO
        text = f"{phrases.year}年度开展绩效自评的项目{count:f}个，涉及预算金额{money(amount)}"
        score = facts.number("绩效", "项目", "平均分")
        text += f"，平均得分{score:.2f}分" if score is not None else ""
        grades = [(grade, facts.number("绩效", "项目", grade)) for grade in _GRADES]
        if all(number is not None for _, number in grades):
            text += "，其中" + "、".join(f"评为“{grade}”的{number:f}个" for grade, number in grades)
        said.append(text)
    return "。".join(text.rstrip("。") for text in said) + "。"


def running(phrases: Phrases) -> str:
    """机关运行经费: budget and change, where they are known."""
    amount = phrases.figures.amount("机关运行经费")
    budget = phrases.facts.number("年初预算", "机关运行经费")
    if amount is None:
        return phrases.to_write("机关运行经费支出情况")
    first = f"{phrases.year}年度机关运行经费支出{money(amount)}。"
    if budget is not None:
        first = f"{phrases.year}年度机关运行经费{phrases.final_against_budget('机关运行经费')}"
    return first + phrases.change("机关运行经费", "机关运行经费支出")


def procurement(phrases: Phrases) -> str:
    """政府采购: the total is the sum of the three kinds."""
    facts = phrases.facts
    if not facts.group("采购"):
        return phrases.to_write("政府采购支出情况")
    parts = {kind: facts.number("采购", kind) or ZERO for kind in _GOODS}
    total = sum(parts.values(), Decimal(0))
    each = "、".join(f"政府采购{kind}支出{money(value)}" for kind, value in parts.items())
    text = f"{phrases.year}年度政府采购支出总额{money(total)}，其中：{each}。"
    small, tiny = facts.number("采购", "中小企业"), facts.number("采购", "小微企业")
    if small is not None:
        share = f"，占政府采购支出总额的{ratio(small, total)}" if total else ""
        text += f"授予中小企业合同金额{money(small)}{share}"
        if tiny is not None:
            share = f"，占授予中小企业合同金额的{ratio(tiny, small)}" if small else ""
            text += f"，其中：授予小微企业合同金额{money(tiny)}{share}"
        text += "。"
    return text


def assets(phrases: Phrases, moment: str) -> str:
    """国有资产: the number of vehicles is the sum of their kinds."""
    facts = phrases.facts
    vehicles = facts.group("车辆")
    if not vehicles and not facts.group("设备"):
        return phrases.to_write("国有资产占用情况")
    total = sum(vehicles.values(), Decimal(0))
    each = "、".join(f"{kind}{number:f}辆" for kind, number in vehicles.items())
    when = f"截至{phrases.year}年{moment}" if "日" in moment else f"{phrases.year}年{moment}"
    text = f"{when}，共有车辆{total:f}辆" + (f"，其中：{each}" if each else "")
    for kind, number in facts.group("设备").items():
        text += f"；{kind}{number:f}台（套）"
    return text + "。"


MATTERS: dict[str, Callable[..., Any]] = {
    "绩效": performance,
    "机关运行": running,
    "采购": procurement,
    "资产": assets,
}
"""Further words of the templates."""
