"""What developers run again and again: `nox -s unit`, `nox -s e2e`, `nox -s lint`, `nox -s docs`, `nox -s bench`."""

import nox

nox.options.sessions = ["unit", "lint"]
nox.options.reuse_existing_virtualenvs = True

PYTHONS = ["3.11", "3.12", "3.13"]


@nox.session(python=PYTHONS)
def unit(session: nox.Session) -> None:
    """Run the tests that start no process."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", "tests/unit", *session.posargs)


@nox.session(python=PYTHONS)
def e2e(session: nox.Session) -> None:
    """Run the tests that drive a real mitmdump."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", "tests/e2e", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check form and types."""
    session.install("-e", ".[test,lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """Make the site of the pages, in `site/`; `nox -s docs -- picture` also makes the picture anew."""
    session.install("-e", ".[docs]")
    if "picture" in session.posargs:
        session.run("python", "docs/picture.py")
    session.run("python", "-m", "sphinx", "-W", "--keep-going", "-q", "docs", "site")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what an answer costs; `nox -s bench -- --help` tells the options."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "bench.hook", *session.posargs)
