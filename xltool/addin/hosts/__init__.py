"""The workbook that is open in Excel, and what may be asked of it.

What the buttons of the Excel add-in do is written once, against `contract.Host`. `excelhost` works on the
workbook that is open, through xlwings (its free part only), and reads it as the very file that Excel would
save: so it finds what `xltool validate` finds.
"""
