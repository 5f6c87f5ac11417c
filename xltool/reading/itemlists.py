"""Lists of a blank form that have rows for the lowest codes alone: no 类, no 款."""

from __future__ import annotations

import re

from xltool.core.model import CODE
from xltool.ooxml import column_letter, make_ref
from xltool.reading.found import FoundTable
from xltool.reading.model import Reading

_PLAIN_SUM = re.compile(r"SUM\(\$?([A-Z]+)\$?(\d+):\$?\1\$?(\d+)\)")


def lowest_alone(blank: Reading, found_table: FoundTable, name: str) -> bool:
    """Whether a list of a blank form has rows for the lowest codes alone.

    Its sample rows say so, or, without any, a total that is the plain sum of all rows: with 类 and 款 among them
    it would count every figure thrice.
    """
    found, sheet = found_table.located.lists[name], found_table.located.sheet
    block = found.block
    if block.codes is None or not found.rows:
        return False
    samples = blank.report.tables[found_table.mapping.table][found_table.instance].lists
    codes = [str(row[CODE]) for row in samples.get(name, []) if CODE in row]
    if codes:
        return all(len(code) == block.codes.levels[-1] for code in codes)
    if (total := found.total) is None:
        return False
    columns = [found.columns[c.name].left for c in block.columns if c.kind == "amount"]
    sums = [_PLAIN_SUM.fullmatch(sheet.formula(make_ref(total, c)) or "") for c in columns]
    return bool(sums) and all(
        made is not None
        and made[1] == column_letter(column)
        and int(made[2]) <= found.rows[0] <= found.rows[-1] <= int(made[3])
        for made, column in zip(sums, columns, strict=True)
    )
