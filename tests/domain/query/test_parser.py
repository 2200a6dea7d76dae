import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cs_workspace.domain.query.errors import QueryError, QuerySyntaxError
from cs_workspace.domain.query.parser import MAX_DEPTH, MAX_LENGTH, MAX_TESTS, parse
from cs_workspace.domain.query.printer import print_tree
from cs_workspace.domain.query.tree import (
    And,
    Compare,
    Everything,
    Is,
    Known,
    Not,
    Or,
    Range,
    Term,
    Unknown,
    Value,
    Word,
    all_of,
    any_of,
)


def v(text):
    return Value(text)


def term(name, *tests):
    return Term(name, tests)


A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \t\n ", Everything()),
        ("()", Everything()),
        ("acme", Word("acme")),
        ("a b", And((A, B))),
        ("a and b", And((A, B))),
        ("a or b", Or((A, B))),
        ("a OR b", Or((A, B))),
        ("a b or c", Or((And((A, B)), C))),
        ("a (b or c)", And((A, Or((B, C))))),
        ("(a)(b)", And((A, B))),
        ("(a (b c))", And((A, B, C))),
        ("-a", Not(A)),
        ("!a", Not(A)),
        ("-(a or b) c", And((Not(Or((A, B))), C))),
        ("--a", Not(Not(A))),
        ('"a b"', Word("a b")),
        ('"or"', Word("or")),
        ('"say ""hi"""', Word('say "hi"')),
        ("o'brien;--\\%_", Word("o'brien;--\\%_")),
        ("acme,inc", Word("acme,inc")),
        ("owner:me", term("owner", Is(v("me")))),
        ("or:me", term("or", Is(v("me")))),
        ('"Renewal date":2026', term("Renewal date", Is(v("2026")))),
        ("tier:a,b", term("tier", Is(v("a")), Is(v("b")))),
        ('tier:"a,b","c d"', term("tier", Is(v("a,b")), Is(v("c d")))),
        ("health:<40", term("health", Compare("<", v("40")))),
        ("health:<=40", term("health", Compare("<=", v("40")))),
        ("health:>40", term("health", Compare(">", v("40")))),
        ('health:<"=40"', term("health", Compare("<", v("=40")))),
        ('health:>="40"', term("health", Compare(">=", v("40")))),
        ("health:none,<40", term("health", Unknown(), Compare("<", v("40")))),
        ("health:ANY", term("health", Known())),
        ('health:"any"', term("health", Is(v("any")))),
        ("renewal:..+90d", term("renewal", Range(None, v("+90d")))),
        ("renewal:-30d..", term("renewal", Range(v("-30d"), None))),
        ("health:1..2,8..9", term("health", Range(v("1"), v("2")), Range(v("8"), v("9")))),
        ("amount:.5...9", term("amount", Range(v(".5"), v(".9")))),
        ("at:>2026-03-01T14:00", term("at", Compare(">", v("2026-03-01T14:00")))),
        ("-tier:starter", Not(term("tier", Is(v("starter"))))),
        (
            "acme owner:me health:<40 stage:onboarding renewal:..+90d -tier:starter",
            And(
                (
                    Word("acme"),
                    term("owner", Is(v("me"))),
                    term("health", Compare("<", v("40"))),
                    term("stage", Is(v("onboarding"))),
                    term("renewal", Range(None, v("+90d"))),
                    Not(term("tier", Is(v("starter")))),
                )
            ),
        ),
    ],
)
def test_qry_1_text_to_tree(text, tree):
    assert parse(text) == tree
    assert parse(print_tree(tree)) == tree


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('"acme', 1),
        ('a owner:"me', 9),
        ('"""', 1),
        ('5"', 2),
        ('"a"b', 4),
        ('owner:"a"b', 10),
        ("(a", 1),
        ("(", 2),
        ("a)", 2),
        ("a (b c", 3),
        ("acme(uk)", 5),
        ("a or", 5),
        ("or a", 1),
        ("a or or b", 6),
        ("a and", 6),
        ("-", 2),
        ("smith - sons", 8),
        (":x", 1),
        ("owner:", 7),
        ("owner: me", 7),
        ("tier:a,", 8),
        ("tier:,a", 6),
        ("health:<", 9),
        ("health:..", 10),
        ("health:1..2..3", 12),
        ("health<40", 7),
        ("a\0b", 2),
        ("a\udc80", 2),
    ],
)
def test_qry_4_a_mistake_has_its_column(text, column):
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert caught.value.column == column
    assert caught.value.message.startswith(f"query, column {column}: ")
    assert caught.value.hint or "character" in caught.value.message or "opened" in caught.value.message


def test_qry_4_positions_are_kept_for_the_binder():
    tree = parse('a owner:me,"x y"')
    assert isinstance(tree, And)
    found = tree.parts[1]
    assert isinstance(found, Term)
    assert found.at == 3
    assert [t.value.at for t in found.tests if isinstance(t, Is)] == [9, 12]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "(" * 9_000 + ")" * 900,
        "-" * 9_999 + "a",
        "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1),
        "a " * (MAX_TESTS + 1),
        "a:" + "b," * MAX_TESTS + "c",
        '"' + "a " * (MAX_TESTS + 1) + '"',
        '"' * 9_999,
    ],
)
def test_qry_1_a_query_has_limits(text):
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert len(str(caught.value)) < 200


def test_qry_1_within_the_limits_all_is_well():
    assert parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A
    assert len(print_tree(parse("a " * MAX_TESTS)).split()) == MAX_TESTS
    assert parse("x" * MAX_LENGTH) == Word("x" * MAX_LENGTH)


NASTY = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    st.text("ab \"'():,.<>=!-|\\%_;#\t\n\x01\x85\u00a0\u2028", max_size=6),
    st.sampled_from(["or", "AND", "none", "Any", "", "..", "a..b", "<4", ">=", "-a", "!a", "Inc.", ".5", "me", "a:b"]),
)
VALUES = NASTY.map(Value)
TESTS = st.one_of(
    st.builds(Is, VALUES),
    st.builds(Compare, st.sampled_from(["<", "<=", ">", ">="]), VALUES),
    st.builds(Range, VALUES, VALUES | st.none()),
    st.builds(Range, st.none(), VALUES),
    st.just(Unknown()),
    st.just(Known()),
)
TREES = st.recursive(
    st.one_of(
        st.just(Everything()),
        st.builds(Word, NASTY),
        st.builds(Term, NASTY, st.lists(TESTS, min_size=1, max_size=3).map(tuple)),
    ),
    lambda nodes: st.one_of(
        st.lists(nodes, max_size=4).map(all_of),
        st.lists(nodes, max_size=4).map(any_of),
        st.builds(Not, nodes),
    ),
    max_leaves=12,
)


@given(TREES)
def test_qry_3_tree_to_text_to_tree_is_stable(tree):
    text = print_tree(tree)
    assert parse(text) == tree
    assert print_tree(parse(text)) == text


@given(st.text(st.characters()) | st.text('ab "():,.<>=!-or\0\n', max_size=40))
@example("'\";--\\")
def test_qry_4_any_text_is_read_or_refused(text):
    try:
        tree = parse(text)
    except QueryError as refused:
        column = refused.column
    else:
        column = 1
        again = print_tree(tree)
        assert parse(again) == tree
        assert print_tree(parse(again)) == again
    assert 1 <= column <= len(text) + 1
