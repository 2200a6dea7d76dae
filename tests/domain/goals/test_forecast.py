"""What can be forecast, with the law of section 13 (GOL-20, GOL-23, GOL-24)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.goals.forecast import always_fiscal, category_of, forecastable, shown_in_forecast
from cs_workspace.domain.goals.model import Category, Duration
from cs_workspace.domain.goals.templates import CUSTOM, TEMPLATES

ALL: frozenset[int] = frozenset()
MONTHS = [Duration.MONTHLY, Duration.QUARTERLY]
OTHER = [each for each in Duration if each not in MONTHS]
names = st.sampled_from([*TEMPLATES, CUSTOM])
revenues = st.sampled_from(["revenue", "forecasted_revenue"])
pipelines = st.frozensets(st.integers(1, 3), max_size=3)
counts = st.integers(1, 12)


@given(names, st.sampled_from(OTHER), st.lists(pipelines, min_size=1))
def test_gol_23_weekly_yearly_and_custom_goals_are_not_forecastable(template, duration, choices):
    assert not forecastable(template, duration, choices)


@given(revenues, st.sampled_from(Duration), st.frozensets(st.integers(1, 3), min_size=2, max_size=2), counts)
def test_gol_23_two_of_three_pipelines_are_not_forecastable(template, duration, two, count):
    assert not forecastable(template, duration, [two] * count)


@given(revenues, st.sampled_from(MONTHS), st.frozensets(st.integers(1, 3), max_size=1), counts)
def test_gol_23_all_or_one_pipeline_by_month_or_quarter_is_forecastable(template, duration, choice, count):
    assert forecastable(template, duration, [choice] * count)
    assert category_of(template, duration, [choice] * count) is Category.FORECAST


@given(revenues, st.sampled_from(MONTHS), st.lists(pipelines, min_size=2).filter(lambda choices: len(set(choices)) > 1))
def test_gol_23_pipelines_must_be_the_same_in_every_slice(template, duration, choices):
    assert not forecastable(template, duration, choices)


@given(names.filter(lambda name: "revenue" not in name), st.sampled_from(Duration), st.lists(pipelines))
def test_gol_23_only_revenue_is_forecastable(template, duration, choices):
    assert not forecastable(template, duration, choices)


@pytest.mark.parametrize(
    ("template", "duration", "category"),
    [
        ("revenue", Duration.YEARLY, Category.SALES),
        ("revenue", Duration.MONTHLY, Category.FORECAST),
        ("tickets_closed", Duration.MONTHLY, Category.SERVICE),
        ("custom", Duration.MONTHLY, Category.CUSTOM),
    ],
)
def test_gol_5_categories(template, duration, category):
    assert category_of(template, duration, [ALL]) is category


def test_gol_24_the_forecast_shows_goals_of_its_own_period():
    assert shown_in_forecast("revenue", Duration.MONTHLY, [ALL], Duration.MONTHLY)
    assert not shown_in_forecast("revenue", Duration.MONTHLY, [ALL], Duration.QUARTERLY)
    assert not shown_in_forecast("revenue", Duration.YEARLY, [ALL], Duration.YEARLY)


def test_gol_20_forecasted_revenue_is_always_fiscal():
    assert [name for name in TEMPLATES if always_fiscal(name)] == ["forecasted_revenue"]
