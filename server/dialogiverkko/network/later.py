"""Imports NetworkX where it is first used: a tenth of what a start takes, and no page of a start needs it."""

from importlib import import_module
from typing import TYPE_CHECKING

from dialogiverkko.engines import NeedsWorker

if TYPE_CHECKING:
    import networkx as nx
else:

    class _Later:
        """What the library has, by name."""

        def __getattr__(self, name: str) -> object:
            try:
                library = import_module("networkx")
            except OSError as error:  # a process that was forked before anybody used it, and may open no file
                raise NeedsWorker("pool") from error
            return getattr(library, name)

    nx = _Later()

__all__ = ["nx"]
