"""Kokoro by OpenVINO, where a processor multiplies 16-bit floats: half the time, and good enough to train with.

OpenVINO is no part of any installation: `pip install openvino` (60 MB).  What ships is rendered by onnxruntime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.synthesis.kokoro.network import LENGTHS, SOUND, Kokoro, with_output
from voicecoach.engines.synthesis.kokoro.weights import NETWORK
from voicecoach.errors import MissingPartError
from voicecoach.invocation import to_install

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

_HOW: Final = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "bf16"}


class FasterKokoro(Kokoro):
    """The network, loaded."""

    def __init__(self, folder: Path) -> None:
        """Load it.

        Args:
            folder: As for `Kokoro`.

        Raises:
            MissingPartError: There is no OpenVINO.
        """
        try:
            import openvino  # noqa: PLC0415 - no extra brings it
        except ModuleNotFoundError as error:
            raise MissingPartError(f"--faster needs OpenVINO; type: {to_install('openvino')}") from error
        core = openvino.Core()
        network = core.read_model(with_output((folder / NETWORK).read_bytes(), LENGTHS), b"")
        self._compiled = core.compile_model(network, "CPU", _HOW)

    def _computed(self, inputs: dict[str, NDArray[Any]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        outputs = self._compiled(inputs)
        return np.asarray(outputs[SOUND], np.float32), np.asarray(outputs[LENGTHS], np.int64)
