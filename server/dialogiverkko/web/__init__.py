"""HTTP: one blueprint per idea. What they share is a frozen Services; nothing is kept in globals."""
