"""A local page on which a person reads a source: the text beside the reading, and what holds of it."""
