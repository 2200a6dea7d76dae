"""The name somebody probably meant (QRY-4)."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(text: str, names: Iterable[str]) -> str:
    """A hint that names what comes closest to `text`, else the first few choices; "" when there are none."""
    spelled = {name.lower(): name for name in names}
    close = get_close_matches(text.strip().lower(), spelled, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {spelled[close[0]]}?"
    few = list(spelled.values())[:5]
    return f"Choose from {', '.join(few)}{', …' if len(spelled) > len(few) else ''}." if few else ""
