"""A text written from the tables, so that its numbers cannot be wrong."""
