"""Sphinx configuration. Builds without network: no intersphinx, no remote fonts."""

from __future__ import annotations

import sys
from pathlib import Path

import firsthand

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Firsthand"
author = "The Firsthand contributors"
copyright = f"2026, {author}"
version = release = firsthand.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "firsthand_docs"]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
smartquotes = False  # "--once" in a help text is an option, not a dash

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
add_module_names = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"Firsthand {version}"
html_copy_source = False
html_show_sphinx = False
