"""The one place through which everything goes to the terminal: no text from elsewhere gives orders to it.

`install` puts itself between the commands and click. Colours are marked with a secret of this run until they are
printed, so that only our own become escape sequences. A message is one line; breaks in it come from elsewhere.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import sys
from typing import IO, Any

import click

from xltool.cli.wrapping import wrapped
from xltool.core.printable import harmless, one_line

_MARK = f"\ufdd0{os.urandom(8).hex()}"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_echo, _style, _unstyle = click.echo, click.style, click.unstyle


TWINS = "xltool.twins"
"""The error handler that writes twins of what an encoding does not have, and ? for the rest."""
_TWINS = {
    "›": ">",
    "‹": "<",
    "−": "-",
    "–": "-",
    "•": "·",
    "✓": "√",
    "✗": "×",
    "≠": "<>",
    "\u00a0": " ",
}


def _twin(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    return "".join(_TWINS.get(sign, "?") for sign in signs), error.end


codecs.register_error(TWINS, _twin)


def install() -> None:
    """Have `click.echo` and `click.style` print nothing harmful."""
    for name, function in (("echo", echo), ("style", style), ("unstyle", unstyle)):
        setattr(click, name, function)


def style(text: Any, **how: Any) -> str:
    """As `click.style`."""
    return _style("\0", **how).replace("\x1b", _MARK).replace("\0", str(text))


def unstyle(text: str) -> str:
    """As `click.unstyle`."""
    return _unstyle(text.replace(_MARK, "\x1b"))


def echo(
    message: Any = None,
    file: IO[Any] | None = None,
    nl: bool = True,
    err: bool = False,
    color: bool | None = None,
) -> None:
    """As `click.echo`, for one line; empty lines may stand before it."""
    text = "" if message is None else str(message)
    line = text.lstrip("\n")
    before = text[: len(text) - len(line)]
    if color is None and not _coloured():
        color = False
    shown = safe_line(line)
    try:
        if nl and (file or (sys.stderr if err else sys.stdout)).isatty():
            import shutil

            shown = wrapped(shown, shutil.get_terminal_size().columns, _COLOURS)
        _echo(before + shown, file=file, nl=nl, err=err, color=color)
    except OSError as error:
        # on Windows a pipe whose reader went away is an invalid argument; click knows the other name
        gone = sys.platform == "win32" and error.errno == errno.EINVAL
        raise (BrokenPipeError(errno.EPIPE, "no reader") if gone else error) from None


def _coloured() -> bool:
    """Not where the user wants none (NO_COLOR, see no-color.org) or the terminal has none (TERM=dumb)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def can_be_asked() -> bool:
    """Whether a person sits before standard input; on Windows the device NUL calls itself a terminal too."""
    if not sys.stdin.isatty():
        return False
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        mode, handle = ctypes.c_ulong(), msvcrt.get_osfhandle(sys.stdin.fileno())
        kernel = ctypes.windll.kernel32
        return bool(kernel.GetConsoleMode(ctypes.c_void_p(handle), ctypes.byref(mode)))
    return True


def safe_line(text: str) -> str:
    """A line with the colours that are ours, and without orders from elsewhere; columns keep their tabs."""
    return "\t".join(harmless(one_line(part)) for part in text.split("\t")).replace(_MARK, "\x1b")
