"""CIFAR-10's binary layout, on small files made in it."""

import numpy as np
import pytest

from gatestream_export.data import cifar10
from gatestream_export.errors import UsageError

NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def write(file, labels, images):
    """Records as published: label byte, then the red, green and blue plane."""
    with file.open("wb") as out:
        for label, image in zip(labels, images, strict=True):
            out.write(bytes([label]))
            for channel in range(3):
                out.write(image[:, :, channel].tobytes())


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(3)
    for i, name in enumerate((*cifar10.TRAINING_FILES, cifar10.TEST_FILE)):
        images = rng.integers(0, 256, (2 + i, 32, 32, 3), dtype=np.uint8)
        write(tmp_path / name, [(i + k) % 10 for k in range(2 + i)], images)
    # The published file ends with an empty line.
    (tmp_path / cifar10.NAMES_FILE).write_text("\n".join(NAMES) + "\n\n")
    return tmp_path


def test_planes_become_rgb_pixels(tmp_path):
    image = np.zeros((32, 32, 3), np.uint8)
    image[4, 7] = (10, 20, 30)
    image[31, 0] = (1, 2, 3)
    write(tmp_path / "one.bin", [9], [image])
    images, labels = cifar10.read(tmp_path / "one.bin")
    assert labels.tolist() == [9]
    assert np.array_equal(images[0], image)


def test_all_files_are_read_in_order(folder):
    data = cifar10.load(folder)
    assert data.names == tuple(NAMES)
    assert data.training.shape == (2 + 3 + 4 + 5 + 6, 32, 32, 3)
    assert data.training_labels[:5].tolist() == [0, 1, 1, 2, 3]
    assert data.test.shape == (7, 32, 32, 3)
    assert data.test_labels.tolist() == [5, 6, 7, 8, 9, 0, 1]


def test_the_folder_above_the_unpacked_one_will_do(folder, tmp_path_factory):
    above = tmp_path_factory.mktemp("above")
    folder.rename(above / cifar10.UNPACKED)
    assert len(cifar10.load(above).test) == 7


def test_another_number_of_records_is_read_and_said(folder, caplog):
    cifar10.load(folder)
    assert "test_batch.bin: 7 records, the published file has 10000" in caplog.text


@pytest.mark.parametrize("name", ["data_batch_3.bin", "test_batch.bin", "batches.meta.txt"])
def test_a_missing_file_is_named_with_the_layout(folder, name):
    (folder / name).unlink()
    with pytest.raises(UsageError, match=f"lacks {name}\n") as wrong:
        cifar10.load(folder)
    assert "records of 3073 bytes" in str(wrong.value)


def test_a_missing_folder_is_named_with_the_layout(tmp_path):
    with pytest.raises(UsageError, match="no such folder: .*none\n.*binary version"):
        cifar10.load(tmp_path / "none")


def test_the_version_for_python_is_recognised(tmp_path):
    (tmp_path / "data_batch_1").write_bytes(b"pickle")
    with pytest.raises(UsageError, match="version for Python"):
        cifar10.load(tmp_path)


@pytest.mark.parametrize("size", [0, 3072, 3074])
def test_a_wrong_size_is_named(folder, size):
    (folder / "data_batch_2.bin").write_bytes(bytes(size))
    with pytest.raises(UsageError, match=f"data_batch_2.bin: {size} bytes, wanted records of 3073"):
        cifar10.load(folder)


def test_an_illegal_label_is_named_by_file_and_record(folder):
    file = folder / "data_batch_5.bin"
    data = bytearray(file.read_bytes())
    data[2 * cifar10.RECORD] = 10
    file.write_bytes(data)
    with pytest.raises(UsageError, match=r"data_batch_5.bin: record 2 .* label 10, wanted 0..9"):
        cifar10.load(folder)


@pytest.mark.parametrize("names", [NAMES[:9], [*NAMES[:9], "cat"]])
def test_wrong_names_are_refused(folder, names):
    (folder / cifar10.NAMES_FILE).write_text("\n".join(names))
    with pytest.raises(UsageError, match="batches.meta.txt: 9 different names"):
        cifar10.load(folder)
