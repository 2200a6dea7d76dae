"""Every key, declared once: bindings, the bottom line, the help, the palette and docs/keys.md are made from this."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType

TABS = ("Summary", "Customers", "Services", "Revenue", "Actions", "Schedule", "Feed", "Goals")
SHORT_TABS = ("Sum", "Cust", "Serv", "Rev", "Act", "Sched", "Feed", "Goals")


class Where(StrEnum):
    """Where a key means something; the order is that of the help."""

    LIST = "In a list"
    GOALS = "On Goals"
    GOAL = "On a goal's page"
    RECORDS = "With records"
    RECORD = "On a record's page"
    VIEWS = "Among the views"
    GRID = "In the grid of targets"
    WIZARD = "In the wizard"
    FORM = "In a form"
    WHAT_IF = "In a what-if"
    NOTICES = "In the notifications"
    COLUMNS = "Among the columns"
    QUERY = "In the filter line"
    PANEL = "In a panel"
    EVERYWHERE = "Everywhere"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. `action` is the handler's name, `label` two or three words, `help` a sentence."""

    id: str
    where: Where
    keys: tuple[str, ...]
    action: str
    label: str
    help: str
    footer: str = ""  # how the bottom line shows it; "" leaves it out
    palette: bool = True
    priority: bool = False  # also within panels; only for what must always work


W = Where

