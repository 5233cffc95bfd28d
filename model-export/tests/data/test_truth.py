"""truth.csv is read back as it was written, and a broken one names what is wrong."""

import pytest

from gatestream_export.data import truth
from gatestream_export.data.truth import Segment
from gatestream_export.errors import CheckFailedError, UsageError

SEGMENTS = [
    Segment("a", 0.0, 1.5, "still"),
    Segment("b", 0.0, 2.0, "left"),
    Segment("a", 1.5, 3.0, "up"),
]


def test_segments_come_back_by_stream_in_the_order_of_the_file(tmp_path):
    file = tmp_path / "truth.csv"
    truth.write(file, SEGMENTS)
    assert truth.read_truth(file) == {"a": [SEGMENTS[0], SEGMENTS[2]], "b": [SEGMENTS[1]]}


def test_a_missing_file_another_header_and_a_broken_number_are_named(tmp_path):
    file = tmp_path / "truth.csv"
    with pytest.raises(UsageError, match="missing file: .*truth.csv"):
        truth.read_truth(file)
    file.write_text("stream,from,to,label\n")
    with pytest.raises(CheckFailedError, match="header .*'from'"):
        truth.read_truth(file)
    file.write_text("stream,start,end,label\na,0,1,still\na,one,2,up\n")
    with pytest.raises(CheckFailedError, match="line 3: start and end 'one' and '2'"):
        truth.read_truth(file)


def test_a_segment_begins_at_its_start_and_ends_before_its_end():
    stretches = [SEGMENTS[0], SEGMENTS[2]]
    assert truth.segment_at(stretches, 0.0, 0.0, "a.mp4").label == "still"
    assert truth.segment_at(stretches, 1.5, 1.5, "a.mp4").label == "up"
    with pytest.raises(CheckFailedError, match=r"a.mp4: truth.csv has nothing at 3.00 s"):
        truth.segment_at(stretches, 3.0, 3.0, "a.mp4")
