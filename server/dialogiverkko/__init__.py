"""Dialogiverkko: a knowledge graph of Finland's public dialogues, and the server that publishes it."""
