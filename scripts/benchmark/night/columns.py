"""What is compared: the coach's speech input, and what others would put in its place."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from benchmark.night.plain_loop import PlainLoop
from benchmark.phrases import by_hand, shipped_assembly
from benchmark.whisper import TINY_EN, Whisper, is_installed
from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.model_files import find_model
from voicecoach.engines.recognition.model_store.choosing import SHIPPED_NAME
from voicecoach.settings import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.hearing.policy import Policy


class NightColumn(Enum):
    """A speech input; the value heads its column."""

    OURS = "voicecoach"
    PLAIN = "plain loop"
    """Vosk with the same model and a list of phrases, final results only, deaf while the coach speaks."""
    SPHINX = "pocketsphinx"
    """The same loop with PocketSphinx."""
    WHISPER = "Whisper tiny.en"
    """The same loop with Whisper's smallest network for English, and its text looked up among the phrases."""


def measured_columns(*, quick: bool) -> tuple[NightColumn, ...]:
    """Those whose libraries are installed; where it is to be quick, not the one that takes longest."""
    with_whisper = not quick and is_installed(TINY_EN)
    return tuple(column for column in NightColumn if column is not NightColumn.WHISPER or with_whisper)


def measured_assembly() -> Assembly:
    """The coach as it ships, with the model that ships, whatever this machine's user has chosen."""
    assembly = shipped_assembly()
    return Assembly(replace(assembly.settings, model=SHIPPED_NAME), assembly.library)


def speech_input_of(
    column: NightColumn, assembly: Assembly, adapt: Callable[[Policy], Policy] = lambda policy: policy
) -> SpeechInput:
    """A new one that has heard nothing."""
    match column:
        # Libraries of the others are not loaded where the memory of one is measured.
        case NightColumn.OURS:
            return assembly.speech_input(adapt=adapt)
        case NightColumn.PLAIN:
            from benchmark.night.plain_vosk import PlainVosk  # noqa: PLC0415 - see above

            return PlainLoop(PlainVosk(find_model(None)), by_hand(assembly))
        case NightColumn.SPHINX:
            from benchmark.night.plain_sphinx import PlainSphinx  # noqa: PLC0415 - see above

            return PlainLoop(PlainSphinx(), by_hand(assembly))
        case NightColumn.WHISPER:
            from benchmark.night.plain_whisper import PlainWhisper  # noqa: PLC0415 - see above

            whisper = Whisper(TINY_EN, cache_folder() / "benchmark" / "whisper-tiny.en", "en")
            return PlainLoop(PlainWhisper(whisper, assembly.language.number), by_hand(assembly))
