"""Settings from a file and the environment, frozen. The only reader of `os.environ`.

Each package declares its own settings as a frozen dataclass; here they become one. A value is looked for in the
environment (`FIRSTHAND_<SECTION>_<NAME>`), then in the file (`[section]` `name = …`), else the default holds.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import os
import textwrap
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from firsthand.deliver.settings import MailSettings
from firsthand.model.errors import ConfigError
from firsthand.model.text import one_line
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.sources.mailbox import MailboxSettings
from firsthand.web.settings import WebSettings

FILE_NAME = "firsthand.toml"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one installation."""

    data: Path
    """The folder of the embedded database and the settings file `firsthand.toml`."""
    database: str = ""
    """Address of a PostgreSQL database, `postgresql+psycopg://…`; empty for `firsthand.db` in the data folder."""
    log: str = "info"
    """Least level that is logged: debug, info, warning, error."""
    log_format: str = "text"
    """`text` for people, `json` for machines."""
    web: WebSettings = field(default_factory=WebSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    pipeline: PipelineSettings = field(default_factory=PipelineSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    mailbox: MailboxSettings = field(default_factory=MailboxSettings)

    @property
    def database_url(self) -> str:
        """The address to open, with the embedded default filled in."""
        return self.database or f"sqlite:///{self.data.absolute() / 'firsthand.db'}"


_SECTIONS: dict[str, type[Any]] = {
    "web": WebSettings,
    "fetch": FetchSettings,
    "pipeline": PipelineSettings,
    "mail": MailSettings,
    "mailbox": MailboxSettings,
}
_TOP = ("database", "log", "log_format")
_DAY: Final = 86_400
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "web.port": (0, 65_535),
    "web.max_streams": (0, 100_000),
    "web.max_upload": (10_000, 1_000_000_000),
    "fetch.timeout": (0.1, 3600),
    "fetch.max_bytes": (1000, 1_000_000_000),
    "fetch.host_delay": (0, 3600),
    "fetch.host_concurrency": (1, 100),
    "fetch.max_redirects": (0, 100),
    "fetch.max_connections": (1, 10_000),
    "fetch.dns_cache": (0, _DAY),
    "pipeline.poll_workers": (1, 1000),
    "pipeline.page_workers": (1, 1000),
    "pipeline.entries_per_feed": (1, 100_000),
    "pipeline.pages_per_host": (1, 100),
    "pipeline.shortest_interval": (1, 7 * _DAY),
    "pipeline.longest_interval": (1, 30 * _DAY),
    "mail.port": (1, 65_535),
    "mail.connections": (1, 20),
    "mail.timeout": (1, 600),
    "pipeline.rereads": (1, 30 * _DAY),
}
"""Least and most of every number; with less nothing would ever be done (no worker, no time), with more a typing error is
likelier than a wish."""


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """One setting as the reference shows it."""

    name: str
    env: str
    type: str
    default: str
    doc: str


def load(data: Path | None = None, environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read all settings.

    Args:
        data: the data folder; else `FIRSTHAND_DATA`, else `./data`.
        environ: the environment; the process's own by default.
        file: the settings file; else `FIRSTHAND_CONFIG`, else `firsthand.toml` in the data folder, if it exists.

    Raises:
        ConfigError: an unknown name, or a value of the wrong type; says which and where.
    """
    environ = os.environ if environ is None else environ
    data = data or Path(environ.get("FIRSTHAND_DATA") or "data")
    named = file or (Path(environ["FIRSTHAND_CONFIG"]) if environ.get("FIRSTHAND_CONFIG") else None)
    table = _read_file(named or data / FILE_NAME, must_exist=named is not None)
    _refuse_unknown(table)
    _refuse_unknown_environment(environ)
    top = {name: _value(Settings, name, table, environ, "") for name in _TOP}
    parts = {section: _section(section, kind, table.get(section, {}), environ) for section, kind in _SECTIONS.items()}
    if parts["pipeline"].shortest_interval > parts["pipeline"].longest_interval:
        raise ConfigError("pipeline.shortest_interval is longer than pipeline.longest_interval.", "Change one of them.")
    return Settings(data=data, **_given(top), **parts)


def describe() -> list[SettingDoc]:
    """Every setting that exists, from the dataclasses themselves; the reference page is made from this."""
    docs = [SettingDoc("data", "FIRSTHAND_DATA", "Path", "data", _docs_of(Settings)["data"])]
    docs += [_describe(Settings, name, "") for name in _TOP]
    for section, kind in _SECTIONS.items():
        docs += [_describe(kind, item.name, section) for item in fields(kind)]
    return docs


def _read_file(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"There is no settings file {path}.", "Create it, or unset FIRSTHAND_CONFIG.") from None
        return {}
    except NotADirectoryError:
        if must_exist:
            raise ConfigError(f"There is no settings file {path}.", "Its folder is a file.") from None
        raise ConfigError(f"The data folder {path.parent} is not a folder.", "Choose another with --data.") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"The settings file {path} is not UTF-8.", "Save it as UTF-8.") from error
    except (OSError, ValueError) as error:  # ValueError: not TOML, or a NUL in the path
        why = (error.strerror if isinstance(error, OSError) else None) or one_line(str(error)).rstrip(".")
        raise ConfigError(f"The settings file {path} cannot be read: {why}.", "Mend it, or move it away.") from error


def _refuse_unknown(table: Mapping[str, Any]) -> None:
    known = {*_TOP, *(f"{section}.{item.name}" for section, kind in _SECTIONS.items() for item in fields(kind))}
    for name, value in table.items():
        for full in [f"{name}.{inner}" for inner in value] if isinstance(value, dict) else [name]:
            if full not in known:
                raise ConfigError(f"There is no setting {one_line(full)[:100]}.", _hint(full, known))


def _refuse_unknown_environment(environ: Mapping[str, str]) -> None:
    """A misspelt variable would otherwise do nothing, and nobody would be told."""
    known = {_env_name(section, item.name) for section, kind in _SECTIONS.items() for item in fields(kind)}
    prefixes = tuple(f"{_env_name(section, '')}_" for section in _SECTIONS)
    for name in environ:
        if name.startswith(prefixes) and name not in known:
            raise ConfigError(f"There is no setting {name}, which the environment sets.", _hint(name, known))


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else "The reference of settings lists what exists."


def _section(section: str, kind: type[Any], table: Mapping[str, Any], environ: Mapping[str, str]) -> Any:
    values = {item.name: _value(kind, item.name, table, environ, section) for item in fields(kind)}
    return kind(**_given(values))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not MISSING}


def _value(kind: type[Any], name: str, table: Mapping[str, Any], environ: Mapping[str, str], section: str) -> Any:
    hint = typing.get_type_hints(kind)[name]
    env = _env_name(section, name)
    full = f"{section}.{name}".lstrip(".")
    if env in environ:
        return _convert(environ[env], hint, f"{env} in the environment", _RANGES.get(full))
    if name in table:
        return _convert(table[name], hint, f"{full} in the settings file", _RANGES.get(full))
    return MISSING


def _env_name(section: str, name: str) -> str:
    return "_".join(part for part in ("FIRSTHAND", section, name) if part).upper()


def _convert(raw: Any, hint: Any, where: str, limits: tuple[float, float] | None) -> Any:
    """`raw` from TOML or the environment as the type `hint`; durations are in seconds, lists split at commas."""
    if isinstance(hint, types.UnionType):
        hint = next(kind for kind in hint.__args__ if kind is not type(None))
    try:
        if hint is bool:
            return _bool(raw)
        if hint in (int, timedelta):
            return _number(raw, hint, limits)
        if typing.get_origin(hint) is tuple:
            if timedelta in typing.get_args(hint):
                return _durations(raw, limits)
            return tuple(part for one in _listed(raw) if (part := _text(one).strip()))
        return _text(raw)
    except (TypeError, ValueError, OverflowError) as error:
        # A database's address may hold its password, and a password is one: no log should hold them.
        hidden = any(word in where.lower() for word in ("database", "password", "secret"))
        shown = "" if hidden else f", not {one_line(repr(raw))[:100]}"
        should = f"{_type_name(hint)}{_between(limits)}"
        raise ConfigError(f"{where} should be {should}{shown}.", "Correct it, or remove it.") from error


def _number(raw: Any, hint: Any, limits: tuple[float, float] | None) -> int | timedelta:
    if isinstance(raw, bool):
        raise TypeError("a truth is no number")
    number = float(raw)
    if limits and not limits[0] <= number <= limits[1]:
        raise ValueError("out of range")
    if hint is timedelta:
        return timedelta(seconds=number)
    if not number.is_integer():
        raise ValueError("not whole")
    return int(raw)


def _durations(raw: Any, limits: tuple[float, float] | None) -> tuple[timedelta, ...]:
    """Lengths of time, the shortest first."""
    found = [_number(one, timedelta, limits) for one in _listed(raw) if str(one).strip()]
    return tuple(sorted(one for one in found if isinstance(one, timedelta)))


def _listed(raw: Any) -> list[Any]:
    if isinstance(raw, str):
        return raw.split(",")
    if isinstance(raw, list):
        return raw
    raise TypeError("not a list")


def _text(raw: Any) -> str:
    """A text of one line: a line break in a name or an address could only add a header or hide something."""
    if not isinstance(raw, str) or not raw.isprintable():
        raise TypeError("not a text")
    return raw


def _between(limits: tuple[float, float] | None) -> str:
    return f" from {limits[0]:,g} to {limits[1]:,.0f}" if limits else ""


def _bool(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in _TRUE:
        return True
    if str(raw).lower() in _FALSE:
        return False
    raise ValueError("neither true nor false")


def _type_name(hint: Any) -> str:
    if typing.get_origin(hint) is tuple:
        return "a list of numbers of seconds" if timedelta in typing.get_args(hint) else "a list of texts"
    names = {timedelta: "a number of seconds", bool: "true or false", int: "a whole number", str: "a text of one line"}
    return names.get(hint, getattr(hint, "__name__", str(hint)))


def _describe(kind: type[Any], name: str, section: str) -> SettingDoc:
    item = next(item for item in fields(kind) if item.name == name)
    default = item.default if item.default is not MISSING else ""
    hint = typing.get_type_hints(kind)[name]
    return SettingDoc(
        name=f"{section}.{name}".lstrip("."),
        env=_env_name(section, name),
        type=_type_name(hint).removeprefix("a ") + _between(_RANGES.get(f"{section}.{name}")),
        default=_show(default),
        doc=_docs_of(kind).get(name, ""),
    )


def _show(default: Any) -> str:
    if isinstance(default, timedelta):
        return f"{default.total_seconds():g}"
    if isinstance(default, tuple):
        return ", ".join(_show(one) for one in default) or "(empty)"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) or "(empty)"


def _docs_of(kind: type[Any]) -> dict[str, str]:
    """The texts that stand under each field of a dataclass; Python keeps them only in the source."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    docs: dict[str, str] = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            docs[before.target.id] = inspect.cleandoc(after.value.value)
    return docs
