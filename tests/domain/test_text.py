"""Text made harmless, and guarded cells of CSV files."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cs_workspace.domain.text import cell_width, fit, guard_formula, masked, printable, unguard_formula

OBEYED = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme", "Acme"),
        ("a\x1b]52;c;AAAA\x07b", "a␛]52;c;AAAA␇b"),
        ("one\ntwo\tthree\r", "one␊two␉three␍"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "\ufffd31m"),
        ("safe\u202egnp.exe", "safe\ufffdgnp.exe"),
        ("zero\u200bwidth\ufeff", "zero\ufffdwidth\ufffd"),
        ("👩\u200d💻", "👩💻"),  # as wide as its parts: terminals disagree on what is joined
        ("👩🏽\u200d💻 ❤\ufe0f 👍🏿", "👩💻 ❤ 👍"),
        ("🏽\u3164", "\ufffd\ufffd"),
        ("e\u0301\u1112\u1161\u11ab", "é한"),
        ("a\u200db", "a\ufffdb"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200cb", "a\ufffdb"),
        ("\udc9b", "\ufffd"),
        ("[@click=app.quit]", "[@click=app.quit]"),
        ("e" + "\u0301" * 100, "é" + "\u0301" * 4),
        ("Łódź – 東京", "Łódź – 東京"),
    ],
)
def test_imp_7_what_a_terminal_would_obey_is_shown(text, shown):
    assert printable(text) == shown


@given(st.text())
def test_imp_7_nothing_a_terminal_obeys_is_left(text):
    shown = printable(text)
    assert not [c for c in shown if unicodedata.category(c) in OBEYED or c in BIDI]
    assert printable(shown) == shown


@given(st.text(), st.integers(1, 20))
def test_imp_7_text_is_cut_to_its_limit(text, limit):
    assert len(printable(text, limit)) <= limit


@given(st.text(), st.integers(0, 20))
def test_idn_5_text_fits_its_cells(text, width):
    assert cell_width(fit(printable(text), width)) <= width


@given(st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Mn", "Me", "Nd", "P", "Zs", "Cc", "Cf", "Cs"])))
def test_imp_7_the_screen_and_the_shell_count_the_same_cells(text):
    """What aligns columns of tables in the shell and on the screen is one width, whatever is in a name."""
    shown = printable(text)
    assert cell_width(shown) == cell_len(shown)


@pytest.mark.parametrize(
    "text", ["日本語 カ\u3099", "한국어 \u1112\u1161\u11ab", "ﾊﾝｶｸ", "👩🏽\u200d💻 🇮🇹", "שלום", "\u0600 عربي", "ไทยก็"]
)
def test_imp_7_scripts_are_as_wide_on_the_screen_as_in_the_shell(text):
    shown = printable(text)
    assert cell_width(shown) == cell_len(shown)


def test_idn_5_wide_letters_take_two_cells_and_marks_none():
    assert cell_width("東京") == 4
    assert cell_width("e\u0301") == 1
    assert fit("東京都", 5) == "東京…"
    assert fit("東京都", 4) == "東…"


@pytest.mark.parametrize("text", ["=1+1", "+39 06", "-cmd", "@SUM(A1)", "\tx", "\rx", "＝1", "'=1", "''=1"])
def test_imp_6_formulas_are_guarded_and_come_back(text):
    assert guard_formula(text) == f"'{text}"
    assert unguard_formula(guard_formula(text)) == text


@pytest.mark.parametrize("text", ["", "-5", "-12.50", "+3", "12", "Acme", "'quoted'", "a=b"])
def test_imp_6_numbers_and_words_are_left_alone(text):
    assert guard_formula(text) == text
    assert unguard_formula(text) == text


@given(st.text(alphabet="'=+-@\t\r1.a＝"))
def test_imp_6_the_guard_can_always_be_taken_off(text):
    guarded = guard_formula(text)
    assert unguard_formula(guarded) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://dana:secret@host/db", "postgresql://dana:***@host/db"),
        ("at postgresql+psycopg://d:p@ss@host/db now", "at postgresql+psycopg://d:***@host/db now"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("/home/dana/store.db", "/home/dana/store.db"),
    ],
)
def test_headless_contract_passwords_are_masked(text, shown):
    assert masked(text) == shown
