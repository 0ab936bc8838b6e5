"""Who is who within an article: names that mean one, what they are, and who speaks where no name stands."""

from firsthand.analyze.people.cast import Cast
from firsthand.analyze.people.find import find_entities, resolve_speaker

__all__ = ["Cast", "find_entities", "resolve_speaker"]
