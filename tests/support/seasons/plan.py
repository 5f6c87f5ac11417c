"""Who hands in what, and what is true after each round. The truth is written down case by case.

A book is named by its faults ("a", "ab", "" for none) with options behind a colon: `x` as .xls, `z` in an archive,
`u` unreadable, `g` without the table of fault b, `e` of another edition, `y` of another year, `+` changed besides.
In front of it may stand a folder and the name of the file: `退回/甲（改）=a`.
States: 新增 仍未改正 已改正 未能核对, by their first signs; `.` where the fault is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

STATES = {"新": "新增", "仍": "仍未改正", "改": "已改正", "未": "未能核对"}
EDITIONS = ("2021-national", "2023-national", "2024-shanghai")
DEPARTMENTS = 12
ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """What some units do. `rounds`: their books, by spaces; `states`: of each fault after each round; `flags`:
    what is said of the unit after each round besides 已报 and 未报; `valid`: the file that counts, where the
    name tells it; `listed`: whether the list has the unit; `named`: how the unit is called.
    """

    name: str
    share: int
    rounds: tuple[str, str, str]
    states: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, str, str] = ("", "", "")
    valid: tuple[str, str, str] = ("", "", "")
    listed: bool = True
    code: bool = False
    edition: str = ""
    told: tuple[str, str, str] = ("", "", "")


CASES = (
    Case("清白", 90, ("-", "", "")),
    Case("每轮照交", 12, ("-", "-", "-")),
    Case("改好", 24, ("a", "-", ""), {"a": "新改改"}),
    Case("拖一轮", 12, ("a", "a", "-"), {"a": "新仍改"}),
    Case("没有再交", 16, ("ab", "", ""), {"a": "新新新", "b": "新新新"}),
    Case("隔一轮还在", 8, ("a", "", "a"), {"a": "新新仍"}),
    Case("隔一轮改好", 8, ("a", "", "-"), {"a": "新新改"}),
    Case("改一处添一处", 12, ("ab", "bc", "c"), {"a": "新改改", "b": "新仍改", "c": ".新仍"}),
    Case("改了又错", 6, ("a", "-", "a:+"), {"a": "新改新"}),
    Case("旧稿又来", 6, ("稿=a", "新=-", "稿=a"), {"a": "新改改"}, valid=("稿", "新", "新")),
    Case("新旧一起", 10, ("甲=a", "甲=a 甲（改）=-", ""), {"a": "新改改"}, ("", "重复", "重复"),
         ("甲", "甲（改）", "甲（改）")),
    Case("两份相同", 6, ("甲=a 甲副本=a", "-", ""), {"a": "新改改"}, ("重复", "重复", "重复")),
    Case("同轮两稿", 6, ("一稿/甲=a 二稿/甲=-", "", ""), {}, ("重复", "重复", "重复"),
         ("二稿/甲", "二稿/甲", "二稿/甲")),
    Case("一直没有", 8, ("", "", "")),
    Case("晚一轮", 8, ("", "a", "-"), {"a": ".新改"}),
    Case("坏了再好", 8, ("交=a", "交=-:u", "交=-"), {"a": "新未改"}),
    Case("先坏后好", 4, ("交=a:u", "交=a", ""), {"a": ".新新"}, ("没能读取", "", "")),
    Case("少一张表", 6, ("b", "-:g", "-"), {"b": "新未改"}),
    Case("改名", 6, ("a", "-", ""), {"a": "新改改"}, code=True, told=("", "改名", "")),
    Case("换文件夹", 10, ("a", "退回/甲=-", ""), {"a": "新改改"}),
    Case("旧格式", 5, ("a", "a:x", "-"), {"a": "新仍改"}),
    Case("压缩包", 8, ("a:z", "-:z", ""), {"a": "新改改"}),
    Case("年度错", 4, ("-:y", "a", "-"), {"a": ".新改"}, ("年度不符", "", "")),
    Case("版本错", 4, ("-:e", "a", "-"), {"a": ".新改"}, ("版本不符", "", ""),
         edition="2024-shanghai"),
    Case("清单外", 4, ("a", "-", ""), {"a": "新改改"}, ("多报", "多报", "多报"), listed=False),
    Case("同名改的", 4, ("a", "", "-"), {"a": "新新改"}),
    Case("同名没事", 4, ("-", "-:+", "")),
    Case("编码撞", 1, ("a", "a", "a"), {"a": "..."}, ("未报", "未报", "未报"), code=True,
         told=("待认定", "待认定", "待认定")),
)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """A file of a round. `order`: files of a higher one were written later."""

    path: str
    faults: str
    options: str
    order: int


@dataclass(frozen=True)
class PlannedUnit:
    """A unit: what the list says of it, and what it does."""

    number: int
    case: Case
    code: str
    name: str
    department: str
    edition: str

    def name_in(self, number: int) -> str:
        """What it prints as its name in a round (from 1)."""
        return f"{self.name}（改）" if self.case.name == "改名" and number > 1 else self.name

    @property
    def printed_code(self) -> str:
        """What it prints as its code."""
        return "9999" if self.case.name == "编码撞" else self.code if self.case.code else ""

    def books(self, number: int) -> Iterator[Book]:
        """Its files of a round (from 1)."""
        for order, text in enumerate(self.case.rounds[number - 1].split()):
            place, _, what = text.rpartition("=")
            faults, _, options = what.partition(":")
            folder, _, stem = place.rpartition("/")
            stem = f"{self.name}{stem or f'第{number}轮'}"
            folders = [folder] if folder == "退回" else [self.department, folder]
            suffix = ".xls" if "x" in options else ".xlsx"
            path = "/".join(filter(None, [*folders, stem + suffix]))
            yield Book(path, faults.strip("-"), options, order)

    def valid(self, number: int) -> str:
        """The end of the name of the file that counts after a round, without suffix."""
        stem = self.case.valid[number - 1]
        folder, _, name = stem.rpartition("/")
        return f"{folder + '/' if folder else ''}{self.name}{name}" if stem else ""


def units(scale: float = 1.0) -> list[PlannedUnit]:
    """All units; `scale` shrinks the shares, but no case is left out."""
    found: list[PlannedUnit] = []
    numbers = count(1)
    for case in CASES:
        for n in range(max(1, round(case.share * scale))):
            number = next(numbers)
            name = f"同名小学{n}" if case.name.startswith("同名") else f"第{number:03}单位"
            # namesakes are of two departments
            department = number % DEPARTMENTS
            if case.name.startswith("同名"):
                department = 2 * (n % (DEPARTMENTS // 2)) + (case.name == "同名没事")
            edition = case.edition or EDITIONS[number % len(EDITIONS)]
            found.append(
                PlannedUnit(
                    number, case, f"{number + 1000}", name, f"{department + 1:02}部门", edition
                )
            )
    return found
