"""What the house sees, what it may ask for, and where it is: all that needs no broker."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED

from voicecoach.by_hand import Adjust, Do, Listen
from voicecoach.dialogue.events import Adjustable, Note
from voicecoach.errors import BadFileError
from voicecoach.home.config import HomeConfig, Share, as_text, load_home, machine_identity, save_home
from voicecoach.home.discovery import BUTTONS, PRIVATE, components, discovery
from voicecoach.home.messages import Choice, Offer, understood
from voicecoach.home.picture import Moment, Pictures, Sight, Value
from voicecoach.home.topics import Topics
from voicecoach.languages.commands import Command, Meaning
from voicecoach.person.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from voicecoach.dialogue.events import Action, Event
    from voicecoach.person.facts import Record

DOCS = Path(__file__).resolve().parent.parent / "docs" / "home"
RATES_PAIN = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)


class SeenNight(Night):
    """A night that the house sees."""

    def __init__(self, share: Collection[Share] = (), history: Iterable[Record] = ALL_ANSWERED) -> None:
        self._pictures = Pictures(share)
        self.told: list[Moment] = []
        self.values: dict[str, Value] = {}
        self._notes: list[Note] = []
        super().__init__(history=history)

    def _put(self, event: Event) -> None:
        super()._put(event)
        sight = Sight(self.state, tuple(self._notes), self.now_s)
        self._notes = []
        self.told += self._pictures.moments(sight)
        self.values = self._pictures.values(sight)

    def _do(self, action: Action) -> None:
        if isinstance(action, Note):
            self._notes.append(action)
        super()._do(action)

    @property
    def kinds(self) -> list[str]:
        return [moment.kind for moment in self.told]


# --- what it sees -----------------------------------------------------------------------------------------------------


def test_a_session_is_seen_from_its_beginning_to_its_end() -> None:
    night = SeenNight().says("start bedtime routine")
    assert night.values["state"] == "greeting"
    night.until("Draw your right knee in").passes(3).says("pause").passes(20)
    assert (night.values["state"], night.values["stretch"], night.values["in_session"]) == ("paused", "the hug", "ON")
    left = night.values["minutes_left"]
    assert isinstance(left, int)
    assert 2 <= left <= 6
    night.says("continue")
    for _ in range(4):
        night.passes(5).says("next")
    night.passes(60)
    assert night.kinds == ["started", "stretch", "paused", "continued", "stretch", "stretch", "stretch", "finished"]
    assert night.told[1] == Moment("stretch", "Bedtime", "the hug")
    assert (night.values["in_session"], night.values["stretch"], night.values["minutes_left"]) == ("OFF", None, None)
    assert str(night.values["last_session"]).startswith("2026-03-02T21:4")


def test_who_ends_it_early_has_stopped() -> None:
    night = SeenNight().says("start bedtime routine").until("Draw your right knee in").says("good night").passes(30)
    assert night.kinds == ["started", "stretch", "stopped"]


def test_a_reminder_is_told() -> None:
    night = SeenNight().says("remind me").says("one").passes(3700)
    assert "reminder" in night.kinds


@pytest.mark.parametrize(
    ("share", "kinds", "state"),
    [
        ((), ["started", "stretch", "paused"], "paused"),
        ((Share.PAIN,), ["started", "stretch", "hurt", "paused"], "hurt"),
    ],
)
def test_that_something_hurt_is_told_only_where_it_is_shared(
    share: tuple[Share, ...], kinds: list[str], state: str
) -> None:
    night = SeenNight(share).says("start bedtime routine").until("Draw your right knee in").passes(3).says("that hurts")
    assert night.kinds == kinds
    assert night.values["state"] == state


@pytest.mark.parametrize(
    ("share", "kind", "state"), [((), "finished", "rest"), ((Share.SLEEP,), "fell_asleep", "asleep")]
)
def test_that_somebody_fell_asleep_is_told_only_where_it_is_shared(
    share: tuple[Share, ...], kind: str, state: str
) -> None:
    night = SeenNight(share).says("start bedtime routine").says("next").passes(2).says("next").passes(30).says("pause")
    night.passes(1500)
    assert night.kinds[-1] == kind
    assert night.values["state"] == state


def test_ratings_are_values_only_where_they_are_shared() -> None:
    told = SeenNight((Share.PAIN,), history=RATES_PAIN).says("start bedtime routine").passes(10).says("three")
    assert told.values["pain_before"] == 3
    kept = SeenNight((), history=RATES_PAIN).says("start bedtime routine").passes(10).says("three")
    assert not any("pain" in key for key in kept.values)


SAID = st.lists(
    st.sampled_from(
        ["next", "pause", "continue", "that hurts", "my legs are numb", "good night", "easier", "stop", "yes"]
    ),
    max_size=12,
)


@settings(max_examples=20)
@given(SAID, st.sets(st.sampled_from(Share)))
def test_whatever_happens_nothing_is_told_that_is_not_shared_and_no_word_that_was_heard(
    said: list[str], share: set[Share]
) -> None:
    night = SeenNight(share).says("start bedtime routine").passes(40)
    states = {night.values["state"]}
    for phrase in said:
        night.says(phrase).passes(7)
        states.add(night.values["state"])
    config = HomeConfig("x", share=frozenset(share))
    shown: Any = components(config, Topics("x"), ["Bedtime"])
    assert set(night.kinds) <= set(shown["moment"]["evt_typ"]), "the house knows no other"
    assert states <= set(shown["state"]["ops"])
    if Share.PAIN not in share:
        assert not {"hurt", "warning"} & ({*night.kinds} | states)
    if Share.SLEEP not in share:
        assert not {"fell_asleep", "asleep"} & ({*night.kinds} | states)
    told = json.dumps([night.values, [str(one) for one in night.told]])
    assert not [phrase for phrase in said if len(phrase) > 8 and phrase in told]


# --- what there is ----------------------------------------------------------------------------------------------------

FORM = {
    "select": {"cmd_t", "ops", "val_tpl"},
    "number": {"cmd_t", "min", "max", "step", "unit_of_meas", "val_tpl"},
    "button": {"cmd_t", "pl_prs"},
    "switch": {"cmd_t", "val_tpl"},
    "sensor": {"val_tpl"},
    "binary_sensor": {"val_tpl", "dev_cla"},
    "event": {"stat_t", "evt_typ"},
    "image": {"image_topic", "content_type"},
}
"""What each platform must have, in the abbreviations of Home Assistant's documentation (MQTT, "Discovery messages")."""
MAY = {"p", "name", "unique_id", "ic", "ent_cat", "dev_cla", "ops", "unit_of_meas", "stat_cla"}


