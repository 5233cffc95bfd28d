"""Names to encoders: sizes, features, weights from files, errors."""

import numpy as np
import pytest
import torch
from torch import nn

from gatestream_export.errors import UsageError
from gatestream_export.nets import encoders
from gatestream_export.nets.maps import reduction
from gatestream_export.nets.three_convolutions import ThreeConvolutions, columns

SEED = 20
THREE = encoders.THREE


def frames(batch: int, width: int, height: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    return rng.integers(0, 256, (batch, height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("features", "count"),
    [("flat", 128 * 2 * 3), ("pooled", 128), ("grid2", 512), ("squeeze", 32 * 2 * 3)],
)
def test_three_convolutions_give_the_features_asked_for(features, count):
    encoder = encoders.build(THREE, (24, 16), features=features)
    assert (encoder.width, encoder.height, encoder.features) == (24, 16, count)
    found = encoder.encode(frames(5, 24, 16))
    assert found.shape == (5, count)
    assert found.dtype == np.float32


def test_three_convolutions_have_the_stated_layers():
    net = ThreeConvolutions(32, 32).net
    convolutions = [m for m in net if isinstance(m, nn.Conv2d)]
    assert [c.out_channels for c in convolutions] == [32, 64, 128]
    assert {c.kernel_size for c in convolutions} == {(3, 3)}
    assert [type(m) for m in net] == [nn.Conv2d, nn.ReLU, nn.MaxPool2d] * 3


def test_columns_run_from_left_to_right():
    maps = torch.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    found = columns(maps)
    assert found.shape == (2, 5, 12)
    assert torch.equal(found[1, 3], maps[1, :, :, 3].flatten())


def test_grid_cells_are_the_means_of_their_places():
    maps = torch.rand(2, 3, 7, 8, generator=torch.Generator().manual_seed(SEED))
    module, count = reduction("grid2", 3, 7, 8)
    assert count == 12
    cells = module(maps).reshape(2, 3, 2, 2)
    torch.testing.assert_close(cells[:, :, 0, 0], maps[:, :, :4, :4].mean((2, 3)))
    torch.testing.assert_close(cells[:, :, 1, 1], maps[:, :, 3:, 4:].mean((2, 3)))
    assert reduction("grid", 3, 7, 8)[1] == 27


@pytest.mark.parametrize(
    ("name", "mean", "one_above"),
    [
        (THREE, 127.5, [1 / 64] * 3),
        (encoders.LITE0, 127.0, [1 / 128] * 3),
        ("torchvision:squeezenet1_1", None, [1 / 58.395, 1 / 57.12, 1 / 57.375]),
    ],
)
def test_normalisation_is_inside(name, mean, one_above):
    module = encoders.build(name, (64, 64), frozen=False).module
    seen = []
    module.maps_of = lambda pixels: seen.append(pixels) or pixels
    picture = frames(1, 64, 64)
    picture[0, 0, 0], picture[0, 0, 1] = (10, 20, 30), (11, 21, 31)
    module.maps(torch.from_numpy(picture))
    pixels = seen[0]
    assert pixels.shape == (1, 3, 64, 64)
    torch.testing.assert_close(pixels[0, :, 0, 1] - pixels[0, :, 0, 0], torch.tensor(one_above))
    means = torch.tensor([123.675, 116.28, 103.53] if mean is None else [mean] * 3)
    expected = (torch.tensor([10.0, 20.0, 30.0]) - means) * torch.tensor(one_above)
    torch.testing.assert_close(pixels[0, :, 0, 0], expected)


def test_weights_from_a_file_give_the_same_encoder(tmp_path):
    torch.manual_seed(SEED)
    trained = encoders.build(THREE, (16, 16))
    file = tmp_path / "weights.pt"
    torch.save(trained.module.state_dict(), file)
    again = encoders.build(THREE, (16, 16), weights=file)
    other = encoders.build(THREE, (16, 16))
    assert again.identity() == trained.identity() != other.identity()
    assert np.array_equal(again.encode(frames(3, 16, 16)), trained.encode(frames(3, 16, 16)))
    assert not any(p.requires_grad for p in again.module.parameters())
    assert all(p.requires_grad for p in other.module.parameters())


def test_published_weights_of_torchvision_load_without_their_classifier(tmp_path):
    from torchvision import models

    torch.manual_seed(SEED)
    published = models.resnet18(num_classes=7).eval()
    file = tmp_path / "resnet18.pth"
    torch.save({"state_dict": {f"module.{k}": v for k, v in published.state_dict().items()}}, file)
    encoder = encoders.build("torchvision:resnet18", (64, 64), file)
    published.fc = nn.Identity()
    picture = frames(2, 64, 64)
    pixels = torch.from_numpy(picture).permute(0, 3, 1, 2) / 255
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    with torch.no_grad():
        expected = published((pixels - mean[:, None, None]) / deviation[:, None, None])
    np.testing.assert_allclose(encoder.encode(picture), expected.numpy(), rtol=1e-3, atol=1e-4)


def test_no_weights_are_said_to_be_random(caplog):
    encoder = encoders.build("torchvision:mobilenet_v3_small", (64, 64), features="grid2")
    assert "torchvision:mobilenet_v3_small: no --weights, its weights are random" in caplog.text
    assert encoder.features == 576 * 4
    caplog.clear()
    encoders.build("torchvision:mobilenet_v3_small", (64, 64), skeleton=True)
    assert not caplog.text
    # Their export would compute shapes in the graph.
    assert not any(isinstance(m, nn.AdaptiveAvgPool2d) for m in encoder.module.modules())


def test_a_file_that_does_not_fit_names_the_first_keys(tmp_path):
    state = ThreeConvolutions(16, 16).state_dict()
    del state["net.0.weight"]
    state["net.9.weight"] = torch.zeros(1)
    state["net.3.bias"] = torch.zeros(5)
    file = tmp_path / "weights.pt"
    torch.save(state, file)
    with pytest.raises(UsageError) as wrong:
        encoders.build(THREE, (16, 16), weights=file)
    assert "weights.pt does not fit three-convolutions" in str(wrong.value)
    assert "missing 0.weight; unexpected 9.weight; net.3.bias is [5], wanted [64]" in str(
        wrong.value
    )


def test_a_file_that_is_no_state_dict_is_refused(tmp_path):
    file = tmp_path / "weights.pt"
    file.write_text("not weights")
    with pytest.raises(UsageError, match=r"weights.pt is not a state dict"):
        encoders.build(THREE, (16, 16), weights=file)
    torch.save([1, 2], file)
    with pytest.raises(UsageError, match="holds no state dict"):
        encoders.build(THREE, (16, 16), weights=file)
    with pytest.raises(UsageError, match="missing weights file"):
        encoders.build(THREE, (16, 16), weights=tmp_path / "none.pt")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "three-convolution"}, "did you mean three-convolutions"),
        ({"name": THREE, "size": (30, 32)}, "size 30x32, wanted multiples of 8"),
        ({"name": THREE, "size": (16, 16), "features": "grid"}, "2 x 2 places, fewer than 3 x 3"),
        ({"name": THREE, "features": "all"}, "unknown features 'all'; known: pooled"),
        ({"name": encoders.LITE0, "features": "squeeze"}, "features squeeze are learned"),
        ({"name": "torchvision:resnet19"}, "near it: resnet18"),
        ({"name": "torchvision:swin_t"}, "has no feature map"),
        ({"name": "missing.onnx"}, "missing file: missing.onnx"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments, message):
    with pytest.raises(UsageError) as wrong:
        encoders.build(**arguments)
    assert message in str(wrong.value)


def test_a_frozen_encoder_stays_as_it_is_in_training():
    encoder = encoders.build(encoders.THREE_NORMALISED, (16, 16), frozen=True)
    before = encoder.identity()
    encoder.module.train()
    encoder.module(torch.from_numpy(frames(4, 16, 16)))
    assert encoder.identity() == before
    assert not encoder.module.training


def test_known_names_have_a_line_each():
    lines = encoders.known()
    assert [line.split(":")[0] for line in lines][:3] == [
        encoders.LITE0,
        THREE,
        encoders.THREE_NORMALISED,
    ]
    assert all("\n" not in line and ": " in line for line in lines)


def test_a_folder_does_not_hide_a_name(tmp_path, monkeypatch):
    (tmp_path / THREE).mkdir()
    monkeypatch.chdir(tmp_path)
    assert encoders.build(THREE, (16, 16)).features == 128 * 2 * 2
    assert not encoders.has_weights(THREE)
    with pytest.raises(UsageError, match="is not a model bundle"):
        encoders.build(str(tmp_path))
