from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cs_workspace.tui import keys
from cs_workspace.tui.app import WorkspaceApp
from cs_workspace.tui.keys import KEYS, Where
from cs_workspace.tui.list_tab import ListTab
from cs_workspace.tui.panels.choice import ChoiceDrawer
from cs_workspace.tui.panels.clashes import ClashDrawer
from cs_workspace.tui.panels.columns import ColumnInput
from cs_workspace.tui.panels.filter_form import FilterForm
from cs_workspace.tui.panels.goal_edit import GoalEdit
from cs_workspace.tui.panels.links import LinksDrawer
from cs_workspace.tui.panels.merge import Merge
from cs_workspace.tui.panels.notices import Notices
from cs_workspace.tui.panels.value_editors import LineEditor
from cs_workspace.tui.record_list import RecordList
from cs_workspace.tui.screens.customers import CustomersScreen
from cs_workspace.tui.screens.goal_page import GoalScreen
from cs_workspace.tui.screens.goals import GoalsScreen
from cs_workspace.tui.screens.record import RecordScreen
from cs_workspace.tui.screens.what_if import WhatIfScreen
from cs_workspace.tui.screens.wizard.page import GoalWizard
from cs_workspace.tui.widgets.fields import Choices, TextInput, Ticks
from cs_workspace.tui.widgets.milestone_grid import MilestoneGrid
from cs_workspace.tui.widgets.query_line import QueryInput
from cs_workspace.tui.widgets.record_table import RecordTable
from cs_workspace.tui.widgets.view_list import ViewList
from cs_workspace.tui.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = {
    Where.LIST: (RecordTable, ListTab, RecordList),
    Where.GOALS: (GoalsScreen,),
    Where.GOAL: (GoalScreen,),
    Where.RECORD: (RecordScreen,),
    Where.GRID: (MilestoneGrid,),
    Where.VIEWS: (ViewList,),
    Where.RECORDS: (CustomersScreen, RecordScreen),
    Where.COLUMNS: (ColumnInput,),
    Where.QUERY: (QueryInput,),
    Where.WHAT_IF: (WhatIfScreen,),
    Where.NOTICES: (Notices,),
    Where.WIZARD: (GoalWizard,),
    Where.FORM: (TextInput, Choices, Ticks),
    Where.PANEL: (ChoiceDrawer, ClashDrawer, FilterForm, GoalEdit, LineEditor, LinksDrawer, Merge),
    Where.EVERYWHERE: (Workspace, WorkspaceApp),
}


def test_the_page_of_keys_is_up_to_date():
    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == keys.page(), "python -m cs_workspace.tui.keys"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.id)
def test_every_key_has_a_handler_and_a_sentence(key):
    name = f"action_{key.action.partition('(')[0]}"
    assert any(hasattr(handler, name) for handler in HANDLERS[key.where])
    assert key.help.endswith(".")
    assert key.label


def test_ids_are_unique():
    assert len({key.id for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("where", Where)
def test_no_key_means_two_things_in_one_place(where):
    counted = Counter(name for key in KEYS if key.where is where for name in key.keys)
    assert [name for name, times in counted.items() if times > 1] == []


def test_only_quitting_works_through_everything():
    assert [key.id for key in KEYS if key.priority] == ["app.quit"]
