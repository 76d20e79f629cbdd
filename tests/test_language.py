"""The words of both: what can be said, and what the coach says, of which nothing may sound like a command."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_house import language, phrasebook

from voicecoach.dialogue.table import COMMANDS, WANTED
from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.languages.commands import Command, Meaning
from voicecoach.languages.language import ClockWords, Phrasebook
from voicecoach.languages.loading import ENGLISH, LANGUAGES, languages, load_language
from voicecoach.languages.prompts import PROMPTS, Plural
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.languages.language import Language

TOLD_TO_SAY = {
    "help",
    "help_paused",
    "help_stopped",
    "hurt",
    "hurt_again",
    "hurt_twice",
    "hurt_twice_again",
    "too_hard",
    "too_hard_twice",
    "ask_leave_out",
    "ask_switch",
}
"""Sentences that must name commands, because they tell what to say."""


@pytest.mark.parametrize(
    ("phrase", "meaning"),
    [
        ("start bedtime routine", Meaning(Command.START, "bedtime")),
        ("begin the morning routine", Meaning(Command.START, "morning")),
        ("start routine", Meaning(Command.START, None)),
        ("skip this", Meaning(Command.NEXT)),
        ("ouch", Meaning(Command.HURTS)),
        ("i can't feel my legs", Meaning(Command.RED_FLAG)),
        ("zero", Meaning(Command.NUMBER, 0)),
        ("ten", Meaning(Command.NUMBER, 10)),
        ("ten minutes", Meaning(Command.MINUTES, 10)),
        ("between three and four", Meaning(Command.NUMBER, 4)),
        ("four or five", Meaning(Command.NUMBER, 5)),
        ("six to eight", Meaning(Command.NUMBER, 8)),
        ("four and a half", Meaning(Command.NUMBER, 5)),
        ("nine point five", Meaning(Command.NUMBER, 10)),
        ("no pain at all", Meaning(Command.NO_PAIN)),
        ("half", Meaning(Command.HALF)),
        ("remind me at half past ten", Meaning(Command.REMIND_AT, 630)),
        ("remind me at quarter to one", Meaning(Command.REMIND_AT, 45)),
        ("please remind me at twelve", Meaning(Command.REMIND_AT, 0)),
        ("i have a pillow", Meaning(Command.PROP, "pillow")),
        ("i have no pillow", Meaning(Command.NO_PROP, "pillow")),
    ],
)
def test_what_phrases_mean(phrase: str, meaning: Meaning) -> None:
    assert phrasebook().meaning(phrase) == meaning


def test_what_is_no_phrase_means_nothing() -> None:
    with pytest.raises(BadRequestError, match="eleven"):
        phrasebook().meaning("eleven")


shipping = cache(partial(load_language, wanted=WANTED))
"""The languages that ship, each read once."""


def parts(sentence: str) -> list[str]:
    """What is heard between two pauses: an ear may take each for an utterance of its own."""
    spoken = re.sub(r"\{.*?\}", " x ", sentence.lower())
    return [" ".join(re.findall(r"[^\W\d_][\w']*", part)) for part in re.split(r"[.,:;?!]", spoken)]


@pytest.mark.parametrize("name", sorted({*PROMPTS, *WANTED.sentences} - TOLD_TO_SAY))
@pytest.mark.parametrize("key", sorted(languages()))
def test_nothing_the_coach_says_sounds_like_a_command(key: str, name: str) -> None:
    phrases = Phrasebook(shipping(key), ()).phrases_for(frozenset(COMMANDS) - {Command.NUMBER})
    said = getattr(shipping(key).prompts, name) if name in PROMPTS else shipping(key).sentences[name]
    for form in said.forms.values() if isinstance(said, Plural) else [said]:
        assert not phrases & set(parts(form))


def test_no_question_of_the_first_evening_sounds_like_a_command() -> None:
    phrases = phrasebook().phrases_for(COMMANDS)
    for asked in language().screening.values():
        assert not phrases & {*parts(" ".join(asked.asks)), *parts(asked.name)}


@pytest.mark.parametrize(
    "alike",
    [
        {Command("tips again"), Command("no more tips")},
        {Command("ask about pain"), Command.RATING_OFF},
        {Command.STOP, Command.RATING_OFF, Command("no more tips")},
        {Command.REMIND_ME, Command.REMIND_AT},
    ],
)
def test_opposites_do_not_differ_by_a_little_word_that_may_be_missed(alike: set[Command]) -> None:
    """What is left of one phrase when "no" or "more" was not heard is not another."""
    for command in alike:
        others = phrasebook().phrases_for(alike - {command})
        for phrase in phrasebook().phrases_for({command}):
            assert " ".join(word for word in phrase.split() if word not in {"no", "more", "not"}) not in others


def test_single_words_are_listened_for_only_where_they_are_answers_or_in_a_session() -> None:
    new = {
        Command.MINUTES,
        Command("something for tonight"),
        Command.REMIND_AT,
        Command.REMIND_IN,
        Command.SWITCH_TO,
        Command("the routine again"),
        Command("what time is it"),
        Command("ask me again"),
        Command("ask about pain"),
        Command.RATING_OFF,
        Command("tips again"),
        Command("no more tips"),
        Command.PROP,
        Command.NO_PROP,
    }
    assert all(" " in phrase for phrase in phrasebook().phrases_for(new))


def test_every_word_can_be_heard_with_the_model_that_ships() -> None:
    lines = (shipped("models") / "voicecoach-en" / "graph" / "lexicon.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split()[0] for line in lines if line}
    said = {word for phrase in phrasebook().phrases_for(COMMANDS) for word in phrase.split()}
    assert not said - known


def test_every_phrase_is_lower_case_words_and_single_blanks() -> None:
    for phrase in phrasebook().phrases_for(COMMANDS):
        assert re.fullmatch(r"[a-z']+( [a-z']+)*", phrase)


def test_numbers_and_lists_are_said_as_people_say_them() -> None:
    words = language()
    assert words.minutes(20) == "less than a minute"
    assert words.minutes(70) == "one minute"
    assert words.minutes(14 * 60) == "fourteen minutes"
    assert (words.number(57), words.number(61)) == ("fifty-seven", "61")
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_a_plural_has_the_form_of_its_number() -> None:
    words = language()
    assert words.counted(words.prompts.sessions, 1) == "one session"
    assert words.counted(words.prompts.sessions, 3) == "three sessions"
    assert words.prompts.brought_back.of(2) == "They are in again."


def test_times_of_day_are_said_in_the_words_of_the_file() -> None:
    german = replace(
        language(),
        numbers=("null", "eins", "zwei", "drei"),
        clock=ClockWords(("{hour} uhr",), ("viertel nach {hour}",), ("halb {next}",), (), {"eins uhr": "ein uhr"}),
    )
    assert [german.times(minutes)[0] for minutes in (60, 75, 90, 120)] == [
        "ein uhr", "viertel nach eins", "halb zwei", "zwei uhr",
    ]  # fmt: skip


# --- what is not well -------------------------------------------------------------------------------------------------

(FROM_NINETEEN,) = re.findall(
    r"(?s), nineteen.*?\]", (LANGUAGES / ENGLISH / "language.yaml").read_text(encoding="utf-8")
)
"""The end of the list of numbers."""

WRONG = [
    # (the file, what is changed, into what, what is told)
    ("phrases", "    - next one\n", "    - go back\n", '"go back" already means "next" (line '),
    ("phrases", "    - next one\n", "    - ten\n", '"ten" already means "the number 10"; choose other words'),
    ("phrases", "    - tips again\n    - tell me tips\n", "    - tips again\n", "write at least 2"),
    ("phrases", "    - numbness\n", "    - Numbness\n", '"Numbness" cannot be listened for'),
    ("phrases", "    - remind me at {time}\n", "    - remind me at 10\n", "does not say {time}"),
    ("phrases", "    - please remind me at {time}\n", "    - remind me at {time} 1\n", "cannot be listened for"),
    ("phrases", "    - just {minutes} minutes [please]\n", "    - just {minute} minutes\n", "did you mean {minutes}?"),
    ("phrases", "    - just {minutes} minutes [please]\n", "    - just minutes\n", "does not say {minutes}"),
    ("phrases", "    - next one\n", "    - next {routine}\n", '"{routine}" is not filled in here; nothing is'),
    (
        "phrases",
        "  never again:\n    - never again\n    - leave this out\n    - leave it out\n",
        "",
        "there are no phrases for never again",
    ),
    ("phrases", "  harder:\n", "  hardre:\n", 'unknown key "hardre"; did you mean "harder"?'),
    (
        "phrases",
        (
            '    - "[and] down my leg"\n    - "[a] (sharp|shooting) pain down my leg"\n'
            "    - the pain (goes|runs|shoots) down my leg\n    - it (goes|runs|shoots) down my leg\n"
        ),
        "",
        "write at least 5",
    ),
    ("phrases", "[quit, end it,", "[next, end it,", "'next' is no phrase of safety; leave it out"),
    ("prompts", "  paused:", "  pawsed:", 'unknown key "pawsed"; did you mean "paused"?'),
    ("prompts", '  left_none: "This is the last one."\n', "", '"prompts" lacks left_none'),
    ("prompts", "{stretches} is a little", "{stretches is a little", "has a single brace"),
    ("prompts", "{stretches} come in their", "{stretches} come in %s", '"%s" is not filled in'),
    ("prompts", "in three sessions, so", "in three sessi{}ons, so", '"{}" is not filled in here; what is filled'),
    ("prompts", '"{come_out} Breathe quietly. Shall', '"{ome_out} Breathe quietly. Shall', "did you mean {come_out}?"),
    ("prompts", "Now comes {name}.", "Now comes {lately}.", '"{lately}" is not filled in here'),
    ("prompts", "Now comes {name}.", "Now comes.", '"then" does not say {name}; put it where it belongs'),
    ("prompts", "And last, {name}.", "And last, {nam.", "has a single brace"),
    ("prompts", "{routine}: {stretches},", "{routine}: {sretches},", "did you mean {stretches}?"),
    ("prompts", "There are {count} stretches after this one.", "196:154", '"other" does not say {count}'),
    ("prompts", "{count} minutes", "{list} minutes", '"{list}" is not filled in here; what is filled in here: {count}'),
    ("prompts", "If you have {reasons},", "If you have {night},", '"{night}" is not filled in here'),
    ("prompts", "have done {sessions}.", "have done {sessions.pop}.", "has more in its braces than a name"),
    ("prompts", "have done {sessions}.", "have done {sessions!r:>10}.", "write {sessions}"),
    ("prompts", "have done {sessions}.", "have done {0}.", '"{0}" is not filled in here'),
    ("prompts", '"After this you have gone through all of it."', "=", '"coming_none" has no words in it'),
    ("prompts", "without knowing why?", f"without knowing wh{'a' * 5000}y?", "nobody listens to more than 400"),
    ("prompts", '    other: "They are in again."\n', "", '"brought_back" lacks other'),
    ("prompts", '    other: "They are in again."\n', '    many: "They are."\n', 'unknown key "many"'),
    ("prompts", "  soft mattress: {ask", "  hard mattress: {ask", "hard mattress"),
    ("prompts", "on the {side} side", "on a side", '"where_side" does not say {side}'),
    ("language", "{before}, {after}", "{before}, {next}", '"{next}" is not filled in here'),
    ("language", "quarter past {hour}", "quarter past {  effect_better:}", "effect_better"),
    ("language", "quarter past {hour}", "quarter past", "does not say {hour}, or {next}"),
    ("language", '"{hour}"]', '"{{{{hour}"]', "has a single brace"),
    ("language", FROM_NINETEEN, "]", "ends at 18; write the words from zero to 20"),
    ("language", "code: en-GB", "code: de", '"de" is no tag of the language'),
    ("language", "side: {right: right, left: left}", "side: {right: right}", '"left" is missing in "side"'),
    ("language", "vowel: 0.094", "vowel: short", '"vowel" is "short"; write a number'),
    ("tips", "dim-light: Dim", f"dim-light: {'so ' * 26} Dim", "say it in 25 at most"),
    ("sound_check", "say {next}, then", "say next, then", '"invitation" does not say {next}'),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), WRONG)
def test_a_language_that_is_wrong_is_refused_with_its_place(
    tmp_path: Path, name: str, old: str, new: str, expected: str
) -> None:
    shutil.copytree(LANGUAGES / ENGLISH, tmp_path / ENGLISH)
    path = tmp_path / ENGLISH / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadFileError, match=re.escape(expected)) as caught:
        load_language(ENGLISH, [tmp_path], wanted=WANTED)
    assert re.match(rf"{path}:\d+:\d+: ", str(caught.value))


def test_a_command_of_the_table_without_phrases_is_told() -> None:
    wanted = replace(WANTED, commands=(*COMMANDS, Command("my neck hurts")))
    with pytest.raises(BadFileError, match=r"phrases.yaml:\d+:\d+: there are no phrases for my neck hurts; write"):
        load_language(wanted=wanted)
    wanted = replace(WANTED, commands=COMMANDS[1:])
    with pytest.raises(BadFileError, match=rf'phrases.yaml:\d+:\d+: unknown key "{COMMANDS[0]}"'):
        load_language(wanted=wanted)


def test_a_sentence_of_the_table_has_to_be_there_and_has_no_slots(tmp_path: Path) -> None:
    wanted = replace(WANTED, sentences=(*WANTED.sentences, "thanks"))
    with pytest.raises(BadFileError, match=r'prompts.yaml:\d+:\d+: "prompts" lacks thanks'):
        load_language(wanted=wanted)
    shutil.copytree(LANGUAGES / ENGLISH, tmp_path / ENGLISH)
    path = tmp_path / ENGLISH / "prompts.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n  paused:", "\n  thanks: You are welcome.\n  paused:"), encoding="utf-8")
    assert load_language(ENGLISH, [tmp_path], wanted=wanted).sentences["thanks"] == "You are welcome."
    with pytest.raises(BadFileError, match='unknown key "thanks"'):
        load_language(ENGLISH, [tmp_path], wanted=WANTED)
    path.write_text(text.replace("\n  paused:", "\n  thanks: 'Yes, {name}.'\n  paused:"), encoding="utf-8")
    with pytest.raises(BadFileError, match="is not filled in here"):
        load_language(ENGLISH, [tmp_path], wanted=wanted)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    shutil.copytree(LANGUAGES / ENGLISH, tmp_path / ENGLISH)
    for name, old, new in [
        ("phrases", "    - thank you\n", "    - Thank you\n"),
        ("prompts", "Now comes {name}.", "Now comes."),
        ("prompts", '"{count} minutes"', '"{list} minutes"'),
        ("sound_check", "thanks:", "thank:"),
    ]:
        path = tmp_path / ENGLISH / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadFileError) as caught:
        load_language(ENGLISH, [tmp_path], wanted=WANTED)
    files = [line.split(".yaml")[0].rsplit("/", 1)[-1] for line in str(caught.value).splitlines()]
    assert files == ["phrases", "prompts", "prompts", "sound_check"]


def read_or_told(folder: Path) -> tuple[Language | None, str]:
    try:
        return load_language(ENGLISH, [folder], wanted=WANTED), ""
    except BadFileError as problem:
        return None, str(problem)


TYPED = st.sampled_from(
    ["", "{", "}", "{}", "{name}", "{name.x}", "%s", "%(a)d", "{{", "{0}", ":", "- ", "1", "\t", "~"]
)


@settings(max_examples=60)
@given(st.sampled_from(["language", "phrases", "prompts", "tips", "sound_check"]), st.data())
def test_what_is_read_can_be_said(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    """Whatever is typed into a file: it is told with its place, or every text can be filled in."""
    folder = tmp_path_factory.mktemp("typed")
    shutil.copytree(LANGUAGES / ENGLISH, folder / ENGLISH)
    path = folder / ENGLISH / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 10)))
    path.write_text(text[:start] + data.draw(TYPED) + text[end:], encoding="utf-8")
    typed, problem = read_or_told(folder)
    if typed is None:
        assert problem.startswith(str(folder))
        return
    for prompt in PROMPTS.values():
        said = getattr(typed.prompts, prompt.name)
        for form in said.forms.values() if isinstance(said, Plural) else [said]:
            form.format(**dict.fromkeys([*prompt.slots, "other side"], "x"))
    assert typed.listed(["a", "b", "c"])
    assert all(time for minutes in range(0, 720, 15) for time in typed.times(minutes))
    Phrasebook(typed, ())
