"""What has been filled in so far in the wizard: kept while one goes back and forth, and as a draft (GOL-4, UND-5)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from cs_workspace.domain.clock import parse_date
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.goals.model import Duration, Unit
from cs_workspace.domain.goals.targets import parse_target, print_target
from cs_workspace.domain.goals.teams import carrier_teams, main_members
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES

if TYPE_CHECKING:
    from cs_workspace.workspace.goal_draft import NewGoal
    from cs_workspace.workspace.goal_preview import Choices, Preview

USERS, TEAMS = "users", "teams"
NOBODY = "none"  # what `goal_draft` calls it when a user takes no part
Cells = dict[str, dict[str, Any]]  # by contributor, and by duration and place of the milestone


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may carry the goal for a chosen team."""

    login: str
    name: str
    team: str
    main: bool  # otherwise an extra member, who is no part of the team's values (GOL-12)
    asked: bool  # in several chosen teams: one of them has to be named (GOL-11)


@dataclass
class Entries:
    """Texts as they were typed; nothing here has to be right yet."""

    template: str = ""
    name: str = ""
    named: bool = False  # somebody chose the name; otherwise it follows from the rest
    mode: str = TEAMS
    users: list[str] = field(default_factory=list)  # logins
    teams: list[str] = field(default_factory=list)  # names
    left_out: list[str] = field(default_factory=list)  # main members who take no part
    added: list[str] = field(default_factory=list)  # extra members who do
    carriers: dict[str, str] = field(default_factory=dict)  # login: team, or none
    include_others: bool = False
    whole_team: bool = False
    duration: str = "monthly"
    year: str = ""
    fiscal: bool = False
    start: str = ""
    end: str = ""
    custom: dict[str, str] = field(default_factory=dict)  # of a goal from scratch, by the fields of CustomKpi
    unit: str = ""  # of the targets
    targets: Cells = field(default_factory=dict)  # in small steps
    wrong: Cells = field(default_factory=dict)  # texts that are no targets, each with its reason
    pipelines: Cells = field(default_factory=dict)  # lists of names
    notify: list[str] = field(default_factory=lambda: ["100_percent"])
    cell_notify: Cells = field(default_factory=dict)  # lists of events, where a clone's milestone has its own

    # --- kept as a draft

    def content(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Entries:
        """What `content` gave; a value of another kind than it should be is left out."""
        entries = cls()
        for each in fields(cls):
            found = content.get(each.name)
            if isinstance(found, type(getattr(entries, each.name))):
                setattr(entries, each.name, found)
        return entries

    # --- what follows from them

    def suggest_name(self) -> None:
        """The name that follows from template and year, unless somebody chose one."""
        if not self.named and self.template:
            self.name = self.suggestion

    @property
    def suggestion(self) -> str:
        """What the goal is called unless somebody calls it otherwise."""
        label = TEMPLATES[self.template].label if self.template in TEMPLATES else "Custom goal"
        return f"{label} {self.year}".strip() if self.duration != Duration.CUSTOM else label

    def members(self, choices: Choices) -> list[Member]:
        """Who may carry the goal, team by team in the order of the teams; the asked-about under each of theirs."""
        ids = {team.name: team.id for team in choices.teams}
        names = {team.id: team.name for team in choices.teams}
        picked = [ids[name] for name in self.teams if name in ids]
        main = {team: main_members(team, choices.teams, choices.memberships) for team in picked}
        found = []
        for user in choices.users:
            may = carrier_teams(user.id, picked, choices.teams, choices.memberships)
            found += [Member(user.login, user.name, names[team], user.id in main[team], len(may) > 1) for team in may]
        return sorted(found, key=lambda member: self.teams.index(member.team))

    def takes_part(self, member: Member) -> bool:
        """Whether a member is ticked under their team."""
        if member.asked:
            return self.carriers.get(member.login) == member.team
        return member.login not in self.left_out if member.main else member.login in self.added

    def tick(self, member: Member) -> None:
        """Tick a member, or take the tick away."""
        ticked = self.takes_part(member)
        if member.asked:
            self.carriers[member.login] = NOBODY if ticked else member.team
        else:
            some = self.left_out if member.main else self.added
            if ticked == member.main:
                some.append(member.login)
            else:
                some.remove(member.login)

    # --- as what is asked for

    def new_goal(self, choices: Choices) -> NewGoal:
        """What the wizard asks for, without what its cells say. Raises Invalid for a year or a day that is none."""
        from cs_workspace.workspace.goal_draft import CustomKpi, NewGoal

        teams = self.teams if self.mode == TEAMS else []
        users = self.users if self.mode == USERS else []
        carriers: dict[str, str] = {}
        whole = bool(teams) and self.whole_team
        if teams and not whole:
            members = self.members(choices)
            users = [m.login for m in members if self.takes_part(m) or (m.asked and self.carriers.get(m.login) is None)]
            carriers = {m.login: m.team for m in members if m.asked and self.takes_part(m)}
            whole = not users  # nobody is ticked: the team alone
        by_year = self.duration != Duration.CUSTOM
        return NewGoal(
            template=self.template,
            name=self.name,
            users=tuple(dict.fromkeys(users)),
            teams=tuple(teams),
            carriers=carriers,
            include_others=bool(teams) and self.include_others,
            whole_team=whole,
            duration=self.duration,
            year=_year(self.year) if by_year else None,
            fiscal=by_year and self.fiscal,
            start=None if by_year else _day("start", self.start),
            end=None if by_year else _day("end", self.end),
            notify=tuple(self.notify),
            custom=CustomKpi(**{"object": "", "aggregate": "", "dated_by": "", **self.custom})
            if self.template == CUSTOM
            else None,
        )

    def with_cells(self, new: NewGoal, preview: Preview, currency: str) -> NewGoal:
        """The same with what the cells of the rows there are say; those of others wait for them to come back."""
        unit = preview.kpi.unit if preview.kpi is not None else Unit.NUMBER

        def of(cells: Cells, read: Callable[[Any], Any]) -> list[tuple[str, str, Any]]:
            return [
                (row.contributor, each.label, read(found))
                for row in preview.rows
                for each in preview.periods
                if (found := cells.get(row.contributor, {}).get(self.at(each.index))) is not None
            ]

        targets = of(self.targets, lambda steps: print_target(steps, unit, currency)) if self.unit == unit else []
        return replace(
            new, targets=targets, cell_pipelines=of(self.pipelines, list), cell_notify=of(self.cell_notify, list)
        )

    def at(self, index: int) -> str:
        """What cells call a milestone: its place, so that targets stay when the goal moves to another year."""
        return f"{self.duration} {index}"

    def move_a_year(self) -> None:
        """Ask for the year after."""
        before = self.year
        if before.isascii() and before.isdigit():
            self.year = str(int(before) + 1)
            if self.named:
                self.name = self.name.replace(before, self.year).removesuffix(" (copy)")
        for name in ("start", "end"):
            day = _day(name, getattr(self, name))
            if day is not None:
                last = monthrange(day.year + 1, day.month)[1]
                setattr(self, name, str(day.replace(year=day.year + 1, day=min(day.day, last))))
        self.suggest_name()

    @classmethod
    def cloned(cls, new: NewGoal, preview: Preview, choices: Choices, currency: str) -> Entries:
        """Entries that ask for what a clone asks for (GOL-46)."""
        unit = preview.kpi.unit if preview.kpi is not None else Unit.NUMBER
        index = {each.label: each.index for each in preview.periods}
        entries = cls(
            template=new.template,
            name=new.name,
            named=True,
            mode=TEAMS if new.teams else USERS,
            users=list(new.users),
            teams=list(new.teams),
            carriers=dict(new.carriers),
            include_others=new.include_others,
            whole_team=new.whole_team,
            duration=new.duration,
            year=str(new.year or ""),
            fiscal=new.fiscal,
            start=str(new.start or ""),
            end=str(new.end or ""),
            custom={each.name: getattr(new.custom, each.name) for each in fields(new.custom)} if new.custom else {},
            unit=str(unit),
            notify=list(new.notify),
        )
        for who, label, text in new.targets:
            entries.targets.setdefault(who, {})[entries.at(index[label])] = parse_target(text, unit, currency)
        for cells, asked in ((entries.pipelines, new.cell_pipelines), (entries.cell_notify, new.cell_notify)):
            for who, label, names in asked:
                cells.setdefault(who, {})[entries.at(index[label])] = list(names)
        for member in entries.members(choices):
            takes_part = member.login in new.users
            if not member.asked and member.main != takes_part:
                (entries.left_out if member.main else entries.added).append(member.login)
        return entries


def _year(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Invalid("year", f"{text!r} is not a year", "Write it as 2027.")
    return int(text)


def _day(name: str, text: str) -> date | None:
    try:
        return parse_date(text) if text.strip() else None
    except Invalid as error:
        raise Invalid(name, error.why, error.hint) from error
