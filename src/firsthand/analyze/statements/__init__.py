"""Statements: who said what, found by a small encoder that was trained on attributions in English news."""
