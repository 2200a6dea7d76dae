"""Records in from a spreadsheet and out to a file (IMP-1 to IMP-6)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from cs_workspace.cli.ask import confirm, has_terminal
from cs_workspace.cli.commands import Command
from cs_workspace.cli.progress import bar
from cs_workspace.cli.session import Session, pass_session
from cs_workspace.domain.errors import Refused, Usage
from cs_workspace.domain.text import cell_width, fit, printable

if TYPE_CHECKING:
    from cs_workspace.interchange.loading import Looked
    from cs_workspace.workspace.import_plan import Rejected, Report

PARTLY_DONE = 4
PROGRAMS = ("auto", "hubspot", "zendesk", "intercom", "salesforce")
WIDEST = 30  # cells of a column of the mapping that is shown


@click.command("import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--object", required=True, help="What the rows are: companies, deals, tickets, targets, …")
@click.option("--source", type=click.Choice(PROGRAMS), default="auto", help="The program that wrote the file.")
@click.option("--map", "pairs", metavar="COLUMN=PROPERTY", multiple=True, help="What a column is; COLUMN= is nothing.")
@click.option("--encoding", metavar="E", help="How the file is encoded, such as cp1250.")
@click.option("--delimiter", metavar="D", help="What stands between cells: , ; tab or |.")
@click.option("--create-missing", is_flag=True, help="Make pipelines and stages that are not there.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where rejected rows go; beside FILE otherwise.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and save nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_session
def import_(
    session: Session,
    file: Path,
    object: str,
    source: str,
    pairs: tuple[str, ...],
    encoding: str | None,
    delimiter: str | None,
    create_missing: bool,
    rejected: Path | None,
    dry_run: bool,
    yes: bool,
) -> int:
    """Take records in from FILE, a CSV with a first line that names the columns.

    The columns are understood by internal name, by label, or as HubSpot, Zendesk, Intercom and Salesforce call them;
    the rest is kept as custom properties. A record is found again by its external id, its unique key or its name; a
    blank cell leaves a value as it is. It is one action: `undo` takes all of it back. Exit code 4 says that some rows
    were rejected; they are written to a file with the reason, ready to be put right and imported again.
    """
    from cs_workspace.interchange.csv_source import CsvSource
    from cs_workspace.interchange.loading import RejectedFile, look, plan_of, take
    from cs_workspace.workspace import imports

    _refuse_over_ssh(session)
    _refuse_the_store(session, file)
    asked = _pairs(pairs)
    kind = session.run(imports.shape, object)
    with CsvSource(file, encoding=encoding, delimiter=delimiter) as opened:
        looked = look(opened, kind, asked=asked, program=source)
        _show(session, looked)
        if not dry_run and not yes and has_terminal():
            confirm(f"Import {looked.rows:,} rows as {kind.plural.lower()}?", yes=False)
        plan = plan_of(looked, create_missing=create_missing, dry_run=dry_run)
        place = rejected or file.with_name(f"{file.name}.rejected.csv")
        writer = None if dry_run else RejectedFile(place, opened.header, opened.delimiter)
        with bar(f"import {kind.plural.lower()}") as draw:
            report, written, first = take(session.workspace, looked, plan, writer, draw)
    _narrate(session, looked, report, first, written)
    session.output.record(
        {
            "new": report.new,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "rejected": report.rejected,
            "rejected_file": str(written) if written else None,
            "understood": looked.mapping.understood,
        }
    )
    return PARTLY_DONE if report.rejected else 0


def _pairs(pairs: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        column, sign, name = pair.rpartition("=")
        if not sign or not column.strip():
            raise Usage(f"--map: {pair!r} is not COLUMN=PROPERTY.", "Write it as --map 'Company name=name'.")
        found[column.strip()] = name.strip()
    return found


def _refuse_over_ssh(session: Session) -> None:
    if session.proven is not None:
        raise Refused("Files of the host are not for SSH sessions.", "Ask who runs the host.")


def _refuse_the_store(session: Session, file: Path) -> None:
    from cs_workspace.interchange.loading import refuse_the_store

    refuse_the_store(session.store.path, file)


def _show(session: Session, looked: Looked) -> None:
    """The mapping with values of each column, for people (IMP-2)."""
    if not sys.stderr.isatty():
        return
    mapping = looked.mapping
    program = mapping.source.capitalize().replace("Hubspot", "HubSpot")
    session.note(f"{looked.source.path.name}: {looked.rows:,} rows{f' out of {program}' if program else ''}.")
    new = {each.name for each in mapping.new_properties}
    rows: list[tuple[str, str, str]] = []
    for header, name in mapping.understood.items():
        means = "(new property) " + name if name in new else name or f"({mapping.left_out.get(header, 'left out')})"
        values = ", ".join(looked.samples.get(header, ()))
        rows.append((_shown(header), _shown(means), _shown(values)))
    first, second = (max((cell_width(row[i]) for row in rows), default=0) for i in (0, 1))
    for header, means, values in rows:
        padding = " " * (first - cell_width(header)), " " * (second - cell_width(means))
        session.note(f"  {header}{padding[0]}  →  {means}{padding[1]}  {values}".rstrip())


def _shown(text: str) -> str:
    return fit(printable(text, 200), WIDEST)


def _narrate(session: Session, looked: Looked, report: Report, first: Iterable[Rejected], written: Path | None) -> None:
    left_out: dict[str, list[str]] = {}
    for header, why in looked.mapping.left_out.items():
        left_out.setdefault(why, []).append(header)
    for why, headers in left_out.items():
        session.note(f"Left out, {why}: {', '.join(headers)}.")
    for made in report.made[:20]:
        session.note(f"Made {made}.")
    if len(report.made) > 20:
        session.note(f"Made {len(report.made) - 20:,} more.")
    for row in first:
        session.note(f"Line {row.line}: {row.reason}")
    if written is not None:
        rows = "1 rejected row is" if report.rejected == 1 else f"{report.rejected:,} rejected rows are"
        session.note(f"{rows} in {written}, with the reason.")


@click.command(cls=Command)
@click.argument("object")
@click.argument("query", nargs=-1)
@click.option("--columns", metavar="A,B", help="Properties to write, by internal name; all of them otherwise.")
@click.option("--sort", metavar="[-]A", default="", help="Sorted by a property; with a minus, the largest first.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="A file to write; standard output otherwise.")
@pass_session
def export(
    session: Session, object: str, query: tuple[str, ...], columns: str | None, sort: str, output: Path | None
) -> None:
    """Write the rows of OBJECT that match QUERY as CSV, JSON or JSON lines, by --format or the file's name.

    Text that a spreadsheet would take for a formula is written with an apostrophe before it, which an import takes
    away again. Importing the file changes nothing. `export targets` writes the targets of goals.
    """
    from cs_workspace.interchange.export import Writer, format_of, into
    from cs_workspace.workspace import exports

    written = format_of(session.format, output.name if output else None)
    text = " ".join(query)
    chosen = tuple(name.strip() for name in (columns or "").split(",") if name.strip())
    chosen = chosen or session.run(exports.columns, object)
    if output is not None:
        _refuse_over_ssh(session)
        _refuse_the_store(session, output)

    def write(stream: TextIO) -> int:
        writer = Writer(stream, chosen, written)
        if object == "targets":
            session.run(exports.targets, text, chosen, writer.row)
        else:
            session.run(exports.records, object, text, chosen, sort, writer.row)
        writer.end()
        return writer.count

    if output is None:
        write(sys.stdout)
        return
    count = into(output, write)
    session.note(f"{count:,} rows are in {output}.")
