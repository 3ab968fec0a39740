"""Queries as text, results as bytes, and the engines between them; nothing here knows HTTP."""