@pytest.mark.parametrize("share", [frozenset(), frozenset(Share)], ids=["nothing shared", "all shared"])
def test_the_discovery_message_has_the_documented_form(share: frozenset[Share]) -> None:
    config = HomeConfig("broker", name="Bedroom, room 12", id="abc", share=share)
    message: Any = discovery(config, Topics("abc"), ["Bedtime", "Morning"])
    assert json.loads(json.dumps(message)) == message
    assert set(message) == {"dev", "o", "cmps", "avty_t", "stat_t", "qos"}
    assert message["dev"]["ids"] == ["voicecoach_abc"]
    shown = components(config, Topics("abc"), ["Bedtime", "Morning"])
    gone = {key for key, one in shown.items() if set(one) == {"p"}}
    assert gone == (set() if share else set(PRIVATE)), "what is not shared is taken away, where it was there"
    for key, one in shown.items():
        if key not in gone:
            needs = FORM[str(one["p"])]
            assert needs <= set(one) <= needs | MAY
            assert one["unique_id"] == f"voicecoach_abc_{key}"
    assert {*BUTTONS, "routine", "talk", "minutes", "volume", "listening", "state", "stretch"} <= shown.keys()
    assert {"minutes_left", "last_session", "in_session", "microphone", "moment"} <= shown.keys()


