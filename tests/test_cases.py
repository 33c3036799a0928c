"""Small inputs after public reports of faults are read right, each as a run would read it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import truth as t
from tests.benchmarks.cases import LEFT_BESIDE, NOTES, OF_DECK, cases, judge

CASES = Path(__file__).parent / "data" / "cases"


@pytest.mark.parametrize("case", cases(CASES), ids=lambda case: case["file"])
def test_a_reported_fault_is_gone(case: dict[str, Any]) -> None:
    """What a file of others was read wrongly as is right now: each key of what is expected holds."""
    assert judge(CASES / case["file"], case).wrong == ()


def test_what_is_expected_is_known_to_the_judge() -> None:
    """No key of a case is passed over in silence, and a wrong value is found."""
    known = {"intake": LEFT_BESIDE.keys() | NOTES, "slides": OF_DECK.keys() | NOTES}
    case = next(case for case in cases(CASES) if case["file"] == "otter.txt")
    wrong = case | {"expected": case["expected"] | {"speakers": ["Ben Roy", "Ann Lee"], "starts": [5, 90]}}

    assert all(case["expected"].keys() <= known[case["reader"]] for case in cases(CASES))
    assert judge(CASES / "otter.txt", wrong).wrong == ("speakers", "starts")


def test_cases_of_the_gold_files_are_tests_here() -> None:
    """Every small case that is read right lies here too, so that it is tried without the gold files."""
    folder = t.gold("cases")
    if folder is None:
        pytest.skip("needs the gold files: set DIGEST_GOLD")
    here = {case["file"]: case for case in cases(CASES)}

    for case in json.loads((folder / "cases.json").read_text(encoding="utf-8")):
        if case["file"] in here:
            assert case == here[case["file"]]
            assert (folder / case["file"]).read_bytes() == (CASES / case["file"]).read_bytes()
