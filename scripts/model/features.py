"""Log-mel features, computed as Vosk will compute them: as the model's ``conf/fbank.conf`` says (see `kaldi`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import kaldi_native_fbank as knf
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_HZ = 16_000
FRAME_SHIFT = 160
"""Samples from the beginning of one frame to that of the next."""
FLOOR = float(np.log(np.finfo(np.float32).eps))
"""What digital silence comes to."""


def _options() -> knf.FbankOptions:
    options = knf.FbankOptions()
    frame = options.frame_opts
    frame.samp_freq, frame.dither, frame.snip_edges = SAMPLE_HZ, 0.0, True
    frame.window_type, frame.remove_dc_offset, frame.preemph_coeff = "povey", True, 0.97
    mel = options.mel_opts
    mel.num_bins, mel.low_freq, mel.high_freq = 40, 20, 7600
    options.use_energy, options.use_log_fbank, options.use_power, options.energy_floor = False, True, True, 0.0
    return options


_OPTIONS = _options()


def log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The features of a recording.

    Args:
        samples: (n,) at 16 kHz, on the scale of 16-bit integers.

    Returns:
        (frames, 40) float32; a frame every 10 ms, none for less than 25 ms.
    """
    computer = knf.OnlineFbank(_OPTIONS)
    computer.accept_waveform(SAMPLE_HZ, np.asarray(samples, np.float32))
    computer.input_finished()
    frames = [computer.get_frame(index) for index in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, 40), np.float32)
