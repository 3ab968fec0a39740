"""Run the command as a module: python -m dialogiverkko.cli."""

import sys

from dialogiverkko.cli import main

if __name__ == "__main__":
    sys.exit(main())
