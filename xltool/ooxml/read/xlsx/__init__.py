"""Reading the worksheets of .xlsx packages, each part when it is asked for."""
