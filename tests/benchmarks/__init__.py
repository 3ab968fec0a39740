"""How fast we are, beside others, on graphs of growing size."""
