"""What is done about a bug: its trace without the values of variables goes to a private file, people get a sentence."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from cs_workspace.domain.text import masked


def log_folder() -> Path:
    """Where faults of the program are written down."""
    return platformdirs.user_log_path("cs-workspace")


def record(error: BaseException) -> str:
    """Write a fault down; the sentence that says where."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    path = log_folder() / "cs-workspace.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as log:
            log.write(f"{stamp}\n{masked(trace)}\n")
    except OSError:
        return f"A fault in the program ({type(error).__name__}); it could not be written down in {path}."
    return f"A fault in the program ({type(error).__name__}); the details are in {path}."
