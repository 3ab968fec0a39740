"""HTTP: one blueprint per idea of the protocol; what they share is a frozen Services."""
