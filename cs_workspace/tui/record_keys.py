"""What keys do with records, the same in a list, in its panel and on a record's page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cs_workspace.domain.selection import Selection
from cs_workspace.tui.messages import Say
from cs_workspace.tui.page import Page

Subject = tuple[str, int]  # an object and the id of one of its records


class RecordKeys(Page):
    """Base of pages that show records. What they act on is `selection`, or `subject` where one record is meant."""

    @property
    def selection(self) -> Selection | None:
        """The marked records, or the one under the cursor; None where there is none."""
        raise NotImplementedError

    @property
    def subject(self) -> Subject | None:
        """The one record that is meant: under the cursor, or shown."""
        raise NotImplementedError

    @property
    def object(self) -> str:
        """The object of new records here."""
        raise NotImplementedError

    @property
    def as_listed(self) -> tuple[Sequence[str], str]:
        """The columns and the order in which records are shown; nothing where they are no list."""
        return (), ""

    def acted(self) -> None:
        """Something was done with the selection: marks are let go, and what has changed is read."""
        self.host.look()

    # --- keys

    def action_assign(self) -> None:
        """Give the records to a colleague."""
        from cs_workspace.tui.panels import bulk

        self._with_selection(bulk.assign)

    def action_edit(self) -> None:
        """Edit a property of the records."""
        from cs_workspace.tui.panels import bulk

        self._with_selection(bulk.edit)

    def action_stage(self) -> None:
        """Choose another stage or status."""
        from cs_workspace.tui.panels import bulk

        self._with_selection(bulk.stage)

    def action_delete(self) -> None:
        """Put the records into the bin."""
        from cs_workspace.tui.panels import bulk

        self._with_selection(bulk.delete)

    def action_export(self) -> None:
        """Write the records to a file."""
        from cs_workspace.tui.panels import bulk

        self._with_selection(bulk.export)

    def action_follow(self) -> None:
        """Follow the records, or follow them no longer."""
        from cs_workspace.tui.panels import follow

        self._with_selection(follow.toggle)

    def action_merge(self) -> None:
        """Make one record of two."""
        from cs_workspace.tui.panels import merge

        self._with_selection(merge.start)

    def action_log(self) -> None:
        """Log what was done with the customer."""
        from cs_workspace.tui.panels import log

        self._with_subject(log.start)

    def action_why(self) -> None:
        """Explain the health score."""
        from cs_workspace.tui.panels import health

        self._with_subject(health.start)

    def action_new(self) -> None:
        """Make a record."""
        from cs_workspace.tui.panels import new_record

        if self.host.session is not None:
            new_record.start(self, self.object)

    def _with_selection(self, start: Callable[[RecordKeys, Selection], None]) -> None:
        if self.host.session is None or self.selection is None:
            self.post_message(Say("There is no record here."))
        else:
            start(self, self.selection)

    def _with_subject(self, start: Callable[[RecordKeys, Subject], None]) -> None:
        if self.host.session is None or self.subject is None:
            self.post_message(Say("There is no record here."))
        else:
            start(self, self.subject)
