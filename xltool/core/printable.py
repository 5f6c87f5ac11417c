"""Texts that come from elsewhere, on their way to a terminal, a log, a message box, the status bar of Excel.

A name or a label may hold signs that are orders there: escape sequences, line breaks that begin a line of their
own, marks that turn the text after them around.
"""

from __future__ import annotations

import json
import re

_BREAK = "\v\f\r\x1c-\x1e\x85\u2028\u2029"
_ORDER = "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Controls of both sets, bidi marks, halves of characters."""
_BREAKS, _ALL_BREAKS = re.compile(f"[{_BREAK}]"), re.compile(f"[\t\n{_BREAK}]+")
_ORDERS, _RAW = re.compile(f"[{_ORDER}]"), f"[{_ORDER}{_BREAK}]"


def one_line(text: str) -> str:
    """The text as a line: breaks and tabs are spaces."""
    return _ALL_BREAKS.sub(" ", text)


def harmless(text: str) -> str:
    """The text without orders, which show as `�`, and with no other breaks than `\\n`."""
    return _ORDERS.sub("�", _BREAKS.sub(" ", text.replace("\r\n", "\n")))


def escaped(json_text: str) -> str:
    """JSON with its orders and strange breaks written as escapes: the same values."""
    return re.sub(_RAW, lambda found: json.dumps(found[0])[1:-1], json_text)
