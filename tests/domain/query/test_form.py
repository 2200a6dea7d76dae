from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.query.form import asked, asking, parts_of, without
from cs_workspace.domain.query.parser import parse
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.tree import Everything, Is, Range, Term, Value, all_of
from tests.domain.query.test_parser import TESTS, TREES

NAMES = st.sampled_from(["status", "user", "start", "goal name"])
TERMS = st.builds(Term, NAMES, st.lists(TESTS, min_size=1, max_size=3).map(tuple))
ASKED = st.lists(st.one_of(TERMS, TREES), max_size=5).map(all_of)  # what a line with some terms of the form holds


@given(ASKED, NAMES)
def test_qry_3_a_form_that_changes_nothing_gives_the_tree_back(tree, name):
    assert asking(tree, name, asked(tree, name)) == tree


@given(ASKED, NAMES, st.lists(TESTS, min_size=1, max_size=3).map(tuple))
def test_qry_3_what_the_form_asks_is_in_the_line_and_comes_back_from_it(tree, name, tests):
    """QRY-3: form to tree to text to tree to form."""
    changed = parse(print_tree(asking(tree, name, tests)))
    assert changed == asking(tree, name, tests)
    assert asked(changed, name) == tests


@given(ASKED, NAMES, st.lists(TESTS, max_size=3).map(tuple))
def test_qry_3_the_form_leaves_alone_what_it_does_not_ask(tree, name, tests):
    def others(node):
        return [part for part in parts_of(node) if not (isinstance(part, Term) and part.name == name)]

    assert others(asking(tree, name, tests)) == others(tree)


@given(ASKED)
def test_gol_43_chips_taken_away_one_by_one_leave_nothing(tree):
    while parts_of(tree):
        before = len(parts_of(tree))
        tree = without(tree, before - 1)
        assert len(parts_of(tree)) == before - 1
    assert tree == Everything()


def test_gol_43_several_values_are_one_term():
    tree = asking(parse("acme -pace:at_risk"), "status", (Is(Value("missed")), Is(Value("no_data"))))
    tree = asking(tree, "start", (Range(Value("2026-01-01"), None),))
    assert print_tree(tree) == "acme -pace:at_risk status:missed,no_data start:2026-01-01.."
    assert print_tree(asking(tree, "status", ())) == "acme -pace:at_risk start:2026-01-01.."
