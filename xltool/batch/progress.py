"""How far a run is: a bar with rate and remaining time on a terminal, nothing otherwise."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Any


class Progress:
    """Counts books. `visible` None: when stderr is a terminal."""

    def __init__(self, total: int, *, visible: bool | None = None) -> None:
        self.failed: Counter[str] = Counter()
        self._visible = sys.stderr.isatty() if visible is None else visible
        self._bar: Any = None
        self.stage("读工作簿", total)

    def stage(self, name: str, total: int) -> None:
        """Begin to count anew: the next piece of work, on the same books."""
        if not self._visible:
            return
        from tqdm import tqdm

        self.close()
        self._bar = tqdm(
            total=total,
            unit="份",
            desc=name,
            file=sys.stderr,
            dynamic_ncols=True,
            bar_format="{desc} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} "
            "[已用 {elapsed}，还要 {remaining}，{rate_fmt}{postfix}]",
        )

    def step(
        self, books: int, *, failed: Mapping[str, int] | None = None, kept: bool = False
    ) -> None:
        """Some more books are done; `failed` counts the reasons, `kept` ones were done before."""
        self.failed.update(failed or {})
        if self._bar is None:
            return
        if kept:
            self._bar.initial += books
        if self.failed:
            self._bar.set_postfix_str(f"失败 {self.failed.total()} 份", refresh=False)
        self._bar.update(books)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()
