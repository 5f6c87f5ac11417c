"""Patching workbooks: what an edit does not touch is copied as it stands."""
