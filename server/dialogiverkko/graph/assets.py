"""Finds ontology/, data/, shapes/ and queries/; nobody else builds a path to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialogiverkko.errors import DataError

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of our code."""
FOLDERS = ("ontology", "data", "shapes", "queries")


@dataclass(frozen=True)
class Assets:
    """The four folders of one copy of the graph."""

    root: Path

    @property
    def prefixes(self) -> Path:
        """The prefix table."""
        return self.root / "ontology" / "prefixes.ttl"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.root / "ontology" / "context.jsonld"

    def files(self, folder: str, pattern: str) -> Iterator[Path]:
        """Yield the files of one folder that match a glob pattern, in the order of their names."""
        yield from sorted((self.root / folder).glob(pattern))

    def name(self, path: Path) -> str:
        """Return the name of a file as people know it: relative to the folder that holds the four."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.name


def find_assets(given: Path | None = None) -> Assets:
    """Find the folders: where told, beside the code of a checkout, or inside an installed package.

    Raises DataError where one of the four is missing.
    """
    candidates = [given] if given else [PACKAGE.parent.parent, PACKAGE / "assets"]
    for root in candidates:
        if all((root / folder).is_dir() for folder in FOLDERS):
            return Assets(root)
    raise DataError(
        "The folders ontology/, data/, shapes/ and queries/ were not found. "
        "Run in a checkout, or name the folder that holds them with DIALOGIVERKKO_ASSETS."
    )
