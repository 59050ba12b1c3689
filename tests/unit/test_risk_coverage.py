"""What a decision to refuse is worth: the figures by hand, and the whole of it over a small set."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.logistic import threshold_at
from eval.risk_coverage.__main__ import main
from eval.risk_coverage.curve import worth
from eval.risk_coverage.observed import halved, observed

SURE = np.array([0.9, 0.8, 0.7, 0.4, 0.3])
ANSWERABLE = np.array([True, True, False, True, False])


def test_the_worth_of_five_probabilities() -> None:
    found = worth(SURE, ANSWERABLE, 0.6)
    assert found.questions == 5
    assert found.auroc == pytest.approx(5 / 6)
    assert found.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 4 + 2 / 5) / 5)
    assert found.chance == pytest.approx(2 / 5)
    assert found.covered == pytest.approx(2 / 3)
    assert found.refused == pytest.approx(1 / 2)
    assert found.error == pytest.approx((0.1 + 0.2 + 0.7 + 0.6 + 0.3) / 5)


@pytest.mark.parametrize(("coverage", "at"), [(1.0, 0.4), (0.67, 0.4), (0.66, 0.8), (0.34, 0.8), (0.33, 0.9)])
def test_the_threshold_answers_at_least_the_share_that_is_asked_for(coverage: float, at: float) -> None:
    found = threshold_at(SURE[ANSWERABLE], coverage)
    assert found == at
    assert worth(SURE, ANSWERABLE, found).covered >= coverage


def test_halves_are_of_whole_groups_and_alike_in_size() -> None:
    groups = [f"g{n % 7}" for n in range(70)]
    first = halved(groups)
    assert 30 <= sum(first) <= 40
    assert all(len({side for side, g in zip(first, groups, strict=True) if g == name}) == 1 for name in groups)
    assert halved(groups[::-1]) == first[::-1]


def small(folder: Path) -> Path:
    """Six articles in the form of SQuAD 2.0; of each one question is answered in it, and one nowhere."""
    subjects = ("harbour", "lighthouse", "railway", "orchard", "quarry", "windmill")
    articles = [
        {
            "title": f"The_{name}",
            "paragraphs": [
                {
                    "context": f"The {name} was opened in {1800 + n} by the guild of masons, and closed after a fire.",
                    "qas": [
                        {"id": f"{n}a", "question": f"Who opened the {name}?", "is_impossible": False},
                        {
                            "id": f"{n}b",
                            "question": f"Which composer wrote an opera on submarine cable {n}?",
                            "is_impossible": True,
                        },
                    ],
                }
            ],
        }
        for n, name in enumerate(subjects)
    ]
    place = folder / "squad2_dev/dev10.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"data": articles}), "utf-8")
    return folder


@pytest.mark.slow
def test_a_set_is_ingested_asked_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = small(tmp_path / "data")
    seen = observed("squad2", data, tmp_path / "stores", size=100)
    assert len(seen.features) == 12
    assert seen.answerable.sum() == 6
    assert 0 < seen.fitted.sum() < 12
    main(["--data", str(data), "--stores", str(tmp_path / "stores"), "--sets", "squad2", "--json"])
    told = json.loads(capsys.readouterr().out)["squad2"]
    assert set(told) == {"shipped", "shipped, at coverage", "fitted"}
    assert told["shipped"]["questions"] == int((~seen.fitted).sum())
    assert told["shipped"]["auroc"] > 0.9
