"""Pages by what they show, imported when one is opened: pages do not know each other."""

from __future__ import annotations

from cs_workspace.tui.keys import TABS
from cs_workspace.tui.messages import Walk
from cs_workspace.tui.page import Page
from cs_workspace.tui.session import Host


def first_page(number: int, host: Host) -> Page:
    """The page at the bottom of a tab."""
    match TABS[number - 1]:
        case "Goals":
            from cs_workspace.tui.screens.goals import GoalsScreen

            return GoalsScreen(host)
        case "Customers":
            from cs_workspace.tui.screens.customers import CustomersScreen

            return CustomersScreen(host)
        case name:
            from cs_workspace.tui.screens.building import BuildingScreen

            return BuildingScreen(host, name)


def goal_page(host: Host, goal: int) -> Page:
    """A goal with its charts, milestones and contributors."""
    from cs_workspace.tui.screens.goal_page import GoalScreen

    return GoalScreen(host, goal)


def is_goal_page(page: Page, goal: int) -> bool:
    """Whether a page is the one of a goal."""
    from cs_workspace.tui.screens.goal_page import GoalScreen

    return isinstance(page, GoalScreen) and page.goal == goal


def new_goal(host: Host) -> Page:
    """The wizard."""
    from cs_workspace.tui.screens.wizard.page import GoalWizard

    return GoalWizard(host)


def goal_grid(host: Host, goal: int, row: int | None = None) -> Page:
    """The grid of a goal's targets, at a contributor's row."""
    from cs_workspace.tui.screens.goal_grid import GoalGridScreen

    return GoalGridScreen(host, goal, row)


def goal_clone(host: Host, goal: int) -> Page:
    """The wizard, with a goal to begin from."""
    from cs_workspace.tui.screens.wizard.page import GoalWizard

    return GoalWizard(host, clone_of=goal)


def what_if(host: Host, goal: int) -> Page:
    """What would happen to a goal if."""
    from cs_workspace.tui.screens.what_if import WhatIfScreen

    return WhatIfScreen(host, goal)


def record(host: Host, object: str, id: int, walk: Walk | None = None) -> Page:
    """A record with what belongs to it and what happened to it."""
    from cs_workspace.tui.screens.record import RecordScreen

    return RecordScreen(host, object, id, walk)


def record_list(host: Host, object: str, view: int | None = None) -> Page:
    """All records of an object as a list, or those of a view."""
    from cs_workspace.tui.screens.records import RecordsScreen

    return RecordsScreen(host, object, view)
