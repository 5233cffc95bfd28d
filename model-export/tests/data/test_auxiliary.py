"""Side features: the latest row at or before a frame's time, and rows that are refused."""

import numpy as np
import pytest

from gatestream_export.data import auxiliary
from gatestream_export.data.sequences import Sequences, stream
from gatestream_export.errors import UsageError


def written(tmp_path, *rows, header="video,time,v1,v2"):
    file = tmp_path / "side.csv"
    file.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8-sig")
    return file


def test_a_frame_takes_the_latest_row_at_or_before_its_time(tmp_path):
    file = written(tmp_path, "a/x.mp4,0.5,3,4", "a/x.mp4,0.1,1,2", "b.mp4,0,9,9")
    found = auxiliary.read(file)
    assert found.size == 2
    values = found.at("a/x.mp4", np.array([0.0, 0.1, 0.2, 0.4999, 0.5, 7.0]))
    assert values.tolist() == [[0, 0], [1, 2], [1, 2], [1, 2], [3, 4], [3, 4]]
    assert values.dtype == np.float32


def test_streams_get_their_videos_rows_and_others_are_left_out(tmp_path):
    side = auxiliary.read(written(tmp_path, "x.mp4,0,1,2", "x.mp4,0.3,3,4", "c#2.mp4,0,5,6"))
    frames = np.zeros((2, 4), np.float32)
    streams = [
        stream("x.mp4", frames, [0, 0]),
        stream("x.mp4#2", frames, [0, 0], times=np.array([0.25, 0.35])),
        stream("c#2.mp4", frames, [0, 0]),
        stream("y.mp4", frames, [0, 0]),
    ]
    data = auxiliary.add(Sequences(("k",), tuple(streams), ("earlier",)), side)
    assert [s.name for s in data.streams] == ["x.mp4", "x.mp4#2", "c#2.mp4"]
    assert data.streams[1].auxiliary.tolist() == [[1, 2], [3, 4]]
    assert data.streams[2].auxiliary.tolist() == [[5, 6], [5, 6]]
    assert data.left_out[0] == "earlier"
    assert "y.mp4" in data.left_out[1]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x.mp4,0,1", "line 3: 3 columns"),
        ("x.mp4,now,1,2", "line 3: could not convert"),
        ("x.mp4,1,nan,2", "line 3: a value that is not a finite number"),
        ("x.mp4,0,1,2", "line 3: a second row of x.mp4 at 0 s"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, message):
    with pytest.raises(UsageError, match=message):
        auxiliary.read(written(tmp_path, "x.mp4,0,5,6", row))


def test_a_file_without_header_or_rows_is_refused(tmp_path):
    with pytest.raises(UsageError, match="wanted video,time,v1"):
        auxiliary.read(written(tmp_path, "x.mp4,0,1", header="x.mp4,0,2"))
    with pytest.raises(UsageError, match="has no rows"):
        auxiliary.read(written(tmp_path))
    data = Sequences(("k",), (stream("y.mp4", np.zeros((1, 4)), [0]),))
    with pytest.raises(UsageError, match="no clip has a row"):
        auxiliary.add(data, auxiliary.read(written(tmp_path, "x.mp4,0,1,2")))
