"""What may be wrong with a YAML text."""

from __future__ import annotations


class YAMLError(Exception):
    """A text that is no YAML: the parser's words, and where they are about, from 1; 0 where it does not say."""

    def __init__(self, problem: str, line: int = 0, column: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line, self.column = problem, line, column


class DoubledKey(YAMLError):
    """A key that stands twice in one mapping; `str()` is the key."""


class Unfolded(YAMLError):
    """A text that is small and stands for more than can be worked with; `str()` says why, in Chinese."""
