"""What the words before a number say of it: whether it is a figure, a budget, last year's, a change, a share.

`cue` are the words since the number before, `before` those since the sentence began.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from xltool.narrative.statements import Basis, Role

_BASIS = r"(?P<basis>年初|全年|调整后?|当年)"
_EQUALS = r"(?:为|是|共|计|安排|：|合计|总计|各|均|都|达|到)*(?:人民币)?约?$"
_BUDGET = re.compile(
    rf"(?:{_BASIS}(?:财政拨款)?(?:收入|支出)?|(?:财政拨款)?(?:收入|支出)?)"
    rf"预算(?:批复)?(?:数|额|安排|总额|金额)?{_EQUALS}|(?P<planned>年初)(?:批复|安排)(?:预算)?(?:数)?{_EQUALS}"
)
_BOTH = re.compile(rf"{_BASIS}?预算数?(?:与|和|、|及)(?:支出)?决算数?(?:均|都|各|同)?{_EQUALS}")
_COMPLETION = re.compile(
    rf"(?:完成|占|为|^、)[^，。；：]{{0,6}}?{_BASIS}?[^，。；：]{{0,6}}?预算(?:数|额|批复数)?的?(?:比例)?(?:为|的)?$"
    r"|(?:预算)?(?:完成率|执行率|完成比例|完成进度)(?:为|达到?|是|：)?$|(?:^|[，；])(?:实际)?完成(?:了|率)?$"
)
_SHARE = re.compile(
    r"(?:占|占到|占了|占比|所占比重|比重|比例)(?P<whole>[^，。；]{0,30}?)(?:的)?(?:比重|比例)?(?:为|是|达|：|约)*$"
)
_MEAN = re.compile(
    r"(?P<word>平均每辆车?|车均|单车(?:平均)?|人均|每人次?平均)(?P<what>[^，。；、]{0,14}?)(?:为|约|是)?$"
)
_PRIOR_WORDS = r"上年度?|上一年度?|去年|{prior}年度?"
_BUDGET_MARK = re.compile(r"(?:比|较|与|和|同|超出?|超过|高于|低于)[^，。；]{0,8}预算")
_OVER_BUDGET = re.compile(
    r"(?P<word>超出?|超过|高于|多于|大于|低于|少于|小于)(?:年初|全年|调整后?)?预算数?(?:了|为)?$"
)
_SHORT_CHANGE = re.compile(
    r"(?:比|较|同比)[^，。；]{0,20}?(?P<word>[多少高低增减])(?:用|支|花|列支|安排|开支)?(?:了|出)?$"
)
_LEFT_OVER = re.compile(r"(?:^|[，；])(?:资金)?(?:结余|节余|剩余)(?:资金)?$")
_LESS = ("少", "低", "减")
_FILL = re.compile(
    r"支出决算数?|收入决算数?|决算数?|实际|完成|总额|金额|总计|合计|共计|累计|安排|列支|发生|资金|"
    r"财政拨款|部门|单位|本级|全年|本年|年度|20\d\d|上年|上一年|去年|同期|相比|相较|比较|比上|分别|"
    r"其中|主要|包括|用于|当年|数额|经费|费用|数|支出|收入|决算|均|各|共|约|为|是|了|的|我|本|[^\w]|"
    r"与|和|同|比|较|年|度|初|末|，|、|：|；|（|）|“|及|在|中|达|到|到了|现|从|由|按|上"
)

_SIDES = ("收入", "支出")
_OF_THE_YEAR = re.compile(r"(?:本年|当年|全年)(?:收入|支出)")


class Spoken(NamedTuple):
    """How an amount is spoken of. `both`: it is the budget as well as the final figure."""

    role: Role
    basis: Basis = ""
    direction: int | None = None
    both: bool = False


@dataclass(frozen=True)
class Roles:
    """The words of roles, for texts on one year."""

    prior: re.Pattern[str]
    prior_mark: re.Pattern[str]
    change: re.Pattern[str]
    up: frozenset[str]

    def amount(self, cue: str, before: str, subject_ends: bool, budgeted: bool) -> Spoken:
        """The role of an amount. `budgeted`: the sentence has given a budget and a final figure before."""
        if match := _BOTH.search(cue):
            return Spoken("figure", basis_of(match["basis"]) or "年初", both=True)
        if match := _OVER_BUDGET.search(cue):
            return Spoken(
                "budget-change", "", -1 if match["word"] in ("低于", "少于", "小于") else 1
            )
        if _MEAN.search(cue):
            return Spoken("mean")
        if not subject_ends and (match := _BUDGET.search(cue)):
            return Spoken("budget", "年初" if match["planned"] else basis_of(match["basis"]))
        if budgeted and _LEFT_OVER.search(cue):
            return Spoken("budget-change", "", -1)
        if (direction := self.direction(cue, before)) is not None:
            return Spoken(
                "budget-change" if self.against_budget(before, budgeted) else "change",
                "",
                direction,
            )
        if cue.endswith(("由", "从")):
            # 由13.50万元增至15.00万元
            return Spoken("prior" if self.prior_mark.search(before) else "unknown")
        return Spoken("prior" if self.prior.search(cue) else "figure")

    def direction(self, cue: str, before: str = "") -> int | None:
        """+1 or -1 for words of change at the end of a cue."""
        if match := self.change.search(cue):
            return 1 if match["word"] in self.up else -1
        if match := _SHORT_CHANGE.search(before if len(cue) == 1 else cue):
            return -1 if match["word"] in _LESS else 1
        return None

    def against_budget(self, before: str, budgeted: bool = False) -> bool:
        """Whether the last thing that a sentence compares with is the budget, not last year."""
        budget = [m.end() for m in _BUDGET_MARK.finditer(before)]
        prior = [m.end() for m in self.prior_mark.finditer(before)]
        if not budget and not prior:
            return budgeted
        return bool(budget) and budget[-1] > (prior[-1] if prior else -1)

    def without(self, cue: str) -> str:
        """A cue without the words of its role."""
        if cue in ("多", "少", "高", "低"):
            return ""
        for pattern in (
            _BOTH,
            _LEFT_OVER,
            _OVER_BUDGET,
            _MEAN,
            _BUDGET,
            self.change,
            _SHORT_CHANGE,
            self.prior,
        ):
            cue = pattern.sub("", cue)
        return cue


def roles(up: tuple[str, ...], down: tuple[str, ...], year: int) -> Roles:
    """The roles in texts on `year`."""
    prior = _PRIOR_WORDS.format(prior=year - 1) if year else _PRIOR_WORDS.rpartition("|")[0]
    return Roles(
        re.compile(
            rf"(?:{prior})(?:同期|同口径)?[^，。；：（]{{0,14}}?(?:决算)?数?的?(?:为|是|：|（)?$"
        ),
        re.compile(rf"{prior}|同期|同比|以前年度|(?:比|较|同|与|和|于)20\d\d年"),
        _ending(up + down),
        frozenset(up),
    )


def mean_of(cue: str) -> str | None:
    """What a mean is of in words, "" where it is not said; None: it is none."""
    match = _MEAN.search(cue)
    return None if match is None else match["what"]


def completion(cue: str) -> Basis | None:
    """The budget of which a percentage is the completion, "" where it is not said; None: it is none."""
    match = _COMPLETION.search(cue)
    return None if match is None else basis_of(match["basis"])


def share(cue: str) -> str | None:
    """What a percentage is a share of in words, "" where it is not said; None: it is no share."""
    match = _SHARE.search(cue)
    return None if match is None else match["whole"] or ""


def basis_of(word: str | None) -> Basis:
    """The kind of budget that a word means."""
    match word:
        case "年初":
            return "年初"
        case "全年":
            return "全年"
        case str() if word.startswith("调整"):
            return "调整"
    return ""


def only_filling(words: str) -> bool:
    """Whether words say nothing of their own."""
    return not _FILL.sub("", words)


def of_other_side(words: str, name: str) -> bool:
    """Whether words name a side of the accounts that this subject is not on: 当年支出 after 事业收入."""
    own = {side for side in _SIDES if side in name}
    if name.endswith("收支总计"):
        return bool(_OF_THE_YEAR.search(words))
    return bool(own) and any(side in words for side in _SIDES if side not in own)


def _ending(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of the words at the end of a cue, with what may stand between it and the number."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        rf"(?P<word>{'|'.join(longest)})(?:了|额|数|各|均|约|为|是|支出|收入|的?金额|率|幅度?|幅为|：)*$"
    )
