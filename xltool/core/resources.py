"""Where the data folders are: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED = _PACKAGE / "_data"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

MAPPINGS = ROOT / "mappings"
TEMPLATES = ROOT / "workbook_templates"
SAMPLES = ROOT / "samples"
