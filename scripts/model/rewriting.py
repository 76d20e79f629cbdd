"""``scripts/model-graph``: the graph of a model, written anew with the words that phrases have come to need.

The network stays as it is: it was trained on phones, and hears a word that nobody said in its training by the phones of
other words.  What is rejected, and at what cost, stays too; each new word is a filler, as one that a user adds is.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.checksums import TRAINING, write_checksums
from model.words import all_words, needed_words
from voicecoach.engines.recognition.vocabulary.graph import write_graph
from voicecoach.engines.recognition.vocabulary.lexicon import read_lexicon
from voicecoach.engines.recognition.vocabulary.rejection import read_rejection
from voicecoach.errors import BadRequestError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Collection

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon

_ADDED = "words added to the graph"
"""In the file of what a model was made from: the words that its training did not have."""


def rewrite(folder: Path, words: Collection[str], pronunciations: Lexicon) -> list[str]:
    """Write the graph in ``folder`` anew, with those of ``words`` that it lacks.

    Args:
        folder: A model of ours.
        words: All that the coach needs.
        pronunciations: How they are said.

    Returns:
        The words that are new.

    Raises:
        BadRequestError: Nobody knows how a new word is said.
    """
    graph = folder / "graph"
    lexicon, rejection = read_lexicon(graph / "lexicon.txt"), read_rejection(graph / "rejection.json")
    new = sorted(set(words) - lexicon.keys())
    if unknown := [word for word in new if word not in pronunciations]:
        raise BadRequestError(f"how are these said: {', '.join(unknown)}? write it into scripts/model/words.py")
    fillers = tuple(dict.fromkeys([*rejection.fillers, *new]))
    write_graph(graph, {**lexicon, **{word: pronunciations[word] for word in new}}, replace(rejection, fillers=fillers))
    training = folder / TRAINING
    told = json.loads(training.read_text(encoding="utf-8"))
    told[_ADDED] = sorted({*told.get(_ADDED, ()), *new})
    training.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    write_checksums(folder)
    return new


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/model-graph",
        description="Write a model's graph anew, with the words that the coach's phrases need and the model lacks.  "
        "It takes a second; the network stays as it is.",
    )
    parser.add_argument("--model", type=Path, metavar="DIR", default=Path("models/voicecoach-en"), help="%(default)s")
    options = parser.parse_args(arguments)
    try:
        new = rewrite(options.model, needed_words(), all_words())
    except (VoicecoachError, OSError) as error:
        print(f"model-graph: {error}", file=sys.stderr)
        return error.exit_code if isinstance(error, VoicecoachError) else VoicecoachError.exit_code
    print(f"{options.model} knows {len(new)} more words{': ' if new else ''}{', '.join(new)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
