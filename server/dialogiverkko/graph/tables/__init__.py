"""Tables that people keep: read with limits, checked cell by cell, compiled by the path that readings take."""
