"""Reads one stretch file, and checks that what it says can be spoken and done."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from voicecoach.problems import Problems
from voicecoach.routine.dose import read_dose
from voicecoach.routine.dose_fit import check_hold_fits
from voicecoach.routine.spoken import key_of, sources, spoken, spoken_list, stretch_key
from voicecoach.routine.stretch import (
    KEPT_WORDS,
    PROPS,
    SETTLE_S,
    Aid,
    Condition,
    Dose,
    Phase,
    Position,
    Reason,
    Side,
    Stretch,
)
from voicecoach.yamlfile import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from voicecoach.routine.texts import Texts

LONGEST_PHASE_S = 120
LONGEST_SETTLE_S = 60

_STRETCH_WORDS_REQUIRED = frozenset({"name", "setup", "cue", "cue_short", "benefit", "easier", "harder", "come_out"})
_STRETCH_WORDS = _STRETCH_WORDS_REQUIRED | {
    *("cue_both", "release", "release_both", "breathing", "caution", "not_for", "phases", "with"),
}
"""What a file of words says of a stretch; of ``phases`` and ``with`` a part is in the stretch's own file."""
_STRETCH_REQUIRED = _STRETCH_WORDS_REQUIRED | {"position"}
STRETCH_KEYS = (
    _STRETCH_REQUIRED
    | _STRETCH_WORDS
    | {
        *("sources", "sides", "settle", "not_with", "instead", "in_place", "soft_bed", "uses", "restful", "recover"),
        "every_time",
        "props",  # read by nobody any more; older files of users have it
    }
)
"""Everything that the file of a stretch may say, with its words or without."""
_DOSE_IN_PLACE = frozenset({"hold", "repeat"})
_PHASE_WORDS = frozenset({"say", "brief"})
_PHASE_DOSES = frozenset({"seconds", "counted", "count_s"})
_OTHERS = "others"
"""What stands in ``not_for`` for reasons that the first evening does not ask about."""
_AS_THE_HOLD = "hold"
"""What a phase lasts that has no seconds of its own."""

_NEVER_IN_NOT_WITH = {
    Condition.RED_FLAGS: "red flags rule out every stretch; leave it out",
    Condition.SOFT_BED: 'a soft mattress swaps a stretch; write "soft_bed: ..." with the one that takes its place',
}


def read_stretch(path: Path, known: Collection[str], texts: Texts) -> Stretch:
    """The stretch of a file.

    Args:
        path: The file.
        known: Keys of all stretches that ``soft_bed`` and ``instead`` may name.
        texts: Where its words are, if they are not in the file itself.

    Raises:
        BadFileError: The file, or that of its words, does not say what it should.  The error has everything that is
            wrong (`BadFileError.all`).
    """
    key, problems = key_of(path), Problems()
    parts, words = texts.added_to(
        path, problems, allowed=STRETCH_KEYS, required=_STRETCH_REQUIRED, words=_STRETCH_WORDS
    )
    said = {**parts, **words}
    slots = texts.side_slots
    part, optional = problems.part, partial(_optional, problems, said)
    sided = False
    if said.keys() >= {"cue", "cue_short"}:
        with problems:
            sided = _sided(parts.get("sides"), said, slots)
    uses = part(parts, "uses", _uses, dict[str, Node]())
    phases: tuple[Phase, ...] = ()
    with problems:
        phases = _phases(parts.get("phases"), words.get("phases"), slots)
    aids: tuple[Aid, ...] = ()
    with problems:
        aids = _aids(parts.get("with"), words.get("with"))
    stretch = Stretch(
        key=key,
        name=optional("name"),
        sources=part(parts, "sources", sources, ()),
        position=part(parts, "position", _position, Position.ON_BACK),
        setup=optional("setup"),
        cue=optional("cue", slots),
        cue_short=optional("cue_short", slots),
        cue_both=optional("cue_both") or None,
        release=optional("release", slots),
        release_both=optional("release_both") or None,
        breathing=optional("breathing", slots),
        benefit=optional("benefit"),
        caution=optional("caution"),
        not_for=part(said, "not_for", _reasons, ()),
        easier=optional("easier"),
        harder=optional("harder"),
        come_out=optional("come_out"),
        phases=phases,
        sided=sided,
        settle_s=part(parts, "settle", lambda node: node.number(1, LONGEST_SETTLE_S), SETTLE_S),
        recover_s=part(parts, "recover", lambda node: node.number(1, LONGEST_SETTLE_S), 0.0),
        every_time=part(parts, "every_time", _kept_words, frozenset[str]()),
        soft_bed=part(parts, "soft_bed", lambda node: _other(node, key, known), None),
        not_with=part(parts, "not_with", _conditions, frozenset[Condition]()),
        instead=part(parts, "instead", lambda node: _instead(node, key, known, parts.get("not_with")), None),
        aids=aids,
        easier_props=part(uses, "easier", _props, frozenset[str]()),
        harder_props=part(uses, "harder", _props, frozenset[str]()),
        restful=part(parts, "restful", Node.boolean, False),  # noqa: FBT003 - what else is read is no truth
    )
    if "in_place" in parts:
        with problems:
            stretch = replace(stretch, in_place=_in_place(parts["in_place"], stretch))
    problems.raise_first()
    return stretch


