"""What goes to a worker and what comes back: small, and picklable for processes and for Dask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from xltool.batch.sources import Source
from xltool.checks import Validation
from xltool.reading import Reading

Attach = Callable[[Source, Reading, Validation | None], Iterable[tuple[str, bytes]]]
"""Makes whole files (name, content) of a book in the worker: a function of a module, or a partial of one."""


@dataclass(frozen=True, slots=True)
class Options:
    """How every book is done. `timeout` in seconds, `memory` in MB, both for one book."""

    edition: str | None = None
    validate: bool = False
    attach: Attach | None = None
    timeout: float = 120.0
    memory: int = 1024

    @property
    def identity(self) -> tuple[object, ...]:
        """What the content of a part depends on: the limits do not belong to it."""
        function = getattr(self.attach, "func", self.attach)
        named = (getattr(function, "__module__", ""), getattr(function, "__qualname__", ""))
        bound = (getattr(self.attach, "args", ()), getattr(self.attach, "keywords", {}))
        return self.edition, self.validate, named, bound


@dataclass(frozen=True, slots=True)
class Task:
    """Some books, and where their part goes. `died` is set when a worker died of the only book."""

    sources: tuple[Source, ...]
    options: Options
    work: Path
    made_by: str
    attempt: int = 0
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A part that was written: its file name; for each book its status and, if not read, the reason."""

    part: str
    states: tuple[tuple[str, str], ...]
