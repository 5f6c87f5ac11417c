"""Ledgers whose accounts say 功能分类 and 经济分类 by name alone: 行政支出—基本支出—行政运行—基本工资."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.headrows import LOWEST, is_economic
from xltool.entry.importing.questions.answers import choices
from xltool.entry.importing.rows.accountrows import PARTS, AccountRows
from xltool.entry.importing.rows.namedcodes import ask_about_names
from xltool.entry.importing.rows.rowcodes import Kinds
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import bare

_SHOWN = 6
Names = list[tuple[str, Mapping[str, list[str]]]]
"""The names of an account from the top, each with its codes by kind."""


class AccountNames:
    """The codes that the names of the accounts of one ledger stand for, of rows without any code."""

    def __init__(self, taking: Taking, block: Block, rows: AccountRows) -> None:
        self.taking, self.block, self.rows = taking, block, rows
        self.found: dict[tuple[str, str], None] = {}
        """Names and the code of each, that nothing but the name says."""
        self.open: dict[str, list[str]] = {}
        """Names of several codes, and these."""
        self.asked: set[int] = set()
        """Rows of such a name."""

    def find(self) -> dict[int, Kinds]:
        """The codes by row. What was found is confirmed, a name of several codes is asked about."""
        codes = self.rows.codes
        told = {row for row in self.block.rows if self.rows.kinds(row)}
        divided = {codes[row] for row in told}
        divided |= {code[:n] for code in codes.values() for n in range(4, len(code))}
        by_row = {
            row: kinds
            for row in self.block.rows
            if row not in told and not (codes[row] and codes[row] in divided)
            if (kinds := self._row(row))
        }
        for name, alike in self.open.items():
            self._ask(name, alike)
        if self.found:
            ask_about_names(self.taking, self.block, list(self.found))
        return by_row

    def _row(self, row: int) -> Kinds:
        """The first name of a 功能分类 below the account, and behind it the first one of a 经济分类.

        What stands below a 款 is its detail: 培训费—劳务费 is 培训费.
        """
        words = [self.rows.caption, *self.rows.above(row), self.rows.words(row)]
        parts = PARTS.split("/".join(filter(None, words)))[::2]
        names = [(name, self._codes(name)) for part in parts[1:] if (name := bare(part))]
        first = next((n for n, (_, codes) in enumerate(names) if codes["功能"]), None)
        if first is None:
            return {}
        behind = [n for n, (_, codes) in enumerate(names) if n > first and codes["经济"]]
        if not behind and names[first][1]["经济"]:
            return {}  # 住房公积金 alone may be of either classification
        taken = {"功能": first, **({"经济": behind[0]} if behind else {})}
        codes = {kind: self._one(names, at, kind) for kind, at in taken.items()}
        if all(codes.values()):
            return codes
        self.asked.add(row)
        return {}

    def _codes(self, name: str) -> Mapping[str, list[str]]:
        said = self.taking.words.codes.get(name)
        known = dict.fromkeys([*self.block.topic.codes.get(name, ()), *([said] if said else [])])
        if said:
            known = {c: None for c in known if is_economic(c) == is_economic(said)}
        return {
            kind: [c for c in known if len(c) == digits and is_economic(c) == (kind == "经济")]
            for kind, digits in LOWEST.items()
        }

    def _one(self, names: Names, at: int, kind: str) -> str:
        """The one code of a name, by the names above it where it has several; "" where these leave several.

        What a person said holds where the names above leave it: 行政运行 may stand below two 类.
        """
        name, known = names[at]
        codes, said = known[kind], self.taking.words.codes.get(name, "")
        for above, _ in names[:at] if len(codes) > 1 else ():
            groups = self.block.topic.codes.get(above, ())
            within = [c for c in codes if any(len(g) < len(c) and c.startswith(g) for g in groups)]
            codes = within or codes
        if said in codes:
            return said
        if len(codes) > 1:
            self.open.setdefault(name, codes)
            return ""
        self.found[name, codes[0]] = None
        return codes[0]

    def _ask(self, name: str, codes: list[str]) -> None:
        groups = {code[:5] for _, code in self.found}
        near = sorted(codes, key=lambda code: code[:5] not in groups)[:_SHOWN]
        listed = "、".join(near) + (f"等{len(codes)}个" if len(codes) > _SHOWN else "")
        message = f"会计科目里的“{name}”是哪一个科目编码，看不出来"
        hint = f"这个名称的科目有{listed}；回答 {name}=编码"
        where = self.block.grid.where(self.block.head)
        answers = choices(name, *near)
        if said := self.taking.words.codes.get(name):
            message = (
                f"会计科目里的“{name}”有的不在{said}的上级科目下面，是哪一个科目编码，看不出来"
            )
            hint, answers = f"那里这个名称的科目有{listed}；补一列科目编码", ()
        self.taking.ask(where, message, hint, "missing-value", ("named", name), answers)
