"""Makes a voice pack: every sentence is rendered, finished as all clips are, and kept as Opus."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from voicecoach.errors import BadRequestError, CannotCreateError
from voicecoach.speaking.clips import as_float, as_int16
from voicecoach.speaking.disk import ClipFolder
from voicecoach.speaking.finish import SPEECH_LUFS, finish
from voicecoach.speaking.packs.manifest import Manifest
from voicecoach.speaking.packs.opus import BITS_PER_SECOND
from voicecoach.speaking.packs.writing import Encoded, PackWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from voicecoach.engines.synthesis.port import Synthesizer, Voice
    from voicecoach.speaking.packs.pack import VoicePack

CARD: Final = """# {name}

A synthetic voice: {voice} of {engine}, at {words_per_minute} words a minute. No person said any of this.

Licence: {licence}. Made with `voicecoach voices render`; every clip is Opus in Ogg, and `sentences.jsonl` tells what
each one says.
"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a pack came to."""

    clips: int
    seconds: float
    opus_bytes: int
    unsaid: tuple[str, ...]
    """Sentences that the engine could not say; they are left to whatever speaks besides the pack."""


@dataclass(frozen=True, slots=True)
class PackToMake:
    """What a pack is to be."""

    name: str
    language: str
    """Its tag."""
    voice: Voice
    licence: str
    covers: tuple[str, ...]
    """Keys of the routines."""
    about: str = ""
    bits_per_second: int = BITS_PER_SECOND


def render_pack(  # noqa: PLR0913, PLR0917 - the last three are for who renders much
    path: Path,
    wanted: PackToMake,
    sentences: Sequence[str],
    synthesizers: Sequence[Synthesizer],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    kept: Path | None = None,
    earlier: VoicePack | None = None,
) -> Rendered:
    """Make the pack ``path`` of ``sentences``; the same engine makes the same file of the same sentences.

    Args:
        path: The file; what is there stays until the new one is whole.
        wanted: Name, voice and licence.
        sentences: As `speaking.clips.clips_of` gives them, or phrases of them.
        synthesizers: Say them, side by side; all are the same engine.
        progress: Called after each with their number so far and in all.
        kept: A folder of clips: what is there is not rendered again, and what is rendered is kept there at once, so
            that hours of work survive an interruption.  None: all is rendered.
        earlier: What it says in the same voice is taken over as it is, and so a few new sentences take seconds.

    Raises:
        CannotCreateError: A file cannot be written.
        VoicecoachError: The engine cannot speak at all.
    """
    engine = synthesizers[0].key
    manifest = Manifest(
        name=wanted.name,
        language=wanted.language,
        engine=engine,
        voice=wanted.voice.name,
        words_per_minute=wanted.voice.words_per_minute,
        loudness_lufs=SPEECH_LUFS,
        licence=wanted.licence,
        covers=wanted.covers,
        about=wanted.about,
    )
    card = CARD.format(
        name=manifest.name,
        voice=manifest.voice,
        engine=manifest.engine,
        words_per_minute=manifest.words_per_minute,
        licence=manifest.licence,
    )
    every = list(dict.fromkeys(sentences))
    there = {} if earlier is None else _taken_over(earlier, manifest, every)
    seconds, opus_bytes, clips, unsaid = 0.0, 0, 0, []
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(TemporaryDirectory(prefix="voice-")))
        clips_kept = ClipFolder(folder, engine)
        pack = stack.enter_context(PackWriter(path, manifest, card, wanted.bits_per_second))
        _render_missing(every, there, wanted.voice, synthesizers, clips_kept, progress)

        def encode(sentence: str) -> Encoded | None:
            if sentence in there:
                return there[sentence]
            clip = clips_kept.load(sentence, wanted.voice)
            return None if clip is None else pack.encode(as_float(clip[0]), clip[1])

        encoders = stack.enter_context(ThreadPoolExecutor(len(synthesizers)))
        for sentence, clip in zip(every, encoders.map(encode, every), strict=True):
            if clip is None:
                unsaid.append(sentence)
                continue
            pack.add(sentence, clip)
            clips, seconds, opus_bytes = clips + 1, seconds + clip.seconds, opus_bytes + len(clip.data)
    return Rendered(clips, seconds, opus_bytes, tuple(unsaid))


def _taken_over(earlier: VoicePack, manifest: Manifest, sentences: Sequence[str]) -> Mapping[str, Encoded]:
    """Of ``sentences`` those that ``earlier`` says in the voice of ``manifest``, and that are not broken."""
    lasting = {one.key: one.seconds for one in earlier.sentences()}
    found = {}
    for sentence in sentences:
        key = manifest.key(sentence)
        is_same = key == earlier.manifest.key(sentence) and key in lasting
        if is_same and earlier.load(sentence) is not None and (data := earlier.opus(sentence)) is not None:
            found[sentence] = Encoded(data, lasting[key])
    return found


def _render_missing(  # noqa: PLR0913, PLR0917 - one step of `render_pack`
    sentences: Sequence[str],
    there: Container[str],
    voice: Voice,
    synthesizers: Sequence[Synthesizer],
    kept: ClipFolder,
    progress: Callable[[int, int], None],
) -> None:
    """Render what is not kept yet, each synthesiser in a thread of its own; what none can say is passed over.

    Raises:
        CannotCreateError: A clip cannot be written.
        VoicecoachError: The engine cannot speak at all.
    """
    missing = [one for one in sentences if one not in there and kept.load(one, voice) is None]
    done = len(sentences) - len(missing)
    free: SimpleQueue[Synthesizer] = SimpleQueue()
    for synthesizer in synthesizers:
        free.put(synthesizer)

    def render(sentence: str) -> None:
        synthesizer = free.get()
        try:
            samples, rate_hz = synthesizer.render(sentence, voice)
        finally:
            free.put(synthesizer)
        try:
            kept.store(sentence, voice, (as_int16(finish(as_float(samples), rate_hz)), rate_hz))
        except OSError as error:
            raise CannotCreateError(f"{kept.path} cannot be written ({error.strerror})") from error

    with ThreadPoolExecutor(len(synthesizers)) as pool:
        tried = [pool.submit(render, sentence) for sentence in missing]
        try:
            for one in as_completed(tried):
                try:
                    one.result()
                except BadRequestError:
                    if not done:  # there is no such voice
                        raise
                    continue
                done += 1
                progress(done, len(sentences))
        finally:
            pool.shutdown(cancel_futures=True)
