"""Logs: structured, on standard error; lines for people or JSON for machines."""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from firsthand.model.errors import ConfigError
from firsthand.model.text import clean

_FORMS: Final = ("text", "json")
# These report every broken page of the web as their own trouble; the page's own problem says it better.
_NOISY: Final = ("trafilatura", "htmldate", "courlan", "asyncio")


def start_logging(level: str, form: str) -> None:
    """Log from here on: our own events and the libraries' warnings, in one form.

    Tracebacks are for who mends the program: they come with level debug, and always in JSON, which no person reads as it
    comes. Otherwise an error says in one line what it is and where it arose.

    Raises:
        ConfigError: no such level or form.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ConfigError(f"There is no log level {level!r}.", "Use debug, info, warning or error.")
    if form not in _FORMS:
        raise ConfigError(f"There is no log format {form!r}.", "Use text or json.")
    shared = _shared(form)
    last = _last(form, whole_traces=number <= logging.DEBUG)
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Asked for at each event: standard error may be another stream by then.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    _join_libraries(shared, last, max(number, logging.WARNING))


def _shared(form: str) -> list[Processor]:
    json = form == "json"
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if json else "%H:%M:%S", utc=json),
    ]


def _last(form: str, *, whole_traces: bool) -> list[Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [_tame, console] if whole_traces else [_tame, _in_one_line, console]


def _join_libraries(shared: list[Processor], last: list[Processor], level: int) -> None:
    """What libraries log or warn of goes the same way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in _NOISY:
        logger = logging.getLogger(noisy)
        logger.setLevel(logging.CRITICAL)
        # trafilatura sets htmldate's level itself when it is loaded; where nothing is handed on, no level matters.
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    if not sys.warnoptions:  # who asks for Python's warnings gets them as they are
        warnings.simplefilter("ignore")


def _tame(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Texts from outside in one line, without what a terminal obeys."""
    return {name: clean(value).replace("\n", "⏎") if isinstance(value, str) else value for name, value in event.items()}


def _in_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as `TypeError: … (browse.py:88)` in place of its traceback."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[1] is not None:
        event["error"] = _described(info[1])
    return event


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "firsthand" in frame.filename] or list(frames)
    place = f" ({own[-1].filename.rpartition('firsthand/')[2]}:{own[-1].lineno})" if own else ""
    said = clean(str(error)).replace("\n", "⏎")[:300]
    return f"{type(error).__name__}: {said}{place}"
