"""Moments that are over, as people say them: time travel asks for one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from cs_workspace.domain.clock import print_instant
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.moments import parse_moment

ROME = ZoneInfo("Europe/Rome")
NOW = 1_795_336_320_000  # 2026-11-22 09:32 in Rome

MEANT = {
    "3 Nov 2026 09:00": "2026-11-03T09:00",
    "3 November, 2025": "2025-11-03T00:00",
    "3 nov": "2026-11-03T00:00",
    "24 Dec": "2025-12-24T00:00",  # the last one
    "yesterday": "2026-11-21T00:00",
    "yesterday at 15:00": "2026-11-21T15:00",
    "2 weeks ago": "2026-11-08T00:00",
    "3h ago": "2026-11-22T06:32",
    "-30d": "2026-10-23T00:00",
    "last month": "2026-10-01T00:00",
    "2026-11-03T09:00+01:00": "2026-11-03T09:00",
    "now": "2026-11-22T09:32",
}


@pytest.mark.parametrize(("text", "meant"), MEANT.items())
def test_a_moment_is_understood(text, meant):
    assert print_instant(parse_moment(text, now=NOW, tz=ROME), ROME).startswith(meant)


@pytest.mark.parametrize("text", ["", "tomorrow", "foo", "31 feb", "23 Nov 2026", "0 Nov", "3 nov 99999", "ago"])
def test_what_is_no_moment_of_the_past_is_refused(text):
    with pytest.raises(Invalid, match="is not"):
        parse_moment(text, now=NOW, tz=ROME)