def test_every_value_that_is_asked_for_is_in_the_state() -> None:
    config = HomeConfig("broker", id="abc", share=frozenset(Share))
    asked = re.findall(r"value_json\.(\w+)", json.dumps(components(config, Topics("abc"), [])))
    night = SeenNight(tuple(Share)).opens()
    assert set(asked) - night.values.keys() == {"routine", "minutes", "listening"}, "those the link knows itself"


class Blueprint(yaml.SafeLoader):
    """Reads what Home Assistant fills in as its name."""


Blueprint.add_constructor("!input", lambda _, node: f"!{node.value}")


@pytest.mark.parametrize("name", ["dim-the-lights", "do-not-disturb", "start"])
def test_a_blueprint_declares_what_it_uses_and_uses_what_it_declares(name: str) -> None:
    """Home Assistant itself loads them in scripts/try-home-assistant."""
    text = (DOCS / f"{name}.yaml").read_text(encoding="utf-8")
    blueprint = yaml.load(text, Blueprint)  # noqa: S506 - a safe loader with one tag more
    assert blueprint["blueprint"]["domain"] == "automation"
    assert set(re.findall(r"!input (\w+)", text)) == set(blueprint["blueprint"]["input"])
    assert {"triggers", "actions", "mode"} <= blueprint.keys()


def selectors(node: object) -> Iterator[dict[str, str]]:
    """What a blueprint looks for among the entities of MQTT: keys of Home Assistant's filters, as it has them."""
    if isinstance(node, dict):
        if node.get("integration") == "mqtt":
            yield node
        for one in node.values():
            yield from selectors(one)
    elif isinstance(node, list):
        for one in node:
            yield from selectors(one)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("dim-the-lights", [{"in_session"}]),
        ("do-not-disturb", [{"in_session"}]),
        ("start", [{"start", "stop", "pause", "continue", "next"}, {"in_session"}]),
    ],
)
def test_a_blueprint_offers_entities_that_there_are(name: str, found: list[set[str]]) -> None:
    blueprint = yaml.load((DOCS / f"{name}.yaml").read_text(encoding="utf-8"), Blueprint)  # noqa: S506 - as above
    shown = components(HomeConfig("x", id="a"), Topics("a"), [])
    offered = [
        {
            key
            for key, one in shown.items()
            if one["p"] == wanted["domain"] and one.get("dev_cla") == wanted.get("device_class", one.get("dev_cla"))
        }
        for wanted in selectors(blueprint["blueprint"]["input"])
    ]
    assert offered == found


CARDS = {
    "heading": {"heading"},
    "tile": {"entity", "name", "features", "hide_state", "tap_action"},
    "history-graph": {"hours_to_show", "entities"},
    "logbook": {"hours_to_show", "target"},
}
"""What each card may have, of Home Assistant's documentation (Dashboards, "Cards")."""
FEATURES = {"select-options": "select", "numeric-input": "number"}
"""Which domain each feature of a tile is for."""


def test_the_cards_of_the_dashboard_have_the_documented_form() -> None:
    """A browser draws them in scripts/try-home-assistant."""
    dashboard = yaml.safe_load((DOCS / "dashboard.yaml").read_text(encoding="utf-8"))
    for section in dashboard["views"][0]["sections"]:
        for card in section["cards"]:
            assert card.keys() - {"type"} <= CARDS[card["type"]]
            for feature in card.get("features", ()):
                assert card["entity"].startswith(f"{FEATURES[feature['type']]}.")
            if card.get("tap_action"):
                assert card["entity"].startswith("button."), "what is pressed, and shows nothing"


def test_the_dashboard_shows_entities_that_there_are() -> None:
    text = (DOCS / "dashboard.yaml").read_text(encoding="utf-8")
    shown = set(re.findall(r"^[^#\n]*?(\w+\.voicecoach_\w+)", text, re.MULTILINE))
    there = {
        f"{one['p']}.voicecoach_{str(one['name']).lower().replace(' ', '_')}"
        for one in components(HomeConfig("x", id="a"), Topics("a"), []).values()
        if "name" in one
    }
    assert len(shown) > 10
    assert shown <= there


# --- what it may ask for ----------------------------------------------------------------------------------------------

