"""Reading .xls files (Excel 97-2003)."""
