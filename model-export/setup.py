"""The version: that of the whole project, in the root pom.xml. All else is in pyproject.toml."""

import re
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent


def version() -> str:
    """From pom.xml in a checkout; in an unpacked sdist from what its build wrote down."""
    for file, line in (
        (HERE / "PKG-INFO", r"^Version: (.+)$"),
        (HERE.parent / "pom.xml", r"^ *<revision>(.+)</revision>$"),
    ):
        if file.is_file():
            found = re.search(line, file.read_text(encoding="utf-8"), re.MULTILINE)
            if found:
                return found[1]
    raise SystemExit(f"no version: neither PKG-INFO nor ../pom.xml is there beside {HERE}")


setup(version=version())
