"""The graph: files to a derived, validated, read-only snapshot. Nothing here knows queries of strangers or HTTP."""
