"""What cells hold that no field has: a figure that stands elsewhere too, or the sum of several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from xltool.core.model import CODE, NAME, FieldKey, RowField, Table, Value
from xltool.core.places import FieldPlace, places_in
from xltool.mapping.model import Repeat

Values = Mapping[FieldKey, Value]


def repeated(repeat: Repeat, values: Values) -> Decimal | None:
    """The figure of a repeating cell; None where there is nothing to repeat.

    `values`: by the path of a field, or by list, code and column. A 类 without a value has that of its 款.
    """
    figures = [figure for key in repeat.of for figure in _figures(key, values)]
    return sum(figures, Decimal(0)) if figures else None


def _figures(key: FieldKey, values: Values) -> list[Decimal]:
    found = [values.get(key)]
    if isinstance(key, RowField) and key not in values:
        found = [
            value
            for at, value in values.items()
            if isinstance(at, RowField)
            and (at.list, at.column) == (key.list, key.column)
            and str(at.row).startswith(str(key.row))
        ]
    return [value for value in found if isinstance(value, Decimal)]


def by_key(table: Table, coded: Collection[str]) -> dict[FieldKey, Value]:
    """The values of a table by path, by list, row and column, or by list, code and column in the lists of `coded`.

    Codes and names in these are no values.
    """
    values: dict[FieldKey, Value] = {}
    for place, value in places_in("", 0, table):
        if isinstance(place, FieldPlace):
            values[place.path] = value
        elif place.list not in coded:
            values[RowField(place.list, place.row, place.column)] = value
        elif place.column not in (CODE, NAME):
            code = str(table.lists[place.list][place.row].get(CODE, ""))
            values[RowField(place.list, code, place.column)] = value
    return values
