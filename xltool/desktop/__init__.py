"""What people double-click or drop files on in the folder for Windows (docs/windows.md): no terminal, no words to type.

Each door is a .cmd of the same few lines, made by tools/windows; it starts `python -m xltool.desktop` with the name of
one of the commands in `app`.
"""
