"""What stands when one record is made of two (REC-4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.merging import plan
from cs_workspace.domain.schema.model import PropertyType
from cs_workspace.domain.schema.standard import COMPANIES, DEALS, STANDARD, TASKS, TICKETS

VALUES = st.one_of(st.none(), st.integers(1, 3))
KEPT = {"created_at", "domain", "lifecycle_stage"}
STAGES = [option.name for option in COMPANIES.properties["lifecycle_stage"].options]


@given(st.data())
def test_rec_4_the_primary_wins_the_secondary_fills_blanks_and_a_choice_decides(data):
    kind = data.draw(st.sampled_from([k for k in STANDARD.objects.values() if k.name not in ("users", "teams")]))
    names = [p.name for p in kind.properties.values() if not p.computed and p.type is not PropertyType.ASSOCIATION]
    rows = [{name: data.draw(VALUES) for name in names} for _ in range(2)]
    some = st.dictionaries(st.sampled_from(names), st.sampled_from(["primary", "secondary"]))
    choices = data.draw(some)
    a, b = rows
    found = plan(kind, a, b, choices)
    assert set(found) == {p.name for p in kind.properties.values() if not p.computed}
    for name in names:
        each = found[name]
        assert each.result == (a if each.side == "primary" else b)[name]
        if not each.fixed and each.differs and name in choices:
            assert each.side == choices[name]
        elif not each.fixed and not choices:
            assert each.result == (b[name] if a[name] is None else a[name])


@given(
    st.sampled_from([None, *STAGES]), st.sampled_from([None, *STAGES]), st.none() | st.integers(1, 9), st.integers(1, 9)
)
def test_rec_4_kept_whatever_is_chosen(ours, theirs, older, newer):
    a = {"lifecycle_stage": ours, "created_at": older, "domain": "a.io"}
    b = {"lifecycle_stage": theirs, "created_at": newer, "domain": "b.io"}
    for choice in ("primary", "secondary"):
        found = plan(COMPANIES, a, b, dict.fromkeys(KEPT, choice))
        furthest = max((s for s in (ours, theirs) if s), key=STAGES.index, default=None)
        assert found["lifecycle_stage"].result == furthest
        assert found["created_at"].result == min(t for t in (older, newer) if t is not None)
        assert found["domain"].result == "a.io"
    assert plan(COMPANIES, {**a, "domain": None}, b, {})["domain"].result == "b.io"


def test_rec_4_what_belongs_together_stands_together():
    a = {"pipeline": 1, "stage": 10, "amount": None, "currency": "EUR"}
    b = {"pipeline": 2, "stage": 20, "amount": 500, "currency": "PLN"}
    found = plan(DEALS, a, b, {})
    assert [found[n].result for n in ("pipeline", "stage", "amount", "currency")] == [1, 10, 500, "PLN"]
    found = plan(DEALS, {**a, "amount": 3}, b, {"pipeline": "secondary"})
    assert [found[n].result for n in ("pipeline", "stage", "amount", "currency")] == [2, 20, 3, "EUR"]
    open_, closed = {"stage": 1, "closed_at": None}, {"stage": 2, "closed_at": 77}
    assert plan(TICKETS, open_, closed, {})["closed_at"].result is None
    assert plan(TICKETS, open_, closed, {"stage": "secondary"})["closed_at"].result == 77
    task = plan(TASKS, {"status": "open", "completed_at": None}, {"status": "completed", "completed_at": 5}, {})
    assert task["completed_at"].result is None


def test_rec_4_associations_are_united_the_primary_s_first():
    found = plan(TASKS, {"companies": (3, 1)}, {"companies": (1, 2)}, {})
    assert (found["companies"].result, found["companies"].side) == ((3, 1, 2), "both")
