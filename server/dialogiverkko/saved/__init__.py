"""Saved queries: files with a header, their parameters and their answers; the same for page, API, command and agent."""
