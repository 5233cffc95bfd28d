"""The backgrounds: which photographs, under which licence, and on which side of the split.

Two kinds of source: sample images inside the scikit-image and scikit-learn wheels, and Debian
packages of wallpapers unpacked into a folder. A photograph is on one side of the split only.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np

from gatestream_export.errors import UsageError

PACKAGES = ("lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "plasma-workspace-wallpapers")
LONG_SIDE = 720

_LOMIRI = "usr/share/backgrounds/{}.jpg"
_PLASMA = "usr/share/wallpapers/{}/contents/images/{}"


@dataclass(frozen=True)
class Photograph:
    """One background: `package` is None for a file inside a Python wheel (`module:path`)."""

    name: str
    split: str
    path: str
    package: str | None
    author: str
    licence: str
    illustration: bool = False


def _lomiri(name: str, split: str, author: str, licence: str, year: str = "16.04") -> Photograph:
    return Photograph(
        name, split, _LOMIRI.format(name), f"lomiri-wallpapers-{year}", author, licence
    )


def _plasma(
    name: str, split: str, author: str, licence: str, file: str, illustration: bool = False
) -> Photograph:
    # Debian's copyright file gives GPL-2+ for the whole package, the picture's own metadata this.
    return Photograph(
        name,
        split,
        _PLASMA.format(name, file),
        "plasma-workspace-wallpapers",
        author,
        licence,
        illustration,
    )


def _wheel(name: str, split: str, path: str, author: str, licence: str) -> Photograph:
    return Photograph(name, split, path, None, author, licence)


_SKIMAGE = "skimage:data/"
_SKLEARN = "sklearn:datasets/images/"
_WIDE = "2560x1600.jpg"

PHOTOGRAPHS: tuple[Photograph, ...] = (
    # Test: never seen in training, nor in any choice made during it.
    _lomiri("Bridge_by_Sander_Klootwijk", "test", "Sander Klootwijk", "CC-BY-SA-4.0"),
    _lomiri("Picture_0B_by_freespace", "test", 'Trevor "Freespace"', "CC-BY-4.0"),
    _lomiri("Wine_by_Jakkub_Mede", "test", "Jakub Mede", "CC-BY-4.0"),
    _lomiri("aitzgorri_by_Aitzol_Berasategi", "test", "Aitzol Berasategi", "CC-BY-4.0"),
    _lomiri("friends_by_Aitzol_Berasategi", "test", "Aitzol Berasategi", "CC-BY-4.0"),
    _lomiri("life_by_Aitzol_Berasategi", "test", "Aitzol Berasategi", "CC-BY-4.0"),
    _lomiri("sunset_by_Aitzol_Berasategi", "test", "Aitzol Berasategi", "CC-BY-4.0"),
    _lomiri("seeding_by_Clements_Engelhardt", "test", "Clemens Engelhardt", "CC0-1.0"),
    _plasma("EveningGlow", "test", "Ian Hex", "LGPL-3", _WIDE),
    _plasma("Path", "test", "Risto Saukonpää", "LGPL-3", _WIDE),
    _plasma("ColorfulCups", "test", "Dmitri Popov", "LGPL-3", _WIDE),
    _wheel("coffee", "test", _SKIMAGE + "coffee.png", "Rachel Michetti", "CC0-1.0"),
    _wheel("chelsea", "test", _SKIMAGE + "chelsea.png", "Stefan van der Walt", "CC0-1.0"),
    _wheel("astronaut", "test", _SKIMAGE + "astronaut.png", "NASA", "public domain"),
    # Validation.
    _lomiri("Picture_1A_by_freespace", "validation", 'Trevor "Freespace"', "CC-BY-4.0"),
    _lomiri("Dragonfly_by_Bolly", "validation", '"Bolly"', "CC-BY-SA-4.0"),
    _plasma("Kite", "validation", "Risto Saukonpää", "LGPL-3", _WIDE),
    _plasma("BytheWater", "validation", "Maciej Wiklo", "LGPL-3", _WIDE),
    _wheel("rocket", "validation", _SKIMAGE + "rocket.jpg", "SpaceX", "public domain"),
    _wheel("china", "validation", _SKLEARN + "china.jpg", "danielbuechele", "CC-BY-2.0"),
    # Training.
    _lomiri("picosdeeuropa_by_Aitzol_Berasategi", "train", "Aitzol Berasategi", "CC-BY-4.0"),
    _lomiri("free_by_Peter_Nerlich", "train", "Peter Nerlich", "CC-BY-SA-4.0"),
    _lomiri("greentock_by_Peter_Nerlich", "train", "Peter Nerlich", "CC-BY-SA-4.0"),
    _lomiri("analogpattern_by_Peter_Nerlich", "train", "Peter Nerlich", "CC-BY-SA-4.0"),
    _lomiri("Kleiber_by_Lukas_Baubkus", "train", "Lukas Baubkus", "CC-BY-SA-3.0", "20.04"),
    _lomiri("Infinite-Sea_by_Aury88", "train", "Aury88", "CC-BY-SA-3.0", "20.04"),
    _plasma("ColdRipple", "train", "Risto Saukonpää", "LGPL-3", _WIDE),
    _plasma("DarkestHour", "train", "Risto Saukonpää", "LGPL-3", _WIDE),
    _plasma("FallenLeaf", "train", "Martin Klapetek", "LGPL-3", _WIDE),
    _plasma("Grey", "train", "Sigi Sagi", "LGPL-3", _WIDE),
    _plasma("OneStandsOut", "train", "Risto Saukonpää", "LGPL-3", _WIDE),
    _plasma("summer_1am", "train", "Risto Saukonpää", "LGPL-3", _WIDE),
    _wheel("flower", "train", _SKLEARN + "flower.jpg", "vultilion", "CC-BY-2.0"),
    _wheel("brick", "train", _SKIMAGE + "brick.png", "CC0Textures", "CC0-1.0"),
    _wheel("grass", "train", _SKIMAGE + "grass.png", "linolafett", "CC0-1.0"),
    _wheel("gravel", "train", _SKIMAGE + "gravel.png", "CC0Textures", "CC0-1.0"),
    _wheel("camera", "train", _SKIMAGE + "camera.png", "Lav Varshney", "CC0-1.0"),
    _wheel("cell", "train", _SKIMAGE + "cell.png", "scikit-image", "CC0-1.0"),
    _wheel("clock", "train", _SKIMAGE + "clock_motion.png", "Stefan van der Walt", "public domain"),
    _wheel("coins", "train", _SKIMAGE + "coins.png", "Brooklyn Museum", "no known restrictions"),
    _wheel(
        "hubble_deep_field", "train", _SKIMAGE + "hubble_deep_field.jpg", "NASA", "public domain"
    ),
    _wheel(
        "immunohistochemistry",
        "train",
        _SKIMAGE + "ihc.png",
        "scikit-image",
        "no known restrictions",
    ),
    _wheel("retina", "train", _SKIMAGE + "retina.jpg", "Mikael Häggström", "CC0-1.0"),
    _wheel("microaneurysms", "train", _SKIMAGE + "microaneurysms.png", "Andreas Maier", "CC0-1.0"),
    # Painted or rendered pictures: training only, for variety.
    _plasma("Autumn", "train", "RJ Quiralta", "LGPL-3", _WIDE, illustration=True),
    _plasma("Altai", "train", "Alesya Khoteeva", "CC-BY-SA-4.0", "5120x2880.png", True),
    _plasma("Volna", "train", "Nikita Babin", "CC-BY-SA-4.0", "5120x2880.jpg", True),
    _plasma("SafeLanding", "train", "Louis Durrant", "CC-BY-SA-4.0", "5120x2880.jpg", True),
    _plasma("Kokkini", "train", "Ken Vermette", "LGPL-3", "3840x2160.png", True),
    _plasma("Cluster", "train", "Ken Vermette", "LGPL-3", "3840x2160.png", True),
    _plasma("Canopee", "train", "Ken Vermette", "LGPL-3", "3840x2160.png", True),
    _plasma("Honeywave", "train", "Ken Vermette", "CC-BY-SA-4.0", "5120x2880.jpg", True),
    _plasma("Flow", "train", "Sandra Smukaste", "CC-BY-SA-4.0", "5120x2880.jpg", True),
    _plasma("Patak", "train", "Áron Kovács", "CC-BY-SA-4.0", "5120x2880.png", True),
)


def of_split(split: str, wheels_only: bool = False) -> list[Photograph]:
    """The photographs of one side of the split, in a fixed order."""
    return [p for p in PHOTOGRAPHS if p.split == split and not (wheels_only and p.package)]


def location(photograph: Photograph, folder: Path) -> Path:
    """The file of a photograph, present or not."""
    if photograph.package is None:
        module, _, path = photograph.path.partition(":")
        return Path(str(files(module))) / path
    return folder / photograph.path


def require(photographs: list[Photograph], folder: Path) -> None:
    """Refuses, naming what is missing and how to get it."""
    missing = [p for p in photographs if not location(p, folder).is_file()]
    if not missing:
        return
    packages = [name for name in PACKAGES if any(p.package == name for p in missing)]
    names = ", ".join(p.name for p in missing[:5]) + (" ..." if len(missing) > 5 else "")
    if not packages:
        raise UsageError(
            f"{len(missing)} sample images of scikit-image or scikit-learn are missing ({names});"
            " install the exact versions of requirements.lock"
        )
    raise UsageError(
        f"{len(missing)} photographs are missing under {folder} ({names}). They are in the Debian"
        f" packages {' '.join(packages)}. Get them with:\n"
        f"  mkdir -p {folder} && cd {folder} && apt-get download {' '.join(packages)}"
        ' && for deb in *.deb; do dpkg -x "$deb" .; done\n'
        "or name another folder with --photographs"
    )


def load(photograph: Photograph, folder: Path) -> np.ndarray:
    """The picture as uint8 RGB, its long side at most 720 pixels."""
    path = location(photograph, folder)
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise UsageError(f"cannot read the photograph {path}")
    scale = LONG_SIDE / max(picture.shape[:2])
    if scale < 1:
        size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture[:, :, ::-1])
