"""Object types and their properties as plain values.

A *raw* value is how a property's value travels between the store and the edges: see `PropertyType`.
Only `domain.schema.values` turns text into raw values and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Raw = str | int | float | bool | tuple[int, ...] | None


class PropertyType(StrEnum):
    """What a property holds; after the dash its raw value."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str, several lines
    INTEGER = "integer"  # int
    NUMBER = "number"  # float
    MONEY = "money"  # int, minor units of the record's currency
    DATE = "date"  # int, days since 1970-01-01
    DATETIME = "datetime"  # int, milliseconds since 1970-01-01 UTC
    DURATION = "duration"  # int, seconds
    BOOLEAN = "boolean"  # bool
    ENUMERATION = "enumeration"  # str, the option's internal name
    USER = "user"  # int, user id
    PIPELINE = "pipeline"  # int, pipeline id
    STAGE = "stage"  # int, stage id
    ASSOCIATION = "association"  # tuple of record ids of `target`, the primary one first


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enumeration."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Property:
    """One property of an object type."""

    name: str
    label: str
    type: PropertyType
    required: bool = False
    unique: bool = False  # at most one living record has a value (IMP-3: a key to match by)
    searchable: bool = False  # found by a bare word of a query (QRY-1)
    computed: bool = False  # never written by a person
    options: tuple[Option, ...] = ()  # of an enumeration
    target: str = ""  # of an association: the other object; of a text: whose names it holds
    single: bool = False  # of an association: at most one
    currency: str = ""  # of money: the property that holds its currency; "" is the home currency
    custom: bool = False  # kept in the record's custom values, not in a column


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A kind of record: its name in queries and commands (plural), its number in the store, its properties."""

    name: str
    code: int
    label: str
    plural: str
    title: str  # the property that names a record
    properties: Mapping[str, Property] = field(default_factory=dict)
    has_pipeline: bool = False
    owner: str = "owner"  # the user property a record counts for (GOL-7)
    custom: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "properties", MappingProxyType(dict(self.properties)))

    def of_type(self, *types: PropertyType) -> tuple[Property, ...]:
        """The properties of the given types, in order."""
        return tuple(p for p in self.properties.values() if p.type in types)

    @property
    def associations(self) -> tuple[Property, ...]:
        """The properties that point at other records."""
        return self.of_type(PropertyType.ASSOCIATION)

    @property
    def unique_keys(self) -> tuple[Property, ...]:
        """The properties that identify a record besides `external_id` (IMP-3)."""
        return tuple(p for p in self.properties.values() if p.unique)


@dataclass(frozen=True, slots=True)
class Schema:
    """All object types of one store: the standard ones, custom objects and custom properties."""

    objects: Mapping[str, ObjectType]

    def __getitem__(self, name: str) -> ObjectType:
        return self.objects[name]

    def by_code(self, code: int) -> ObjectType:
        """The object type with this number; raises KeyError."""
        for each in self.objects.values():
            if each.code == code:
                return each
        raise KeyError(code)
