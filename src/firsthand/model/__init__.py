"""The nouns of Firsthand: frozen dataclasses and the error tree. Standard library only.

Every other package speaks in these types. Nothing here does I/O, reads a clock or keeps state.
"""
