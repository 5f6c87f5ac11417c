"""How a check of the doctor comes out."""

from __future__ import annotations

from typing import Literal

CheckState = Literal["正常", "有问题", "不适用", "未验证"]

DoctorOutcome = tuple[CheckState, str, str]
"""State, what was seen, what to do."""


def good(seen: str = "") -> DoctorOutcome:
    """In order."""
    return "正常", seen, ""


def bad(seen: str, advice: str) -> DoctorOutcome:
    """Something must be done."""
    return "有问题", seen, advice


def not_here(why: str) -> DoctorOutcome:
    """Does not apply on this machine."""
    return "不适用", why, ""


def unknown(seen: str, advice: str) -> DoctorOutcome:
    """Cannot be found out from here; `advice` says how to."""
    return "未验证", seen, advice
