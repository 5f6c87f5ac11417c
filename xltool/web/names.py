"""File names that come from a browser: kept for people to recognise, safe as the name of a file here."""

from __future__ import annotations

import re
import unicodedata

from xltool.core.saving.devices import is_device_name

_LONGEST = 80
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')


def safe_name(name: str) -> str:
    """The last part of `name` as a file name that Windows and Linux take; never a path, never empty."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    last = re.split(r"[/\\]", plain)[-1]
    last = _FORBIDDEN.sub("_", last).strip().rstrip(". ")
    stem, dot, suffix = last.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, dot, suffix = last, "", ""
    stem = stem.strip(". ")[:_LONGEST].rstrip(". ") or "未命名"
    whole = f"{stem}{dot}{suffix}"
    return f"_{whole}" if is_device_name(whole) else whole
