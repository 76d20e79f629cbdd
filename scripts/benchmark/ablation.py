"""``scripts/bench ablate``: what each rule of hearing brings, by leaving it out.

A rule that exists because of a measurement is measured again: the same stretches of a night are heard by the product,
and by the product without that rule.  People come from the recordings that are kept for tuning, never from those that
are kept for evaluation, because what brings nothing goes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmark.ablation_night import PARTS, ablation_night
from benchmark.night.casting import cast
from benchmark.night.columns import measured_assembly
from benchmark.night.effort import QUICK
from benchmark.night.listening import StretchTrial
from benchmark.night.tally import figures
from benchmark.phrases import situations
from benchmark.recordings import kept_for_tuning
from benchmark.workers import done_to_each
from voicecoach.errors import BadRequestError
from voicecoach.hearing.policy import LEAST_CONFIDENCE, PhrasePolicy, Policy

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from benchmark.night.casting import NightCast
    from benchmark.night.listening import Outcome
    from benchmark.night.programme import Stretch

HELP: Final = "what each rule of hearing brings, by leaving it out"
EFFORT: Final = replace(QUICK, of_a_text=30, of_a_kind=90, stops=80, answers=24)


@dataclass(frozen=True, slots=True)
class Variant:
    """The product without one rule."""

    key: str
    of: Callable[[Policy], Policy]
    parts: str
    """Which parts of the night it can change at all: the letters of `PARTS`."""


def _phrases(policy: Policy, change: Callable[[PhrasePolicy], PhrasePolicy]) -> Policy:
    return replace(policy, phrases={phrase: change(asked) for phrase, asked in policy.phrases.items()})


def _endpoint(policy: Policy, **changes: float) -> Policy:
    return replace(policy, rules=replace(policy.rules, endpoint=replace(policy.rules.endpoint, **changes)))


def _redecoding(policy: Policy, **changes: bool) -> Policy:
    return replace(policy, rules=replace(policy.rules, redecoding=replace(policy.rules.redecoding, **changes)))


def _background(policy: Policy, **changes: float) -> Policy:
    background = replace(policy.rules.background, **changes)  # type: ignore[arg-type]  # the same
    return replace(policy, rules=replace(policy.rules, background=background))


def _barge_in(policy: Policy, **changes: float) -> Policy:
    return replace(policy, rules=replace(policy.rules, barge_in=replace(policy.rules.barge_in, **changes)))


def _second_ear(policy: Policy, **changes: float) -> Policy:
    second_ear = replace(policy.rules.second_ear, **changes)  # type: ignore[arg-type]  # the same
    return replace(policy, rules=replace(policy.rules, second_ear=second_ear))


def _near(policy: Policy, **changes: int) -> Policy:
    return replace(policy, rules=replace(policy.rules, near=replace(policy.rules.near, **changes)))


def _doubted_cry(policy: Policy, within_s: float) -> Policy:
    return replace(
        policy, rules=replace(policy.rules, doubted_cry=replace(policy.rules.doubted_cry, within_s=within_s))
    )


def _alike(policy: Policy) -> Policy:
    return replace(policy, others=lambda _: PhrasePolicy())


def _any_confidence(policy: Policy) -> Policy:
    return replace(policy, others=lambda _: PhrasePolicy(0.0))


def _usual(asked: PhrasePolicy) -> PhrasePolicy:
    return replace(asked, least_confidence=LEAST_CONFIDENCE)


VARIANTS: Final = (
    Variant("product", lambda policy: policy, "".join(PARTS)),
    Variant("any confidence will do", _any_confidence, "qsw"),
    Variant("'stop' and red flags at the usual confidence", partial(_phrases, change=_usual), "qswch"),
    Variant("no early endpoint", partial(_endpoint, endpoint_silence_s=9.0, silence_may_go_on_s=9.0), "ql"),
    Variant("no longer wait where a phrase may go on", partial(_endpoint, silence_may_go_on_s=0.3), "p"),
    Variant("nothing is urgent", partial(_phrases, change=partial(replace, urgent=False)), "lsw"),
    Variant("no shorter wait after longer silence", partial(_endpoint, long_silence_s=9.0), "l"),
    Variant("no tail re-decode", partial(_redecoding, tail=False), "nc"),
    Variant("no foreground re-decode", partial(_redecoding, foreground=False), "nzc"),
    Variant("beside talk is apart", partial(_background, apart_s=0.0), "nswzt"),
    Variant("who stands out is not apart", partial(_background, stands_out_is_apart=False), "nz"),
    Variant("no habit", partial(_background, recurring_window_s=0.0), "znst"),
    Variant(
        "nobody is believed the second time",
        partial(_background, repeated_within_s=0.0, urgent_repeated_within_s=0.0),
        "zst",
    ),
    Variant("long phrases are like snoring too", partial(_background, long_phrase_words=99), "znst"),
    Variant("sure 'stop's are like snoring too", partial(_background, urgent_confidence=1.1), "zn"),
    Variant("no barge-in guard", partial(_barge_in, loud_db=-99.0, louder_db=-99.0, softest_db=-199.0), "eo"),
    Variant("own words are not doubted more", partial(_barge_in, louder_db=3.0), "eo"),
    Variant("what is softer than a whisper is believed", partial(_barge_in, softest_db=-199.0), "o"),
    Variant("no whisper is believed", partial(_barge_in, whisper_confidence=1.1), "eh"),
    Variant("long phrases at the usual confidence", _alike, "qnstw"),
    Variant("no near phrases", partial(_near, least_words=99), "qnstw"),
    Variant("a cry is not believed the second time", partial(_doubted_cry, within_s=0.0), "cez"),
    Variant("no second ear", partial(_second_ear, listens=False), "qncstwzo"),
    Variant("the second ear never speaks up", partial(_second_ear, alone=1.1), "qncstwz"),
    Variant("what both ears are sure of must be apart too", partial(_background, second_ear_confidence=1.1), "nst"),
    Variant("what it doubted is not believed again", partial(_second_ear, repeated_within_s=0.0), "qnz"),
)


@dataclass(frozen=True, slots=True)
class Ablated:
    """A stretch of the night, and by whom it is heard."""

    part: str
    stretch: Stretch
    variant: int
    """Its place in `VARIANTS`."""


class AblatedListener:
    """Goes through one stretch after the other, each time with the rules of its variant."""

    def __init__(self, cast_: NightCast) -> None:
        self._listener = StretchTrial(cast_.talk)

    def __call__(self, ablated: Ablated) -> Outcome:
        return self._listener(ablated.stretch, VARIANTS[ablated.variant].of)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be chosen to ``parser``."""
    parser.add_argument(
        "--speech", type=Path, required=True, metavar="DIR", help="recordings that include the tuning part"
    )
    parser.add_argument(
        "--work", type=Path, default=Path("rehearsal"), metavar="DIR", help="for clips and the outcomes"
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N")
    listed = "; ".join(map(": ".join, PARTS.items()))
    parser.add_argument("--parts", default="".join(PARTS), metavar="LETTERS", help=f"only these: {listed}")
    parser.add_argument("--most", type=int, default=EFFORT.of_a_kind, metavar="N", help="recordings of a kind (90)")
    parser.set_defaults(measure=measure)


def measure(options: argparse.Namespace) -> None:
    """Measure and print the table; outcomes are kept as they come, and a second run goes on where the first ended.

    Raises:
        VoicecoachError: Something is missing or broken.
    """
    if options.workers < 1:
        raise BadRequestError(f"--workers {options.workers}: somebody must listen; write 1 or more")
    assembly = measured_assembly()
    sets = situations(assembly)
    effort = replace(EFFORT, of_a_kind=options.most)
    everybody = cast(options.speech, assembly, sets, effort, options.work, kept_for_tuning)
    night = list(ablation_night(everybody, assembly, options.work))
    kept = options.work / f"ablation-{options.parts}-{options.most}.jsonl"
    rows = _rows_kept(kept)
    for place, variant in enumerate(VARIANTS):
        if variant.key in rows:
            continue
        parts = set(variant.parts) & set(options.parts)
        mine = [Ablated(part, stretch, place) for part, stretch in night if part in parts]
        if not mine:
            continue
        outcomes = list(done_to_each(partial(AblatedListener, everybody), mine, options.workers))
        rows[variant.key] = {key: figure.value for key, figure in figures(outcomes).items()}
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"variant": variant.key, "figures": rows[variant.key]}) + "\n")
    print(table(rows))


