"""A formula of a form -> the same in names of fields, as rules write it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xltool.core.places import FieldPlace, Place
from xltool.forms.fieldcells import FieldCell, piece
from xltool.mapping.located import Located
from xltool.ooxml import make_ref
from xltool.ooxml.calc.expression import ExpressionNode
from xltool.ooxml.calc.plans import CalcPlan
from xltool.rules.scope import NameScope

_WIDEST = 400
"""Cells of a range; the official forms' longest columns have some sixty."""
_SHORT = 4
"""Fewer neighbours are named one by one."""

Terms = Mapping[Place, int]


class Said(NamedTuple):
    """Part of a formula as rules write it; `terms` while it only adds and subtracts cells."""

    text: str
    terms: Terms | None
    divisor: str = ""
    simple: bool = True


class NoIdentityError(Exception):
    """The formula says something that is no identity of fields."""


class FormulaReader:
    """A formula of a form -> the same in names of fields. Raises `NoIdentityError`."""

    def __init__(
        self,
        plan: CalcPlan,
        cells: Mapping[tuple[str, str], FieldCell],
        located: Mapping[str, Located],
        own: FieldCell,
        scope: NameScope,
    ) -> None:
        self._plan, self._cells, self._own, self._scope = plan, cells, own, scope
        self._sheets = {at.sheet.name: at.sheet for at in located.values()}
        self.used: set[Place] = set()
        """The fields that were met."""

    def of(self, node: ExpressionNode) -> Said:
        match node.kind, node.name:
            case "number", _:
                return Said(node.text, None)
            case "ref", _:
                found = self._area(node.ref)
                if len(found) != 1:
                    raise NoIdentityError
                return Said(found[0].text, {found[0].place: 1})
            case "call", "SUM":
                return self._sum(node.args)
            case "call", "ROUND" if len(node.args) == 2 and node.args[1].kind == "number":
                inner = self.of(node.args[0])
                return inner._replace(text=f"round({inner.text}, {node.args[1].text})")
            case "op", ("+" | "-" | "*" | "/"):
                return self._operation(node.name, [self.of(arg) for arg in node.args])
        raise NoIdentityError

    def _area(self, number: int) -> list[FieldCell]:
        """The bound cells of a reference; the others must be blank, and rows of a list the formula's own."""
        sheet, area = self._plan.places[number]
        if area.size > _WIDEST or sheet not in self._sheets:
            raise NoIdentityError
        found = []
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                ref = make_ref(row, column)
                if (cell := self._cells.get((sheet, ref))) is None:
                    if self._sheets[sheet].value(ref) is not None:
                        raise NoIdentityError
                elif cell.each != self._own.each or cell.row not in (0, self._own.row):
                    raise NoIdentityError
                else:
                    found.append(cell)
        self.used |= {cell.place for cell in found}
        return found

    def _sum(self, args: Sequence[ExpressionNode]) -> Said:
        texts: list[str] = []
        terms: Counter[Place] = Counter()
        for arg in args:
            if arg.kind == "ref":
                cells = self._area(arg.ref)
                texts += [span] if (span := self._span(cells)) else [cell.text for cell in cells]
                terms.update({cell.place: 1 for cell in cells})
            else:
                inner = self.of(arg)
                if inner.terms is None:
                    raise NoIdentityError
                texts.append(inner.text)
                terms.update(inner.terms)
        if not texts:
            raise NoIdentityError
        return Said(f"sum({', '.join(texts)})", terms)

    def _span(self, cells: Sequence[FieldCell]) -> str:
        """Neighbouring fields in short, 从…:到…; "" where they are not all that stand between two."""
        paths = [cell.place.path for cell in cells if isinstance(cell.place, FieldPlace)]
        if len(cells) < _SHORT or len(paths) < len(cells) or len({c.table for c in cells}) > 1:
            return ""
        first, last = paths[0], paths[-1]
        for n, (one, other) in enumerate(zip(first, last, strict=False)):
            if one != other:
                names = self._scope.names_under(cells[0].table, first[:n])
                between = names[names.index(one) : names.index(other) + 1]
                if paths != [(*first[:n], name, *first[n + 1 :]) for name in between]:
                    return ""
                head = cells[0].text.split(".")[0]
                spans = (
                    f"{piece(one)}:{piece(other)}" if k == n else piece(p)
                    for k, p in enumerate(first)
                )
                return ".".join((head, *spans))
        return ""

    def _operation(self, sign: str, parts: Sequence[Said]) -> Said:
        divisor = next(filter(None, (part.divisor for part in parts)), "")
        if len(parts) == 1:
            terms = parts[0].terms
            told = f"-({parts[0].text})" if sign == "-" else parts[0].text
            return Said(told, _scaled(terms, -1 if sign == "-" else 1), divisor)
        left, right = parts
        if sign in "+-":
            closed = f"({right.text})" if sign == "-" and not right.simple else right.text
            text = f"{left.text} {sign} {closed}"
            if left.terms is None or right.terms is None:
                return Said(text, None, divisor, simple=False)
            total = Counter(left.terms)
            total.update(_scaled(right.terms, 1 if sign == "+" else -1) or {})
            return Said(text, total, divisor, simple=False)
        one, other = (part.text if part.simple else f"({part.text})" for part in parts)
        if sign == "/" and divisor:
            raise NoIdentityError
        return Said(f"{one} {sign} {other}", None, right.text if sign == "/" else divisor)


def _scaled(terms: Terms | None, by: int) -> Terms | None:
    return None if terms is None else {place: by * n for place, n in terms.items()}
