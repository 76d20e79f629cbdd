"""``scripts/train-model``: from nothing to a model that the coach can hear with."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from model.assembling import Origin, amounts_of, assemble, current_commit
from model.rejecting import Costs
from model.stages import ROUNDS, Recipe, Round, Workshop, shortened
from model.store import read_store
from voicecoach.errors import VoicecoachError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    options = _parser().parse_args(arguments)
    recipe = Recipe(
        seed=options.seed,
        speech=options.speech,
        unheard=tuple(options.unheard.split(",")) if options.unheard else (),
        clips=options.clips,
        taken_from=options.go_on_from,
        rounds=_rounds(options),
    )
    try:
        _make(Workshop(options.work, recipe, options.workers, options.threads), options.out)
    except VoicecoachError as error:
        print(f"train-model: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\ntrain-model: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _rounds(options: argparse.Namespace) -> tuple[Round, ...]:
    """Where a model is gone on from, only those of the phrases of today are left."""
    rounds = ROUNDS[2:] if options.go_on_from else ROUNDS
    return rounds if options.steps is None else shortened(rounds, options.steps)


def _make(workshop: Workshop, out: Path) -> None:
    workshop.check()
    workshop.folder.mkdir(parents=True, exist_ok=True)
    trained = workshop.network()
    data = amounts_of(*(read_store(folder) for folder in workshop.samples()))
    origin = Origin(current_commit(), workshop.recipe, data)
    assemble(out, trained.network, trained.bigram.double().numpy(), Costs(), origin)
    print(f"{out} is ready.  scripts/bench hearing --model {out} --speech FOLDER measures it.")


def _parser() -> argparse.ArgumentParser:
    cores = os.cpu_count() or 1
    parser = argparse.ArgumentParser(
        prog="scripts/train-model",
        description="Train the speech model: synthetic voices, people's recordings, noise, a network, a graph.  "
        "It takes some hours on two cores; stopped, it goes on where it was.",
    )
    parser.add_argument("--speech", type=Path, metavar="DIR", help="people's recordings with an index.tsv")
    parser.add_argument("--work", type=Path, metavar="DIR", default=Path("build/model"), help="stages (%(default)s)")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("models/voicecoach-en"), help="%(default)s")
    parser.add_argument("--seed", type=int, default=1, help="%(default)s")
    parser.add_argument("--steps", type=int, help="of training, for a try (all)")
    parser.add_argument("--clips", type=Path, metavar="DIR", help="what `scripts/train-second-ear render` left")
    parser.add_argument("--go-on-from", type=Path, metavar="MODEL", help="train this one on: only the last two rounds")
    parser.add_argument("--unheard", metavar="WORD,WORD", help="words that no person is heard to say alone in training")
    parser.add_argument("--workers", type=int, default=cores, help="processes that prepare data (%(default)s)")
    parser.add_argument("--threads", type=int, default=cores, help="of training (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
