"""Writes a report: Markdown, its plots, and figures.json, from which both can be written again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatestream_comparison import plots
from gatestream_comparison.figures import Plot, Table, plot_as_dict, plot_from_dict
from gatestream_export import files
from gatestream_export.errors import CheckFailedError, UsageError

REPORT = "report.md"
FIGURES = "figures.json"
_NUMBER = re.compile(r"[-+±]?\d[\d,.]*.*")


@dataclass(frozen=True)
class Section:
    """One part of a report: Markdown text, then its tables, then its plots."""

    title: str
    text: str
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", tuple(self.tables))
        object.__setattr__(self, "plots", tuple(self.plots))


def table_markdown(table: Table) -> str:
    """The table in GitHub's Markdown; columns of numbers are aligned right."""
    rows = [[_cell(value) for value in row] for row in table.rows]
    marks = []
    for i in range(len(table.columns)):
        numbers = bool(rows) and all(_NUMBER.fullmatch(row[i]) or not row[i] for row in rows)
        marks.append("---:" if numbers else "---")
    lines = [[_cell(column) for column in table.columns], marks, *rows]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{table.caption}\n\n{text}" if table.caption else text


def _cell(value: str | int | float) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def section_markdown(section: Section, images: str = "", level: int = 2) -> str:
    """The section in Markdown. `images` goes before the plots' file names, as in "report/"."""
    parts = [f"{'#' * level} {section.title}"]
    if section.text.strip():
        parts.append(section.text.strip())
    parts += [table_markdown(table) for table in section.tables]
    for plot in section.plots:
        alternative = (plot.caption or plot.title).replace("[", "(").replace("]", ")")
        parts.append(f"![{' '.join(alternative.split())}]({images}{plot.name}.png)")
        if plot.caption:
            parts.append(plot.caption)
    return "\n\n".join(parts)


def write(folder: Path, title: str, sections: Sequence[Section]) -> None:
    """Writes report.md, one PNG a plot and figures.json; plots of an older report there go away."""
    names = [plot.name for section in sections for plot in section.plots]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two plots of the same name: {', '.join(twice)}")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for the report")
    folder.mkdir(parents=True, exist_ok=True)
    for name in _old_plots(folder) - set(names):
        (folder / f"{name}.png").unlink(missing_ok=True)
    for section in sections:
        for plot in section.plots:
            plots.draw(plot, folder / f"{plot.name}.png")
    text = "\n\n".join([f"# {title}", *(section_markdown(s) for s in sections)])
    files.write_text(folder / REPORT, text + "\n")
    document = {"title": title, "sections": [_as_dict(section) for section in sections]}
    files.write_text(folder / FIGURES, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def read(folder: Path) -> tuple[str, tuple[Section, ...]]:
    """Title and sections of a report that `write` wrote, from figures.json alone."""
    file = folder / FIGURES
    if not file.is_file():
        raise UsageError(f"missing file: {file}")
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        sections = tuple(_from_dict(section) for section in document["sections"])
        return document["title"], sections
    except (KeyError, TypeError, ValueError) as broken:
        raise CheckFailedError(f"{file} is not a report's: {broken!r}") from broken


def insert(readme: Path, marker: str, markdown: str) -> None:
    """Puts `markdown` between the lines `<!-- marker -->` and `<!-- /marker -->` of a file."""
    if not readme.is_file():
        raise UsageError(f"missing file: {readme}")
    text = readme.read_text(encoding="utf-8")
    start, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    for line in (start, end):
        if text.count(line) != 1:
            raise UsageError(f"{readme} has {line} {text.count(line)} times, wanted once")
    before, rest = text.split(start)
    if end not in rest:
        raise UsageError(f"{readme}: {end} stands before {start}")
    if start in markdown or end in markdown:
        raise ValueError(f"the text to insert has the marker {marker} itself")
    after = rest.split(end)[1]
    files.write_text(readme, f"{before}{start}\n\n{markdown.strip()}\n\n{end}{after}")


def _old_plots(folder: Path) -> set[str]:
    if not (folder / FIGURES).is_file():
        return set()
    try:
        _, sections = read(folder)
    except CheckFailedError:
        return set()
    return _names(sections)


def _names(sections: Iterable[Section]) -> set[str]:
    return {plot.name for section in sections for plot in section.plots}


def _as_dict(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "text": section.text,
        "tables": [
            {"columns": list(t.columns), "rows": [list(r) for r in t.rows], "caption": t.caption}
            for t in section.tables
        ],
        "plots": [plot_as_dict(plot) for plot in section.plots],
    }


def _from_dict(document: dict[str, Any]) -> Section:
    return Section(
        document["title"],
        document["text"],
        tuple(Table(**table) for table in document["tables"]),
        tuple(plot_from_dict(plot) for plot in document["plots"]),
    )