def _in_place(node: Node, stretch: Stretch) -> Dose:
    """How much of ``stretch`` is done where it takes another's place."""
    parts = node.mapping(allowed=_DOSE_IN_PLACE)
    dose = read_dose(parts)
    check_hold_fits(node, parts, dose, stretch, f'the stretch "{stretch.key}"')
    return dose


def _optional(problems: Problems, said: Mapping[str, Node], key: str, slots: Collection[str] = ()) -> str:
    """A text that is said; empty where there is none, or it will not do."""
    return problems.part(said, key, lambda node: spoken(node, slots), "")


def _uses(node: Node) -> dict[str, Node]:
    """What the words of the other forms ask for."""
    return node.mapping(allowed={"easier", "harder"})


def _position(node: Node) -> Position:
    return node.choice(Position)


def _reasons(node: Node) -> tuple[Reason, ...]:
    """Who must not do it: a list, or what is said by the condition that it is about, and the ``others``."""
    if not node.is_mapping:
        return tuple(Reason(said) for said in spoken_list(node))
    reasons: list[Reason] = []
    for key, said in node.mapping(allowed={*(condition.value for condition in Condition), _OTHERS}).items():
        if key == _OTHERS:
            reasons += (Reason(one) for one in spoken_list(said))
        else:
            reasons.append(Reason(spoken(said), Condition(key)))
    return tuple(reasons)


def _conditions(node: Node) -> frozenset[Condition]:
    """Answers of the first evening that rule the stretch out."""
    found: set[Condition] = set()
    for item in node.sequence():
        condition = item.choice(Condition)
        if condition in _NEVER_IN_NOT_WITH:
            raise item.error(_NEVER_IN_NOT_WITH[condition])
        found.add(condition)
    return frozenset(found)


def _instead(node: Node, key: str, known: Collection[str], not_with: Node | None) -> str:
    if not_with is None:
        raise node.error(f'{node.called} is never used; add "not_with: [...]", or leave it out')
    return _other(node, key, known)


def _other(node: Node, key: str, known: Collection[str]) -> str:
    """The key of another stretch than this one."""
    if (other := stretch_key(node, known)) == key:
        raise node.error(f"{node.called} names this very stretch; name another one")
    return other


def _props(node: Node) -> frozenset[str]:
    """Some of `PROPS`."""
    return frozenset(_one_prop(item) for item in node.sequence())


def _kept_words(node: Node) -> frozenset[str]:
    """Some of `KEPT_WORDS`."""
    kept = set[str]()
    for item in node.sequence():
        if item.text() not in KEPT_WORDS:
            raise item.error(
                f'{item.called} cannot be "{item.text()[:40]}"; write one of: {", ".join(sorted(KEPT_WORDS))}'
            )
        kept.add(item.text())
    return frozenset(kept)


