"""The message by which Home Assistant learns what there is: a device, and its entities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.dialogue.handlers.changes import LOUDEST_DB, QUIETEST_DB
from voicecoach.home.config import Share
from voicecoach.home.picture import TALK, modes_told, moments_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.home.config import HomeConfig
    from voicecoach.home.topics import Topics

LONGEST_MIN: Final = 30
STEP_MIN: Final = 5
BUTTONS: Final = {
    "start": ("Start", "mdi:play"),
    "stop": ("Stop", "mdi:stop"),
    "pause": ("Pause", "mdi:pause"),
    "continue": ("Continue", "mdi:play-pause"),
    "next": ("Next stretch", "mdi:skip-next"),
}
"""What can be pressed, with its name and its icon."""

PRIVATE: Final = {"pain_before": "sensor", "pain_after": "sensor", "slept": "sensor", "progress": "image"}
"""Entities that are there only where they are shared, with their kinds."""

Component = dict[str, object]


def discovery(config: HomeConfig, topics: Topics, routines: Sequence[str]) -> dict[str, object]:
    """The retained message on `Topics.discovery`.

    Args:
        config: How the room is called, and what it shares.
        topics: Of this coach.
        routines: Titles of the routines to choose from.
    """
    return {
        "dev": {
            "ids": [topics.node],
            "name": config.name,
            "mf": "voicecoach",
            "mdl": "Voice coach for stretches in bed",
            "sw": __version__,
        },
        "o": {"name": "voicecoach", "sw": __version__},
        "cmps": components(config, topics, routines),
        "avty_t": topics.availability,
        "stat_t": topics.state,
        "qos": 1,
    }


def components(config: HomeConfig, topics: Topics, routines: Sequence[str]) -> dict[str, Component]:
    """The entities by their keys."""
    found: dict[str, Component] = {
        **_to_set(topics, routines),
        **{key: _button(topics, key, *shown) for key, shown in BUTTONS.items()},
        **_shown(config),
        "moment": {
            "p": "event",
            "name": "Moment",
            "stat_t": topics.moment,
            "evt_typ": moments_told(config.share),
            "ic": "mdi:meditation",
        },
    }
    if config.shares(Share.PROGRESS):
        found["progress"] = {
            "p": "image",
            "name": "Progress",
            "image_topic": topics.picture,
            "content_type": "image/png",
        }
    shown = {key: {**one, "unique_id": f"{topics.node}_{key}"} for key, one in found.items()}
    # An entity of which nothing but its kind is said is taken away: what is not shared any more leaves nothing behind.
    gone: dict[str, Component] = {key: {"p": platform} for key, platform in PRIVATE.items() if key not in found}
    return {**shown, **gone}


def _value(key: str) -> str:
    return f"{{{{ value_json.{key} }}}}"


def _button(topics: Topics, key: str, name: str, icon: str) -> Component:
    return {"p": "button", "name": name, "cmd_t": topics.command("press"), "pl_prs": key, "ic": icon}


def _to_set(topics: Topics, routines: Sequence[str]) -> dict[str, Component]:
    def setting(key: str, platform: str, name: str, icon: str, **more: object) -> Component:
        shared = {"p": platform, "name": name, "cmd_t": topics.command(key), "val_tpl": _value(key), "ic": icon}
        return {**shared, **more}

    return {
        "routine": setting("routine", "select", "Routine", "mdi:format-list-bulleted", ops=list(routines)),
        "talk": setting("talk", "select", "Talk", "mdi:account-voice", ops=list(TALK.values()), ent_cat="config"),
        "minutes": setting(
            "minutes",
            "number",
            "Minutes",
            "mdi:timer-outline",
            min=0,
            max=LONGEST_MIN,
            step=STEP_MIN,
            unit_of_meas="min",
        ),
        "volume": setting(
            "volume",
            "number",
            "Volume",
            "mdi:volume-medium",
            min=QUIETEST_DB,
            max=LOUDEST_DB,
            step=1,
            unit_of_meas="dB",
        ),
        "listening": setting("listening", "switch", "Listening", "mdi:microphone"),
    }


def _shown(config: HomeConfig) -> dict[str, Component]:
    def sensor(key: str, name: str, **more: object) -> Component:
        return {"p": "sensor", "name": name, "val_tpl": _value(key), **more}

    found: dict[str, Component] = {
        "state": sensor("state", "State", dev_cla="enum", ops=modes_told(config.share), ic="mdi:human-handsup"),
        "stretch": sensor("stretch", "Stretch", ic="mdi:yoga"),
        "minutes_left": sensor("minutes_left", "Minutes left", dev_cla="duration", unit_of_meas="min"),
        "last_session": sensor("last_session", "Last session", dev_cla="timestamp"),
        "in_session": {
            "p": "binary_sensor",
            "name": "In session",
            "val_tpl": _value("in_session"),
            "dev_cla": "running",
        },
        "microphone": {
            "p": "binary_sensor",
            "name": "Microphone",
            "val_tpl": _value("microphone"),
            "dev_cla": "problem",
            "ent_cat": "diagnostic",
        },
    }
    if config.shares(Share.PAIN):
        found["pain_before"] = sensor("pain_before", "Pain before", stat_cla="measurement", ic="mdi:gauge")
        found["pain_after"] = sensor("pain_after", "Pain after", stat_cla="measurement", ic="mdi:gauge")
    if config.shares(Share.SLEEP):
        found["slept"] = sensor("slept", "Slept", stat_cla="measurement", ic="mdi:sleep")
    return found
