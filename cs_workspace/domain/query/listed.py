"""The values of a property that can be listed: what completion offers and the filter form lets one tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cs_workspace.domain.query.binding import YES_NO, Names
from cs_workspace.domain.schema.model import ObjectType, Property, PropertyType

T = PropertyType
WITH_PIPELINES = ("deals", "tickets", "services", "subscriptions")


@dataclass(frozen=True, slots=True)
class Listed:
    """One value: as it is written, as it is called, and what else it goes by."""

    text: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All it goes by."""
        return (self.text, self.label, *self.also)


def listed(prop: Property, object_type: ObjectType, names: Names) -> list[Listed]:
    """The values there are; none for what cannot be listed, such as texts and numbers."""
    match prop.type:
        case T.ENUMERATION:
            return [Listed(option.name, option.label) for option in prop.options]
        case T.BOOLEAN:
            return [Listed(word, word.capitalize()) for word, _ in YES_NO[:2]]
        case T.USER:
            return [Listed("me", "Me"), *_called(names.users())]
        case T.PIPELINE:
            return _called(names.pipelines(object_type.name))
        case T.STAGE:
            return [
                Listed(label, label) for label in dict.fromkeys(label for label, _ in names.stages(object_type.name))
            ]
        case T.ASSOCIATION | T.TEXT if prop.target == "users":
            return _called(names.users())
        case T.ASSOCIATION | T.TEXT if prop.target == "teams":
            return _called(names.teams())
        case T.TEXT if prop.target == "pipelines":
            labels = dict.fromkeys(label for name in WITH_PIPELINES for label, _ in names.pipelines(name))
            return [Listed(label, label) for label in labels]
    return []


def _called(pairs: Iterable[tuple[str, int]]) -> list[Listed]:
    """Of each thing its first name, which is written, its second one, which is shown, and the others."""
    called: dict[int, list[str]] = {}
    for name, thing in pairs:
        if name:
            called.setdefault(thing, []).append(name)
    found = [Listed(every[0], every[1] if len(every) > 1 else every[0], tuple(every[2:])) for every in called.values()]
    return sorted(found, key=lambda each: each.label.casefold())
