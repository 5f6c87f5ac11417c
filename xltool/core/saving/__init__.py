"""How anything reaches the disk: whole or not at all, never over an input, never over what is not ours.

guard      which outputs are refused before anything happens
files      a file, or several, written under other names first
swap       drafts take their names, all or none, also when the process is killed in between
drafts     the names of drafts, and what a kill left of them
moving     renaming and removing as Windows lets one
mark       how a workbook that xltool wrote is told from one that somebody saved
"""
