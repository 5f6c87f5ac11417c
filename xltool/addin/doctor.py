"""环境自检: everything that people report as failing, one check each, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xltool.addin import excelchecks, pythonchecks
from xltool.addin.machine import Machine
from xltool.addin.outcomes import CheckState, DoctorOutcome


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
