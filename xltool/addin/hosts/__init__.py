"""Where a workbook lives while it is checked: in a file, or open in Excel.

What the buttons of the Excel add-in do is written once, against `contract.Host`. `filehost` works on
a file through the marked copy; `excelhost` on the workbook that is open, through xlwings (its free
part only), and reads it as the very file that Excel would save: so both find the same.
"""
