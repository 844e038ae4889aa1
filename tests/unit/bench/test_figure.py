import pytest

from mesh.bench.figure import Figure, ratio


def test_a_ratio_is_taken_round_by_round() -> None:
    figure = ratio("build", "what", 1.3, ("ours", [12.0, 11.0, 30.0]), ("bare", [10.0, 10.0, 10.0]))
    assert figure.samples == (1.2, 1.1, 3.0)
    assert figure.median == 1.2
    assert figure.parts == {"ours": 12.0, "bare": 10.0}
    assert figure.met
    row = figure.as_row()
    assert (row["median"], row["least"], row["most"]) == ("1.20", "1.10", "3.00")
    assert (row["aim"], row["verdict"], row["rounds"]) == ("<= 1.3", "met", 3)


def test_a_missed_aim_is_said() -> None:
    figure = Figure("start", "what", "s", 15.0, (14.0, 16.0, 17.0), {})
    assert not figure.met
    assert (figure.as_row()["verdict"], figure.as_row()["median"]) == ("missed", "16.00 s")
    assert figure.as_json()["met"] is False
    assert figure.as_json()["samples"] == (14.0, 16.0, 17.0)


def test_rounds_must_pair_up() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio("build", "what", 1.3, ("ours", [1.0, 2.0]), ("bare", [1.0]))


def test_every_unit_but_that_of_a_ratio_is_shown() -> None:
    row = Figure("memory", "what", "GB", 1.0, (0.25, 0.5, 0.75), {}).as_row()
    shown = {name: row[name] for name in ("median", "least", "most", "aim")}
    assert shown == {
        "median": "0.50 GB", "least": "0.25 GB", "most": "0.75 GB", "aim": "<= 1 GB",
    }  # fmt: skip
