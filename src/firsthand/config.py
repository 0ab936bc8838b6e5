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
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from firsthand.model.errors import ConfigError
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
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

    @property
    def database_url(self) -> str:
        """The address to open, with the embedded default filled in."""
        return self.database or f"sqlite:///{self.data.absolute() / 'firsthand.db'}"


_SECTIONS: dict[str, type[Any]] = {"web": WebSettings, "fetch": FetchSettings, "pipeline": PipelineSettings}
_TOP = ("database", "log", "log_format")


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
    top = {name: _value(Settings, name, table, environ, "") for name in _TOP}
    parts = {section: _section(section, kind, table.get(section, {}), environ) for section, kind in _SECTIONS.items()}
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
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The settings file {path} cannot be read: {error}.", "Mend it, or move it away.") from error


def _refuse_unknown(table: Mapping[str, Any]) -> None:
    known = {*_TOP, *(f"{section}.{item.name}" for section, kind in _SECTIONS.items() for item in fields(kind))}
    for name, value in table.items():
        for full in [f"{name}.{inner}" for inner in value] if isinstance(value, dict) else [name]:
            if full not in known:
                close = difflib.get_close_matches(full, known, n=1)
                hint = f"Did you mean {close[0]}?" if close else "The reference of settings lists what exists."
                raise ConfigError(f"There is no setting {full}.", hint)


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
        return _convert(environ[env], hint, f"{env} in the environment")
    if name in table:
        return _convert(table[name], hint, f"{full} in the settings file")
    return MISSING


def _env_name(section: str, name: str) -> str:
    return "_".join(part for part in ("FIRSTHAND", section, name) if part).upper()


def _convert(raw: Any, hint: Any, where: str) -> Any:
    """`raw` from TOML or the environment as the type `hint`; durations are in seconds, lists split at commas."""
    if isinstance(hint, types.UnionType):
        hint = next(kind for kind in hint.__args__ if kind is not type(None))
    try:
        if hint is bool:
            return _bool(raw)
        if hint is timedelta:
            return timedelta(seconds=float(raw))
        if typing.get_origin(hint) is tuple:
            parts = raw.split(",") if isinstance(raw, str) else raw
            return tuple(str(part).strip() for part in parts if str(part).strip())
        if hint is str and not isinstance(raw, str):
            raise ValueError("not a text")
        return hint(raw)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{where} should be {_type_name(hint)}, not {raw!r}.", "Correct it, or remove it.") from error


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
        return "a list of texts"
    names = {timedelta: "a number of seconds", bool: "true or false", int: "a whole number", str: "a text"}
    return names.get(hint, getattr(hint, "__name__", str(hint)))


def _describe(kind: type[Any], name: str, section: str) -> SettingDoc:
    item = next(item for item in fields(kind) if item.name == name)
    default = item.default if item.default is not MISSING else ""
    hint = typing.get_type_hints(kind)[name]
    return SettingDoc(
        name=f"{section}.{name}".lstrip("."),
        env=_env_name(section, name),
        type=_type_name(hint).removeprefix("a "),
        default=_show(default),
        doc=_docs_of(kind).get(name, ""),
    )


def _show(default: Any) -> str:
    if isinstance(default, timedelta):
        return f"{default.total_seconds():g}"
    if isinstance(default, tuple):
        return ", ".join(default) or "(empty)"
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
