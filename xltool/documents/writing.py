"""Report -> data document."""

from __future__ import annotations

from decimal import Decimal

from xltool.core.model import Report, Table, Unread
from xltool.documents.document import ASIDE, NO_DATA, Raw


def to_raw(report: Report) -> Raw:
    """A Report as a data document; blank values and empty tables are left out."""
    raw: Raw = {
        "版本": report.edition,
        **({"表样": report.form} if report.form else {}),
        "单位名称": report.unit_name,
        "年度": Decimal(report.year) if report.year else None,
        "金额单位": report.unit or None,
        **report.heads,
        **({NO_DATA: report.no_data} if report.no_data else {}),
        **({"未读": [unread_entry(unread) for unread in report.unread]} if report.unread else {}),
        "表": {},
    }
    for name, instances in report.tables.items():
        filled = [_table_raw(table) for table in instances if not table.empty]
        if filled:
            part = raw.setdefault(ASIDE, {}) if name in report.likely else raw["表"]
            part[name] = filled[0] if len(filled) == 1 else filled
    return raw


def unread_entry(unread: Unread) -> Raw:
    """A table that was not read, as documents and reports list it."""
    return {"工作表": unread.sheet, "表": unread.table, "原因": unread.reason}


def _table_raw(table: Table) -> Raw:
    raw: Raw = {}
    for path, value in table.fields.items():
        node = raw
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = value
    for name, rows in table.lists.items():
        if rows:
            raw[name] = rows
    return raw
