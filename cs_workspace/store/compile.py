"""From a bound query to SQL, for every kind of condition and both databases (QRY-1 to QRY-6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from cs_workspace.domain.query.bound import (
    Between,
    BoundAll,
    BoundAnd,
    BoundNot,
    BoundOr,
    Condition,
    Contains,
    InSet,
    IsNone,
    Related,
    RelatedIds,
    Search,
)
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType, Schema
from cs_workspace.store.tables.records import COLUMN_TYPES, associations
from cs_workspace.store.tables.registry import table_of


class csw_custom(GenericFunction[Any]):  # noqa: N801 - it is the name of a SQL function
    """A custom property's value out of a record's `custom` JSON: csw_custom(column, name)."""

    inherit_cache = True


@compiles(csw_custom, "sqlite")
def _custom_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    values, name = element.clauses
    return f"json_extract({compiler.process(values, **kwargs)}, {compiler.process(name, **kwargs)})"


@compiles(csw_custom, "postgresql")
def _custom_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    values, name = element.clauses
    inner = f"(CAST({compiler.process(values, **kwargs)} AS jsonb) #>> {compiler.process(name, **kwargs)})"
    if element.type.python_type in (int, float):
        return f"CAST({inner} AS {'double precision' if element.type.python_type is float else 'bigint'})"
    return inner


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles conditions on one table's records; `is_sqlite` chooses the search index and the JSON path."""

    kind: ObjectType
    schema: Schema
    is_sqlite: bool

    @property
    def table(self) -> Table:
        """Where the records are."""
        return table_of(self.kind)

    def column(self, prop: Property) -> ColumnElement[Any]:
        """A property's value: its column, or its place among the custom values."""
        if not prop.custom:
            return self.table.c[prop.name]
        quoted = prop.name.replace('"', "")
        path = f'$."{quoted}"' if self.is_sqlite else f'{{"{quoted}"}}'
        return csw_custom(self.table.c.custom, literal(path), type_=COLUMN_TYPES[prop.type])

    def living(self) -> ColumnElement[bool]:
        """Not in the bin, and of this object where a table holds several."""
        alive = self.table.c.deleted_at.is_(None)
        return and_(alive, self.table.c.object == self.kind.code) if self.kind.custom else alive

    def where(self, condition: Condition) -> ColumnElement[bool]:
        """The condition as SQL with two answers only: a condition on an unknown value is false, its negation true."""
        match condition:
            case BoundAll():
                return true()
            case BoundAnd(parts):
                return and_(*(self.where(part) for part in parts))
            case BoundOr(parts):
                return or_(*(self.where(part) for part in parts))
            case BoundNot(part):
                return not_(func.coalesce(self.where(part), false()))
            case IsNone(prop):
                return self._unrelated(prop) if prop.type is PropertyType.ASSOCIATION else self.column(prop).is_(None)
            case InSet(prop, raws):
                return self._in(prop, raws)
            case Between(prop, low, high):
                value = self.column(prop)
                borders = ([] if low is None else [value >= low]) + ([] if high is None else [value < high])
                return and_(*borders)
            case Contains(prop, text):
                return func.csw_fold(self.column(prop)).contains(text, autoescape=True)
            case Search(words):
                return self.search(words)
            case Related(prop, text):
                return self._related(prop, self._named(prop, text))
            case RelatedIds(prop, ids):
                return self._related(prop, associations.c.to_id.in_(sorted(ids)))

    def search(self, words: tuple[str, ...]) -> ColumnElement[bool]:
        """Every word begins a word of the record's search text, by the full-text index."""
        name = self.table.name
        if self.is_sqlite:
            # FTS5 calls the column that stands for the whole row as it calls the table.
            index = table(f"{name}_words", column("rowid"), column(f"{name}_words"))
            query = " AND ".join(f'"{word}"*' for word in words)
            found = select(index.c.rowid).where(index.c[f"{name}_words"].op("MATCH")(query))
            return self.table.c.id.in_(found)
        vector = func.to_tsvector(literal_column("'simple'"), self.table.c.search_text)
        query = " & ".join(f"'{word}':*" for word in words)
        return vector.op("@@")(func.to_tsquery(literal_column("'simple'"), query))

    def _in(self, prop: Property, raws: frozenset[str | int]) -> ColumnElement[bool]:
        value = self.column(prop)
        if prop.type is PropertyType.BOOLEAN and not prop.custom:
            # Written out, because a partial index is only used for a condition that is a constant.
            return or_(*(value == literal_column(str(int(raw))) for raw in sorted(raws)))
        if prop.type is PropertyType.BOOLEAN:
            return or_(*(value == raw for raw in raws))
        return value.in_(sorted(raws, key=str))

    def _named(self, prop: Property, text: str) -> ColumnElement[bool]:
        """Ids of the other object's records whose title or key contains the folded text."""
        other = self.schema[prop.target]
        theirs = table_of(other)
        names = dict.fromkeys((other.title, *(key.name for key in other.unique_keys)))
        called = or_(*(func.csw_fold(theirs.c[name]).contains(text, autoescape=True) for name in names))
        alive = theirs.c.deleted_at.is_(None)
        return associations.c.to_id.in_(select(theirs.c.id).where(alive, called))

    def _links(self, prop: Property) -> ColumnElement[bool]:
        a = associations.c
        return and_(a.from_object == self.kind.code, a.to_object == self.schema[prop.target].code)

    def _related(self, prop: Property, which: ColumnElement[bool]) -> ColumnElement[bool]:
        return self.table.c.id.in_(select(associations.c.from_id).where(self._links(prop), which))

    def _unrelated(self, prop: Property) -> ColumnElement[bool]:
        theirs = table_of(self.schema[prop.target])
        linked = (
            select(associations.c.to_id)
            .join(theirs, theirs.c.id == associations.c.to_id)
            .where(self._links(prop), associations.c.from_id == self.table.c.id, theirs.c.deleted_at.is_(None))
        )
        return not_(exists(linked))
