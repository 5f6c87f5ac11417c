"""Reports of a validation: terminal, JSON, HTML, annotated workbook."""
