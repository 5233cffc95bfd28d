"""Annotated videos become streams with a label a frame; every problem names its row."""

import pytest

from gatestream_export.data import annotations
from gatestream_export.errors import CheckFailedError, UsageError


@pytest.fixture
def videos(tmp_path, clip):
    clip(tmp_path / "v" / "a.mp4", frames=10, shade=20)
    clip(tmp_path / "v" / "b, c.mp4", frames=6, shade=120)
    return tmp_path


def load(folder, text, rule, encoding="utf-8"):
    (folder / "rows.csv").write_bytes(text.encode(encoding))
    return annotations.load(folder / "rows.csv", rule, folder / "cache", progress=False)


def test_frames_have_the_label_of_their_time_and_the_rest_is_background(videos, rule):
    text = (
        "video,start,end,label\r\n"
        "v/a.mp4,0.2,0.5,wave\r\n"
        'v/a.mp4,0.5,0.7,"run, fast"\r\n'
        "\r\n"
        '"v/b, c.mp4",0,0.3,wave\r\n'
    )
    data = load(videos, text, rule, "utf-8-sig")
    assert data.labels == ("background", "run, fast", "wave")
    assert [s.name for s in data.streams] == ["v/a.mp4", "v/b, c.mp4"]
    assert data.streams[0].labels.tolist() == [0, 0, 2, 2, 2, 1, 1, 0, 0, 0]
    assert data.streams[1].labels.tolist() == [2, 2, 2, 0, 0, 0]
    assert data.left_out == ()


def test_columns_may_come_in_any_order_and_background_may_be_missing(videos, rule):
    text = "label,end,video,start\nx,0.5,v/a.mp4,0\ny,1.0,v/a.mp4,0.5\n"
    data = load(videos, text, rule)
    assert data.labels == ("x", "y")
    assert data.streams[0].labels.tolist() == [0] * 5 + [1] * 5


def test_row_beyond_the_end_is_cut_and_named(videos, rule):
    text = "video,start,end,label\nv/a.mp4,0.8,9,x\nv/a.mp4,20,21,x\nv/a.mp4,0.11,0.12,x\n"
    data = load(videos, text, rule)
    assert data.streams[0].labels.tolist() == [0] * 8 + [1] * 2
    assert len(data.left_out) == 3
    assert "rows.csv row 2: 0.8 to 9 s of a.mp4 goes beyond the end at 1 s: cut" in data.left_out
    assert "row 3" in data.left_out[1]
    assert "after the end" in data.left_out[1]
    assert "row 4" in data.left_out[2]
    assert "between two frames" in data.left_out[2]


def test_video_that_does_not_decode_is_left_out_with_its_rows(videos, rule):
    (videos / "bad.mp4").write_text("no video")
    text = "video,start,end,label\nv/a.mp4,0,0.3,x\nbad.mp4,0,1,x\nbad.mp4,2,3,x\n"
    data = load(videos, text, rule)
    assert len(data.streams) == 1
    assert "bad.mp4 does not open" in data.left_out[0]
    assert "rows.csv rows 3, 4" in data.left_out[0]
    with pytest.raises(CheckFailedError, match="none of its videos decodes"):
        load(videos, "video,start,end,label\nbad.mp4,0,1,x\n", rule)
    with pytest.raises(CheckFailedError, match="no frame has the label 'y'"):
        load(videos, text.replace("2,3,x", "2,3,y"), rule)


def test_all_problems_are_reported_together_with_their_rows(videos, rule):
    text = """video,start,end,label
v/none.mp4,0,1,x
v/a.mp4,2,1,x
v/a.mp4,-1,1,x
v/a.mp4,one,nan,x
v/a.mp4,0,1,
v/a.mp4,0,1
,0,1,x
v/a.mp4,3,5,x
v/a.mp4,4,6,x
./v/a.mp4,5.5,7,y
"""
    with pytest.raises(CheckFailedError) as caught:
        load(videos, text, rule)
    lines = str(caught.value).splitlines()
    assert all("rows.csv: row" in line for line in lines)
    found = [line.split("rows.csv: ")[1] for line in lines]
    assert found[0].startswith("row 2: no such video: ")
    assert found[1:] == [
        "row 3: start 2 is not before end 1",
        "row 4: start -1 is negative",
        "row 5: start 'one' is not a number of seconds",
        "row 5: end 'nan' is not a number of seconds",
        "row 6: the label is empty",
        "row 7: 3 fields, wanted 4",
        "row 8: the video is empty",
        "rows 9 and 10: the label 'x' overlaps itself, 3 to 5 s and 4 to 6 s of a.mp4",
        (
            "rows 10 and 11: 'x' and 'y' overlap, 4 to 6 s and 5.5 to 7 s of a.mp4,"
            " and a frame has one label"
        ),
    ]


def test_row_inside_an_earlier_longer_one_overlaps_it(videos, rule):
    text = "video,start,end,label\nv/a.mp4,0,9,x\nv/a.mp4,1,2,x\nv/a.mp4,8,10,y\n"
    with pytest.raises(CheckFailedError, match=r"rows 2 and 3(.|\n)*rows 2 and 4"):
        load(videos, text, rule)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("video,start,end,label,note\n", "row 1: header .*unknown note"),
        ("video;start;end;label\n", "separated by commas"),
        ("video,start,label\n", "missing end"),
        ("", "it is empty"),
        ("video,start,end,label\n", "it has no rows"),
        ('video,start,end,label\n"v/a.mp4,0,1,x\n', "row 2: unexpected end of data"),
    ],
)
def test_file_of_another_form_is_refused(videos, rule, text, words):
    with pytest.raises(CheckFailedError, match=words):
        load(videos, text, rule)


def test_file_that_is_not_there_or_not_utf8_is_refused(videos, rule):
    with pytest.raises(UsageError, match="no such annotations file"):
        annotations.load(videos / "none.csv", rule, videos / "cache")
    with pytest.raises(CheckFailedError, match="not UTF-8"):
        load(videos, "video,start,end,label\nv/a.mp4,0,1,gr\u00fcn\n", rule, "latin-1")


def test_one_video_under_two_names_and_one_label_are_refused(videos, rule):
    (videos / "copy.mp4").write_bytes((videos / "v" / "a.mp4").read_bytes())
    text = "video,start,end,label\nv/a.mp4,0,0.5,x\ncopy.mp4,0,0.5,x\n"
    with pytest.raises(CheckFailedError, match="row 3: .*copy.mp4 is the same video"):
        load(videos, text, rule)
    with pytest.raises(CheckFailedError, match="every frame is 'x'"):
        load(videos, "video,start,end,label\nv/a.mp4,0,1,x\n", rule)
