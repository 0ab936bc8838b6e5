"""Settings: where they come from, which goes first, and one sentence with the name of what is wrong."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from firsthand.config import Settings, describe, load
from firsthand.deliver.settings import MailSettings
from firsthand.model.errors import ConfigError
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.sources.mailbox import MailboxSettings
from firsthand.web.settings import WebSettings

SECTIONS = (
    ("web", WebSettings),
    ("fetch", FetchSettings),
    ("pipeline", PipelineSettings),
    ("mail", MailSettings),
    ("mailbox", MailboxSettings),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "firsthand.toml"
    path.write_text(text, "utf-8")
    return path


def trouble(folder: Path, text: str = "", environ: dict[str, str] | None = None) -> ConfigError:
    written(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(folder, environ or {})
    error = caught.value
    assert "\n" not in error.message
    assert error.message.endswith(".")
    assert error.remedy
    return error


def test_without_anything_said_the_defaults_hold(tmp_path: Path) -> None:
    settings = load(tmp_path, {})
    assert settings == Settings(data=tmp_path)
    assert settings.web == WebSettings()
    assert settings.database_url == f"sqlite:///{tmp_path / 'firsthand.db'}"


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    written(tmp_path, '[web]\nport = 8001\nhost = "127.0.0.2"\n')
    settings = load(tmp_path, {"FIRSTHAND_WEB_PORT": "8002"})
    assert (settings.web.port, settings.web.host, settings.web.max_streams) == (8002, "127.0.0.2", 200)


def test_every_kind_of_value_from_both_places(tmp_path: Path) -> None:
    file = 'log = "debug"\n[web]\nport = 0\nsecure_cookies = true\nallowed_hosts = ["a.example", "b.example"]\n[fetch]\ntimeout = 1.5\n'
    written(tmp_path, file)
    environ = {
        "FIRSTHAND_LOG": "debug",
        "FIRSTHAND_WEB_PORT": "0",
        "FIRSTHAND_WEB_SECURE_COOKIES": "Yes",
        "FIRSTHAND_WEB_ALLOWED_HOSTS": " a.example , b.example ,, ",
        "FIRSTHAND_FETCH_TIMEOUT": "1.5",
    }
    (tmp_path / "empty").mkdir()
    from_file, from_environ = load(tmp_path, {}), load(tmp_path / "empty", environ)
    for settings in (from_file, from_environ):
        assert settings.log == "debug"
        assert settings.web.port == 0
        assert settings.web.secure_cookies is True
        assert settings.web.allowed_hosts == ("a.example", "b.example")
        assert settings.fetch.timeout == timedelta(seconds=1.5)


def test_where_the_data_and_the_file_are_looked_for(tmp_path: Path) -> None:
    data, named = tmp_path / "data", tmp_path / "elsewhere.toml"
    data.mkdir()
    written(data, "[web]\nport = 1\n")
    named.write_text("[web]\nport = 2\n")
    assert load(None, {"FIRSTHAND_DATA": str(data)}).web.port == 1
    assert load(data, {"FIRSTHAND_DATA": "/nowhere"}).data == data
    assert load(data, {"FIRSTHAND_CONFIG": str(named)}).web.port == 2
    assert load(data, {"FIRSTHAND_CONFIG": "/nowhere"}, file=named).web.port == 2
    assert load(None, {}).data == Path("data")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[web]\nport = 'x'", "web.port"),
        ("[web]\nport = 70000", "web.port"),
        ("[web]\nport = -1", "web.port"),
        ("[web]\nport = 80.5", "web.port"),
        ("[web]\nport = true", "web.port"),
        ("[web]\nport = []", "web.port"),
        ("[web]\nhost = 5", "web.host"),
        ('[web]\nhost = "a\\nb"', "web.host"),
        ("[web]\nallowed_hosts = 5", "web.allowed_hosts"),
        ("[web]\nallowed_hosts = [5]", "web.allowed_hosts"),
        ("[web]\nsecure_cookies = 'perhaps'", "web.secure_cookies"),
        ("[fetch]\ntimeout = inf", "fetch.timeout"),
        ("[fetch]\ntimeout = nan", "fetch.timeout"),
        ("[fetch]\ntimeout = 0", "fetch.timeout"),
        ("[fetch]\nhost_concurrency = 0", "fetch.host_concurrency"),
        ('[fetch]\nuser_agent = "a\\r\\nCookie: b"', "fetch.user_agent"),
        ("[pipeline]\npoll_workers = 0", "pipeline.poll_workers"),
        ("[pipeline]\nshortest_interval = 1e300", "pipeline.shortest_interval"),
        ("[pipeline]\nshortest_interval = 90000\nlongest_interval = 60", "pipeline.longest_interval"),
        ("log = 5", "log"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(tmp_path: Path, text: str, named: str) -> None:
    assert named in trouble(tmp_path, text).message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIRSTHAND_WEB_PORT", "eighty"),
        ("FIRSTHAND_WEB_PORT", ""),
        ("FIRSTHAND_WEB_SECURE_COOKIES", "oui"),
        ("FIRSTHAND_FETCH_TIMEOUT", "20s"),
        ("FIRSTHAND_FETCH_USER_AGENT", "a\x00b"),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    assert name in trouble(tmp_path, environ={name: value}).message


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("[web]\nprot = 1", "web.prot", "web.port"),
        ("[fetch]\nuseragent = 'x'", "fetch.useragent", "fetch.user_agent"),
        ("[fax]\nserver = 'x'", "fax.server", "reference"),
        ("colour = 'x'", "colour", "reference"),
        ("web = 3", "web", "web."),
    ],
)
def test_a_name_that_does_not_exist_is_refused(tmp_path: Path, text: str, said: str, meant: str) -> None:
    error = trouble(tmp_path, text)
    assert said in error.message
    assert meant in error.remedy


def test_a_misspelt_variable_is_refused_and_a_stranger_is_not(tmp_path: Path) -> None:
    error = trouble(tmp_path, environ={"FIRSTHAND_WEB_PROT": "1"})
    assert "FIRSTHAND_WEB_PROT" in error.message
    assert "FIRSTHAND_WEB_PORT" in error.remedy
    written(tmp_path, "")
    assert load(tmp_path, {"FIRSTHAND_CHROMIUM": "/usr/bin/x", "PATH": "/bin"}) == Settings(data=tmp_path)


def test_a_database_s_password_is_not_repeated(tmp_path: Path) -> None:
    error = trouble(tmp_path, environ={"FIRSTHAND_DATABASE": "postgresql://u:hush\x00@h/x"})
    assert "FIRSTHAND_DATABASE" in error.message
    assert "hush" not in str(error)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[web", b"port = = 1", b"a = 1\na = 2", b"\x00"])
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "firsthand.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


def test_a_file_that_was_named_must_exist_and_the_usual_one_need_not(tmp_path: Path) -> None:
    load(tmp_path / "nowhere", {})
    for missing in (tmp_path / "no.toml", tmp_path / "no" / "no.toml"):
        with pytest.raises(ConfigError, match="no settings file"):
            load(tmp_path, {}, file=missing)
    plain = tmp_path / "plain"
    plain.write_text("")
    with pytest.raises(ConfigError, match="no settings file"):
        load(tmp_path, {}, file=plain / "x.toml")
    with pytest.raises(ConfigError, match="not a folder"):
        load(plain, {})
    with pytest.raises(ConfigError, match="directory"):
        load(tmp_path, {}, file=tmp_path)


def test_every_number_has_a_range_and_its_default_lies_in_it(tmp_path: Path) -> None:
    numbers = [one for one in describe() if "number" in one.type]
    assert numbers
    assert [one.name for one in numbers if " from " not in one.type] == []
    for one in numbers:  # a value as the reference shows it is taken back
        assert load(tmp_path, {one.env: one.default}) == Settings(data=tmp_path)


def test_the_reference_knows_every_setting_there_is() -> None:
    names = {one.name for one in describe()}
    wanted = {f"{section}.{item.name}" for section, kind in SECTIONS for item in fields(kind)}
    assert wanted | {"data", "database", "log", "log_format"} == names


def test_a_list_of_durations_is_read_from_both_places_and_put_in_order(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    written(tmp_path, "[pipeline]\nrereads = [3600, 60.5]\n")
    for settings in (load(tmp_path, {}), load(tmp_path / "empty", {"FIRSTHAND_PIPELINE_REREADS": "3600, 60.5,"})):
        assert settings.pipeline.rereads == (timedelta(seconds=60.5), timedelta(hours=1))
    assert load(tmp_path / "empty", {"FIRSTHAND_PIPELINE_REREADS": ""}).pipeline.rereads == ()
    assert len(load(tmp_path / "empty", {}).pipeline.rereads) == 5


@pytest.mark.parametrize("value", ['"soon"', "5", "[0]", "[true]", '["x"]', "[99999999]"])
def test_durations_that_are_none_are_refused_with_their_name(tmp_path: Path, value: str) -> None:
    written(tmp_path, f"[pipeline]\nrereads = {value}\n")
    with pytest.raises(ConfigError, match=r"pipeline\.rereads"):
        load(tmp_path, {})
