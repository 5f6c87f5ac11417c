"""The head of the 审核表: verdict and counts, by formulas over its lines."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.livechecks.formulas import LEVEL, OUTCOME
from xltool.livechecks.layout import FIRST, VERDICTS
from xltool.ooxml import Formula
from xltool.rules.model import LEVELS, OUTCOMES

Now = Sequence[tuple[str, str]]
"""Level and outcome of the lines from the first on, as they are now."""


def _column(column: str, now: Now) -> str:
    return f"${column}${FIRST}:${column}${FIRST + len(now) - 1}"


def verdict(now: Now) -> Formula:
    """On the lines that formulas decide; what they cannot say does not count as passed."""
    area, levels, blocking = _column(OUTCOME, now), _column(LEVEL, now), LEVELS["error"]

    def count(outcome: str) -> str:
        return f'COUNTIFS({levels},"{blocking}",{area},"{outcome}")'

    failed, unfinished, passed = VERDICTS
    text = (
        f'IF({count("不符")}>0,"{failed}",'
        f'IF({count("数据不足")}+{count("未执行")}>0,"{unfinished}","{passed}"))'
    )
    outcomes = {outcome for level, outcome in now if level == blocking}
    if "不符" in outcomes:
        return Formula(text, failed)
    return Formula(text, unfinished if outcomes & {"数据不足", "未执行"} else passed)


def counts(now: Now) -> Formula:
    """How many lines ended how."""
    area, outcomes = _column(OUTCOME, now), [outcome for _, outcome in now]
    pieces = [f'"共"&COUNTA({area})&"条："']
    shown = [f"共{len(now)}条："]
    for n, outcome in enumerate(OUTCOMES):
        comma = "，" if n else ""
        pieces.append(f'"{comma}{outcome}"&COUNTIF({area},"{outcome}")')
        shown.append(f"{comma}{outcome}{outcomes.count(outcome)}")
    return Formula("&".join(pieces), "".join(shown))


def failures(now: Now) -> Formula:
    """How many failures are of which level."""
    area, levels = _column(OUTCOME, now), _column(LEVEL, now)
    pieces, shown = ['"不符的：'], ["不符的："]
    for n, word in enumerate(LEVELS.values()):
        comma = "，" if n else ""
        pieces.append(f'{comma}{word}"&COUNTIFS({levels},"{word}",{area},"不符")&"条')
        shown.append(f"{comma}{word}{list(now).count((word, '不符'))}条")
    return Formula("".join(pieces) + '"', "".join(shown))
