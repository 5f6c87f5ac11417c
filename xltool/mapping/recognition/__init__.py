"""Tables told by their words: of any form (`workbook.recognise`), and those of an edition that stand elsewhere.

Who only wants the vocabulary, or heads and titles, does not wait for the rest.
"""