def _rows_kept(path: Path) -> dict[str, Mapping[str, float]]:
    """The figures of the variants that were measured before."""
    if not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line["variant"]: line["figures"] for line in lines}


_COLUMNS: Final = {
    "quiet": "right.quiet",
    "12 dB": "right.snr12",
    "own voice": "right.echo6",
    "cries": "right.cry",
    "whispers": "right.whisper",
    "pauses": "right.pause",
    "speech/h": "speech_false_accepts_per_h",
    "sentences/h": "night_noise_false_accepts_per_h.talk",
    "words": "word_false_accepts_share",
    "snoring/h": "night_noise_false_accepts_per_h.snoring",
    "own voice, accepted": "own_voice_false_accepts",
    "stop p95, ms": "stop_to_silence_own_voice_p95_ms",
    "stopped": "stopped_own_voice_share",
    "answer p95, ms": "answer_begins_quiet_p95_ms",
}


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """The figures of each variant; "." where a rule can change nothing."""
    lines = [f"| | {' | '.join(_COLUMNS)} |", f"|---{'|---' * len(_COLUMNS)}|"]
    for variant in VARIANTS:
        found = rows.get(variant.key, {})
        cells = [_cell(found.get(key)) for key in _COLUMNS.values()]
        lines.append(f"| {variant.key} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    if value is None:
        return "."
    return f"{value:.3f}" if value <= 1 and value != round(value) else f"{value:.0f}"
