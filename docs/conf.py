"""How Sphinx makes the site of these pages: `python -m sphinx -W docs site`."""

import fakebackend

project = "fakebackend"
version = release = fakebackend.__version__
copyright = "the authors of fakebackend"  # noqa: A001  # Sphinx calls it so

extensions = ["myst_parser"]
exclude_patterns = [
    "README.md",  # index.rst has it
    "design.md",  # for who has the checkout: it links to the modules
    "examples/ci/report.md",  # who has run it has one
]
nitpicky = True

myst_heading_anchors = 4  # as GitHub makes them, so that links work here and there
suppress_warnings = ["misc.highlighting_failure"]  # URL keys such as `* /{p}` are no YAML that Pygments knows

html_theme = "furo"
html_title = "fakebackend"
html_static_path = ["_static"]
html_theme_options = {"navigation_with_keys": True}
