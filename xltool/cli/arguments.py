"""The words of the command line on Windows, where no shell puts file names in the place of `*`.

Click would do it, and more: it reads `报表[1].xlsx` as a pattern that means 报表1.xlsx, and `%TEMP%` in a name as the
value of a variable, so that another workbook would be checked than the one that was named.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator


def expanded(arguments: Iterable[str]) -> Iterator[str]:
    """Put the files that fit in the place of each pattern (`*`, `?`); one that nothing fits stays as it is."""
    for argument in arguments:
        if argument.startswith("-") or not {"*", "?"} & set(argument) or os.path.lexists(argument):
            yield argument
            continue
        found = sorted(glob.glob(argument.replace("[", "[[]")))  # noqa: PTH207 - keeps the words as written
        yield from found or [argument]
