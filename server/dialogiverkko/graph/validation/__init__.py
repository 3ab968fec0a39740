"""Validation: shapes, checks, names and times, and the report of what they found."""
