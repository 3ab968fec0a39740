"""``python -m tests.benchmarks.unchecked PORT``: our server on a graph that is derived but not validated.

Validation takes most of the start on a large graph and nothing of what is asked later.
"""

import sys

from dialogiverkko import loading, serving
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.saved.opening import read_snapshot
from dialogiverkko.settings import read_settings

if __name__ == "__main__":
    settings = read_settings(port=int(sys.argv[1]))
    sys.exit(serving.serve(settings, loading.begin(settings, read_snapshot(find_assets(settings.assets)))))
