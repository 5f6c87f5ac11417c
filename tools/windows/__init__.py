"""Makes the folder for people on Windows: a CPython, the libraries, and the files to double-click (docs/windows.md)."""
