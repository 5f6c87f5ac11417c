"""Reading workbooks: cells, formulas, formats, references, of .xlsx and .xls."""
