"""A file that is written whole is the old one or the new one, and nothing is left beside it."""

import hashlib

import pytest

from gatestream_export import files


def test_an_interrupted_writer_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "metrics.json"
    files.write_text(file, "old\n")

    def interrupted():
        with files.whole(file) as part:
            part.write_text("half")
            assert part.suffix == ".json"
            assert file.read_text() == "old\n"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_finished_writer_replaces_the_file(tmp_path):
    file = tmp_path / "metrics.json"
    files.write_text(file, "old\n")
    files.write_text(file, "new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert list(tmp_path.iterdir()) == [file]


def test_the_hash_is_that_of_the_whole_content(tmp_path):
    file = tmp_path / "long"
    content = bytes(range(256)) * 10_000
    file.write_bytes(content)
    assert files.sha256(file) == hashlib.sha256(content).hexdigest()
