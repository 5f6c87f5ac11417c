"""环境自检: everything that people report as failing, one check each, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from xltool.addin.machine import Machine

CheckState = Literal["正常", "有问题", "不适用", "未验证"]


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One check: what was looked at, how it came out, what was seen, what to do."""

    name: str
    state: CheckState
    seen: str = ""
    advice: str = ""

    @property
    def bad(self) -> bool:
        """True when something must be done."""
        return self.state == "有问题"


def examine_installation(machine: Machine | None = None) -> list[DoctorCheck]:
    """Every check. One that fails itself is 未验证, and the others go on."""
    from xltool.addin import excelchecks, pythonchecks

    machine = machine or Machine()
    found = []
    for name, check in (*pythonchecks.CHECKS.items(), *excelchecks.CHECKS.items()):
        found.append(_made(name, check, machine))
    return found


def _made(name: str, check: Callable[[Machine], DoctorOutcome], machine: Machine) -> DoctorCheck:
    try:
        return DoctorCheck(name, *check(machine))
    except Exception as error:  # the doctor must not fall ill itself
        return DoctorCheck(name, "未验证", f"检查时出错：{type(error).__name__}: {error}")


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


def lines(checks: Sequence[DoctorCheck]) -> Iterator[str]:
    """The result for people: a line for each check, what to do below it, a summary last."""
    for check in checks:
        seen = f"：{check.seen}" if check.seen else ""
        yield f"[{check.state}] {check.name}{seen}"
        if check.advice:
            yield f"    → {check.advice}"
    bad_ones = sum(check.bad for check in checks)
    untried = sum(check.state == "未验证" for check in checks)
    yield f"共 {len(checks)} 项，有问题 {bad_ones} 项，未验证 {untried} 项。"
