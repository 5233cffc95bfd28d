"""Unit tests of `gpu`'s steps, on made-up labels, folders and figures; GpuScriptTest runs them.

python3 -m unittest discover -s integration-tests/measure -p gpu_steps_test.py
"""

from __future__ import annotations

import json
import struct
import tempfile
import unittest
from pathlib import Path
from typing import Any

from gpu_steps import cuda, fatbin, kills, natives, pieces, table
from gpu_steps.problems import StepFailedError, UsageError


def label(sequence: int, offset: int, **changed: Any) -> dict[str, Any]:
    made = {"streamId": "door", "session": "s", "sequence": sequence, "partition": 0, "offset": offset}
    made |= {"framesSinceReset": sequence, "reset": "NONE", "duplicates": 0, "skipped": 0, "rejected": 0}
    made |= {"captureTime": sequence, "sourceTime": sequence, "scores": [{"label": "still", "score": 0.5}]}
    return made | changed


class Comparison(unittest.TestCase):
    undisturbed = [label(i, i) for i in range(4)]

    def problems(self, found: list[dict[str, Any]]) -> list[str]:
        result: list[str] = kills.compare(self.undisturbed, found)["problems"]
        return result

    def test_equal_labels_have_no_problem(self) -> None:
        result = kills.compare(self.undisturbed, list(reversed(self.undisturbed)))  # read in any order
        self.assertEqual(([], 0.0), (result["problems"], result["largestScoreDifference"]))

    def test_a_lost_label_is_found(self) -> None:
        self.assertIn(
            "door: 3 labels, undisturbed 4", self.problems(self.undisturbed[:2] + self.undisturbed[3:])[0]
        )

    def test_a_label_that_comes_twice_is_found(self) -> None:
        self.assertIn("5 labels", self.problems([*self.undisturbed, label(3, 9)])[0])

    def test_another_order_is_found(self) -> None:
        self.assertIn("first difference", self.problems([label(1, 0), label(0, 1), *self.undisturbed[2:]])[0])

    def test_a_stream_that_is_missing_is_found(self) -> None:
        self.assertIn("0 labels, undisturbed 4", self.problems([])[0])

    def test_another_count_is_found(self) -> None:
        found = [*self.undisturbed[:3], label(3, 3, skipped=1)]
        self.assertEqual(["door: at sequence 3 another skipped"], self.problems(found))

    def test_scores_may_differ_and_are_told(self) -> None:
        found = [*self.undisturbed[:3], label(3, 3, scores=[{"label": "still", "score": 0.25}])]
        result = kills.compare(self.undisturbed, found)
        self.assertEqual(([], 0.25), (result["problems"], result["largestScoreDifference"]))


