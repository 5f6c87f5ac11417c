"""What a filled form shows for a document: its cells, and what the form adds to them, computed here anew.

Written from the official forms, in Decimal, as a second opinion on the formulas of the templates: a sum of
blanks is blank; a total stands as given where nothing is filled under it, or where the clerk wants it so.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.support.documents.codes import economic_names, functional_names

Raw = dict[str, Any]
Path = tuple[str, ...]
Cells = dict[Path, Decimal | str]
"""Cells of one table by path; rows of lists by their code, or by #1, #2 … where they have none."""

_FUNDS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
_INCOME_ENDS = ("本年收入合计", "使用非财政拨款结余", "年初结转和结余", "总计")
_SPENDING_ENDS = ("本年支出合计", "结余分配", "年末结转和结余", "总计")
_ROW_SUMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "收入决算表": (
        "本年收入合计",
        (
            "财政拨款收入",
            "上级补助收入",
            "事业收入",
            "经营收入",
            "附属单位上缴收入",
            "其他收入",
        ),
    ),
    "支出决算表": (
        "本年支出合计",
        ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"),
    ),
    "一般公共预算财政拨款支出决算表": ("合计", ("基本支出", "项目支出")),
    "政府性基金预算财政拨款收入支出决算表": ("本年支出", ("基本支出", "项目支出")),
    "国有资本经营预算财政拨款支出决算表": ("本年支出", ("基本支出", "项目支出")),
    "国有资本经营预算财政拨款收入支出决算表": ("本年支出", ("基本支出", "项目支出")),
}
_BALANCES = ("年初结转和结余", "本年收入", "本年支出", "年末结转和结余")


def cells_of(table: Raw) -> Cells:
    """A table of a document as cells; blanks are left out."""
    found: Cells = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= {(key, *path): cell for path, cell in cells_of(value).items()}
        elif isinstance(value, list):
            for n, row in enumerate(value, 1):
                label = row.get("科目编码", f"#{n}")
                found |= {(key, label, c): v for c, v in row.items() if v is not None}
        elif value is not None:
            found[(key,)] = value
    return found


def supplied(name: str, table: Raw, *, given: bool = False) -> tuple[Cells, dict[Path, Decimal]]:
    """The cells of a filled table, and the given totals that contradict what they add up to.

    `given`: the document's totals hold, whatever their parts say (`--totals given`).
    """
    form = _Form(cells_of(table), given)
    if name == "收入支出决算总表":
        _overview(form)
    elif name == "财政拨款收入支出决算总表":
        _fiscal_overview(form)
    elif name in _ROW_SUMS:
        _coded_list(form, name)
    elif name == "一般公共预算财政拨款基本支出决算表":
        _basic(form)
    elif "“三公”" in name:
        _san_gong(form)
    elif name == "部门整体绩效自评表":
        _rates(form, "预算情况", "全年预算数", "实际执行数")
    else:
        _project(form)
    return form.cells, form.contradictions


class _Form:
    """Cells of one table while totals are filled in, the lowest first."""

    def __init__(self, cells: Cells, given: bool) -> None:
        self.cells, self.given = dict(cells), given
        self.contradictions: dict[Path, Decimal] = {}

    def number(self, path: Path) -> Decimal | None:
        value = self.cells.get(path)
        return value if isinstance(value, Decimal) else None

    def sum(self, paths: Iterable[Path]) -> Decimal | None:
        numbers = [n for path in paths if (n := self.number(path)) is not None]
        return sum(numbers, Decimal(0)) if numbers else None

    def compute(self, path: Path, value: Decimal | None, least: int = 2) -> None:
        """Put a computed value in its cell, unless what the document gives has to stand there.

        `least`: the decimals to which a given value has to agree at least.
        """
        given = self.number(path)
        if value is None or (self.given and given is not None):
            return
        if given is not None and not _agree(given, value, least):
            self.contradictions[path] = value
        self.cells[path] = value

    def total(self, path: Path, parts: Iterable[Path]) -> None:
        self.compute(path, self.sum(parts))


def _agree(given: Decimal, value: Decimal, least: int) -> bool:
    exponent = given.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal(1).scaleb(-max(least, -exponent))
    return given.quantize(step, ROUND_HALF_UP) == value.quantize(step, ROUND_HALF_UP)


def _overview(form: _Form) -> None:
    for side, ends in (("收入", _INCOME_ENDS), ("支出", _SPENDING_ENDS)):
        parts = [path for path in form.cells if path[0] == side and path[1] not in ends]
        year, second, third, total = ((side, name) for name in ends)
        form.total(year, parts)
        form.total(total, [year, second, third])


