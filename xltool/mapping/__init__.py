"""Mapping files: what they say, and where their fields really stand in a given workbook."""

from xltool.mapping.load import load_mapping
from xltool.mapping.model import TableMapping

__all__ = ["TableMapping", "load_mapping"]
