"""From what came of the stretches to figures."""

from __future__ import annotations

from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING, Final

from benchmark.intervals import Figure, count, greatest, hourly, percentile, relative, share
from benchmark.night.attending import Attended, What
from benchmark.night.interrupting import SaidOver
from benchmark.recordings import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmark.night.attending import Attempt
    from benchmark.night.interrupting import Reply
    from benchmark.night.listening import Outcome
    from benchmark.recordings import CorpusRecording

PEOPLE, SYNTHETIC, NEURAL = "people", "synthetic", "neural"
_DELAYS = {
    SaidOver.INTO_SENTENCE: ("stop_to_silence_own_voice", "stopped_own_voice_share"),
    SaidOver.INTO_PAUSE: ("answer_begins_quiet", "answered_quiet_share"),
}


def figures(outcomes: Iterable[Outcome]) -> dict[str, Figure]:
    """What the outcomes of one column come to.

    Args:
        outcomes: All of them, in any order.

    Returns:
        Figures by key:

        - ``right.quiet``, ``right.snr6.fan``, ``right.snr6``: of the commands given there, the share that was right;
          with ``.people``, ``.synthetic``, ``.voice.NAME`` or ``.word.PHRASE`` after it, of these commands alone;
        - ``acceptance_snr6_share``, ``acceptance_own_voice_echo6_share``, ...: such a share relative to the quiet one;
        - ``stop_to_silence_own_voice_p50_ms``, ``answer_begins_quiet_p95_ms``, ...: delays of what was obeyed; infinite
          where nothing was; and ``stopped_own_voice_share``, ``answered_quiet_share``: how much was;
        - ``speech_false_accepts_per_h``, ``night_noise_false_accepts_per_h``, with ``.rest`` after it at rest, and with
          ``.NAME`` in one kind of noise, of which talk counts by itself alone; ``word_false_accepts_share``: of the
          words, those that anything came of;
        - ``own_voice_false_accepts``: how many, and ``own_voice_false_accepts.echo6`` at one level,
          ``own_voice_false_accepts.echo0late400`` with a late speaker.
    """
    outcomes = list(outcomes)
    attended = [one for one in outcomes if isinstance(one, Attended)]
    found = _acceptance(one for one in attended if one.session.what is What.COMMANDS)
    found |= _false_accepts(attended)
    for how, (delay, obeyed) in _DELAYS.items():
        replies = [
            reply
            for one in outcomes
            if not isinstance(one, Attended) and one.interview.how is how
            for reply in one.replies
        ]
        found |= _delays(replies, delay, obeyed) if replies else {}
    return found


def _acceptance(sessions: Iterable[Attended]) -> dict[str, Figure]:
    counted: dict[str, list[bool]] = defaultdict(list)
    for one in sessions:
        for attempt in one.attempts:
            for key in _places(one.session.surroundings.key):
                for whose in _whose(attempt.said):
                    counted[f"right.{key}{whose}"].append(attempt.accepted == (attempt.said.transcript,))
    found = {key: share(sum(hits), len(hits)) for key, hits in counted.items()}
    return found | dict(_relative_to_quiet(found))


def _places(key: str) -> tuple[str, ...]:
    """``snr6.fan`` counts for all noise of that ratio too."""
    ratio, _, background = key.partition(".")
    return (key, ratio) if background else (key,)


def _whose(said: CorpusRecording) -> tuple[str, ...]:
    """The parts of a figure that a command counts for; the first is the whole."""
    if said.kind is not Kind.SYNTHETIC:
        return ("", f".{PEOPLE}", f".word.{said.transcript}", f".voice.{PEOPLE}")
    engine = said.speaker.partition(" ")[0]
    whose = NEURAL if engine == "kokoro" else SYNTHETIC
    return ("", f".{whose}", f".word.{said.transcript}", f".voice.{engine}")


def _relative_to_quiet(found: dict[str, Figure]) -> Iterator[tuple[str, Figure]]:
    quiet = found.get("right.quiet")
    if quiet is None or not quiet.value:
        return
    for key, figure in found.items():
        _, place, *rest = key.split(".", maxsplit=2)
        if not rest and place != "quiet":
            yield f"acceptance_{place.replace('echo', 'own_voice_echo')}_share", relative(figure, quiet)


_TALK_ALONE: Final = "night.babble"
"""It is no noise of the night, and would hide what is."""


def _false_accepts(attended: Sequence[Attended]) -> dict[str, Figure]:
    grouped: dict[str, list[Attended]] = defaultdict(list)
    for one in attended:
        at_rest = ".rest" if one.session.listens == "rest" else ""
        place = one.session.surroundings.key
        match one.session.what:
            case What.SPEECH:
                grouped[f"speech_false_accepts_per_h{at_rest}"].append(one)
            case What.NOISE:
                if place != _TALK_ALONE:
                    grouped[f"night_noise_false_accepts_per_h{at_rest}"].append(one)
                grouped[f"night_noise_false_accepts_per_h{at_rest}.{place.partition('.')[2]}"].append(one)
            case What.WORDS:
                grouped[f"word_false_accepts_share{at_rest}"].append(one)
            case What.OWN_VOICE:
                grouped["own_voice_false_accepts"].append(one)
                grouped[f"own_voice_false_accepts.{place}"].append(one)
            case What.COMMANDS:
                pass
    return {key: _false(key, sessions) for key, sessions in grouped.items()}


def _false(key: str, sessions: Sequence[Attended]) -> Figure:
    accepted, hours = sum(one.accepted for one in sessions), sum(one.length_s for one in sessions) / 3600
    if key.startswith("own_voice"):
        return count(accepted, hours)
    if key.startswith("word"):
        attempts: list[Attempt] = [attempt for one in sessions for attempt in one.attempts]
        return share(sum(bool(attempt.accepted) for attempt in attempts), len(attempts))
    return hourly(accepted, hours, hours)


def _delays(replies: Sequence[Reply], delay: str, obeyed: str) -> dict[str, Figure]:
    delays_ms = [reply.delay_s * 1000 for reply in replies if reply.delay_s is not None]
    obeyed_share = {obeyed: share(len(delays_ms), len(replies))}
    if not delays_ms:
        never = Figure(inf, len(replies), inf, inf)
        return {f"{delay}_{name}_ms": never for name in ("p50", "p95", "max")} | obeyed_share
    return {
        f"{delay}_p50_ms": percentile(delays_ms, 0.50),
        f"{delay}_p95_ms": percentile(delays_ms, 0.95),
        f"{delay}_max_ms": greatest(delays_ms),
    } | obeyed_share
