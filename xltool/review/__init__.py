"""审核: a folder of submissions -> a page of units and rules, reports, a summary workbook, a database.

attach    in the worker: the report and the marked copy of one book
outputs   their names in the folder of the review, safe on every system
collect   what the page and the summary need of each book, small enough for many
rounds    what a review found book by book, of now or of an earlier folder
compare   an earlier review: what is corrected, new, still open
page      审核汇总.html
summary   审核汇总.xlsx
sheets    a table on one of its sheets
run       all of it, for `xltool review`
"""