KEYS = (
    Key("list.filter", W.LIST, ("slash",), "filter", "Filter", "Write what the list should show.", "/ filter"),
    Key("list.down", W.LIST, ("down", "j"), "move(1)", "Down", "Go to the next row.", palette=False),
    Key("list.up", W.LIST, ("up", "k"), "move(-1)", "Up", "Go to the row before.", palette=False),
    Key("list.first", W.LIST, ("g", "home"), "first", "First row", "Go to the first row.", palette=False),
    Key("list.last", W.LIST, ("G", "end"), "last", "Last row", "Go to the last row.", palette=False),
    Key("list.half_down", W.LIST, ("ctrl+d",), "half(1)", "Half a page down", "Go half a page down.", palette=False),
    Key("list.half_up", W.LIST, ("ctrl+u",), "half(-1)", "Half a page up", "Go half a page up.", palette=False),
    Key("list.page_down", W.LIST, ("pagedown",), "page(1)", "Page down", "Go a page down.", palette=False),
    Key("list.page_up", W.LIST, ("pageup",), "page(-1)", "Page up", "Go a page up.", palette=False),
    Key("list.preview", W.LIST, ("enter",), "preview", "Preview", "Show what is behind the row.", "enter preview"),
    Key("list.sort", W.LIST, ("s",), "sort", "Sort by next column", "Sort by the next column.", "s sort"),
    Key("list.reverse", W.LIST, ("S",), "reverse", "Reverse the order", "Turn the order round."),
    Key(
        "list.sort_more", W.LIST, ("plus",), "sort_more", "Sort by one more",
        "Keep the order; the next column that s chooses decides among equals.",
    ),
    Key("list.form", W.LIST, ("f",), "form", "Filter form", "Choose what to show property by property.", "f form"),
    Key("list.columns", W.LIST, ("c",), "columns", "Columns", "Choose, order and size the columns."),
    Key("list.views", W.LIST, ("v",), "views", "Views", "Go to the saved views.", "v views"),
    Key("list.save_view", W.LIST, ("V",), "save_view", "Save view", "Save this list as a view."),
    Key("list.mark", W.LIST, ("space",), "mark", "Mark", "Mark the row and go down.", "space mark", palette=False),
    Key(
        "list.mark_down", W.LIST, ("shift+down",), "mark_on(1)", "Mark down",
        "Mark this row and the next one.", palette=False,
    ),
    Key(
        "list.mark_up", W.LIST, ("shift+up",), "mark_on(-1)", "Mark up",
        "Mark this row and the one before.", palette=False,
    ),
    Key("list.mark_all", W.LIST, ("asterisk",), "mark_all", "Mark all", "Mark all rows that are shown; again, none."),
    Key(
        "goals.why", W.GOALS, ("w",), "why", "Why this number",
        "Explain the number and list the records behind it.", "w why",
    ),
    Key("goals.new", W.GOALS, ("n",), "new", "New goal", "Make a goal.", "n new"),
    Key("goals.open", W.GOALS, ("o",), "open", "Open the goal", "Show the goal's page.", "o open"),
    Key(
        "goals.edit", W.GOALS, ("e",), "edit", "Edit targets",
        "Edit the contributor's targets and the goal's notifications.", "e edit",
    ),
    Key("goals.grid", W.GOALS, ("E",), "grid", "Edit the whole goal", "Open the goal's grid of targets.", "E grid"),
    Key("goals.clone", W.GOALS, ("C",), "clone", "Clone", "Make a goal like this one."),
    Key(
        "goals.delete", W.GOALS, ("d",), "delete", "Delete rows",
        "Delete the marked contributors' rows, or this one; u brings them back.", "d delete",
    ),
    Key("goals.copy", W.GOALS, ("y",), "copy", "Copy", "Copy the marked rows, or this one, as text."),
    Key("goals.what_if", W.GOALS, ("W",), "what_if", "What if", "Try what would have to happen; nothing is saved."),
    Key("goals.expand", W.GOALS, ("right",), "expand", "All milestones", "Show the row's milestones below it."),
    Key("goals.collapse", W.GOALS, ("left",), "collapse", "One milestone", "Show the row's current milestone only."),
    Key("goal.next", W.GOAL, ("tab",), "section(1)", "Next section", "Go to the next section.", palette=False),
    Key(
        "goal.previous", W.GOAL, ("shift+tab",), "section(-1)", "Section before",
        "Go to the section before.", palette=False,
    ),
    Key(
        "goal.why", W.GOAL, ("w",), "why", "Why this number",
        "Explain the number and list the records behind it.", "w why",
    ),
    Key("goal.edit", W.GOAL, ("e",), "edit", "Edit targets", "Open the goal's grid of targets.", "e edit"),
    Key("goal.range", W.GOAL, ("v",), "range", "Range of days", "Choose which milestones count here.", "v range"),
    Key(
        "goal.earlier", W.GOAL, ("less_than_sign",), "shift(-1)", "Earlier",
        "Go to the milestones before; from the whole goal, to the current one.", "< > period",
    ),
    Key(
        "goal.later", W.GOAL, ("greater_than_sign",), "shift(1)", "Later",
        "Go to the milestones after; from the whole goal, to the current one.",
    ),
    Key("goal.whole", W.GOAL, ("0",), "whole", "The whole goal", "Show all milestones again."),
    Key("goal.what_if", W.GOAL, ("W",), "what_if", "What if", "Try what would have to happen; nothing is saved.",
        "W what if"),
    Key("goal.clone", W.GOAL, ("C",), "clone", "Clone", "Make a goal like this one."),
    Key("goal.copy", W.GOAL, ("y",), "copy", "Copy", "Copy a summary of the goal as text."),
    Key(
        "goal.anew", W.GOAL, ("A",), "anew", "Ended milestones anew",
        "Calculate the milestones that are over from today's records; it is asked twice and logged.",
    ),
    Key("record.enter", W.RECORD, ("enter",), "enter", "Edit or open", "Edit the property, or open what is there.",
        "enter edit or open"),
    Key("record.open", W.RECORD, ("o",), "open", "Open", "Show the page of the related record."),
    Key("record.next", W.RECORD, ("tab",), "section(1)", "Next section", "Go to the next section.", "tab section",
        palette=False),
    Key(
        "record.previous", W.RECORD, ("shift+tab",), "section(-1)", "Section before",
        "Go to the section before.", palette=False,
    ),
    Key(
        "record.links", W.RECORD, ("A",), "links", "Add or remove related",
        "Choose which records belong to this one.",
    ),
    Key("record.as_of", W.RECORD, ("T",), "as_of", "As of …", "Show the record as it was at another time."),
    Key(
        "record.layout", W.RECORD, ("c",), "layout", "What is shown",
        "Choose what the panel shows, and in which order.",
    ),
    Key("records.open", W.RECORDS, ("o",), "open", "Open", "Show the record's page.", "o open"),
    Key("records.log", W.RECORDS, ("i",), "log", "Log", "Log a note, a call, an e-mail, a meeting or a task.", "i log"),
    Key("records.edit", W.RECORDS, ("e",), "edit", "Edit", "Edit a property, of all marked records at once.", "e edit"),
    Key("records.why", W.RECORDS, ("w",), "why", "Why this health", "Explain the health score.", "w why"),
    Key("records.assign", W.RECORDS, ("a",), "assign", "Assign", "Give the records to a colleague.", "a assign"),
    Key("records.stage", W.RECORDS, ("t",), "stage", "Stage", "Choose another stage or status."),
    Key(
        "records.history", W.RECORDS, ("h",), "history", "History",
        "Show what was changed: of the property under the cursor, or of the record.", "h history",
    ),
    Key("records.new", W.RECORDS, ("n",), "new", "New", "Make a record."),
    Key("records.follow", W.RECORDS, ("F",), "follow", "Follow", "Follow the records, or follow them no longer."),
    Key("records.merge", W.RECORDS, ("m",), "merge", "Merge", "Make one record of two."),
    Key("records.delete", W.RECORDS, ("d",), "delete", "Delete", "Put the records into the bin; u brings them back."),
    Key("records.export", W.RECORDS, ("E",), "export", "Export", "Write the marked records, or the list, to a file."),
    Key(
        "records.copy", W.RECORDS, ("y",), "copy", "Copy",
        "Copy the name and the number, and the link if there is one.",
    ),
    Key("records.copy_what", W.RECORDS, ("Y",), "copy_what", "Copy what", "Choose what to copy."),
    Key("records.earlier", W.RECORDS, ("less_than_sign",), "step(-1)", "Record before", "Go to the record before."),
    Key("records.later", W.RECORDS, ("greater_than_sign",), "step(1)", "Next record", "Go to the next record."),
    Key("views.use", W.VIEWS, ("enter",), "use", "Use", "Show what the view shows.", "enter use"),
    Key("views.edit", W.VIEWS, ("e",), "edit_view", "Edit view", "Change the view's name and sharing.", "e edit"),
    Key("views.delete", W.VIEWS, ("d",), "delete_view", "Delete view", "Delete the view.", "d delete"),
    Key(
        "views.default", W.VIEWS, ("D",), "default_view", "Default or not",
        "Make the view a default of everybody, or take that back.", "D default",
    ),
    Key("views.up", W.VIEWS, ("K", "shift+up"), "move_view(-1)", "View up", "Move the view up.", "K J move"),
    Key("views.down", W.VIEWS, ("J", "shift+down"), "move_view(1)", "View down", "Move the view down."),
    Key(
        "views.restore", W.VIEWS, ("R",), "restore_views", "Restore built-in views",
        "Bring the deleted built-in views back.",
    ),
    Key(
        "columns.up", W.COLUMNS, ("shift+up", "ctrl+up"), "shift(-1)", "Column before",
        "Move the column to the left.", palette=False,
    ),
    Key(
        "columns.down", W.COLUMNS, ("shift+down", "ctrl+down"), "shift(1)", "Column after",
        "Move the column to the right.", palette=False,
    ),
    Key(
        "columns.narrower", W.COLUMNS, ("left",), "widen(-1)", "Narrower", "Make the column narrower.", palette=False,
    ),
    Key("columns.wider", W.COLUMNS, ("right",), "widen(1)", "Wider", "Make the column wider.", palette=False),
    Key(
        "columns.reset", W.COLUMNS, ("ctrl+r",), "reset", "Reset",
        "Show the columns the list opens with, as wide as they need to be.", palette=False,
    ),
    Key("grid.up", W.GRID, ("up",), "move(-1, 0)", "Up", "Go a row up.", palette=False),
    Key("grid.down", W.GRID, ("down",), "move(1, 0)", "Down", "Go a row down.", palette=False),
    Key("grid.left", W.GRID, ("left",), "move(0, -1)", "Left", "Go a milestone back.", palette=False),
    Key("grid.right", W.GRID, ("right",), "move(0, 1)", "Right", "Go to the next milestone.", palette=False),
    Key(
        "grid.select_up", W.GRID, ("shift+up",), "move(-1, 0, True)", "Select up",
        "Take the row above into the range.", palette=False,
    ),
    Key(
        "grid.select_down", W.GRID, ("shift+down",), "move(1, 0, True)", "Select down",
        "Take the row below into the range.", palette=False,
    ),
    Key(
        "grid.select_left", W.GRID, ("shift+left",), "move(0, -1, True)", "Select left",
        "Take the milestone before into the range.", palette=False,
    ),
    Key(
        "grid.select_right", W.GRID, ("shift+right",), "move(0, 1, True)", "Select right",
        "Take the next milestone into the range.", palette=False,
    ),
    Key("grid.row_start", W.GRID, ("home",), "edge(0, -1)", "First milestone", "Go to the row's first milestone.",
        palette=False),
    Key("grid.row_end", W.GRID, ("end",), "edge(0, 1)", "Last milestone", "Go to the row's last milestone.",
        palette=False),
    Key(
        "grid.select_start", W.GRID, ("shift+home",), "edge(0, -1, True)", "Select to the first",
        "Select from here to the row's first milestone.", palette=False,
    ),
    Key(
        "grid.select_end", W.GRID, ("shift+end",), "edge(0, 1, True)", "Select to the last",
        "Select from here to the row's last milestone.", palette=False,
    ),
    Key("grid.first", W.GRID, ("ctrl+home",), "edge(-1, -1)", "First cell", "Go to the first cell.", palette=False),
    Key("grid.last", W.GRID, ("ctrl+end",), "edge(1, 1)", "Last cell", "Go to the last cell.", palette=False),
    Key("grid.page_up", W.GRID, ("pageup",), "page(-1, 0)", "Page up", "Go a page up.", palette=False),
    Key("grid.page_down", W.GRID, ("pagedown",), "page(1, 0)", "Page down", "Go a page down.", palette=False),
    Key(
        "grid.page_left", W.GRID, ("ctrl+left",), "page(0, -1)", "Page left",
        "Go back by as many milestones as are in sight.", palette=False,
    ),
    Key(
        "grid.page_right", W.GRID, ("ctrl+right",), "page(0, 1)", "Page right",
        "Go on by as many milestones as are in sight.", palette=False,
    ),
    Key(
        "grid.next", W.GRID, ("tab",), "step(1)", "Next cell",
        "Go right; from the last milestone to the next pane.", palette=False,
    ),
    Key(
        "grid.previous", W.GRID, ("shift+tab",), "step(-1)", "Previous cell",
        "Go left; from the first milestone to the pane before.", palette=False,
    ),
    Key(
        "grid.edit", W.GRID, ("enter", "e", "f2"), "edit", "Edit",
        "Edit the cell (digits type over it); enter keeps it and goes down, tab right, esc drops it.", "enter edit",
    ),
    Key(
        "grid.change", W.GRID, ("plus",), "change", "Change by",
        "Change the range by an amount or a percentage: +5%, -10%, +50, *1.2.", "+ change by",
    ),
    Key(
        "grid.fill_right", W.GRID, ("equals_sign",), "fill_right", "Fill right",
        "Copy the range's first milestone into the others; of one cell, into all after it.", "= fill",
    ),
    Key(
        "grid.fill_down", W.GRID, ("quotation_mark",), "fill_down", "Fill down",
        "Copy the range's first row into the others; of one cell, into all below.",
    ),
    Key("grid.clear", W.GRID, ("delete", "backspace"), "clear", "Blank", "Take the targets of the range away."),
    Key("grid.copy", W.GRID, ("y",), "copy", "Copy", "Copy the range for a spreadsheet.", "y copy"),
    Key(
        "grid.paste", W.GRID, ("ctrl+v",), "paste", "Paste",
        "Paste a block of a spreadsheet; what would change is shown before.",
    ),
    Key("grid.check", W.GRID, ("space",), "check", "Check the row", "Check the row, or take its check away."),
    Key("grid.check_all", W.GRID, ("asterisk",), "check_all", "Check all rows", "Check all rows, or none."),
    Key(
        "grid.apply", W.GRID, ("A",), "apply", "Apply a target",
        "Put one target into every milestone of the checked rows.", "A apply",
    ),
    Key(
        "grid.spread", W.GRID, ("S",), "spread", "Spread a total",
        "Share a total out over the milestones of the checked rows.", "S spread",
    ),
    Key(
        "grid.pipelines", W.GRID, ("P",), "ask('pipelines')", "Apply pipelines",
        "Choose the pipelines of the checked rows.",
    ),
    Key(
        "grid.notify", W.GRID, ("T",), "ask('goal notifications')", "Notifications of the goal",
        "Choose what is told of all milestones but those with a choice of their own.",
    ),
    Key("grid.import", W.GRID, ("I",), "ask('import')", "Import targets", "Read targets from a CSV file."),
    Key("grid.layer", W.GRID, ("L",), "layer(1)", "Next layer",
        "Show targets, actuals, progress, pipelines or notifications.", "L layer"),
    Key("grid.layer_back", W.GRID, ("H",), "layer(-1)", "Layer before", "Show the layer before.", palette=False),
    Key(
        "grid.drop", W.GRID, ("escape",), "drop", "Drop",
        "Drop what would be pasted, or let go of the range.", palette=False,
    ),
    Key("notices.open", W.NOTICES, ("enter",), "open", "Open", "Mark it as read and show its goal or record."),
    Key("notices.read", W.NOTICES, ("x",), "read", "Read or not", "Mark it as read, or as not read."),
    Key("notices.read_all", W.NOTICES, ("asterisk",), "read_all", "All read", "Mark all notifications as read."),
    Key("notices.unread", W.NOTICES, ("v",), "unread", "All or unread", "Show the unread only, or all again."),
    Key("what_if.win", W.WHAT_IF, ("space",), "win", "Tick", "Suppose that the record is won or done.", "space tick"),
    Key("what_if.edit", W.WHAT_IF, ("e",), "edit", "Date or amount", "Suppose another date or amount.", "e edit"),
    Key("what_if.open", W.WHAT_IF, ("o",), "open", "Open the record", "Show the record's page.", "o open"),
    Key("what_if.aim", W.WHAT_IF, ("t",), "aim", "Target", "Suppose another target of the contributor.", "t target"),
    Key(
        "what_if.tasks", W.WHAT_IF, ("T",), "tasks", "Make tasks",
        "Make a task of each supposed record for its owner; u takes them back.", "T tasks",
    ),
    Key(
        "what_if.drop", W.WHAT_IF, ("X",), "drop_all", "Drop it all",
        "Suppose nothing any more; pressed again, it comes back.", "X drop",
    ),
    Key(
        "what_if.earlier", W.WHAT_IF, ("less_than_sign",), "milestone(-1)", "Milestone before",
        "Look at the milestone before.", "< > milestone",
    ),
    Key(
        "what_if.later", W.WHAT_IF, ("greater_than_sign",), "milestone(1)", "Next milestone",
        "Look at the next milestone.",
    ),
    Key(
        "query.complete", W.QUERY, ("tab",), "complete(1)", "Complete",
        "Take the first suggestion; again, the next in its place.", "tab complete", palette=False,
    ),
    Key(
        "query.complete_back", W.QUERY, ("shift+tab",), "complete(-1)", "Suggestion before",
        "Take the suggestion before.", palette=False,
    ),
    Key(
        "query.list", W.QUERY, ("down",), "leave", "To the list",
        "Go to the list and keep the filter.", "enter to the list", palette=False,
    ),
    Key(
        "query.clear", W.QUERY, ("escape",), "clear", "Clear",
        "Take the filter away, then go to the list.", "esc clear", palette=False,
    ),
    Key("wizard.next", W.WIZARD, ("ctrl+n",), "next_step", "Next step", "Go to the next step.", "ctrl+n next"),
    Key(
        "wizard.before", W.WIZARD, ("ctrl+b",), "step_before", "Step before",
        "Go back one step; everything that is filled in stays.",
    ),
    Key(
        "wizard.enter", W.WIZARD, ("enter",), "enter", "Go on",
        "Take what is under the cursor and go on.", "enter go on", palette=False,
    ),
    Key("wizard.anew", W.WIZARD, ("X",), "anew", "Start anew", "Forget what is filled in and begin again."),
    Key(
        "wizard.year_later", W.WIZARD, ("f4", "greater_than_sign"), "year_later", "One year later",
        "Make the goal for the year after; targets and pipelines move along.", "f4 a year later",
    ),
    Key(
        "wizard.filter", W.WIZARD, ("f2", "f"), "filter_form", "Filter form",
        "From scratch, choose what is measured property by property.", "f2 filter form",
    ),
    Key("wizard.undo", W.WIZARD, ("u",), "undo_cells", "Undo", "Take back the last change of targets.", "u undo"),
    Key("wizard.redo", W.WIZARD, ("U",), "redo_cells", "Redo", "Change the targets again as undone last."),
    Key("wizard.open", W.WIZARD, ("o",), "open_goal", "Open the goal", "Show the page of the goal.", "o goal page"),
    Key("wizard.grid", W.WIZARD, ("E",), "open_grid", "Edit targets", "Open the goal's grid of targets.", "E grid"),
    Key("wizard.another", W.WIZARD, ("n",), "another", "Another goal", "Make another goal.", "n another"),
    Key("form.next", W.FORM, ("down",), "field(1)", "Next field", "Go to the next field.", palette=False),
    Key("form.before", W.FORM, ("up",), "field(-1)", "Field before", "Go to the field before.", palette=False),
    Key("form.right", W.FORM, ("right",), "choose(1)", "Next choice", "Choose the next word.", palette=False),
    Key("form.left", W.FORM, ("left",), "choose(-1)", "Choice before", "Choose the word before.", palette=False),
    Key(
        "form.tick", W.FORM, ("space",), "tick", "Tick",
        "Tick the line, or take its tick away; of a choice, take the next word.", "space tick", palette=False,
    ),
    Key("panel.down", W.PANEL, ("down",), "move(1)", "Down", "Go to the next line.", palette=False),
    Key("panel.up", W.PANEL, ("up",), "move(-1)", "Up", "Go to the line before.", palette=False),
    Key("panel.apply", W.PANEL, ("enter",), "apply", "Apply", "Take over what was chosen.", palette=False),
    Key(
        "panel.blank", W.PANEL, ("delete", "backspace"), "blank", "Blank",
        "Take the value away.", palette=False,
    ),
    *(
        Key(
            f"panel.pick_{number}", W.PANEL, (str(number),), f"pick({number})", f"Value {number}",
            "Tick the value of this number, or take its tick away.", palette=False,
        )
        for number in range(1, 10)
    ),
    Key("panel.save", W.PANEL, ("ctrl+s",), "save", "Save", "Save what was changed and close.", palette=False),
    Key(
        "panel.mine", W.PANEL, ("m",), "take('mine')", "Take mine",
        "Of two values for one cell, take what you typed.", palette=False,
    ),
    Key(
        "panel.theirs", W.PANEL, ("t",), "take('theirs')", "Take theirs",
        "Of two values for one cell, leave what the other person wrote.", palette=False,
    ),
    Key(
        "panel.original", W.PANEL, ("o",), "take('original')", "Take the original",
        "Of two values for one cell, go back to what was there before both.", palette=False,
    ),
    Key(
        "panel.next_value", W.PANEL, ("tab",), "next_value(1)", "Next value",
        "Save the value and edit the next one.", palette=False,
    ),
    Key(
        "panel.value_before", W.PANEL, ("shift+tab",), "next_value(-1)", "Value before",
        "Save the value and edit the one before.", palette=False,
    ),
    Key(
        "panel.swap", W.PANEL, ("s",), "swap", "Swap",
        "Of two records to merge, let the other one stand.", palette=False,
    ),
    Key(
        "panel.unlink", W.PANEL, ("ctrl+r",), "unlink", "Remove",
        "Let the record belong here no longer.", palette=False,
    ),
    Key("panel.first", W.PANEL, ("ctrl+t",), "first", "Primary", "Make the record the primary one.", palette=False),
    Key("panel.close", W.PANEL, ("escape",), "close", "Close", "Close the panel.", "esc close", palette=False),
    *(
        Key(f"tab.{number}", W.EVERYWHERE, (str(number),), f"tab({number})", name, f"Go to {name}.")
        for number, name in enumerate(TABS, 1)
    ),
    Key(
        "app.palette", W.EVERYWHERE, ("colon", "ctrl+p"), "palette", "Palette",
        "Find a tab, an action or a company by name.", ": palette", palette=False,
    ),
    Key(
        "app.help", W.EVERYWHERE, ("question_mark", "f1"), "help", "Keys here",
        "Show what can be done here.", "? here",
    ),
    Key("app.next_pane", W.EVERYWHERE, ("tab",), "next_pane", "Next pane", "Go to the next pane.", palette=False),
    Key(
        "app.previous_pane", W.EVERYWHERE, ("shift+tab",), "previous_pane", "Previous pane",
        "Go to the pane before.", palette=False,
    ),
    Key(
        "app.back", W.EVERYWHERE, ("escape",), "back", "Back",
        "Go back one step: out of a panel, out of a filter, out of a page.", "esc back", palette=False,
    ),
    Key(
        "app.previous_place", W.EVERYWHERE, ("minus",), "previous_place", "Previous place",
        "Go where you were before.",
    ),
    Key(
        "app.notices", W.EVERYWHERE, ("N",), "notices", "Notifications",
        "Show what you were told of your milestones and of records you follow.",
    ),
    Key("app.undo", W.EVERYWHERE, ("u",), "undo", "Undo", "Take back what you did last.", "u undo"),
    Key("app.redo", W.EVERYWHERE, ("U",), "redo", "Redo", "Do again what was undone last."),
    Key("app.undo_list", W.EVERYWHERE, ("Z",), "undo_list", "Undo list", "Show what you did and take any of it back."),
    Key("app.bin", W.EVERYWHERE, ("B",), "bin", "Bin", "Show what was deleted and bring it back."),
    Key("app.refresh", W.EVERYWHERE, ("r",), "refresh", "Refresh", "Read this screen again."),
    Key(
        "app.refresh_all", W.EVERYWHERE, ("R",), "refresh_all", "Calculate all goals",
        "Measure every running milestone anew.",
    ),
    Key(
        "app.close", W.EVERYWHERE, ("q",), "leave", "Close",
        "Close the page; on a tab, close the workspace.", "q quit",
    ),
    Key(
        "app.quit", W.EVERYWHERE, ("ctrl+q",), "quit", "Quit at once",
        "Close the workspace from anywhere.", palette=False, priority=True,
    ),
)  # fmt: skip

