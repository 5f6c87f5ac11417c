"""The report inside a workbook: marks, notes, the sheet 校验结果."""
