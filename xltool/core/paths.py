"""What people give where a file is meant."""

from __future__ import annotations

import os
from typing import TypeAlias

AnyPath: TypeAlias = str | os.PathLike[str]
"""The path of a file or a folder, as text or as `pathlib.Path`."""
