"""Pictures as numbers: axes, networks, maps and labels, each laid out in one place."""
