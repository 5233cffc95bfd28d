"""H.264 and JPEG round trips, and the resize that the bundle states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

_SCALES = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}

STANDARD_RATE = 10
"""Frames per second of what is written here, unless another rate is asked for."""


def resize(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Stretch with area interpolation, as OpenCV's `resize` defines it."""
    if picture.shape[:2] == (height, width):
        return picture
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _to_yuv(picture: np.ndarray) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    frame = frame.reformat(
        format="yuv420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    frame.colorspace = Colorspace.ITU709
    frame.color_range = ColorRange.MPEG
    return frame


def to_rgb(frame: av.VideoFrame, colorspace: int = Colorspace.ITU709) -> np.ndarray:
    """Limited-range YUV to full-range RGB."""
    return frame.reformat(
        format="rgb24",
        src_colorspace=colorspace,
        dst_colorspace=colorspace,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    ).to_ndarray()


def _configure(
    stream: VideoStream | VideoCodecContext,
    width: int,
    height: int,
    crf: float,
    preset: str,
    rate: int,
) -> None:
    stream.width = width
    stream.height = height
    stream.pix_fmt = "yuv420p"
    stream.time_base = Fraction(1, rate)
    stream.thread_count = 1
    stream.options = {
        "crf": f"{crf:.1f}",
        "preset": preset,
        "threads": "1",
        "g": str(2 * rate),
        "colorprim": "bt709",
        "transfer": "bt709",
        "colormatrix": "bt709",
        "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv",
    }


def through_h264(
    pictures: Iterable[np.ndarray],
    crf: float,
    preset: str = "veryfast",
    colorspace: int = Colorspace.ITU709,
    rate: int = STANDARD_RATE,
) -> Iterator[np.ndarray]:
    """Encodes and decodes in memory; as many frames come out as went in, in order."""
    encoder = av.CodecContext.create("libx264", "w")
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    for index, picture in enumerate(pictures):
        if index == 0:
            _configure(encoder, picture.shape[1], picture.shape[0], crf, preset, rate)
            encoder.framerate = Fraction(rate)
        frame = _to_yuv(picture)
        frame.pts = index
        frame.time_base = Fraction(1, rate)
        for packet in encoder.encode(frame):
            for decoded in decoder.decode(packet):
                yield to_rgb(decoded, colorspace)
    for last in [*encoder.encode(None), None]:
        for decoded in decoder.decode(last):
            yield to_rgb(decoded, colorspace)


def through_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """Encodes RGB as JPEG and decodes it again."""
    return decode_image(encode_jpeg(picture, quality))


def encode_jpeg(picture: np.ndarray, quality: int) -> bytes:
    """RGB to JPEG bytes."""
    bgr = np.ascontiguousarray(picture[:, :, ::-1])
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def encode_png(picture: np.ndarray) -> bytes:
    """RGB to PNG bytes."""
    return cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))[1].tobytes()


def decode_image(data: bytes, divisor: int = 1) -> np.ndarray:
    """JPEG or PNG bytes to uint8 RGB, the EXIF orientation ignored.

    The sides of a JPEG may be divided by 2, 4 or 8, rounded up.
    """
    flags = _SCALES[divisor] | cv2.IMREAD_IGNORE_ORIENTATION
    bgr = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if bgr is None:
        raise ValueError("not a JPEG or PNG picture")
    return np.ascontiguousarray(bgr[:, :, ::-1])


def write_mp4(
    path: Path, pictures: Iterable[np.ndarray], crf: float, rate: int = STANDARD_RATE
) -> int:
    """Writes an H.264 MP4 with its index in front; returns the number of frames."""
    count = 0
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = None
        for picture in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=rate)
                _configure(stream, picture.shape[1], picture.shape[0], crf, "medium", rate)
            frame = _to_yuv(picture)
            frame.pts = count
            frame.time_base = Fraction(1, rate)
            count += 1
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
    return count


def read_mp4(path: Path) -> Iterator[tuple[float, np.ndarray]]:
    """Yields (seconds since the first frame, RGB) of a video file."""
    with av.open(str(path)) as container:
        first = None
        for frame in container.decode(video=0):
            first = frame.time if first is None else first
            yield frame.time - first, to_rgb(frame)
