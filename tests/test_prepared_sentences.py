"""What a session says has been rendered ahead of it, except what is put together from names and numbers."""

from __future__ import annotations

import random
import re
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING

import pytest
from night import Night
from small_house import ALL_ANSWERED, EVENING

from voicecoach.assembly import Assembly
from voicecoach.dialogue.machine import valid_commands
from voicecoach.dialogue.state import Mode, State
from voicecoach.languages.commands import Command, Meaning
from voicecoach.person.reading import read
from voicecoach.person.tonight import Tonight
from voicecoach.settings import Settings
from voicecoach.speaking.clips import clips_of
from voicecoach.speaking.packs.shelf import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable

RARELY = {Command.STOP, Command.RED_FLAG, Command("good night")}
"""They end a session early."""
ANSWERS = (Command.NO, Command.NO, Command.YES, Command.NUMBER)


@cache
def house() -> Assembly:
    return Assembly(Settings())


@cache
def prepared() -> frozenset[str]:
    texts = [*house().sentences(), *house().possible_sentences()]
    return frozenset(sentence for text in texts for sentence in clips_of(text))


@cache
def meanings() -> dict[Command, list[Meaning]]:
    every = sorted({house().phrasebook.meaning(phrase) for phrase in house().all_phrases()}, key=repr)
    return {command: [one for one in every if one.command == command] for command in {one.command for one in every}}


def random_session(seed: int) -> set[str]:
    """The sentences of a session in which somebody says thirty things, some of them answers."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    history = ALL_ANSWERED if dice.random() < 0.5 else ()
    night = Night(State(house().knowledge, Tonight(EVENING, read(history, UTC))), history).opens()
    night.means(Meaning(Command.START, dice.choice(sorted(house().library.routines))))
    for _ in range(30):
        night.passes(dice.choice([0.5, 2, 5, 11, 30, 60, 200]))
        answers = night.state.mode is Mode.ASKING and dice.random() < 0.6
        valid = sorted(valid_commands(night.state), key=repr)
        command = dice.choice(ANSWERS if answers else valid)
        if command not in RARELY or dice.random() < 0.15:
            night.means(dice.choice(meanings()[command]))
    night.passes(600)
    spoken = (one.sound for one in night.sounded if not one.sound.startswith("("))  # those are chimes
    return {sentence for text in spoken for sentence in clips_of(text)}


def made_of_names_or_numbers(sentence: str) -> bool:
    numbers = house().language.numbers
    stretches, routines = house().library.stretches.values(), house().library.routines.values()
    names = [*(stretch.name for stretch in stretches), *(routine.name for routine in routines)]
    return bool(re.search(rf"\b({'|'.join(map(re.escape, (*names, *numbers)))}|\d+)\b", sentence))


@cache
def recorded() -> frozenset[str]:
    """What a pack of everything would have."""
    return frozenset(
        sentence for texts in house().recordings().values() for text in texts for sentence in clips_of(text)
    )


def is_a_time_to_the_minute(sentence: str) -> bool:
    """ "It is seven minutes to ten": there are 700 of these, and none has a pause in it."""
    words = house().language.prompts
    forms = (re.sub(r"\\\{\w+\\\}", "[^.]+", re.escape(text)) for text in (words.time_past, words.time_to))
    return any(re.fullmatch(form, sentence) for form in forms)


def is_recorded(sentence: str) -> bool:
    """Whole, or in phrases."""
    return sentence in recorded() or (len(phrases(sentence)) > 1 and recorded().issuperset(phrases(sentence)))


def assert_prepared(seeds: Iterable[int]) -> None:
    sessions = list(map(random_session, seeds))
    spoken = [sentence for session in sessions for sentence in session]
    in_no_pack = [one for one in spoken if not is_recorded(one) and not is_a_time_to_the_minute(one)]
    assert len(in_no_pack) <= 0.005 * len(spoken), sorted(set(in_no_pack))
    said = set(spoken)
    missing = said - prepared()
    assert [sentence for sentence in sorted(missing) if not made_of_names_or_numbers(sentence)] == []
    assert len(missing) < 0.2 * len(said)


def test_a_few_sessions_are_prepared() -> None:
    assert_prepared(range(40))


@pytest.mark.exhaustive
def test_a_thousand_sessions_are_prepared() -> None:
    assert_prepared(range(1000))
