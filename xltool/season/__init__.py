"""A season: many reviews of the same units, and what became of every finding.

store      the folder of a season and the database in it: opened, locked, changed in one piece
model      what is in it: units, submissions, states, waivers
"""
