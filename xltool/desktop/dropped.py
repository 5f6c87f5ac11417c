"""Which files were dropped on a door.

The Explorer starts `cmd /c ""C:\\…\\校验.cmd" "C:\\a b.xlsx" C:\\x&y.xlsx"`: it quotes names with spaces only, of which
U+3000 is none. At the first `&` outside of quotes cmd ends the arguments; it drops `^` and fills in `%…%`. The whole
line is still in the variable cmdcmdline, which the door hands on without having cmd read it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

LINE, DOOR = "XLTOOL_LINE", "XLTOOL_DOOR"
"""The variables that a door sets: the command line of its cmd.exe, and its own path."""

_WORD = re.compile(r'"([^"]*)"|([^ "]+)')


def dropped(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> list[Path]:
    """The files that were dropped, as the command line names them; `arguments` when a person typed them."""
    words = _behind(environ.get(LINE, ""), environ.get(DOOR, ""))
    return [Path(word) for word in (arguments if words is None else words)]


def _behind(line: str, door: str) -> list[str] | None:
    """The words behind the door's own path in a line; None when the line does not name the door."""
    start = line.casefold().rfind(door.casefold()) if door else -1
    if start < 0:
        return None
    rest = line[start + len(door) :].removeprefix('"').rstrip().removesuffix('"')
    # the quote that ends the last name may be the one that was taken off
    rest += '"' * (rest.count('"') % 2)
    return [quoted or bare for quoted, bare in _WORD.findall(rest)]
