"""The rules.yaml that `mapping init` writes: official rules that fall away, and identities of the form's formulas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from xltool.editions import find_edition
from xltool.forms.fallen import Fallen, fallen
from xltool.forms.fieldcells import short_names
from xltool.forms.identities import Identity, identities
from xltool.ooxml import open_workbook
from xltool.reading import Reading, examine
from xltool.rules.load import official_rules

NAME = "rules.yaml"
_PLAIN = re.compile(r"[^\s\-\[\]{}#&*!|>%@`\"',?:][^#\"\\\n]*")
_QUOTIENT = "0.01"
"""What a quotient may be off by: forms print it in percent."""


class OwnRules(NamedTuple):
    """What of the official rules falls away with a form, what its formulas say beyond them, and the file."""

    fallen: tuple[Fallen, ...]
    identities: tuple[Identity, ...]
    text: str

    def told_fallen(self) -> Iterator[str]:
        """Why rules fall away and which ones, one line per reason; those that do in part only are marked."""
        for reason, group in groupby(sorted(self.fallen, key=_reason), key=_reason):
            yield f"{reason}：{'、'.join(map(str, group))}"

    def told_identities(self) -> Iterator[str]:
        """The identities with the cells that they come from."""
        for each in self.identities:
            yield f"工作表“{each.sheet}”{each.ref} 的公式 {each.formula}：{each.expr}"


def rules_of(folder: Path) -> OwnRules:
    """The rules of one's own that go with the blank form of the edition in a folder."""
    edition = find_edition(folder)
    blank = examine(open_workbook(edition.workbooks[-1].template), edition)
    made = OwnRules(tuple(fallen(blank)), tuple(identities(blank)), "")
    return made._replace(text="\n".join(_lines(made, blank)) + "\n")


def as_written(folder: Path) -> bool:
    """Whether nobody has changed the rules that were written with an edition: they follow what is answered."""
    path = folder / NAME
    return path.is_file() and path.read_text(encoding="utf-8") == rules_of(folder).text


def _reason(each: Fallen) -> str:
    return each.reason


def _lines(made: OwnRules, blank: Reading) -> Iterator[str]:
    base = blank.edition.folders[1].name if len(blank.edition.folders) > 1 else blank.edition.id
    yield f"# 这份表样自己的规则；自带的规则按 {base}。怎么写、怎么改见 docs/rules.md。"
    if made.fallen:
        yield "#"
        yield "# 不审的自带规则（只因为表样没有它要的表、行、栏；不用在这里取消，表样补上了就审）："
        yield from (f"#   {line}" for line in made.told_fallen())
    if not made.identities:
        yield "rules:   # 自己的规则写在下面"
        return
    yield "#"
    yield "# 下面是表样的公式所说、自带的规则没有的，级别先是“提示”。核对后把 info 改成 error（必须相符），不要的删掉。"
    rules = official_rules(blank.edition)
    tables = list(dict.fromkeys(each.table for each in made.identities))
    names = short_names(rules, tables)
    if new := [name for name in names.values() if name not in rules.scope.aliases]:
        yield "tables:"
        yield from (f"  {_scalar(name)}: {_scalar(name)}" for name in new)
    yield "rules:"
    for n, table in enumerate(tables, 1):
        yield from _rule(n, table, [each for each in made.identities if each.table == table])


def _rule(number: int, table: str, found: Sequence[Identity]) -> Iterator[str]:
    yield f"  BY-{number:02}:"
    yield f"    name: 《{table}》按表样的公式应当相等的数"
    yield "    level: info"
    yield f"    basis: 表样的公式（{'、'.join(each.ref for each in found)}）"
    yield "    parts:"
    for each in found:
        yield f"      # 工作表“{each.sheet}”{each.ref} 的公式：{' '.join(each.formula.split())}"
        yield f"      - expr: {_scalar(each.expr)}"
        if each.each:
            loops = ", ".join(f"{name}: {over}" for name, over in each.each.items())
            yield f"        each: {{{loops}}}"
        if each.divisor:
            yield f"        if: {_scalar(f'{each.divisor} <> 0')}"
            yield f"        tolerance: {_QUOTIENT}"


def _scalar(text: str) -> str:
    """A text as YAML: as it stands where it can mean nothing else."""
    plain = _PLAIN.fullmatch(text) and ": " not in text
    return text if plain else json.dumps(text, ensure_ascii=False)
