"""How a report came here, hop by hop: from the outlet in hand back to the origin, as far as the text shows."""

from firsthand.analyze.chains.assign import assign_chains
from firsthand.analyze.chains.find import find_chains

__all__ = ["assign_chains", "find_chains"]
