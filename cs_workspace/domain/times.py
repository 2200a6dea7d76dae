"""When something was or is to be, as people write it: `now`, `14:30`, `tomorrow 9:00`, `-2h`, `+3d`, ISO 8601.

For looking back at a moment there is `moments`, which knows the past only.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from cs_workspace.domain.clock import SECOND, date_of, instant_of
from cs_workspace.domain.errors import Invalid
from cs_workspace.domain.query.spans import span_of
from cs_workspace.domain.schema.model import PropertyType

EXPECTED = "Write it as 14:30, yesterday 9:00, -2h or 2026-03-31T14:00."
NOON, EVENING = time(12), time(17)
_TIME = re.compile(r"(?:(.*?)\s+)?(\d{1,2}):(\d{2})", re.ASCII)
_AGO = re.compile(r"([+-]\d{1,4})\s*(h|min)", re.ASCII)
_SECONDS = {"h": 3600, "min": 60}


def parse_time(text: str, *, now: int, tz: ZoneInfo, bare: time = NOON) -> int:
    """The instant of what somebody wrote; a day without a time gets the one in `bare`. Raises Invalid."""
    text = text.strip().lower()
    if found := _AGO.fullmatch(text):
        return now + int(found[1]) * _SECONDS[found[2]] * SECOND
    day, at = text, bare
    if found := _TIME.fullmatch(text):
        day = found[1] or "today"
        if int(found[2]) > 23 or int(found[3]) > 59:
            raise Invalid("time", f"{text!r} is not a time of the day", EXPECTED)
        at = time(int(found[2]), int(found[3]))
    try:
        low, high = span_of(day, PropertyType.DATE, now=now, tz=tz, currency="")
    except Invalid:
        return _written(text, now, tz)
    if high - low != 1:
        raise Invalid("time", f"{text!r} is more than a day", EXPECTED)
    return instant_of(datetime.combine(date_of(int(low)), at, tzinfo=tz))


def _written(text: str, now: int, tz: ZoneInfo) -> int:
    try:
        return int(span_of(text.upper(), PropertyType.DATETIME, now=now, tz=tz, currency="")[0])
    except Invalid as error:
        raise Invalid("time", f"{text!r} is not a time", EXPECTED) from error
