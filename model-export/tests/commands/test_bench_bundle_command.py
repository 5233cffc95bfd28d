"""`bench-bundle` writes a sound bundle of the asked size without any training."""

from gatestream_export.bundle import golden, verify
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.cli import main


def test_bundle_has_the_asked_size_and_is_sound(tmp_path, capsys):
    target = tmp_path / "bench"
    sizes = ["--cell", "gru", "--hidden", "8", "--layers", "2", "--interval-millis", "40"]
    assert (
        main(["bench-bundle", "--output", str(target), "--encoder", "three-convolutions", *sizes])
        == 0
    )
    assert "untrained" in capsys.readouterr().out
    assert verify.problems(target) == []
    contract = Bundle(target).contract
    assert [tuple(s.shape) for s in contract.states] == [(2, 8)]
    assert contract.document["input"]["frameIntervalMillis"] == 40


def test_reduced_scale_is_written_and_its_golden_frames_are_twice_the_size(tmp_path):
    target = tmp_path / "bench"
    sizes = ["--hidden", "8", "--layers", "1", "--reduced-scale-jpeg"]
    arguments = ["--output", str(target), "--encoder", "three-convolutions", *sizes]
    assert main(["bench-bundle", *arguments]) == 0
    assert verify.problems(target) == []
    bundle = Bundle(target)
    assert bundle.contract.document["input"]["resize"]["reducedScaleJpeg"] is True
    found = {(e["width"], e["height"]) for e in golden.entries(target / "golden")}
    assert found == {(2 * bundle.contract.width, 2 * bundle.contract.height)}


def test_a_finished_graph_is_refused(tmp_path, bundle_folder, capsys):
    arguments = ["--output", str(tmp_path / "b"), "--encoder", str(bundle_folder)]
    assert main(["bench-bundle", *arguments]) == 2
    assert "give a name" in capsys.readouterr().err
