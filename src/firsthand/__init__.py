"""Firsthand: read the news as it happens, and see who said it first."""

__version__ = "0.1.0"
