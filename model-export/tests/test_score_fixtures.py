"""The values that the Java metrics are tested against are still those of scikit-learn."""

import importlib
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FIXTURES = sorted((REPOSITORY / "stream-app/src/test/resources/score").glob("*.json"))


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(REPOSITORY / "stream-app/src/test/python")
    return importlib.import_module("score_cases"), importlib.import_module("score_fixtures")


def test_every_case_has_its_fixture(modules):
    cases, _ = modules
    assert sorted(case.name for case in cases.cases()) == sorted(file.stem for file in FIXTURES)


@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.stem)
def test_values_follow_from_the_labels(modules, file: Path):
    cases, fixtures = modules
    stored = json.loads(file.read_text(encoding="utf-8"))
    case = cases.Case(
        file.stem,
        stored["labels"],
        stored["background"],
        stored["multiLabel"],
        stored["thresholds"],
        [{**stream, "scores": np.array(stream["scores"])} for stream in stored["streams"]],
        stored["truth"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agree(fixtures.expected(case), stored["expected"])


def agree(actual, expected):
    if isinstance(expected, dict):
        assert list(actual) == list(expected)
        for key in expected:
            agree(actual[key], expected[key])
    elif isinstance(expected, list):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            agree(one, other)
    elif isinstance(expected, float):
        assert actual == pytest.approx(expected, abs=1e-10)
    else:
        assert actual == expected
