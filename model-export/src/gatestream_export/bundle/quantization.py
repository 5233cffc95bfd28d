"""What became of an encoder of lower precision, for people and for model.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gatestream_export.bundle import lower_precision
from gatestream_export.bundle.latency import Latency


@dataclass(frozen=True)
class Result:
    """What became of the encoder. `before` and `after` are the accuracy, or 1 and the agreement."""

    form: str
    bytes_before: int
    bytes_after: int
    latency_before: Latency
    latency_after: Latency
    before: float
    after: float
    labelled: bool
    convolutions: int
    nodes: dict[str, int]

    @property
    def drop(self) -> float:
        """How much accuracy, or agreement, was lost."""
        return self.before - self.after

    @property
    def ratio(self) -> float:
        """Latency after as a share of the latency before."""
        return self.latency_after.median / self.latency_before.median

    def lines(self) -> list[str]:
        """For people."""
        integer = self.nodes.get("QLinearConv", 0)
        before, after = self.bytes_before, self.bytes_after
        what = "accuracy" if self.labelled else "same top label as the original"
        lines = [
            f"encoder.onnx: {before:,} bytes before, {after:,} after ({after / before:.2f})",
            (
                f"encoder latency, batch 1, one thread: {self.latency_before} before,"
                f" {self.latency_after} after ({self.ratio:.2f})"
            ),
            f"{what}: {self.before:.4f} before, {self.after:.4f} after (drop {self.drop:.4f})",
        ]
        if self.form in lower_precision.FORMS:
            lines.append(f"{integer} of {self.convolutions} convolutions run as QLinearConv")
        if self.ratio > 1:
            lines.append("it is slower than float32 here: it does not pay for this encoder and CPU")
        if self.form == "fp16":
            lines.append(
                "fp16 is for GPUs: on a CPU without float16 arithmetic it only saves space"
            )
        return lines

    def as_dict(self) -> dict[str, Any]:
        """For training.metrics.quantisation."""
        return {
            "form": self.form,
            "encoderBytesBefore": self.bytes_before,
            "encoderBytesAfter": self.bytes_after,
            "latencyRatioWhereMade": round(self.ratio, 3),
            ("accuracyBefore" if self.labelled else "agreementBefore"): round(self.before, 4),
            ("accuracyAfter" if self.labelled else "agreementAfter"): round(self.after, 4),
            "convolutions": self.convolutions,
            "integerConvolutions": self.nodes.get("QLinearConv", 0),
        }
