"""A formula of a form -> the same in names of fields, as rules write it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xltool.core.model import CODE
from xltool.core.places import FieldPlace, Place
from xltool.forms.fieldcells import FieldCell, piece
from xltool.forms.listsums import ListColumn, covered_by
from xltool.mapping.located import Located
from xltool.ooxml import Range, make_ref
from xltool.ooxml.calc.plans import CalcPlan
from xltool.ooxml.calc.tree import ExpressionNode
from xltool.rules.scope import NameScope

_WIDEST = 400
"""Cells of a range; the official forms' longest columns have some sixty."""
_SHORT = 4
"""Fewer neighbours are named one by one."""

Terms = Mapping[Place, int]


class Said(NamedTuple):
    """Part of a formula as rules write it; `terms` while it only adds and subtracts cells.

    `column`: it is the sum of this column of a list.
    """

    text: str
    terms: Terms | None
    divisor: str = ""
    simple: bool = True
    column: str = ""


class NoIdentityError(Exception):
    """The formula says something that is no identity of fields; the text says why."""


class UnboundError(NoIdentityError):
    """The formula uses a figure that no field is bound to."""


class FormulaReader:
    """A formula of a form -> the same in names of fields. Raises `NoIdentityError`."""

    def __init__(
        self,
        plan: CalcPlan,
        cells: Mapping[tuple[str, str], FieldCell],
        located: Mapping[str, Located],
        own: FieldCell,
        scope: NameScope,
        lists: Mapping[str, list[ListColumn]],
    ) -> None:
        self._plan, self._cells, self._own, self._scope = plan, cells, own, scope
        self._lists = lists
        self._sheets = {at.sheet.name: at.sheet for at in located.values()}
        self._sheet = located[own.table].sheet.name
        self.used: set[Place] = set()
        """The fields that were met."""

    def of(self, node: ExpressionNode) -> Said:
        match node.kind, node.name:
            case "number", _:
                return Said(node.text, None)
            case "ref", _:
                found = self._area(node.ref)
                if len(found) != 1:
                    if not found:
                        raise UnboundError(f"{self._written(node.ref)} 没有绑定")
                    raise NoIdentityError(f"{self._written(node.ref)} 不是一格")
                return Said(found[0].text, {found[0].place: 1})
            case "call", "SUM":
                return self._sum(node.args)
            case "call", ("SUMIF" | "SUMIFS"):
                return self._sum_of_level(node)
            case "call", ("IF" | "IFERROR"):
                return self.of(self._where_there_is_one(node))
            case "call", "ROUND" if len(node.args) == 2 and node.args[1].kind == "number":
                inner = self.of(node.args[0])
                return inner._replace(text=f"round({inner.text}, {node.args[1].text})")
            case "op", ("+" | "-" | "*" | "/"):
                return self._operation(node.name, [self.of(arg) for arg in node.args])
        raise NoIdentityError(f"规则里没有 {node.name} 这种算法" if node.name else "不是算式")

    def _where_there_is_one(self, node: ExpressionNode) -> ExpressionNode:
        """What a formula gives that is left blank where its own figures are: `IF(COUNT(C7:C9)=0,"",SUM(C7:C9))`."""
        ways = node.args[1:] if node.name == "IF" else node.args
        said = [way for way in ways if way.kind != "text" or way.constant]
        if len(said) != 1 or len(ways) != 2:
            raise NoIdentityError(f"{node.name} 有几种结果")
        if not self._places(node.args[0]) <= self._places(said[0]):
            raise NoIdentityError("要看别的格才算")
        return said[0]

    def _places(self, node: ExpressionNode) -> set[object]:
        return {self._plan.places[each.ref] for each in node.walk() if each.kind == "ref"}

    def _written(self, number: int) -> str:
        """A reference as a formula on the sheet of the formula would have it."""
        sheet, area = self._plan.places[number]
        return str(area) if sheet == self._sheet else f"{sheet}!{area}"

    def _area(self, number: int) -> list[FieldCell]:
        """The bound cells of a reference; the others must be blank, and rows of a list the formula's own."""
        sheet, area = self._plan.places[number]
        if sheet not in self._sheets:
            raise UnboundError(f"工作表“{sheet}”没有认出表")
        if area.size > _WIDEST:
            raise NoIdentityError(f"{self._written(number)} 太大")
        found = []
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                ref = make_ref(row, column)
                if (cell := self._cells.get((sheet, ref))) is None:
                    self._no_figure(sheet, row, column, area)
                elif cell.each != self._own.each or cell.row not in (0, self._own.row):
                    raise NoIdentityError(f"{self._written(number)} 是清单的一部分")
                else:
                    found.append(cell)
        self.used |= {cell.place for cell in found}
        return found

    def _no_figure(self, sheet: str, row: int, column: int, area: Range) -> None:
        """Refuse a cell that nothing is bound to and that holds something, or has a place for it."""
        ref = make_ref(row, column)
        if (merge := self._sheets[sheet].merge_of(ref)) and merge.anchor != ref:
            return
        beside = [(row, n) for n in range(column - 1, 0, -1)] if area.left == area.right else []
        above = [(n, column) for n in range(row - 1, 0, -1)] if area.top == area.bottom else []
        if self._sheets[sheet].value(ref) is not None or any(
            self._labelled(sheet, way) for way in (beside, above)
        ):
            where = ref if sheet == self._sheet else f"{sheet}!{ref}"
            raise UnboundError(f"{where} 没有绑定")

    def _labelled(self, sheet: str, way: Iterable[tuple[int, int]]) -> bool:
        """Whether a text is met on the way to the left or up, before the figures of another label."""
        for row, column in way:
            ref = make_ref(row, column)
            if (sheet, ref) in self._cells:
                return False
            if isinstance(value := self._sheets[sheet].value(ref), str) and value.strip():
                return True
        return False

    def _sum(self, args: Sequence[ExpressionNode]) -> Said:
        if len(args) == 1 and args[0].kind == "ref" and (of := self._whole_column(args[0].ref)):
            return Said(of.sum_of(), {of.place(): 1}, column=of.name)
        texts: list[str] = []
        terms: Counter[Place] = Counter()
        for arg in args:
            if arg.kind == "ref" and (column := self._whole_column(arg.ref)):
                texts.append(column.sum_of())
                terms[column.place()] += 1
            elif arg.kind == "ref":
                cells = self._area(arg.ref)
                texts += [span] if (span := self._span(cells)) else [cell.text for cell in cells]
                terms.update({cell.place: 1 for cell in cells})
            else:
                inner = self.of(arg)
                if inner.terms is None:
                    raise NoIdentityError("求和里还有乘除")
                texts.append(inner.text)
                terms.update(inner.terms)
        if not texts:
            raise NoIdentityError("加的都是空格")
        return Said(f"sum({', '.join(texts)})", terms)

    def _sum_of_level(self, node: ExpressionNode) -> Said:
        """`SUMIF(A8:A17,"???",E8:E17)` of a list: its 类 added up."""
        unlike = NoIdentityError(f"{node.name} 不是按科目级次加清单")
        if len(node.args) != 3:
            raise unlike
        codes, wanted, summed = (
            node.args if node.name == "SUMIF" else (*node.args[1:], node.args[0])
        )
        if not codes.kind == summed.kind == "ref" or wanted.kind != "text":
            raise unlike
        column, of = self._whole_column(summed.ref), self._whole_column(codes.ref)
        if column is None or of is None or of.name != CODE or of[:2] != column[:2]:
            raise unlike
        if (level := column.level(str(wanted.constant))) is None:
            raise unlike
        return Said(column.sum_of(level), {column.place(level): 1}, column=column.name)

    def _whole_column(self, number: int) -> ListColumn | None:
        """The column of a list all of whose rows are referred to, and nothing else."""
        place = self._plan.places[number]
        column = covered_by(place, self._lists)
        in_row = self._own.row and place.area.top == place.area.bottom == self._own.row
        if column is None or in_row or place.area.size > _WIDEST:
            return None
        if any(self._own.each.get(name) != over for name, over in column.each.items()):
            return None
        for row in {*range(place.area.top, place.area.bottom + 1)} - {*column.rows}:
            ref = make_ref(row, column.left)
            if (place.sheet, ref) in self._cells or self._sheets[place.sheet].value(ref):
                return None
        self.used.add(column.place())
        return column

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
            raise NoIdentityError("有两次除")
        return Said(f"{one} {sign} {other}", None, right.text if sign == "/" else divisor)


def _scaled(terms: Terms | None, by: int) -> Terms | None:
    return None if terms is None else {place: by * n for place, n in terms.items()}
