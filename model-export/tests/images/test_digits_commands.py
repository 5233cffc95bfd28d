"""`train-digits` and `evaluate-digits` as a user calls them."""

import numpy as np
import pytest
import torch

from gatestream_export.bundle import contract
from gatestream_export.cli import main
from gatestream_export.data import cifar10


def test_a_digits_bundle_is_written_and_can_be_scored(tmp_path, capsys):
    target = tmp_path / "rows"
    arguments = ["--system", "gru-sequence", "--output", str(target), "--steps", "30"]
    assert main(["train-digits", *arguments]) == 0
    said = capsys.readouterr().out
    assert f"wrote {target}: test accuracy 0." in said
    assert main(["verify", str(target)]) == 0
    document = contract.load(target).document
    assert document["input"]["width"] == 8
    assert document["training"]["command"].endswith("--output DIR --steps 30")
    assert "10.24432/C50P49" in (target / "NOTICE.md").read_text()


@pytest.fixture
def cifar(tmp_path):
    folder = tmp_path / "cifar"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for name in (*cifar10.TRAINING_FILES, cifar10.TEST_FILE):
        records = rng.integers(0, 256, (10, cifar10.RECORD), dtype=np.uint8)
        records[:, 0] = np.arange(10)
        records.tofile(folder / name)
    (folder / cifar10.NAMES_FILE).write_text("\n".join("abcdefghij"))
    return folder


def test_cifar10_goes_the_same_way(cifar, tmp_path, capsys, monkeypatch):
    from gatestream_export.images import bundles

    written = []
    # The export of this very system is tested with the digits.
    monkeypatch.setattr(bundles, "write", lambda *arguments: written.append(arguments))
    arguments = ["--system", "cnn-gru", "--output", str(tmp_path / "b"), "--steps", "2"]
    assert main(["train-digits", *arguments, "--cifar10", str(cifar)]) == 0
    assert "on 10 images of CIFAR-10" in capsys.readouterr().out
    ((system, data, trained, target, command),) = written
    assert (system.name, target) == ("cnn-gru", tmp_path / "b")
    assert data.test.labels == tuple("abcdefghij")
    assert [len(p.streams) for p in (data.training, data.validation, data.test)] == [45, 5, 10]
    assert command.endswith("--cifar10 FOLDER --steps 2")
    assert sum(len(run) for run in bundles.golden_runs(data)) == 5
    features = trained.networks.encoder(torch.zeros(1, 32, 32, 3, dtype=torch.uint8))
    assert features.shape == (1, 256)


def test_cifar10_with_a_missing_file_is_exit_2(cifar, tmp_path, capsys):
    (cifar / "data_batch_4.bin").unlink()
    arguments = ["--system", "cnn-gru", "--output", str(tmp_path / "b"), "--cifar10", str(cifar)]
    assert main(["train-digits", *arguments]) == 2
    message = capsys.readouterr().err
    assert "lacks data_batch_4.bin" in message
    assert "records of 3073 bytes" in message
    assert not (tmp_path / "b").exists()


def test_cifar10_goes_with_cnn_gru_only(tmp_path, capsys):
    arguments = ["--system", "digit-rows", "--output", str(tmp_path / "b"), "--cifar10", "x"]
    assert main(["train-digits", *arguments]) == 2
    assert "--system cnn-gru" in capsys.readouterr().err


def test_scoring_a_bundle_of_something_else_is_exit_2(bundle_folder, capsys):
    assert main(["evaluate-digits", str(bundle_folder)]) == 2
    assert "no digits" in capsys.readouterr().err
