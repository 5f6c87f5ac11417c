"""Totals in lists: rows and columns that add up others are compared with them, never added again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from xltool.entry.importing.layout.block import Block, label_of
from xltool.entry.importing.questions.answers import ALL_COUNTED, BELOW, choices
from xltool.entry.importing.rows.rowcodes import places_above
from xltool.entry.importing.taking import Figures, Taking
from xltool.entry.importing.vocabulary import ImportWords, bare

_ADDED = ("amount", "single", "month", "economic", "part")
_HALF = Decimal("0.005")
_PARTS = ("人员经费", "公用经费")
_PEOPLE = ("301", "303")
"""工资福利支出, 对个人和家庭的补助 are 人员经费."""
_HINT = "核对是不是有漏掉的行"
WHOLES = ("合计", "总计")
_SHOWN = 3


def columns_added(block: Block) -> list[int]:
    """The columns whose figures rows of totals add up."""
    return block.of(*_ADDED)


def compare_rows(
    taking: Taking,
    block: Block,
    marks: list[int],
    leaves: Figures,
    economic: Mapping[int, str],
    unwanted: Figures,
) -> None:
    """Each row of totals (`marks`) agrees in all columns with rows above or below it, or is asked about.

    `economic`: the 经济分类 codes of rows; 人员经费合计 is the sum of 301 and 303, 公用经费合计 of the others.
    `unwanted`: rows that a total may hold or not.
    """
    every = {**leaves, **unwanted}
    held = (leaves, every) if unwanted else (leaves,)
    shown = {column for figures in leaves.values() for column in figures}
    columns = [*columns_added(block), *(c for c in block.of("total") if c in shown)]
    for row in marks:
        taking.subtotal(block, row)
        stated = {
            column: number
            for column in columns
            if (number := taking.amount(block, row, column)) is not None
        }
        spans = [span for rows in held for span in _spans(row, marks, rows) if span]
        if part := _part_of(label_of(block, row), leaves, economic):
            spans = [part, *spans]
        agreeing = (s for s in spans if _agrees(block, stated, _sums(s, stated, every)))
        if (added := next(agreeing, [])) or not spans:
            if row not in block.grid.hidden and any(stated.values()):
                taking.proven.update(added)
            continue
        if tail := _rounded(taking, block, stated, spans, every):
            taking.note(f"{block.grid.where(row)} 的合计与各行之和差{tail:f}，是四舍五入的尾差")
            continue
        real = _sums(spans[0], stated, every)
        for column, number in stated.items():
            if number != real[column]:
                ask_about_total(taking, block, (row, column), number, real[column], spans[0])


def ask_about_total(
    taking: Taking,
    block: Block,
    cell: tuple[int, int],
    stated: Decimal,
    real: Decimal,
    rows: Iterable[int] = (),
) -> None:
    """Ask about a total that is not the sum of its rows; of `rows`, those that are hidden may be why."""
    message = f"合计{stated:f}不等于各行之和{real:f}"
    hidden = [str(row) for row in rows if row in block.grid.hidden]
    hint = f"{_HINT}；第{'、'.join(hidden)}行是隐藏的" if hidden else _HINT
    taking.ask(block.grid.where(*cell), message, hint, "contradiction")


def ask_about_parent(
    taking: Taking, block: Block, cell: tuple[int, int], code: str, stated: Decimal, real: Decimal
) -> None:
    """Ask about the figure of a code or account that is not the sum of those below it."""
    message = f"{code} 是{stated:f}，下级之和是{real:f}"
    taking.ask(block.grid.where(*cell), message, _HINT, "contradiction")


def subtotals_of_codes(block: Block, codes: Mapping[int, str], words: ImportWords) -> set[int]:
    """Rows 小计 of a 科目 that has rows of its own, in whatever column that stands: below the projects of each."""
    told = {row for row in block.rows if codes.get(row) and _says_subtotal(block, row, words)}
    single = {code for row, code in codes.items() if row not in told}
    return {row for row in told if codes[row] in single}


def _says_subtotal(block: Block, row: int, words: ImportWords) -> bool:
    texts = (text for text in block.grid.cells[row].values() if isinstance(text, str))
    return any(bare(text) in words.subtotals for text in texts)


def slack(taking: Taking, block: Block, rows: int) -> Decimal:
    """What a total of so many rows may differ by where each was rounded to 0.01万元; else zero."""
    rounded = taking.units.get(block.grid.label, taking.unit) == "万元"
    return _HALF * (rows + 1) if rounded else Decimal(0)


def ask_about_rows_below(taking: Taking, block: Block, marks: list[int], leaves: Figures) -> None:
    """Rows below the total of all others are in no total: nobody knows whether they belong to the list."""
    last = max(marks, default=None)
    if last is None or label_of(block, last) not in WHOLES:
        return
    below = [row for row, figures in leaves.items() if row > last and any(figures.values())]
    numbers = taking.numbers(block, last, columns_added(block))
    stated = {column: number for column, number in numbers.items() if number}
    if not (below and stated) or stated != _sums(
        [row for row in leaves if row < last], stated, leaves
    ):
        return
    ask_about_below(taking, block, last, below)


def ask_about_below(taking: Taking, block: Block, total: int, below: list[int]) -> None:
    """Ask whether rows below the row of a total, which it does not hold, belong to what it adds up."""
    listed = "、".join(map(str, below[:_SHOWN])) + ("等" if len(below) > _SHOWN else "")
    where = block.grid.where(total)
    if taking.said.get(BELOW) == ALL_COUNTED:
        taking.note(f"{where} 的合计没有加下面第{listed}行，照所说的都算")
        return
    message = f"合计只加到上一行，下面第{listed}行还有数"
    hint = f"不算的行删去；合计漏了的改合计；都要算的，回答 {BELOW}={ALL_COUNTED}"
    told = id(block), "below", total
    taking.ask(where, message, hint, "contradiction", told, choices(BELOW))


def _rounded(
    taking: Taking,
    block: Block,
    stated: dict[int, Decimal],
    spans: list[list[int]],
    leaves: Figures,
) -> Decimal:
    """The largest difference where rounding one by one explains all; else zero."""
    for span in spans:
        real = _sums(span, stated, leaves)
        most = max(abs(number - real[column]) for column, number in stated.items())
        if most <= slack(taking, block, len(span)):
            return most
    return Decimal(0)


def _agrees(block: Block, stated: dict[int, Decimal], real: dict[int, Decimal]) -> bool:
    """Whether a row of totals is these sums, or, of a list in stretches, these and those before."""
    if stated == real:
        return True
    added, total = _summed(block), dict(real)
    for before in reversed(block.beside):
        if len(before) != len(added):
            return False
        total = {c: total[c] + before[added.index(c)] for c in stated}
        if stated == total:
            return True
    return False


def _part_of(label: str, leaves: Figures, economic: Mapping[int, str]) -> list[int]:
    """The rows that 人员经费合计 or 公用经费合计 adds up, by their codes; none of any other total."""
    if not any(word in label for word in _PARTS):
        return []
    for_people = "人员" in label
    return [
        r for r in leaves if (code := economic.get(r)) and code.startswith(_PEOPLE) == for_people
    ]


def _spans(row: int, marks: list[int], leaves: Figures) -> Iterator[list[int]]:
    """The rows that a total may add up: all above; those since the total before it; those below; up to the next."""
    before = max((m for m in marks if m < row), default=0)
    after = min((m for m in marks if m > row), default=None)
    yield [r for r in leaves if r < row]
    yield [r for r in leaves if before < r < row]
    yield [r for r in leaves if r > row]
    yield [r for r in leaves if r > row and (after is None or r < after)]


def _sums(rows: list[int], columns: dict[int, Decimal], leaves: Figures) -> dict[int, Decimal]:
    return {c: sum((leaves[r].get(c, Decimal(0)) for r in rows), Decimal(0)) for c in columns}


def compare_parents(
    taking: Taking, block: Block, parents: dict[int, str], codes: dict[int, str], leaves: Figures
) -> None:
    """A 类 or 款 above rows of the same list is their sum, or is asked about."""
    below: dict[tuple[str, int], Decimal] = {}
    under: dict[str, list[int]] = {}
    for row, figures in leaves.items():
        for place in places_above(codes[row]):
            under.setdefault(place, []).append(row)
            for column, number in figures.items():
                key = place, column
                below[key] = below.get(key, Decimal(0)) + number
    for row, code in parents.items():
        taking.subtotal(block, row, f"{code} 的下级在表里")
        agrees = row not in block.grid.hidden
        for column in columns_added(block):
            stated, real = taking.amount(block, row, column), below.get((code, column))
            if stated is not None and stated != (real or 0):
                ask_about_parent(taking, block, (row, column), code, stated, real or Decimal(0))
                agrees = False
        if agrees:
            taking.proven.update(under.get(code, ()))


def carry_on(block: Block, leaves: Figures) -> None:
    """Hand the sum of this stretch on to the next ones."""
    columns = _summed(block)
    sums = _sums(list(leaves), dict.fromkeys(columns, Decimal(0)), leaves)
    block.beside.append([sums[column] for column in columns])


def _summed(block: Block) -> list[int]:
    """The columns that a row of totals may have a sum in, in their order."""
    return sorted((*columns_added(block), *block.of("total")))


def compare_across(taking: Taking, block: Block, leaves: Figures) -> None:
    """合计 beside the columns it adds up; 全年 beside the months."""
    months = block.of("month")
    years = dict.fromkeys(block.of("single") if months else (), months) | block.years
    added = [c for c in columns_added(block) if c not in months]
    chosen = bool(block.unknown) or any(m.target == "不要" for m in block.columns.values())
    for row, figures in leaves.items():
        for column, parts in years.items():
            if len(parts) > 1 and (column in block.years or not chosen):
                _compare(taking, block, (row, column), [_sum(figures, parts)])
        for column in block.of("total") if not chosen else ():
            _compare(taking, block, (row, column), _sums_across(block, figures, added, column))
        _without_year(taking, block, row, years)


def _compare(taking: Taking, block: Block, cell: tuple[int, int], sums: Iterable[Decimal]) -> None:
    """Ask about a total across that is none of the sums."""
    stated, known = taking.amount(block, *cell), list(sums)
    if stated is not None and known and stated not in known:
        message = f"合计{stated:f}不等于这一行各栏之和{known[0]:f}"
        taking.ask(block.grid.where(*cell), message, "核对是不是漏了一栏", "contradiction")


def _without_year(taking: Taking, block: Block, row: int, years: dict[int, list[int]]) -> None:
    """Figures of months in a row whose year is blank would fill nothing."""
    for column, parts in years.items():
        summed = _sum(taking.numbers(block, row, parts), parts)
        if summed and taking.amount(block, row, column) is None:
            message = f"“{block.heads.get(column, '')}”空着，各月、各季度的数合起来是{summed:f}"
            hint = "填上全年的数，再导入"
            taking.ask(block.grid.where(row, column), message, hint, "missing-value")


def _sums_across(
    block: Block, figures: dict[int, Decimal], added: list[int], total: int
) -> Iterator[Decimal]:
    """What a column of totals may add up: those under one head with it, all columns, or those of one table."""
    upper = f"{block.heads.get(total, '').rpartition('/')[0]}/"
    if within := [c for c in added if upper != "/" and block.heads.get(c, "").startswith(upper)]:
        yield _sum(figures, within)
    if not added or len(block.of("total")) > 1:
        return
    yield _sum(figures, added)
    for table in {block.columns[c].target.partition(".")[0] for c in added}:
        yield _sum(figures, [c for c in added if block.columns[c].target.startswith(f"{table}.")])


def _sum(figures: dict[int, Decimal], columns: list[int]) -> Decimal:
    return sum((figures.get(c, Decimal(0)) for c in columns), Decimal(0))
