import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.query.folding import WORD_LIMIT, fold, search_text, squash, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Łódź", "lodz"),
        ("Blåbær AS", "blabaer as"),
        ("Đà Nẵng", "da nang"),
        ("Þórr Ðagur", "thorr dagur"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Œuvre", "oeuvre"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("Ħal Ŧest", "hal test"),
        ("ﬁnance ℡", "finance tel"),
        ("Ελλάς", "ελλασ"),
        ("a\u200bb\u202ec", "abc"),
        ("a\0b\ud800", "ab"),
        ("50%_'\";--\\", "50%_'\";--\\"),
    ],
)
def test_qry_6_folding_leaves_case_and_accents_out(written, folded):
    assert fold(written) == folded


@given(st.text(st.characters()))
def test_qry_6_folding_twice_changes_nothing_and_the_result_can_be_stored(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(text.upper()) in {folded, fold(fold(text.upper()))}
    assert "\0" not in folded
    folded.encode()


@given(st.lists(st.text(st.characters())))
def test_qry_6_search_text_is_words_between_single_blanks(values):
    found = search_text(values)
    assert found.split(" ") == [w for v in values for w in words(v)] or not found
    assert all(c.isalnum() or c == " " for c in found)
    assert search_text([found]) == found


def test_qry_6_words():
    assert words("  O'Brien & Søns, e-mail_2 ") == ("o", "brien", "sons", "e", "mail", "2")
    assert words("★ -- %") == ()
    assert words("x" * 5000) == ("x" * WORD_LIMIT,)
    assert squash("To-do list") == "todolist"
    assert squash("★") == "★"
