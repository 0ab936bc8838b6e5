"""Trains the light network of the profile `fast`: see ../README.md."""
