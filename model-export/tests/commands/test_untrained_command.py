"""`bench-bundle` writes a sound bundle of the asked size without any training."""

from gatestream_export.bundle import verify
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


def test_a_finished_graph_is_refused(tmp_path, bundle_folder, capsys):
    arguments = ["--output", str(tmp_path / "b"), "--encoder", str(bundle_folder)]
    assert main(["bench-bundle", *arguments]) == 2
    assert "give a name" in capsys.readouterr().err
