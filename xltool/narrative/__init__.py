"""The text of a disclosure: written from the tables, and checked against them sentence by sentence."""
