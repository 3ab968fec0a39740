"""The sources that the expected answers were checked against; one that is added later changes no answer."""

from pathlib import Path

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot, of_other_sources
from dialogiverkko.saved.opening import read_snapshot

HERE = Path(__file__).resolve().parent
SOURCES = tuple((HERE / "sources.txt").read_text(encoding="utf-8").split())
PAGES = tuple((HERE / "pages.txt").read_text(encoding="utf-8").split())
"""Pages and reports that questions about several sources are asked of as well."""

OF_SEVERAL = {
    "from-dialogue-to-outcome",
    "how-solid-is-the-picture-of-an-organisation",
    "statements-from-outside-the-source",
    "who-works-with-municipalities-schools-and-others",
}
"""Questions about several sources, asked of the frozen pages as well."""


def frozen_snapshot(*more: str) -> Snapshot:
    """The graph of those sources alone, and of more where they are named, read and derived."""
    assets = find_assets()
    return read_snapshot(assets, of_other_sources(assets, (*SOURCES, *more)))
