"""File names that every system can store, one for each book, always the same for the same books."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from xltool.core.saving.devices import is_device_name

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_LONGEST = 120
"""UTF-16 units of a stem. Linux limits a name to 255 bytes, Windows a whole path to 260 units."""

_BYTES = 200


def safe_stem(text: str) -> str:
    """`text` as a file name without suffix: nothing that Windows forbids, never empty, not too long."""
    stem = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    if not stem or is_device_name(stem):
        stem = f"_{stem}"
    if len(stem.encode("utf-16-le")) <= 2 * _LONGEST and len(stem.encode()) <= _BYTES:
        return stem
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    while len(stem.encode("utf-16-le")) > 2 * _LONGEST or len(stem.encode()) > _BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip(' .')}~{mark}"


class FileNames:
    """Gives each text a name of its own; names that differ only in case count as the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, text: str, suffix: str) -> str:
        """A free name for `text`: `a.json`, then `a~2.json` …"""
        stem = safe_stem(text)
        name, number = stem, 1
        while unicodedata.normalize("NFKC", name).casefold() in self._taken:
            number += 1
            name = f"{stem}~{number}"
        self._taken.add(unicodedata.normalize("NFKC", name).casefold())
        return name + suffix
