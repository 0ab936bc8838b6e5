"""The commands. The only place that builds the whole."""

from firsthand.cli.app import app, main

__all__ = ["app", "main"]
