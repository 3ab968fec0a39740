"""No saved query is slow. `dialogiverkko query --times` prints the table of what each takes."""

import statistics

from dialogiverkko.saved.answers import SavedQueries

SECONDS = 1.0
"""Far above the 0.1 s that each must keep to on an idle machine, since tests run beside others."""


def test_no_query_with_its_defaults_is_slow(saved: SavedQueries) -> None:
    """The median of three runs in the engine stays under the bound, for every public query."""
    slow = {}
    for query in saved.catalogue.public():
        runs = [saved.with_query(query).ask(query.name).seconds for _ in range(3)]
        if statistics.median(runs) > SECONDS:
            slow[query.name] = statistics.median(runs)

    assert not slow