def _fiscal_overview(form: _Form) -> None:
    year, opening, total = "本年收入合计", "年初财政拨款结转和结余", "总计"
    form.total(("收入", year), [("收入", fund) for fund in _FUNDS])
    form.total(("收入", opening), [("收入", f"年初{fund}") for fund in _FUNDS])
    form.total(("收入", total), [("收入", year), ("收入", opening)])
    spent, closing = "本年支出合计", "年末财政拨款结转和结余"
    rows = dict.fromkeys(path[1] for path in form.cells if path[0] == "支出")
    classes = [row for row in rows if row not in (spent, closing, total)]
    for fund in _FUNDS:
        form.total(("支出", spent, fund), [("支出", row, fund) for row in classes])
    for row in (*classes, spent, closing):
        form.total(("支出", row, "合计"), [("支出", row, fund) for fund in _FUNDS])
    for column in ("合计", *_FUNDS):
        form.total(("支出", total, column), [("支出", row, column) for row in (spent, closing)])


def _coded_list(form: _Form, name: str) -> None:
    total, parts = _ROW_SUMS[name]
    balances = _BALANCES if "收入支出" in name else ()
    columns = dict.fromkeys((total, *parts, *balances))
    given = {path[1] for path in form.cells if path[0] == "明细"}
    codes = {code[:length] for code in given for length in (3, 5, 7) if length <= len(code)}
    for code in sorted(codes, key=lambda c: (-len(c), c)):
        form.cells["明细", code, "科目编码"] = code
        form.cells.setdefault(("明细", code, "科目名称"), functional_names().get(code, ""))
        below = [c for c in codes if len(c) == len(code) + 2 and c.startswith(code)]
        if below:
            for column in columns:
                form.total(("明细", code, column), [("明细", c, column) for c in below])
            continue
        form.total(("明细", code, total), [("明细", code, part) for part in parts])
        if balances:
            _balance(form, code)
    top = [code for code in codes if len(code) == 3]
    for column in columns:
        form.total(("合计", column), [("明细", code, column) for code in top])


def _balance(form: _Form, code: str) -> None:
    opening, income, spent, closing = (("明细", code, column) for column in _BALANCES)
    plus = form.sum([opening, income])
    minus = form.sum([spent])
    if plus is not None or minus is not None:
        form.compute(closing, (plus or Decimal(0)) - (minus or Decimal(0)))


def _basic(form: _Form) -> None:
    names = economic_names()
    codes = [path[1] for path in form.cells if path[0] == "明细" and path[2] == "金额"]
    for code in sorted({code[:3] for code in codes}):
        below = [("明细", c, "金额") for c in codes if c.startswith(code) and len(c) == 5]
        form.total(("明细", code, "金额"), below)
    for path in list(form.cells):
        if path[0] == "明细":
            _, code, _ = path
            if ("明细", code, "金额") in form.cells:
                form.cells["明细", code, "科目编码"] = code
                form.cells["明细", code, "科目名称"] = names[code]
            else:
                del form.cells[path]
    for total, classes in (
        ("人员经费合计", ("301", "303")),
        ("公用经费合计", ("302", "307", "310", "399")),
    ):
        form.total(("合计", total), [("明细", code, "金额") for code in classes])


def _san_gong(form: _Form) -> None:
    cars = "公务用车购置及运行费"
    for kind in ("预算数", "决算数"):
        form.total((kind, cars), [(kind, "公务用车购置费"), (kind, "公务用车运行费")])
        parts = ("因公出国（境）费", cars, "公务接待费")
        form.total((kind, "合计"), [(kind, part) for part in parts])


def _rates(form: _Form, block: str, whole: str, part: str) -> None:
    for row in dict.fromkeys(path[1] for path in form.cells if path[0] == block):
        budget, spent = form.number((block, row, whole)), form.number((block, row, part))
        if budget and spent is not None:
            form.compute((block, row, "执行率"), spent / budget, least=4)


def _project(form: _Form) -> None:
    block, top, full = "项目资金", "年度资金总额", Decimal(10)
    for column in ("年初预算数", "全年预算数", "全年执行数"):
        sources = ("当年财政拨款", "上年结转资金", "其他资金")
        form.total((block, top, column), [(block, row, column) for row in sources])
    _rates(form, block, "全年预算数", "全年执行数")
    form.cells.setdefault((block, top, "分值"), full)
    rate, marks = form.number((block, top, "执行率")), form.number((block, top, "分值"))
    if rate is not None and marks is not None:
        points = (min(Decimal(1), rate) * marks).quantize(Decimal("0.01"), ROUND_HALF_UP)
        form.compute((block, top, "得分"), points)
    for column in ("分值", "得分"):
        parts = [path for path in form.cells if path[0] == "绩效指标" and path[2] == column]
        form.total(("总分", column), [(block, top, column), *parts])
