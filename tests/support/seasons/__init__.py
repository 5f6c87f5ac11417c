"""A season of a 财政局 with planted faults, and what is true of it after every round.

plan       who hands in what in which round, and the state of every planted fault: written down, not computed
books      the workbooks, made from one filled book per edition
check      what the season's database says against the plan; knows nothing of the program's review
"""
