"""What every call into the stand-in leaves behind, and what it raises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_Call = TypeVar("_Call", bound=Callable[..., Any])


class ComError(Exception):
    """Stands for pywintypes.com_error."""

    def __init__(self, what: str) -> None:
        self.excepinfo = (0, "Microsoft Excel", what, None, 0, -2146827284)
        super().__init__(-2147352567, "发生意外。", self.excepinfo, None)


class Journal:
    """The calls in order: what was called, with which arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.fail_at: str | None = None

    def note(self, name: str, *arguments: Any) -> None:
        self.calls.append((name, *arguments))
        if name == self.fail_at:
            raise ComError(f"{name} 失败")

    @property
    def counts(self) -> Counter[str]:
        return Counter(call[0] for call in self.calls)

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [call[1:] for call in self.calls if call[0] == name]


def recorded(name: str) -> Callable[[_Call], _Call]:
    """Keep calls of a method (or getter) of an object with a `journal`."""

    def decorate(call: _Call) -> _Call:
        @wraps(call)
        def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
            self.journal.note(name, *args, *kwargs.values())
            return call(self, *args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate
