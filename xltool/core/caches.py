"""What modules remember between calls: all of it kept here, so that it can be listed and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

T = TypeVar("T")


class Cache(NamedTuple):
    """A cache of a module: `name` as `module.function`, `size` the most entries that it keeps."""

    name: str
    size: int
    clear: Callable[[], object]
    entries: Callable[[], int]


_CACHES: dict[str, Cache] = {}


def remembered(size: int) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]:
    """Decorate a function of a module: it keeps its last `size` results."""

    def decorate(function: Callable[..., T]) -> _lru_cache_wrapper[T]:
        known = lru_cache(maxsize=size)(function)
        name = f"{function.__module__}.{function.__qualname__}"
        register(name, size, known.cache_clear, lambda: known.cache_info().currsize)
        return known

    return decorate


def register(name: str, size: int, clear: Callable[[], object], entries: Callable[[], int]) -> None:
    """Enter a cache that is no function's: a dictionary that fills itself."""
    _CACHES[name] = Cache(name, size, clear, entries)


def inventory() -> list[Cache]:
    """All caches of the modules that are imported, by name."""
    return [_CACHES[name] for name in sorted(_CACHES)]


def clear_all() -> None:
    """Forget everything: as if the process had just started."""
    for cache in inventory():
        cache.clear()
