"""The name somebody probably meant (QRY-4)."""

from cs_workspace.domain.nearest import nearest


def test_qry_4_a_near_miss_names_the_nearest():
    assert nearest("Revenu", ["deals_created", "revenue"]) == "Did you mean revenue?"
    assert nearest("2026-q5", ["2026-Q1", "2026-Q2"]).startswith("Did you mean 2026-Q")


def test_qry_4_without_a_near_miss_the_choices_are_named():
    assert nearest("zzz", ["a1", "b2"]) == "Choose from a1, b2."
    assert nearest("zzz", "abcdefg") == "Choose from a, b, c, d, e, …."
    assert nearest("zzz", []) == ""
