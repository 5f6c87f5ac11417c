"""Ordinary spreadsheets -> a data document: what each column and row is found by words, told, and confirmed."""
