"""Identities that a form's own formulas state, as rules; those that the official rules have already are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.core.model import CODE, NUMERIC, Report, Table
from xltool.core.places import Place
from xltool.forms.fieldcells import AMOUNT, cells_of, sample_rows, short_names
from xltool.forms.formulatexts import FormulaReader, NoIdentityError, Said, Terms, UnboundError
from xltool.forms.listsums import list_columns
from xltool.mapping.located import Located
from xltool.ooxml.calc.plans import Names, planner
from xltool.reading import Reading
from xltool.rules.env import Env
from xltool.rules.evaluate import evaluate
from xltool.rules.load import RuleSet, official_rules
from xltool.rules.lookup import Lookup
from xltool.rules.values import Leaf

Equation = frozenset[tuple[Place, int]]


class Identity(NamedTuple):
    """What a formula of a form says: `expr` and `each` as rules write them, `divisor` what must not be zero for it."""

    table: str
    sheet: str
    ref: str
    formula: str
    expr: str
    each: Mapping[str, str]
    divisor: str = ""
    column: str = ""


class Unsaid(NamedTuple):
    """A formula of a form that could not be made a rule, and why."""

    sheet: str
    ref: str
    formula: str
    reason: str


def identities(blank: Reading) -> tuple[list[Identity], list[Unsaid]]:
    """The identities that the formulas of a blank form state and the official rules do not; those not understood."""
    rules = official_rules(blank.edition)
    located = {t.mapping.table: t.located for t in blank.found_tables if t.instance == 0}
    names = {table: short_names(rules, [table])[table] for table in located}
    lists = list_columns(located, names)
    cells = {
        (at.sheet.name, ref): cell
        for table, at in located.items()
        for ref, cell in cells_of(table, at, names[table])
    }
    here = {cell.place for cell in cells.values()}
    here |= {place for columns in lists.values() for each in columns for place in each.places()}
    # where all terms cancel out, nothing is said
    known = {frozenset(), *_known(rules, located, here, blank.edition.years[1])}
    spoken = {place for equation in known for place, _ in equation}
    plan = planner(
        Names(tuple(s.name for s in blank.workbook.sheets), blank.workbook.defined_names)
    )
    found, unsaid = [], []
    for (sheet, ref), cell in cells.items():
        formula = located[cell.table].sheet.formula(ref)
        if formula is None:
            continue
        try:
            planned = plan(formula, sheet)
            if isinstance(planned, str):
                raise NoIdentityError(planned)
            reader = FormulaReader(planned, cells, located, cell, rules.scope, lists)
            said = reader.of(planned.tree)
        except NoIdentityError as why:
            if isinstance(why, UnboundError) or cell.place not in spoken:
                unsaid.append(Unsaid(sheet, ref, formula, str(why)))
            continue
        if _stated(cell.place, said, reader.used) not in known:
            expr = f"{cell.text} = {said.text}"
            at = (cell.table, sheet, ref, formula)
            found.append(Identity(*at, expr, cell.each, said.divisor, said.column))
    return found, unsaid


def _stated(place: Place, said: Said, used: Iterable[Place]) -> Equation:
    """What the formula of a cell says, to be compared with what rules say."""
    return _any_way({place, *used}) if said.terms is None else _equation(place, said.terms)


def _known(
    rules: RuleSet, located: Mapping[str, Located], here: set[Place], year: int
) -> Iterator[Equation]:
    """The equations of the official rules, as far as a form has cells for them."""
    report = Report("", "", year, "元")
    for table, at in located.items():
        filled = Table(dict.fromkeys(at.fields, Decimal(1)))
        for name, codes in at.codes.items():
            filled.lists[name] = [{CODE: code, AMOUNT: Decimal(1)} for code in codes]
        for name, found in at.lists.items():
            columns = [c.name for c in found.block.columns if c.kind in NUMERIC]
            filled.lists[name] = sample_rows(found.block.codes is not None, columns)
        report.tables[table] = [filled]
    env = Env(Lookup(report, {t: at.mapping.spec for t, at in located.items()}))
    wanted = [rule.id for rule in rules.rules.values() if not rule.check]
    for result in evaluate(rules, env, wanted):
        if result.operator == "=" and result.left and result.right:
            every = [*result.left.leaves, *result.right.leaves]
            if not all(leaf.sign for leaf in every):
                yield _any_way({leaf.place for leaf in every})
                continue
            terms: Counter[Place] = Counter()
            for sign, leaves in ((1, result.left.leaves), (-1, result.right.leaves)):
                _add(terms, leaves, sign, here)
            yield _normal(terms)


def _add(terms: Counter[Place], leaves: Sequence[Leaf], sign: int, here: set[Place]) -> None:
    for leaf in leaves:
        if leaf.place in here and not leaf.prior:
            terms[leaf.place] += sign * leaf.sign


def _equation(place: Place, terms: Terms) -> Equation:
    found = Counter({place: 1})
    found.subtract(terms)
    return _normal(found)


def _any_way(places: Iterable[Place]) -> Equation:
    """An equation of quotients or roundings: known by the cells alone."""
    return frozenset((place, 0) for place in places)


def _normal(terms: Mapping[Place, int]) -> Equation:
    """An equation that is the same whichever side its terms stood on."""
    found = sorted(((place, n) for place, n in terms.items() if n), key=repr)
    sign = -1 if found and found[0][1] < 0 else 1
    return frozenset((place, sign * n) for place, n in found)
