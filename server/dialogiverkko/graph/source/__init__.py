"""Source documents: passages, evidence and what a curator reads out of a text."""
