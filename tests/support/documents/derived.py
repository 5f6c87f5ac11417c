"""Which cells of a document the forms compute, so that a clerk may leave them out."""

from __future__ import annotations

from typing import Any

from tests.support.documents.codes import SOE_ITEMS

Raw = dict[str, Any]

_TOTAL_COLUMNS = {
    "收入决算表": ("本年收入合计",),
    "支出决算表": ("本年支出合计",),
    "一般公共预算财政拨款支出决算表": ("合计",),
    "政府性基金预算财政拨款收入支出决算表": ("本年支出", "年末结转和结余"),
    "国有资本经营预算财政拨款支出决算表": ("本年支出",),
    "国有资本经营预算财政拨款收入支出决算表": ("本年支出", "年末结转和结余"),
}
_SUM_ROWS = ("本年收入合计", "本年支出合计", "年初财政拨款结转和结余", "总计")


def is_derived(table: str, path: tuple[str, ...]) -> bool:
    """Whether a cell follows from others. `path` leads through the document's table; rows by their code."""
    last = path[-1]
    if table == "收入支出决算总表":
        return last in _SUM_ROWS
    if table == "财政拨款收入支出决算总表":
        return path[1] in _SUM_ROWS or last == "合计"
    if table in _TOTAL_COLUMNS:
        return path[0] == "合计" or len(path[1]) < 7 or last in _TOTAL_COLUMNS[table]
    if table == "一般公共预算财政拨款基本支出决算表":
        return path[0] == "合计" or len(path[1]) == 3
    if "“三公”" in table:
        return last in ("合计", "公务用车购置及运行费")
    if table == "部门整体绩效自评表":
        return last == "执行率"
    return _derived_in_project(path)


def _derived_in_project(path: tuple[str, ...]) -> bool:
    if path[0] == "总分":
        return True
    return path[0] == "项目资金" and (path[1] == "年度资金总额" or path[-1] == "执行率")


def leaves(document: Raw) -> Raw:
    """The document without what follows from the rest: parents, totals, ratios, points, names of codes.

    Names of codes that the code lists do not have stay.
    """
    stripped: Raw = {}
    for name, table in document["表"].items():
        many = table if isinstance(table, list) else [table]
        kept = [_strip(name, one, ()) for one in many]
        stripped[name] = kept if isinstance(table, list) else kept[0]
    for table in stripped.values():
        for row in table.get("明细", []) if isinstance(table, dict) else []:
            if row["科目编码"] not in SOE_ITEMS:
                row.pop("科目名称", None)
    return {**document, "表": stripped}


def _strip(table: str, raw: Raw, head: tuple[str, ...]) -> Raw:
    kept: Raw = {}
    for key, value in raw.items():
        path = (*head, key)
        if isinstance(value, dict):
            inner = _strip(table, value, path)
            if inner:
                kept[key] = inner
        elif isinstance(value, list):
            kept[key] = _strip_rows(table, value, path)
        elif not is_derived(table, path):
            kept[key] = value
    return kept


def _strip_rows(table: str, rows: list[Raw], head: tuple[str, ...]) -> list[Raw]:
    kept = []
    for row in rows:
        code = row.get("科目编码", "")
        cells = {
            column: value
            for column, value in row.items()
            if column in ("科目编码", "科目名称") or not is_derived(table, (*head, code, column))
        }
        if not code or set(cells) - {"科目编码", "科目名称"} or not _is_parent(table, code):
            kept.append(cells)
    return kept


def _is_parent(table: str, code: str) -> bool:
    return len(code) < (5 if table == "一般公共预算财政拨款基本支出决算表" else 7)
