"""Column types that mean the same on SQLite (strict tables) and PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import BigInteger, Dialect, Double, Integer, MetaData, SmallInteger, Text
from sqlalchemy.dialects.sqlite import REAL
from sqlalchemy.types import TypeDecorator, TypeEngine

# Names of constraints are needed by migrations on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigInt = BigInteger().with_variant(Integer, "sqlite")
Code = SmallInteger().with_variant(Integer, "sqlite")
Real: TypeEngine[float] = Double().with_variant(REAL, "sqlite")
# The C collation sorts as SQLite does, so that a list has one order on both databases.
Words = Text().with_variant(Text(collation="C"), "postgresql")


class Flag(TypeDecorator[bool]):
    """A truth value kept as 0 or 1."""

    impl = SmallInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else SmallInteger())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """A JSON value kept as compact text; queries reach into it with `store.compile.custom_value`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)
