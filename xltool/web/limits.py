"""How much one run of the page takes on."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Sizes in bytes, times in seconds."""

    max_file: int = 50 * MB
    max_total: int = 1024 * MB
    """Of all uploads that are held at one time; their results come on top."""
    max_files: int = 300
    """Of one desk (a tab of the browser)."""
    max_desks: int = 50
    job: float = 60.0
    """For one workbook, from the start of work on it."""
    stall: float = 30.0
    """Between two pieces of an upload."""
    head: float = 10.0
    """For the head of a request, however it comes in."""
    idle: float = 30 * 60.0
    """A desk that nobody asked for during this time is cleared away."""
    workers: int = 2
