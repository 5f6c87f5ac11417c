"""The limits of a rule, which a file may set apart from it: its tolerance, and the percentage in its expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xltool.core.problems import Problem

_PERCENT = re.compile(r"(?<![0-9A-Za-z_.])\d+(?:\.\d+)?%")
Raw = Mapping[str, Any]


def _texts(rule: Raw) -> list[str]:
    return [part["expr"] for part in rule.get("parts", [rule]) if "expr" in part]


def percents(texts: list[str]) -> list[str]:
    """The percentages that expressions hold, each once."""
    return list(dict.fromkeys(found for text in texts for found in _PERCENT.findall(text)))


def without_percents(text: str) -> str:
    """An expression, whatever its percentages are."""
    return _PERCENT.sub("%", text)


def limit_problems(change: Raw, known: Raw, where: str) -> Iterator[Problem]:
    """What keeps a change of limits from being made to a rule."""
    if {"expr", "parts", "check"} & change.keys():
        if "percent" in change:
            yield Problem(where, "百分数写在算式里，不另写 percent", code="bad-rule")
        return
    if "check" in known:
        if {"tolerance", "percent"} & change.keys():
            yield Problem(where, "这条规则由程序检查，没有容差和百分数", code="bad-rule")
        return
    if "percent" in change:
        found = percents(_texts(known))
        if not found:
            yield Problem(where, "这条规则的算式里没有百分数", code="bad-rule")
        elif len(found) > 1:
            told = f"算式里有几个百分数（{'、'.join(found)}），不知道换哪一个"
            yield Problem(where, told, "用 parts 重写这条规则", code="bad-rule")


def limited(rule: dict[str, Any], change: Raw) -> dict[str, Any]:
    """A rule with the tolerance and the percentage of a change in all its expressions."""
    made = dict(rule)
    percent = made.pop("percent", None)
    if percent and "name" not in change:
        made["name"] = _PERCENT.sub(percent, made.get("name", ""))
    parts = [dict(part) for part in made.get("parts", ())]
    for part in (made, *parts):
        if "tolerance" in change and part is not made:
            part.pop("tolerance", None)
        if percent and "expr" in part:
            part["expr"] = _PERCENT.sub(percent, part["expr"])
    if parts:
        made["parts"] = parts
    return made
