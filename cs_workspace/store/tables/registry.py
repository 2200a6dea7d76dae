"""All tables by the name the journal gives their rows."""

from __future__ import annotations

from sqlalchemy import Table

from cs_workspace.domain.schema.model import ObjectType
from cs_workspace.domain.schema.standard import CODES, STANDARD
from cs_workspace.store.tables.goals import contributors, goals, slices
from cs_workspace.store.tables.records import RECORD_TABLES, custom_records
from cs_workspace.store.tables.system import (
    account,
    follows,
    objects,
    panels,
    pipelines,
    properties,
    ssh_keys,
    stages,
    views,
)
from cs_workspace.store.tables.types import metadata

__all__ = ["JOURNALED", "code_of", "metadata", "name_of", "table_of"]

JOURNALED: dict[str, Table] = {
    **RECORD_TABLES,
    "goals": goals,
    "contributors": contributors,
    "slices": slices,
    "pipelines": pipelines,
    "stages": stages,
    "account": account,
    "properties": properties,
    "objects": objects,
    "ssh_keys": ssh_keys,
    "views": views,
    "follows": follows,
    "panels": panels,
}
_CODE_OF = {**{kind.name: kind.code for kind in STANDARD.objects.values()}, **CODES}
_NAME_OF = {code: name for name, code in _CODE_OF.items()}


def code_of(name: str) -> int:
    """The number of a journaled table's rows; raises KeyError."""
    return _CODE_OF[name]


def name_of(code: int) -> str:
    """The other way; a custom object's code has no table of its own."""
    return _NAME_OF.get(code, "custom_records")


def table_of(kind: ObjectType) -> Table:
    """The table that holds the records of an object type."""
    return custom_records if kind.custom else RECORD_TABLES[kind.name]
