"""Watching a folder: every workbook saved there gets its marked copy and its report beside it.

The folder is looked at again and again instead of waiting for notices from the system. The folders
of an office lie on file servers (SMB), where notices come late, in part or not at all; and a file
that is being saved must be looked at twice in any case, to see whether it has come to rest. One look
lists the folder and opens nothing that has not changed.
"""

from xltool.watch.folder import Watcher
from xltool.watch.outputs import Outputs

__all__ = ["Outputs", "Watcher"]
