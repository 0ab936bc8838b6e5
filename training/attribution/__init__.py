"""Trains the encoder that finds attributions: see ../README.md."""