class Cuda(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = Path(self._folder.name)

    def put(self, folder: str, *names: str) -> Path:
        place = self.folder / folder
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            (place / name).touch()
        return place

    def test_the_wheels_of_cuda_13_have_all_in_two_folders(self) -> None:
        own = ["cudart.so.13", "cublas.so.13", "cublasLt.so.13", "cufft.so.12", "curand.so.10", "nvrtc.so.13"]
        one = self.put("cu13/lib", *(f"lib{name}" for name in own))
        two = self.put("cudnn/lib", "libcudnn.so.9", "libcudnn_ops.so.9")
        self.assertEqual(("13", [one, two]), cuda.choose([self.folder]))

    def test_of_two_versions_the_newer_is_taken_whole(self) -> None:
        self.put("old", "libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12", "libnvrtc.so.12")
        self.put(
            "new", "libcudart.so.13", "libcublasLt.so.13", "libnvrtc.so.13", "libcudnn.so.9", "libcufft.so.12"
        )
        with self.assertRaisesRegex(
            cuda.NoCudaError, r"CUDA 13 is here without libcublas\.so, libcurand\.so"
        ):
            cuda.choose([self.folder])

    def test_without_any_the_folders_that_were_searched_are_named(self) -> None:
        with self.assertRaisesRegex(cuda.NoCudaError, f"searched {self.folder}"):
            cuda.choose([self.folder])


class Pieces(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = Path(self._folder.name)
        source = self.folder / "source"
        (source / "in").mkdir(parents=True)
        (source / "in/file").write_bytes(bytes(range(256)) * 1000)
        (source / "program").write_text("#!/bin/sh\n")
        (source / "program").chmod(0o755)
        self.written = pieces.write(source, self.folder, "app.tar.xz", 100, 0)
        manifest = {"format": 1, "cuda": [], "pieces": self.written}
        (self.folder / pieces.MANIFEST).write_text(json.dumps(manifest))

    def test_what_was_split_is_joined_again(self) -> None:
        self.assertGreater(len(self.written), 3)
        self.assertTrue(all(piece["bytes"] <= 100 for piece in self.written))
        read = pieces.read_manifest(self.folder)["pieces"]
        pieces.check(self.folder, read)
        to = self.folder / "app"
        pieces.unpack(self.folder, read, to)
        self.assertEqual(bytes(range(256)) * 1000, (to / "in/file").read_bytes())
        self.assertTrue((to / "program").stat().st_mode & 0o100)
        (to / "program").unlink()
        pieces.unpack(self.folder, read, to)
        self.assertFalse((to / "program").exists(), "unpacked once")

    def test_every_bad_piece_is_named(self) -> None:
        first, second, third = (self.folder / piece["name"] for piece in self.written[:3])
        first.unlink()
        second.write_bytes(second.read_bytes()[:-1])
        third.write_bytes(bytes([third.read_bytes()[0] ^ 1]) + third.read_bytes()[1:])
        with self.assertRaises(UsageError) as refused:
            pieces.check(self.folder, self.written)
        self.assertEqual(3, len(refused.exception.problems))
        for file, what in zip(
            (first, second, third), ("is missing", "bytes, not 100", "is damaged"), strict=True
        ):
            self.assertTrue(
                any(str(file) in said and what in said for said in refused.exception.problems), what
            )


class Targets(unittest.TestCase):
    def results(self, provider: str, **rates: Any) -> dict[str, Any]:
        figures = [
            {"stage": "decode", "setting": "16 workers, as run does: full scale", "fps": 12_000},
            {"stage": "decode", "setting": "16 workers, OpenCV alone at full scale", "fps": 19_000},
            {"stage": "encode", "setting": "batch 32, 1 caller, intra-op 1", "fps": 40_000},
        ]
        delay = {"load": 70, "fps": 7_700.0, "p99": 80.0, "unlabelled": 0}
        cameras = {"load": 91, "fps": 9_990.0, "p99": 99.0, "unlabelled": 0}
        rates = {"endToEndFps": 11_000, "delays": [delay, cameras], **rates}
        return {"provider": provider, "phases": {"stages": {"stages": figures}, "rates": rates}}

    def judged(self, results: dict[str, Any]) -> list[bool | None]:
        return [row.met for row in table.rows(results) if row.target]

    def test_the_smaller_of_decode_as_it_runs_and_encode_is_the_limit(self) -> None:
        self.assertEqual(12_000, table.limit(self.results("cuda")))

    def test_a_gpu_is_judged(self) -> None:
        self.assertEqual([True, True, True], self.judged(self.results("cuda")))
        self.assertEqual([False, False, True], self.judged(self.results("cuda", endToEndFps=9_999)))
        late = [{"load": 91, "fps": 9_990.0, "p99": 101.0, "unlabelled": 0}]
        self.assertEqual([True, True, False], self.judged(self.results("cuda", delays=late)))
        lost = [{"load": 91, "fps": 9_990.0, "p99": 9.0, "unlabelled": 1}]
        self.assertEqual([True, True, False], self.judged(self.results("cuda", delays=lost)))

    def test_a_gpu_that_was_too_slow_for_the_cameras_misses_that(self) -> None:
        slow = [{"load": 70, "fps": 5_000.0, "p99": 50.0, "unlabelled": 0}]
        self.assertEqual(
            [False, False, False], self.judged(self.results("cuda", endToEndFps=7_000, delays=slow))
        )

    def test_a_cpu_is_not_judged(self) -> None:
        self.assertEqual({None}, set(self.judged(self.results("cpu"))))

    def test_a_run_that_was_cut_off_has_what_is_there(self) -> None:
        self.assertEqual([], table.rows({"provider": "cuda", "phases": {"rates": {"error": "too long"}}}))


class Natives(unittest.TestCase):
    def test_only_the_libraries_of_onnxruntime_are_taken(self) -> None:
        names = [
            "libonnxruntime_providers_cuda.so",
            "libonnxruntime_providers_openvino.so",
            "x_providers_cuda.so",
        ]
        self.assertEqual([True, False, False], [bool(natives.PROVIDERS.fullmatch(name)) for name in names])


class Fatbin(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.library = Path(self._folder.name) / "library.so"

    @staticmethod
    def container(*codes: tuple[int, bytes]) -> bytes:
        entries = b""
        for capability, code in codes:
            header = fatbin.ENTRY.pack(2, 0x101, 64, len(code)).ljust(fatbin.CAPABILITY_AT, b"h")
            entries += (header + struct.pack("<I", capability)).ljust(64, b"h") + code
        return fatbin.CONTAINER.pack(fatbin.MAGIC, 1, 16, len(entries)) + entries

    def write(self, section: bytes) -> bytes:
        """A 64-bit ELF file with that section and the one of names."""
        names = b"\0.names\0.nv_fatbin\0"
        data = b"\x7fELF".ljust(64, b"\0") + names + section
        table = b"".join(
            struct.pack("<IIQQQQ", name, 1, 0, 0, offset, size).ljust(64, b"\0")
            for name, offset, size in ((0, 0, 0), (1, 64, len(names)), (8, 64 + len(names), len(section)))
        )
        file = bytearray(data + table)
        struct.pack_into("<Q", file, 0x28, len(data))
        struct.pack_into("<HHH", file, 0x3A, 64, 3, 1)
        self.library.write_bytes(file)
        return bytes(file)

    def test_only_the_code_of_other_gpus_becomes_zero(self) -> None:
        first = self.container((80, b"old" * 8), (90, b"new" * 8), (120, b"far" * 8))
        before = self.write(first + self.container((90, b"more" * 8)))
        self.assertEqual(48, fatbin.thin(self.library, 90))
        expected = before.replace(b"old" * 8, bytes(24)).replace(b"far" * 8, bytes(24))
        self.assertEqual(expected, self.library.read_bytes())

    def test_what_is_not_as_it_is_known_is_left_whole(self) -> None:
        known = self.container((90, b"new" * 8))
        shorter = fatbin.CONTAINER.pack(fatbin.MAGIC, 1, 16, len(known) - 24) + known[16:]
        for section in (b"x" * 32, self.container((80, b"old" * 8)), shorter):
            before = self.write(section)
            with self.assertRaises(StepFailedError):
                fatbin.thin(self.library, 90)
            self.assertEqual(before, self.library.read_bytes())


if __name__ == "__main__":
    unittest.main()