BY_ID = {key.id: key for key in KEYS}
ACTIONS = frozenset(key.action.partition("(")[0] for key in KEYS)

# The digits are one entry of the bottom line; what tells the other keys is never cut off.
FOOTER: tuple[tuple[str, str], ...] = (
    ("app.back", "esc back"),
    ("tab.1", "1–8 tabs"),
    ("app.help", BY_ID["app.help"].footer),
    *((key.id, key.footer) for key in KEYS if key.footer and key.id not in {"app.back", "app.help"}),
)

_SPELLED = {
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "down": "↓",
    "up": "↑",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "escape": "esc",
    "minus": "-",
    "plus": "+",
    "asterisk": "*",
    "left": "←",
    "right": "→",
}


def bindings(*where: Where) -> list[BindingType]:
    """The bindings of a widget that handles the keys of a place."""
    return _bound(key for key in KEYS if key.where in where)


def some(*ids: str) -> list[BindingType]:
    """The bindings of a widget that handles these keys only."""
    return _bound(BY_ID[each] for each in ids)


def _bound(keys: Iterable[Key]) -> list[BindingType]:
    return [
        Binding(name, key.action, key.label, id=key.id, show=bool(key.footer), priority=key.priority, tooltip=key.help)
        for key in keys
        for name in key.keys
    ]


def spelled(keys: Iterable[str]) -> str:
    """Keys as people write them."""
    return " ".join(_SPELLED.get(key) or _character(key) for key in keys)


def _character(key: str) -> str:
    """What a key is called that Textual names by its character: `equals_sign` is `=`."""
    try:
        return unicodedata.lookup(key.replace("_", " ").upper()) if "_" in key else key
    except KeyError:
        return key


def page() -> str:
    """docs/keys.md."""
    parts = [
        "# Keys",
        "",
        "Made from `cs_workspace/tui/keys.py`; `python -m cs_workspace.tui.keys` writes it anew.",
        "",
        "Every action is also in the palette (`:`), and `?` lists what can be done where you are.",
    ]
    for where in (each for each in Where if any(key.where is each for key in KEYS)):
        parts += ["", f"## {where}", "", "| Key | Does |", "|---|---|"]
        parts += [
            f"| {' '.join(f'`{spelled((name,))}`' for name in key.keys)} | {key.help} |"
            for key in KEYS
            if key.where is where
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    from pathlib import Path

    Path("docs/keys.md").write_text(page(), encoding="utf-8")
