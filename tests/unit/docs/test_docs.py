"""What exists is documented: a command, setting or endpoint that is missing in the reference fails here."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main
from starlette.routing import Mount

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS / "_ext"))

import firsthand_docs  # noqa: E402 - it lies with the docs, outside the package


def page(name: str) -> str:
    """A reference page as Sphinx gets it."""
    return firsthand_docs.fill((DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8"))


def command_words() -> list[str]:
    from firsthand.cli.app import app

    root = typer.main.get_command(app)
    words = []
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        words += [f"{name} {one}" for one in inner] if inner else [name]
    return words


def test_every_command_and_option_is_in_the_reference() -> None:
    from firsthand.cli.app import app

    text = page("commands")
    assert command_words()
    for words in command_words():
        assert f"\n## {words}\n" in text
    for name, command in typer.main.get_command(app).commands.items():
        for option in (option for one in command.params for option in one.opts if option.startswith("--")):
            assert re.search(rf"`[^`\n]*{re.escape(option)}\b", text), f"{name} {option}"


def test_the_readme_names_every_command() -> None:
    line = next(line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if "**Command line**" in line)
    assert {words.split()[0] for words in command_words()} == set(re.findall(r"[a-z]{4,}", line.split("`")[1]))


def test_every_setting_is_in_the_reference_with_what_it_means() -> None:
    from firsthand.config import Settings, describe

    text = page("settings")
    for one in describe():
        assert f"\n`{one.name}`\n: {one.doc.splitlines()[0] if one.doc else ''}" in text
        assert f"`{one.env}`" in text
    sections = [one for one in fields(Settings) if f"[{one.name}]" in text]
    assert [one.name for one in sections] == ["web", "fetch", "pipeline", "mail", "mailbox"]


def test_every_setting_says_what_it_means() -> None:
    from firsthand.config import describe

    assert [one.name for one in describe() if not one.doc] == []


def test_every_endpoint_is_in_the_reference_with_what_it_does() -> None:
    endpoints = firsthand_docs.endpoints()
    text = page("endpoints")
    assert [one.path for one in endpoints if not one.says] == []
    assert [one.path for one in endpoints if f"`{one.path}`" not in text] == []


def test_no_endpoint_escapes_the_list() -> None:
    from fastapi import APIRouter, FastAPI

    inner, app = APIRouter(prefix="/inner"), FastAPI(openapi_url=None)

    @inner.post("/save")
    def save() -> None:
        """Keep it.

        More that the table leaves out.
        """

    app.include_router(inner)
    app.router.routes.append(Mount("/static", routes=[]))
    listed = list(firsthand_docs._endpoints(app))
    assert [(one.methods, one.path) for one in listed] == [(("POST",), "/inner/save"), (("GET",), "/static/…")]
    assert listed[0].says == "Keep it."


def test_every_starter_outlet_is_in_the_reference() -> None:
    from firsthand.sources.starters import load_starters

    text = page("outlets")
    assert [one.name for one in load_starters() if f"[{one.name}]({one.home})" not in text] == []


def test_the_readme_names_the_two_commands_and_its_picture() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "$ make serve" in text
    assert "$ make test" in text
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert set(re.findall(r"(?:`|\$ )make ([a-z]+)", text)) <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("source", sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]), ids=str)
def test_links_between_pages_lead_somewhere(source: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", source.read_text("utf-8")):
        assert (source.parent / target).exists(), target


def test_a_mark_that_names_no_generator_is_an_error() -> None:
    with pytest.raises(KeyError):
        firsthand_docs.fill("<!-- generated: everything -->")


def test_docstrings_become_markup_and_only_backticks_mean_something() -> None:
    text = "`utm_*` and *args, a|b, trailing_ and a_name"
    assert firsthand_docs.as_markup(text) == r"``utm_*`` and \*args, a\|b, trailing\_ and a_name"
    assert firsthand_docs.as_markup("The tree.\n\nA\n└── B\n├── C") == "The tree.\n\n::\n\n    A\n    └── B\n    ├── C"


@pytest.mark.parametrize("path", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_the_front_matter_of_the_project_is_there(path: str) -> None:
    assert (ROOT / path).read_text("utf-8").startswith("# ")


def test_the_changelog_has_this_version() -> None:
    import firsthand

    assert f"## [{firsthand.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_licence_is_the_one_that_the_package_names() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_pages_build_without_a_warning_and_without_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", tmp_path / "trees"]
    built = subprocess.run([*command, DOCS, tmp_path / "html"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    assert "firsthand follow [OPTIONS]" in (tmp_path / "html" / "reference" / "commands.html").read_text("utf-8")
