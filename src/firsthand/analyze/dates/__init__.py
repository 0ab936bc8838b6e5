"""When things happened: every mention that a calendar can hold, as a closed range of days, with the clause it dates."""

from firsthand.analyze.dates.find import find_dates
from firsthand.analyze.dates.weekday import UnknownWeekday, resolve_weekday

__all__ = ["UnknownWeekday", "find_dates", "resolve_weekday"]
