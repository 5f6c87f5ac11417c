"""The Excel add-in: the ribbon 决算工具, what its buttons do, and how the .xlam is made and installed.

`actions` are written against `xltool.addin.hosts`; `entry` is what the ribbon calls. The package file is made
at install time from the installed xlwings: `ovba` and `cfb` write the formats, `vbaproject` the VBA
project, `ribbon` the buttons, `xlam` the file.
"""
