"""``scripts/train-second-ear``: from voices and recordings to the head that the coach hears with beside its model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from second_ear.stages import Recipe, Workshop
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STAGES: Final[Mapping[str, Callable[[Workshop, Path], None]]] = {
    "render": lambda workshop, _out: workshop.render(),
    "rows": lambda workshop, _out: workshop.rows(),
    "train": lambda workshop, out: workshop.train(out),
    "weigh": lambda workshop, out: workshop.weigh(out),
}
SHARED: Final = ("render", "rows")
"""The stages that several workers may share."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    options = _parser().parse_args(arguments)
    recipe = Recipe(
        speech=options.speech,
        kokoro=options.kokoro,
        seed=options.seed,
        renderings=options.renderings,
        widening=options.widening,
        steps=options.steps,
        unheard=tuple(options.unheard.split(",")) if options.unheard else (),
        share=options.share,
        faster=options.faster,
    )
    workshop = Workshop(options.work, recipe)
    try:
        if options.share != (1, 1) and options.stage not in SHARED:
            raise BadRequestError("--share is for render and rows; the next stages do not wait for other workers")
        for stage in [options.stage] if options.stage != "all" else STAGES:
            STAGES[stage](workshop, options.out)
    except VoicecoachError as error:
        print(f"train-second-ear: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\ntrain-second-ear: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/train-second-ear",
        description="Train the second ear: phrases said by Kokoro and by voices of rules, people's recordings, noise, "
        "rows of the frozen embedding, a small network.  Stages leave what they made, and go on where they were.",
    )
    parser.add_argument("stage", choices=[*STAGES, "all"], help="what to do")
    parser.add_argument("--work", type=Path, metavar="DIR", default=Path("build/second-ear"), help="%(default)s")
    parser.add_argument("--out", type=Path, metavar="FILE", default=shipped("models/second-ear-en/weights.npz"))
    parser.add_argument("--speech", type=Path, metavar="DIR", help="people's recordings with an index.tsv")
    parser.add_argument("--kokoro", type=Path, metavar="DIR", help="Kokoro's weights (those that the coach uses)")
    parser.add_argument("--seed", type=int, default=Recipe().seed, help="%(default)s")
    parser.add_argument("--renderings", type=int, default=Recipe().renderings, help="of Kokoro (%(default)s)")
    parser.add_argument(
        "--widening", type=int, default=Recipe().widening, help="of Kokoro, of other short phrases (%(default)s)"
    )
    parser.add_argument("--steps", type=int, help="of training, for a try (some thousands)")
    parser.add_argument(
        "--share",
        type=_share,
        metavar="K/N",
        default=(1, 1),
        help="the K-th of N shares of renderings or rows",
    )
    parser.add_argument("--faster", action="store_true", help="render with OpenVINO: half the time")
    parser.add_argument("--unheard", metavar="WORD,WORD", help="phrases that no person is heard to say in training")
    return parser


def _share(written: str) -> tuple[int, int]:
    worker, _, workers = written.partition("/")
    if not (worker.isdecimal() and workers.isdecimal() and 1 <= int(worker) <= int(workers)):
        raise argparse.ArgumentTypeError(f"{written!r} is no share; write 1/2 and 2/2, for instance")
    return int(worker), int(workers)


if __name__ == "__main__":
    sys.exit(main())
