"""The whole disclosure: cover, contents, 概况, the tables, the text, the terms; as .docx and .pdf."""
