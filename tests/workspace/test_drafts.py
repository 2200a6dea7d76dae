"""What was typed and not saved comes back, to its user only (UND-5)."""

from __future__ import annotations

from dataclasses import replace

from cs_workspace.workspace import drafts
from tests.workspace.account import account


def test_a_draft_is_kept_until_it_is_forgotten_and_is_private(store_url):
    with account(store_url) as dana:
        lee = replace(dana, login="lee", _settings=None)
        assert dana.run(drafts.find, "goal grid 1") is None
        dana.run(drafts.keep, "goal grid 1", {"cells": [[0, 3, "12x"]]})
        dana.run(drafts.keep, "goal grid 2", {"cells": []})
        dana.run(drafts.keep, "goal grid 1", {"cells": [[0, 3, "12"]]})
        assert dana.run(drafts.find, "goal grid 1") == {"cells": [[0, 3, "12"]]}
        assert lee.run(drafts.find, "goal grid 1") is None
        dana.run(drafts.keep, "goal grid 1", None)
        assert dana.run(drafts.find, "goal grid 1") is None
        assert dana.run(drafts.find, "goal grid 2") == {"cells": []}
