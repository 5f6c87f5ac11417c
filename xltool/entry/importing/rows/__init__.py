"""The rows of a block -> figures: lists, ledgers, names with amounts; their codes, their totals."""
