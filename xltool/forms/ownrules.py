"""The rules.yaml that `mapping init` writes: official rules that fall away, and identities of the form's formulas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from xltool.editions import find_edition
from xltool.forms.fallen import Fallen, fallen
from xltool.forms.fieldcells import piece, short_names
from xltool.forms.identities import Identity, Unsaid, identities
from xltool.ooxml import open_workbook
from xltool.reading import Reading, examine
from xltool.rules.load import official_rules

NAME = "rules.yaml"
_PLAIN = re.compile(r"[^\s\-\[\]{}#&*!|>%@`\"',?:][^#\"\\\n]*")
_COLUMN = "栏"
_FEW = 3
"""So many cells are named one by one."""
_QUOTIENT = "0.01"
"""What a quotient may be off by: forms print it in percent."""


class OwnRules(NamedTuple):
    """What of the official rules falls away with a form, what its formulas say beyond them, and the file."""

    fallen: tuple[Fallen, ...]
    identities: tuple[Identity, ...]
    unsaid: tuple[Unsaid, ...]
    text: str

    def told_fallen(self) -> Iterator[str]:
        """Why rules fall away and which ones, one line per reason; those that do in part only are marked."""
        for reason, group in groupby(sorted(self.fallen, key=_reason), key=_reason):
            yield f"{reason}：{'、'.join(map(str, group))}"

    def told_identities(self) -> Iterator[str]:
        """The identities with the cells that they come from."""
        for part in parts_of(self.identities):
            yield f"{part.told}：{part.expr}"

    def told_unsaid(self) -> Iterator[str]:
        """The formulas that say something which could not be made a rule."""
        for _, group in groupby(self.unsaid, key=lambda each: (each.sheet, each.reason)):
            first, *more = group
            yield f"{_formulas(first.sheet, [first.ref, *(e.ref for e in more)], first.formula)}：{first.reason}"


def _formulas(sheet: str, refs: Sequence[str], formula: str) -> str:
    told = f"工作表“{sheet}”{_listed(refs)} 的公式"
    return f"{told}{'，如 ' if len(refs) > 1 else ' '}{' '.join(formula.split())}"


def _listed(refs: Sequence[str]) -> str:
    return f"{refs[0]}、{refs[-1]} 等{len(refs)}格" if len(refs) > _FEW else "、".join(refs)


def rules_of(folder: Path) -> OwnRules:
    """The rules of one's own that go with the blank form of the edition in a folder."""
    edition = find_edition(folder)
    blank = examine(open_workbook(edition.workbooks[-1].template), edition)
    found, unsaid = identities(blank)
    made = OwnRules(tuple(fallen(blank)), tuple(found), tuple(unsaid), "")
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
    if made.unsaid:
        yield "#"
        yield "# 表样的公式，没能写成规则的（不审；要审的自己写在下面）："
        yield from (f"#   {line}" for line in made.told_unsaid())
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
    parts = list(parts_of(found))
    yield f"  BY-{number:02}:"
    yield f"    name: 《{table}》按表样的公式应当相等的数"
    yield "    level: info"
    yield f"    basis: 表样的公式（{'、'.join(part.refs for part in parts)}）"
    yield "    parts:"
    for part in parts:
        yield f"      # {part.told}"
        yield f"      - expr: {_scalar(part.expr)}"
        if part.each:
            loops = ", ".join(f"{name}: {over}" for name, over in part.each.items())
            yield f"        each: {{{loops}}}"
        if part.divisor:
            yield f"        if: {_scalar(f'{part.divisor} <> 0')}"
            yield f"        tolerance: {_QUOTIENT}"


class RulePart(NamedTuple):
    """Part of a suggested rule: one identity, or what the columns of a list have alike."""

    expr: str
    each: Mapping[str, str]
    divisor: str
    refs: str
    told: str


def parts_of(found: Sequence[Identity]) -> Iterator[RulePart]:
    """The identities as parts of rules: those that only add up columns of one list together."""
    for (expr, _), group in groupby(found, key=_alike):
        first, *more = same = list(group)
        refs = [each.ref for each in same]
        names = ", ".join(_scalar(each.column) for each in same)
        each = {**first.each, _COLUMN: f"[{names}]"} if more else first.each
        told = _formulas(first.sheet, refs, first.formula)
        yield RulePart(expr if more else first.expr, each, first.divisor, _listed(refs), told)


def _alike(each: Identity) -> tuple[str, str]:
    """What identities say alike of different columns of a list, and the sheet."""
    name = piece(each.column) if each.column else ""
    other = f".${_COLUMN}"
    ends = name and each.expr.partition(" = ")[0].endswith(f".{name}")
    expr = each.expr.replace(f".{name} = ", f"{other} = ").replace(f").{name})", f"){other})")
    return (expr if ends else each.expr, each.sheet)


def _scalar(text: str) -> str:
    """A text as YAML: as it stands where it can mean nothing else."""
    plain = _PLAIN.fullmatch(text) and ": " not in text
    return text if plain else json.dumps(text, ensure_ascii=False)
