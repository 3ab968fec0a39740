"""``python -m tests.benchmarks.unchecked PORT``: our server on a graph that is derived but not validated.

Validation takes most of the start on a large graph and nothing of what is asked later.
"""

import sys
from unittest.mock import patch

from dialogiverkko import serving
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.load import Snapshot
from dialogiverkko.saved.opening import read_snapshot
from dialogiverkko.settings import Settings, read_settings


def _read(settings: Settings) -> Snapshot:
    return read_snapshot(find_assets(settings.assets))


if __name__ == "__main__":
    with patch.object(serving, "build", _read):
        sys.exit(serving.serve(read_settings().model_copy(update={"port": int(sys.argv[1])})))
