"""The command that was given, to copy and run once more with something added."""

from __future__ import annotations

from collections.abc import Collection

import click
from click.core import ParameterSource

from xltool.cli.options import as_typed


def typed_again(*said: object, without: Collection[str]) -> str:
    """The words `said`, then the options as they were typed; not those of the names in `without`."""
    context = click.get_current_context()
    options: list[object] = []
    for option in context.command.params:
        name = option.name or ""
        typed = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not isinstance(option, click.Option) or name in without or not typed:
            continue
        values = context.params[name] if option.multiple else (context.params[name],)
        options += [part for v in values for part in (option.opts[0], v) if part is not True]
    return as_typed(*said, *options)