OFFER = Offer({"Bedtime": "bedtime", "Morning": "morning"}, "bedtime")
START = Do((Meaning(Command.START, "bedtime"),))


@pytest.mark.parametrize(
    ("what", "payload", "request_"),
    [
        ("press", b"start", START),
        ("press", b"stop", Do((Meaning(Command.STOP),))),
        ("press", b"explode", None),
        ("press", b"", None),
        ("routine", b"Morning", Choice("morning")),
        ("routine", b"../../etc", None),
        ("minutes", b"10", Choice("bedtime", 10)),
        ("minutes", b"10.0", Choice("bedtime", 10)),
        ("minutes", b"31", None),
        ("minutes", b"nan", None),
        ("volume", b"-12.5", Adjust(Adjustable.VOLUME, -12.5)),
        ("volume", b"3", None),
        ("volume", b"-inf", None),
        ("talk", b"brief", Adjust(Adjustable.TALK, 1)),
        ("talk", b"shout", None),
        ("listening", b"OFF", Listen(on=False)),
        ("listening", b"ON", Listen(on=True)),
        ("listening", b"off", None),
        ("self_destruct", b"start", None),
        ("press", b"\xff\xfe", None),
        ("press", b"start" * 1000, None),
    ],
)
def test_a_message_asks_for_what_there_is_or_for_nothing(what: str, payload: bytes, request_: object) -> None:
    assert understood(what, payload, Choice("bedtime"), OFFER) == request_


def test_start_begins_what_was_chosen() -> None:
    asked = understood("press", b"start", Choice("morning", 10), OFFER)
    assert asked == Do((Meaning(Command.START, "morning"),), 10)


@given(st.text(), st.binary())
def test_no_message_raises(what: str, payload: bytes) -> None:
    understood(what, payload, Choice("bedtime"), OFFER)


# --- where it is ------------------------------------------------------------------------------------------------------

WORDS = st.text(min_size=1).filter(str.isprintable)
CONFIGS = st.builds(
    HomeConfig,
    broker=st.text(st.characters(categories=["L", "N"]), min_size=1),
    port=st.integers(1, 65_535),
    user=st.none() | WORDS,
    password=st.none() | WORDS,
    tls=st.booleans(),
    name=st.sampled_from(["Voicecoach", "Bedroom, room 12", 'the "quiet" one: yes']),
    id=st.sampled_from(["", "abc123"]),
    share=st.sets(st.sampled_from(Share)).map(frozenset),
)


@settings(max_examples=20)
@given(CONFIGS)
def test_what_is_written_is_read_again_and_nobody_else_reads_it(
    tmp_path_factory: pytest.TempPathFactory, config: HomeConfig
) -> None:
    file = save_home(config, tmp_path_factory.mktemp("home") / "deep" / "home.yaml")
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_home(file) == config


def test_no_file_means_off(tmp_path: Path) -> None:
    assert load_home(tmp_path / "home.yaml") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("port: 1883\n", "broker"),
        ("broker: x\nport: 99999\n", "2:7"),
        ("broker: x\nshare: [dreams]\n", "2:9"),
        ("broker: x\nid: ../x\n", "write letters and digits only"),
        ("broker: x\npasword: y\n", "pasword"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFileError, match=re.escape(problem)):
        load_home(file)


def test_a_machine_is_known_by_its_own_number_which_is_not_told(tmp_path: Path) -> None:
    serial, copied = tmp_path / "serial", tmp_path / "machine-id"
    copied.write_text("0123456789abcdef\n", encoding="utf-8")
    by_card = machine_identity([serial, copied])
    serial.write_bytes(b"10000000abcdef01\0")
    by_chip = machine_identity([serial, copied])
    assert by_card != by_chip
    assert machine_identity([serial]) == by_chip, "the same tomorrow"
    assert re.fullmatch("[0-9a-f]{12}", by_chip)
    assert "abcdef01" not in by_chip
    assert re.fullmatch("[0-9a-f]{12}", machine_identity([]))


def test_the_file_says_what_it_is() -> None:
    assert as_text(HomeConfig("broker")).splitlines()[1:] == ['broker: "broker"']
