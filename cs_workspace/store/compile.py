"""From a bound query to SQL, for every kind of condition and both databases (QRY-1 to QRY-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Integer,
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
from cs_workspace.store.tables.types import Flag


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
    path = f"CAST({compiler.process(values, **kwargs)} AS jsonb), {compiler.process(name, **kwargs)}"
    text = f"jsonb_extract_path_text({path})"
    if isinstance(element.type, Flag):
        return f"CAST(CAST({text} AS boolean) AS integer)"
    if isinstance(element.type, Double):
        return f"CAST({text} AS double precision)"
    return f"CAST({text} AS bigint)" if isinstance(element.type, Integer) else text


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles conditions on one table's records; `is_sqlite` chooses the search index and the JSON path.

    Where only the first rows of an order are wanted, `frequent` holds the words so many records have that looking at
    each row is quicker than asking the full-text index; none where all rows are.
    """

    kind: ObjectType
    schema: Schema
    is_sqlite: bool
    frequent: frozenset[str] | None = None

    @property
    def table(self) -> Table:
        """Where the records are."""
        return table_of(self.kind)

    def column(self, prop: Property) -> ColumnElement[Any]:
        """A property's value: its column, or its place among the custom values."""
        if not prop.custom:
            return self.table.c[prop.name]
        place = f'$."{prop.name}"' if self.is_sqlite else prop.name
        return csw_custom(self.table.c.custom, literal(place), type_=COLUMN_TYPES[prop.type])

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
                return self._named(prop, text)
            case RelatedIds(prop, ids):
                return self._numbered(prop, ids)

    def search(self, words: tuple[str, ...]) -> ColumnElement[bool]:
        """Every word begins a word of the record's search text."""
        frequent = self.frequent or frozenset()
        rare = [word for word in words if word not in frequent]
        looked_at = self.begin_words(self.table.c.search_text, [word for word in words if word in frequent])
        return and_(*([self._indexed(rare)] if rare else []), *looked_at)

    def begin_words(self, text: ColumnElement[str], words: Sequence[str]) -> list[ColumnElement[bool]]:
        """Each of these folded words begins a word of a search text; one condition for each.

        Not LIKE: PostgreSQL takes what is like a pattern for rare and would sort all of it.
        """
        place = func.instr if self.is_sqlite else func.strpos
        return [place(literal(" ") + text, f" {word}") > 0 for word in words]

    def _indexed(self, words: Sequence[str]) -> ColumnElement[bool]:
        """By the full-text index."""
        name = self.table.name
        if self.is_sqlite:
            # FTS5 calls the column that stands for the whole row as it calls the table.
            index = table(f"{name}_words", column("rowid"), column(f"{name}_words"))
            query = " AND ".join(f'"{word}"*' for word in words)
            found = select(index.c.rowid).where(index.c[f"{name}_words"].bool_op("MATCH")(query))
            return self.table.c.id.in_(found)
        query = " & ".join(f"'{word}':*" for word in words)
        if self.frequent is None:
            return self._matches(self.table, query)
        # Gathered first: PostgreSQL takes a rare word for a frequent one and would walk along the order looking for it.
        other = self.table.alias("worded")
        return self.table.c.id == func.any(
            func.array(select(other.c.id).where(self._matches(other, query)).scalar_subquery())
        )

    @staticmethod
    def _matches(records: FromClause, query: str) -> ColumnElement[bool]:
        vector = func.to_tsvector(literal_column("'simple'"), records.c.search_text)
        return vector.bool_op("@@")(func.to_tsquery(literal_column("'simple'"), query))

    def _in(self, prop: Property, raws: frozenset[str | int]) -> ColumnElement[bool]:
        value = self.column(prop)
        if prop.type is PropertyType.BOOLEAN and not prop.custom:
            # Written out, because a partial index is only used for a condition that is a constant.
            return or_(*(value == literal_column(str(int(raw))) for raw in sorted(raws)))
        if prop.type is PropertyType.BOOLEAN:
            return or_(*(value == raw for raw in raws))
        return value.in_(sorted(raws, key=str))

    def _other(self, prop: Property) -> FromClause:
        """The other object's records, under a name of their own: they may be of the same table."""
        return table_of(self.schema[prop.target]).alias(f"other_{prop.name}")

    def _named(self, prop: Property, text: str) -> ColumnElement[bool]:
        """Related to a record whose title or a key contains the folded text."""
        kind, other = self.schema[prop.target], self._other(prop)
        names = dict.fromkeys((kind.title, *(key.name for key in kind.unique_keys)))
        called = (func.csw_fold(other.c[name]).contains(text, autoescape=True) for name in names)
        return self._related(prop, other, or_(*called))

    def _numbered(self, prop: Property, ids: frozenset[int]) -> ColumnElement[bool]:
        other = self._other(prop)
        return self._related(prop, other, other.c.id.in_(sorted(ids)))

    def _links(self, prop: Property) -> ColumnElement[bool]:
        a = associations.c
        return and_(a.from_object == self.kind.code, a.to_object == self.schema[prop.target].code)

    def _related(self, prop: Property, other: FromClause, which: ColumnElement[bool]) -> ColumnElement[bool]:
        found = select(other.c.id).where(other.c.deleted_at.is_(None), which)
        linked = select(associations.c.from_id).where(self._links(prop), associations.c.to_id.in_(found))
        return self.table.c.id.in_(linked)

    def _unrelated(self, prop: Property) -> ColumnElement[bool]:
        other = self._other(prop)
        linked = (
            select(associations.c.to_id)
            .join(other, other.c.id == associations.c.to_id)
            .where(self._links(prop), associations.c.from_id == self.table.c.id, other.c.deleted_at.is_(None))
        )
        return not_(exists(linked))
