"""The bundles that the integration tests send through Kafka, without Kafka."""

import csv

import numpy as np
import pytest

from gatestream_export.bundle import verify
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.cli import main
from gatestream_export.data import digits, image_sets
from gatestream_export.images.bundles import predict

NAMES = ("digit-rows", "digit-rows-lstm")


@pytest.fixture
def bundles(bundle_folder):
    return bundle_folder.parents[2] / "integration-tests/src/test/resources/bundles"


@pytest.fixture(params=NAMES)
def folder(request, bundles):
    return bundles / request.param


def test_the_bundle_is_sound_and_its_golden_files_hold(folder):
    assert verify.problems(folder / "bundle") == []


def test_the_file_beside_it_has_the_test_images_and_what_the_bundle_says_of_them(folder):
    with (folder / "digits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    part = digits.load().test
    assert len(rows) == len(part) == 360
    pixels = np.array([row["pixels"].split() for row in rows]).astype(np.uint8)
    assert np.array_equal(pixels.reshape(-1, 8, 8), part.values)
    assert [row["truth"] for row in rows] == [str(label) for label in part.labels]
    streams = image_sets.digit_set(image_sets.ROWS).test.streams
    bundle = Bundle(folder / "bundle")
    found = predict(bundle, streams)
    assert [row["stream"] for row in rows] == [p.stream for p in found]
    assert [row["prediction"] for row in rows] == [str(p.label) for p in found]
    scores = [float(row["score"]) for row in rows]
    assert scores == pytest.approx([p.score for p in found], abs=1e-4)
    right = np.mean([row["prediction"] == row["truth"] for row in rows])
    metrics = bundle.contract.document["training"]["metrics"]
    assert right == pytest.approx(metrics["testAccuracy"], abs=1e-4)


def test_evaluate_digits_writes_that_file(bundles, tmp_path, capsys):
    folder = bundles / "digit-rows-lstm"
    assert main(["evaluate-digits", str(folder / "bundle"), "--csv", str(tmp_path / "d.csv")]) == 0
    out = capsys.readouterr().out
    assert "accuracy after row 8: 0.98" in out
    assert "of 360 test images" in out
    # Four gates of 64 units, two biases each as ONNX has them, and the head.
    assert f"{4 * 64 * (8 + 64 + 2) + 64 * 10 + 10:,} parameters" in out
    columns = (0, 1, 2, 4)
    written, kept = (
        [[line.split(",")[i] for i in columns] for line in file.read_text().splitlines()]
        for file in (tmp_path / "d.csv", folder / "digits.csv")
    )
    assert written == kept
