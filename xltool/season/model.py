"""What a season holds, as rows of its database (schema.sql)."""

from __future__ import annotations

from typing import Literal, NamedTuple

FindingStateName = Literal["新增", "仍未改正", "已改正", "已说明", "豁免", "未能核对"]
STATES: tuple[FindingStateName, ...] = (
    "新增",
    "仍未改正",
    "未能核对",
    "已说明",
    "豁免",
    "已改正",
)
"""What may have become of a finding, what is to be done first."""

OPEN = frozenset({"新增", "仍未改正", "未能核对", "已说明"})
"""States in which the figures are still wrong, as far as anybody knows."""

TO_DO: tuple[FindingStateName, ...] = ("新增", "仍未改正", "未能核对")
"""States in which a unit still has to do something."""


REVIEWER, AS_BEFORE, DISMISSED, BY_FILE = "审核人", "以前认定", "不是报送", "文件名"
"""归属 of a submission: the reviewer said whose it is; said it of an earlier one like it; said that it is none; it
cannot be read and is called like another one."""


class Unit(NamedTuple):
    """A unit that was seen or listed. `key` never changes; `folder` tells namesakes without a code apart.

    `documents` are the kinds of workbooks that the list asks for, none when it does not say.
    """

    key: int
    code: str
    name: str
    department: str
    contact: str
    year: int | None
    edition: str
    documents: tuple[str, ...]
    listed: bool
    folder: str = ""

    @property
    def shown(self) -> str:
        """The unit for people: its name, with what tells it apart."""
        apart = self.code or self.folder
        return f"{self.name}（{apart}）" if apart else self.name


class Submission(NamedTuple):
    """A workbook of a run. `unit` is None where nobody could tell whose it is; `why` says what decided `valid`."""

    id: int
    run: int
    unit: int | None
    kind: str
    file: str
    sha256: str | None
    read: bool
    verdict: str | None
    at: str
    valid: bool
    why: str


class Waiver(NamedTuple):
    """A failure that somebody lets pass while its figures (left, right; as exact text) stay the same.

    `where` is "" for every place of the rule; `until` is a date, or "" for no end.
    """

    id: int
    unit: int
    rule: str
    table: str
    where: str
    figures: tuple[str | None, str | None]
    why: str
    until: str
    who: str