def _one_prop(node: Node) -> str:
    if node.text() not in PROPS:
        raise node.error(f'{node.called} cannot be "{node.text()[:40]}"; write one of: {", ".join(sorted(PROPS))}')
    return node.text()


def _aids(node: Node | None, words: Node | None) -> tuple[Aid, ...]:
    """How each prop is used; ``words`` has the sentences where ``node`` only lists the props."""
    if node is None:
        if words is not None:
            raise words.error(f'{words.called} is never said: no prop helps here; leave it out, or add "with: [...]"')
        return ()
    if words is None and node.is_sequence:
        raise node.error(
            f"nobody says how these help; add {node.called} to the file of what is said, with a text for each"
        )
    if words is None:
        return tuple(Aid(prop, spoken(say)) for prop, say in node.mapping(allowed=PROPS).items())
    props = node.mapping(allowed=PROPS) if node.is_mapping else [_one_prop(item) for item in node.sequence()]
    said = words.mapping(allowed=props, required=props)
    return tuple(Aid(prop, spoken(said[prop])) for prop in props)


def _sided(sides: Node | None, said: Mapping[str, Node], slots: Collection[str]) -> bool:
    """Whether the stretch is done on one side at a time; its words must name the side then, and only then."""
    cue, short, both = said["cue"], said["cue_short"], said.get("cue_both")
    if sides is None:  # somebody's own file, where the words tell
        sided = _names_a_side(cue, slots)
        if sided != _names_a_side(short, slots):
            missing = short if sided else cue
            raise missing.error(
                f"{missing.called} has no {{side}}, though the other cue has one; name the side in both"
            )
        return sided
    for text in (cue, short):
        if not _names_a_side(text, slots):
            raise text.error(f"{text.called} has no {{side}}, and nobody would know which side has its turn; name it")
    listed = {item.text() for item in sides.sequence()}
    right_and_left = {Side.RIGHT.value, Side.LEFT.value}
    if listed - {Side.BOTH.value} != right_and_left:
        raise sides.error(
            f"{sides.called} must be [right, left] or [right, left, both]; leave it out where it has none"
        )
    if (Side.BOTH.value in listed) is (both is None):
        where = sides if both is None else both
        raise where.error('"both" in "sides" and the words "cue_both" belong together; write both of them, or neither')
    return True


def _names_a_side(node: Node, slots: Collection[str]) -> bool:
    return any(f"{{{slot}}}" in node.text() for slot in slots)


def _phases(node: Node | None, words: Node | None, slots: Collection[str]) -> tuple[Phase, ...]:
    """The phases of a movement; ``words`` has what is said where ``node`` has only how long they are."""
    doses = node.sequence() if node else ()
    if words is None:
        return tuple(_phase(item, item, _PHASE_WORDS | _PHASE_DOSES, slots) for item in doses)
    said = words.sequence()
    if len(said) != len(doses):
        raise words.error(f"{words.called} has {len(said)} items, and the stretch {len(doses)}; write one for each")
    return tuple(_phase(dose, text, _PHASE_DOSES, slots) for dose, text in zip(doses, said, strict=True))


def _phase(dose: Node, words: Node, dose_keys: frozenset[str], slots: Collection[str]) -> Phase:
    said = words.mapping(allowed=None if words is dose else _PHASE_WORDS, required=_PHASE_WORDS)
    parts = dose.mapping(allowed=dose_keys | (_PHASE_WORDS if words is dose else frozenset()))
    seconds = parts.get("seconds")
    lasts = seconds is None or (not seconds.is_mapping and not seconds.is_sequence and seconds.text() == _AS_THE_HOLD)
    return Phase(
        say=spoken(said["say"], slots),
        brief=spoken(said["brief"], slots),
        seconds=None if seconds is None or lasts else seconds.number(1, LONGEST_PHASE_S),
        counted="counted" in parts and parts["counted"].boolean(),
        count_s=parts["count_s"].number(0.5, 5) if "count_s" in parts else 1.0,
    )
