"""整改通知: what a review found, told to each unit; the unit's answers come back in the same workbook.

model      a unit's letter: its books, its lines
lines      findings -> the lines of a letter, the worst first
ofreview   the units of a review
ofseason   the units of a season
contents   what stands in place of the marks
template   the words (YAML) and the Word documents that an office can replace; their marks
word       a Word document from a template
sheet      the workbook that the unit answers in
index      the list of all letters
folder     all letters, by department, as one folder
"""
