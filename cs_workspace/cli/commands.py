"""Commands and groups that take the global options anywhere, and groups that load a command when it is asked for."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import click

from cs_workspace.cli.output import FORMATS
from cs_workspace.cli.session import Session

NEGATED = re.compile(r"-(\w{2,}:|\()")  # how a negated term of a query begins


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Put what was given into the session; the last one given stands."""

    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
        if value is not None and value is not False:
            session = context.find_object(Session)
            assert session is not None
            setattr(session, name, value)
        return value

    return callback


def global_options(*, shown: bool) -> list[click.Option]:
    """What every command takes, before or after its name."""
    kept: dict[str, Any] = {"expose_value": False, "hidden": not shown, "default": None}
    return [
        click.Option(
            ["--db"],
            metavar="URL|FILE",
            envvar="CS_WORKSPACE_DB" if shown else None,
            help="The store: a SQLite file or a PostgreSQL URL. [environment: CS_WORKSPACE_DB]",
            callback=_keep("db"),
            **kept,
        ),
        click.Option(["--as"], metavar="LOGIN", help="Act as this user.", callback=_keep("login"), **kept),
        click.Option(["--read-only"], is_flag=True, help="Change nothing.", callback=_keep("read_only"), **kept),
        click.Option(["--now"], metavar="ISO-TIME", help="Stop the clock here.", callback=_keep("now"), **kept),
        click.Option(
            ["--format"],
            type=click.Choice(FORMATS),
            help="How data are written: table on a terminal, jsonl in a pipe.",
            callback=_keep("format"),
            **kept,
        ),
    ]


def take_globals(command: click.Command) -> None:
    """Let a command take the global options it does not take yet."""
    own = {option for param in command.params for option in param.opts}
    command.params += [option for option in global_options(shown=False) if not own & set(option.opts)]


class Command(click.Command):
    """A command that takes the global options too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        take_globals(self)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A term that is negated is no option: it is read with the other sign that negates (QRY-1)."""
        if any(param.name == "query" for param in self.params):
            args = [f"!{word[1:]}" if NEGATED.match(word) else word for word in args]
        return super().parse_args(ctx, args)


class Group(click.Group):
    """A group that takes the global options and makes its commands take them."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, shown: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += global_options(shown=shown)


class LazyGroup(Group):
    """A group whose commands live in modules that are imported when one of them is run or its help is asked for.

    `lazy` names, by command, the module and the attribute (`module:attribute`) and the help shown in lists, so that
    listing them imports nothing.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(f"cs_workspace.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        take_globals(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Names with one line of help each."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in self._lazy.items()])
