"""Reads a language from its folder.

A language is complete or not offered: it is read only when every phrase, prompt and tip is there and has the slots that
it should have; everything that is wrong is told at once, with file, line and column.  Which commands there are, the
dialogue knows, and whoever joins the two hands them over.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.errors import BadRequestError
from voicecoach.languages.clashes import refuse_clashes
from voicecoach.languages.commands import Command
from voicecoach.languages.facts import read_facts
from voicecoach.languages.language import QUIET_S, TURN_S, ConditionWords, Language, SoundCheckWords
from voicecoach.languages.phrases import read_phrases
from voicecoach.languages.prompts import COUNT, OTHER, PROMPTS, Plural, PromptId, Prompts
from voicecoach.languages.round_words import NO_ROUND_WORDS, read_round_words
from voicecoach.languages.templates import complete, read_text
from voicecoach.problems import Problems
from voicecoach.routine.plan import Say
from voicecoach.routine.plan_words import BREATHE_IN_S, BREATHE_OUT_S, SIDE_FORM, PlanWords, side_slots
from voicecoach.routine.stretch import PROPS, Condition, Phase, Position
from voicecoach.routine.ways import MOVEMENTS_S

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from voicecoach.languages.commands import Wanted
    from voicecoach.languages.facts import LanguageFacts
    from voicecoach.languages.phrases import Phrases
    from voicecoach.routine.plan_words import RoundWords
    from voicecoach.routine.ways import Movement
    from voicecoach.yamlfile import Node

LANGUAGES = Path(__file__).parent
"""The folder of the languages that ship."""
ENGLISH = "en"
MOST_TIP_WORDS = 25
"""Of a tip: it is heard once, on the way to sleep."""

_FACTS, _PHRASES, _PROMPTS, _TIPS = "language.yaml", "phrases.yaml", "prompts.yaml", "tips.yaml"
_SOUND_CHECK = "sound_check.yaml"
_ANYWHERE = "anywhere"
_PLAN_SLOTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("first", "then", "last"), ("name",)),
    "not_for": ("reasons",),
    "once_more": ("cue",),
    **dict.fromkeys(("until_next", "another", "feet_down", "feet_up"), ()),
}
_SOUND_CHECK_SLOTS: Mapping[str, tuple[str, ...]] = {
    "welcome": ("quiet",),
    "talk": (),
    "invitation": ("next", "stop", "hurts", "turn"),
    "thanks": (),
}


def languages(folders: Sequence[Path] = (LANGUAGES,)) -> dict[str, Path]:
    """The folders of all languages, complete or not, by name; one in a later folder counts before one in an earlier."""
    return {file.parent.name: file.parent for folder in folders for file in sorted(folder.glob(f"*/{_FACTS}"))}


def load_language(key: str = ENGLISH, folders: Sequence[Path] = (LANGUAGES,), *, wanted: Wanted) -> Language:
    """Read a language.

    Args:
        key: The name of its folder, such as "en".
        folders: Where folders of languages lie.
        wanted: What it must have words for.

    Raises:
        BadRequestError: There is no such language.
        BadFileError: It is not complete, or a file says something that it should not.
    """
    known = languages(folders)
    if key not in known:
        near = get_close_matches(key, list(known), n=1)
        advice = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(sorted(known))}"
        raise BadRequestError(f'there is no language "{key}"; {advice}')
    return _read(key, known[key], wanted)


def _read(key: str, folder: Path, wanted: Wanted) -> Language:
    facts = read_facts(folder / _FACTS)  # everything else is read with them
    problems = Problems()
    with problems:
        phrases = read_phrases(folder / _PHRASES, wanted.commands)
    with problems:
        screening, plan, props, said = _read_prompts(folder / _PROMPTS, facts, wanted.sentences)
    with problems:
        tips = _read_tips(folder / _TIPS, wanted=None if key == ENGLISH else _english_tips())
    with problems:
        sound_check = _read_sound_check(folder / _SOUND_CHECK)
    problems.raise_any()
    language = Language(
        key=key,
        name=facts.name,
        code=facts.code,
        model=facts.model,
        voice=facts.voice,
        phrases=phrases.of_command,
        usual=phrases.usual,
        ranges=phrases.ranges,
        heard_props=phrases.props,
        heard_lengths=phrases.lengths,
        unmistakable=phrases.unmistakable,
        numbers=facts.numbers,
        clock=facts.clock,
        all_of=facts.all_of,
        props=props,
        screening=screening,
        plan=plan,
        prompts=_declared(said),
        sentences={name: text for name, text in said.items() if isinstance(text, str) and "{" not in text},
        tips=tips,
        sound_check=_filled_in(sound_check, facts, phrases),
    )
    refuse_clashes(language, phrases.origin)
    return language


# --- prompts ----------------------------------------------------------------------------------------------------------


def _read_prompts(
    path: Path, facts: LanguageFacts, sentences: Collection[str]
) -> tuple[dict[Condition, ConditionWords], PlanWords, dict[str, str], dict[str, str | Plural]]:
    parts = {"screening", "plan", "ways", "rounds", "props", "prompts"}
    top = yamlfile.read(path).mapping(allowed=parts, required=parts)
    problems = Problems()
    with problems:
        screening = _screening(top["screening"])
    ways: dict[Movement, Say] = {}
    rounds = NO_ROUND_WORDS
    with problems:
        ways = _ways(top["ways"])
    with problems:
        rounds = read_round_words(top["rounds"], facts)
    with problems:
        plan = _plan_words(top["plan"], facts, ways, rounds)
    with problems:
        props = {prop: read_text(said) for prop, said in complete(top["props"], PROPS).items()}
    with problems:
        prompts = _prompts(top["prompts"], facts, sentences)
    problems.raise_any()
    return screening, plan, props, prompts


def _ways(node: Node) -> dict[Movement, Say]:
    """What is said of each movement, by where it begins and where it leads."""
    said: dict[Movement, Say] = {}
    starts = {start.value if start else _ANYWHERE: start for start, _ in MOVEMENTS_S}
    for start, leads in complete(node, starts).items():
        ends = {end.value for begin, end in MOVEMENTS_S if begin is starts[start]}
        for end, words in complete(leads, ends).items():
            texts = complete(words, {"say", "brief"})
            said[starts[start], Position(end)] = Say(read_text(texts["say"]), read_text(texts["brief"]))
    return said


def _screening(node: Node) -> dict[Condition, ConditionWords]:
    asked: dict[Condition, ConditionWords] = {}
    for key, words in complete(node, {condition.value for condition in Condition}).items():
        said = complete(words, {"ask", "name"})
        asks = said["ask"].sequence() if said["ask"].is_sequence else (said["ask"],)
        asked[Condition(key)] = ConditionWords(tuple(map(read_text, asks)), read_text(said["name"]))
    return asked


def _plan_words(node: Node, facts: LanguageFacts, ways: Mapping[Movement, Say], rounds: RoundWords) -> PlanWords:
    parts = complete(node, {*_PLAN_SLOTS, "breathe_in", "breathe_out"})
    texts = {name: read_text(parts[name], slots) for name, slots in _PLAN_SLOTS.items()}
    return PlanWords(
        first=texts["first"],
        then=texts["then"],
        last=texts["last"],
        sides=facts.sides,
        not_for=texts["not_for"],
        any_of=facts.any_of,
        until_next=texts["until_next"],
        another=texts["another"],
        once_more=texts["once_more"],
        feet_down=texts["feet_down"],
        feet_up=texts["feet_up"],
        breathe_in=_breath(parts["breathe_in"], BREATHE_IN_S),
        breathe_out=_breath(parts["breathe_out"], BREATHE_OUT_S),
        durations=facts.durations,
        ways=ways,
        rounds=rounds,
    )


def _breath(node: Node, seconds: float) -> Phase:
    said = complete(node, {"say", "brief"})
    return Phase(read_text(said["say"]), read_text(said["brief"]), seconds, counted=True)


def _declared(texts: Mapping[str, str | Plural]) -> Prompts:
    declared = {name: texts[name] for name in PROMPTS}
    return Prompts(**declared)  # type: ignore[arg-type]  # each is of its kind, as `_prompt` made it


def _prompts(node: Node, facts: LanguageFacts, sentences: Collection[str]) -> dict[str, str | Plural]:
    problems = Problems()
    texts: dict[str, str | Plural] = {}
    wanted = {name: PromptId(name, (), plural=False) for name in sentences} | dict(PROMPTS)
    given = node.mapping(allowed=wanted)
    with problems:
        complete(node, wanted)
    for name, said in given.items():
        with problems:
            texts[name] = _prompt(said, wanted[name], facts)
    problems.raise_any()
    return texts


def _prompt(node: Node, prompt: PromptId, facts: LanguageFacts) -> str | Plural:
    if not prompt.plural:
        return _with_sides(node, prompt.slots, facts) if SIDE_FORM in prompt.slots else read_text(node, prompt.slots)
    forms = complete(node, {*facts.plurals.values(), OTHER})
    one_number = {form for form in forms if list(facts.plurals.values()).count(form) == 1}
    texts = {
        form: read_text(said, prompt.slots, [slot for slot in prompt.slots if slot != COUNT or form not in one_number])
        for form, said in forms.items()
    }
    return Plural(texts, facts.plurals)


def _with_sides(node: Node, slots: Collection[str], facts: LanguageFacts) -> str:
    """A prompt that names the side in one of the forms that the language has for it."""
    forms, others = side_slots(facts.sides), [slot for slot in slots if slot != SIDE_FORM]
    text = read_text(node, [*others, *forms], others)
    if not any(f"{{{form}}}" in text for form in forms):
        raise node.error(f"{node.called} does not say {{{SIDE_FORM}}}; put it where it belongs")
    return text


# --- tips and the sound check -----------------------------------------------------------------------------------------


def _english_tips() -> Collection[str]:
    return yamlfile.read(LANGUAGES / ENGLISH / _TIPS).mapping().keys()


def _read_tips(path: Path, wanted: Collection[str] | None) -> dict[str, str]:
    top = yamlfile.read(path)
    tips = top.mapping() if wanted is None else complete(top, wanted)
    problems = Problems()
    texts: dict[str, str] = {}
    for key, node in tips.items():
        with problems:
            texts[key] = read_text(node)
            if (words := len(texts[key].split())) > MOST_TIP_WORDS:
                raise node.error(f"this tip has {words} words; say it in {MOST_TIP_WORDS} at most")
    problems.raise_any()
    return texts


def _read_sound_check(path: Path) -> dict[str, str]:
    parts = complete(yamlfile.read(path), _SOUND_CHECK_SLOTS)
    return {name: read_text(parts[name], slots) for name, slots in _SOUND_CHECK_SLOTS.items()}


def _filled_in(texts: Mapping[str, str], facts: LanguageFacts, phrases: Phrases) -> SoundCheckWords:
    on, stop, hurts = (phrases.of_command[one][0] for one in (Command.NEXT, Command.STOP, Command.HURTS))
    filled = {"next": on, "stop": stop, "hurts": hurts, "quiet": facts.number(QUIET_S), "turn": facts.number(TURN_S)}
    return SoundCheckWords(**{name: text.format(**filled) for name, text in texts.items()}, expected=(on, stop, hurts))
