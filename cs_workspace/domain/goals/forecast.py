"""Which goals take part in the forecast (GOL-20, GOL-23, GOL-24)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cs_workspace.domain.goals.model import Category, Duration
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES

REVENUE = frozenset({"revenue", "forecasted_revenue"})
PERIODS = frozenset({Duration.MONTHLY, Duration.QUARTERLY})


def forecastable(template: str, duration: Duration, pipelines_per_slice: Sequence[Collection[int]]) -> bool:
    """Whether a goal is one of forecasted revenue (GOL-23).

    It is when it measures revenue by months or quarters, and every slice has the same pipelines: all of them, written
    as no ids, or the same single one.
    """
    choices = {frozenset(each) for each in pipelines_per_slice}
    return template in REVENUE and duration in PERIODS and len(choices) == 1 and all(len(each) <= 1 for each in choices)


def category_of(template: str, duration: Duration, pipelines_per_slice: Sequence[Collection[int]]) -> Category:
    """The category a goal is listed under (GOL-5, GOL-23). Raises KeyError for an unknown template."""
    if template == CUSTOM:
        return Category.CUSTOM
    if forecastable(template, duration, pipelines_per_slice):
        return Category.FORECAST
    return TEMPLATES[template].category


def shown_in_forecast(
    template: str, duration: Duration, pipelines_per_slice: Sequence[Collection[int]], period: Duration
) -> bool:
    """Whether the forecast shows the goal: only while its duration equals the pipeline's forecast period (GOL-24)."""
    return duration is period and forecastable(template, duration, pipelines_per_slice)


def always_fiscal(template: str) -> bool:
    """Whether the goal's year is the fiscal year without asking (GOL-20)."""
    return template == "forecasted_revenue"
