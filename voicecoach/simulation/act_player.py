"""Performs the acts of a scenario: puts what is said and what happens into the acoustic scene, at its sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.session_trace import PERSON, Said
from voicecoach.simulation.disturbance import sound_of
from voicecoach.simulation.rehearsed_session import PerformedAct
from voicecoach.simulation.scenario import ROOM
from voicecoach.simulation.simulated_person import at_level
from voicecoach.simulation.turns import Disturb, Mute, PowerCut, SmallTalk, Speak

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.simulation.acoustic_scene import AcousticScene
    from voicecoach.simulation.power_cuts import RestartableCoach
    from voicecoach.simulation.simulated_person import SimulatedPerson
    from voicecoach.simulation.turns import Act

BREATH_S: Final = 0.3
"""Between two things that the person says."""
_DISTURBANCES: Final = 2
"""Their part of the seed; the acoustic scene takes 0 and 1."""


class ActPlayer:
    """Where everything happens that can be heard beside the coach.  Each mouth says one thing at a time."""

    def __init__(
        self, people: Mapping[str, SimulatedPerson], scene: AcousticScene, coach: RestartableCoach, seed: int
    ) -> None:
        self.said: list[Said] = []
        self.performed: list[PerformedAct] = []
        self._people, self._scene, self._coach, self._seed = people, scene, coach, seed
        self._free = dict.fromkeys(people, 0)
        """The sample from which on each mouth is free."""

    def act(self, act: Act, at_s: float) -> tuple[float, float]:
        """Do it at ``at_s``, or as soon as the same mouth is free; returns when it begins and is done, in seconds."""
        at = max(round(at_s * MICROPHONE_HZ), self._scene.position)
        match act:
            case Speak() | SmallTalk():
                said = self._say(act, at)
            case Disturb():
                said = self._disturb(act, at)
            case Mute():
                said = self._mute(act, at)
            case PowerCut():
                said = self._cut(act, at)
        self.said.append(said)
        self.performed.append(PerformedAct(act, said.began_s, said.ended_s))
        return said.began_s, said.ended_s if said.who == PERSON else said.began_s

    def _say(self, act: Speak | SmallTalk, at: int) -> Said:
        at = max(at, self._free[act.by])
        person = self._people[act.by]
        sound = person.say(act, at, muted=self._scene.is_mute(at)) if isinstance(act, Speak) else person.talk(act)
        self._scene.speak(sound, at)
        self._free[act.by] = at + len(sound) + round(BREATH_S * MICROPHONE_HZ)
        return _said(act.words if isinstance(act, Speak) else "(small talk)", at, len(sound), act.by)

    def _disturb(self, act: Disturb, at: int) -> Said:
        rng = np.random.default_rng([self._seed, _DISTURBANCES, at])
        level_db = act.sound.usual_db if act.level_db is None else act.level_db
        sound = at_level(sound_of(act.sound, rng, act.for_s), level_db)
        self._scene.speak(sound, at)
        return _said(f"({act.sound.value})", at, len(sound), ROOM)

    def _mute(self, act: Mute, at: int) -> Said:
        samples = round(act.for_s * MICROPHONE_HZ)
        self._scene.mute(at, at + samples, act.fault)
        return _said(f"(microphone {act.fault.value})", at, samples, ROOM)

    def _cut(self, act: PowerCut, at: int) -> Said:
        samples = round(act.for_s * MICROPHONE_HZ)
        self._coach.cut(at, at + samples)
        return _said("(no power)", at, samples, ROOM)


def _said(words: str, at: int, samples: int, who: str) -> Said:
    return Said(words, at / MICROPHONE_HZ, (at + samples) / MICROPHONE_HZ, who)
