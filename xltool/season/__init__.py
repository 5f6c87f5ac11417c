"""A season: many reviews of the same units, and what became of every finding.

store                 the folder of a season and the database in it: opened, locked, changed in one piece
schema, schema.sql    its tables and views; what seasons of older versions lack of them
model                 what is in it: units, submissions, states, waivers
unitlist              the list of units that have to hand in
keeper, entering      a review becomes a run, together with its folder or not at all
registry, kinds       whose a workbook is, and what kind of workbook
valid, states         which of several submissions counts; what becomes of findings (both without the database)
deriving              both of them for the units that a change touches
deciding, waiving     what the reviewer says: this one counts, it is theirs, that may pass
coverage, departments what page and workbook show of it; marking: what the database of a review learns
counted               which of some workbooks count
letters               整改通知
live                  the season as the page of `serve` shows it
"""
