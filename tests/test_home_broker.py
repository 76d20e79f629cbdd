"""The house with a real broker: it learns what there is, sees what happens, presses, and is left without a trace."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("paho.mqtt", reason="needs paho-mqtt")

from broker import Broker, missing_part
from night import Night

from voicecoach.by_hand import Adjust, Do, Inbox, Listen
from voicecoach.cli.main import main
from voicecoach.dialogue.events import Adjustable
from voicecoach.home.config import HomeConfig, Share, load_home, save_home
from voicecoach.home.connecting import remove_from, try_broker
from voicecoach.home.link import HomeLink, Window
from voicecoach.home.messages import Offer
from voicecoach.home.mqtt import BrokerError, Connection, Message
from voicecoach.home.topics import Topics
from voicecoach.languages.commands import Command, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voicecoach.by_hand import Request

HELP_S = 15.0
"""How long a busy machine may take to bring a message."""
OFFER = Offer({"Bedtime": "bedtime", "Morning": "morning"}, "bedtime")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    if reason := missing_part():
        pytest.skip(reason)
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def config(broker: Broker, request: pytest.FixtureRequest) -> HomeConfig:
    """A room of its own for each test."""
    return HomeConfig("127.0.0.1", broker.port, id=f"{abs(hash(request.node.name)) % 10**12:012d}")


class House:
    """Somebody else at the broker, who hears everything."""

    def __init__(self, config: HomeConfig) -> None:
        self.topics = Topics(config.identity)
        self.connection = Connection(config, f"house_{config.identity}", largest_bytes=1 << 20, reads_at_once=10_000)
        self.connection.open()
        self.heard: list[Message] = []
        for topic in (f"{self.topics.base}/#", f"{self.topics.discovery_prefix}/#"):
            self.connection.subscribe(topic, with_kept=True)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Listen until it is so."""

        def look() -> bool:
            while self.connection.received:
                self.heard.append(self.connection.received.popleft())
            return is_so()

        assert self.connection.wait_for(look, HELP_S), [(one.topic, one.payload[:80]) for one in self.heard]

    def latest(self, topic: str) -> bytes | None:
        said = [one.payload for one in self.heard if one.topic == topic]
        return said[-1] if said else None

    def state(self) -> dict[str, object]:
        state: dict[str, object] = json.loads(self.latest(self.topics.state) or b"{}")
        return state

    def until_state(self, **wanted: object) -> None:
        self.until(lambda: wanted.items() <= self.state().items())

    def moments(self) -> list[str]:
        return [json.loads(one.payload)["event_type"] for one in self.heard if one.topic == self.topics.moment]

    def says(self, what: str, payload: str | bytes) -> None:
        self.connection.publish(self.topics.command(what), payload, retain=False)
        self.connection.turn(0.01)


class Room:
    """A coach's side of it: a window, an inbox, a link, and a night that is seen through the window."""

    def __init__(self, config: HomeConfig, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self.inbox, self.window, self.told = Inbox(), Window(), list[str]()
        self.link = HomeLink(config, self.inbox, self.window, offer=OFFER, warn=self.told.append, is_wanted=is_wanted)
        self.night = Night()
        self.asked: list[Request] = []

    def shows(self) -> None:
        """The house sees how it stands."""
        self.window(self.night.state, (), self.night.now_s)

    def was_asked(self, times: int) -> bool:
        """Whether so much was asked for by now."""
        self.asked += iter(self.inbox.take, None)
        return len(self.asked) >= times


@contextmanager
def at_home(config: HomeConfig, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[tuple[Room, House]]:
    house, room = House(config), Room(config, is_wanted)
    room.link.start()
    room.shows()
    try:
        house.until(lambda: house.latest(house.topics.state) is not None)
        yield room, house
    finally:
        room.link.close()
        house.connection.close()


def test_it_tells_what_there_is_that_it_is_there_and_how_it_stands(config: HomeConfig) -> None:
    with at_home(config) as (room, house):
        told = json.loads(house.latest(house.topics.discovery) or b"")
        assert told["dev"]["name"] == "Voicecoach"
        assert house.latest(house.topics.availability) == b"online"
        house.until_state(state="rest", in_session="OFF", routine="Bedtime", minutes=0, listening="ON")
        room.night.says("start bedtime routine")
        room.shows()
        house.until_state(state="greeting", in_session="ON", routine_now="Bedtime")
        room.night.until("Draw your right knee in")
        room.shows()
        house.until_state(state="guiding", stretch="the hug")
        house.until(lambda: "stretch" in house.moments())


def test_when_it_leaves_it_says_so_and_when_it_dies_the_broker_says_it(config: HomeConfig) -> None:
    with at_home(config) as (room, house):
        room.link.close()
        house.until(lambda: house.latest(house.topics.availability) == b"offline")
    house = House(config)
    dying = Connection(config, "dying", (house.topics.availability, "offline"))
    dying.open()
    dying.publish(house.topics.availability, "online", retain=True)
    dying.wait_for(lambda: False, 0.2)
    house.until(lambda: house.latest(house.topics.availability) == b"online")
    dying._drop()  # noqa: SLF001 - a plug that is pulled
    house.until(lambda: house.latest(house.topics.availability) == b"offline")
    house.connection.close()


def test_a_house_that_has_just_started_is_told_again(config: HomeConfig) -> None:
    with at_home(config) as (room, house):
        room.link._born_s = -1000.0  # noqa: SLF001 - it was told long ago
        house.heard.clear()
        house.connection.publish(f"{house.topics.discovery_prefix}/status", "online", retain=False)
        house.until(lambda: {house.topics.discovery, house.topics.state} <= {one.topic for one in house.heard})


def test_what_is_pressed_arrives_as_what_a_phrase_would_mean(config: HomeConfig) -> None:
    with at_home(config) as (room, house):
        house.says("routine", "Morning")
        house.says("minutes", "10")
        house.until_state(routine="Morning", minutes=10)
        house.says("press", "start")
        house.says("listening", "OFF")
        house.until(lambda: room.was_asked(2))
        start = next(one for one in room.asked if isinstance(one, Do))
        assert (start.meanings[0].command.key, start.meanings[0].argument, start.minutes) == ("start", "morning", 10)
        assert Listen(on=False) in room.asked


def test_what_is_kept_at_a_command_is_not_obeyed(config: HomeConfig) -> None:
    """Or a routine would begin at three in the morning, whenever the broker is started anew."""
    house = House(config)
    house.connection.publish(house.topics.command("press"), "start", retain=True)
    house.until(lambda: house.latest(house.topics.command("press")) == b"start")
    with at_home(config) as (room, other):
        other.says("volume", "-10")
        other.until(lambda: room.was_asked(1))
        assert room.asked == [Adjust(Adjustable.VOLUME, -10.0)]
    house.connection.close()


def test_huge_and_broken_messages_are_passed_over(config: HomeConfig) -> None:
    with at_home(config) as (room, house):
        for payload in (b"x" * 3_000_000, b"\xff\xfe", b"", b"[" * 300, b"NaN", b"1e999"):
            for what in ("press", "volume", "minutes", "talk", "routine", "listening", "nothing/such", ""):
                house.says(what, payload)
        house.says("press", "next")
        house.until(lambda: room.was_asked(1))
        assert room.asked == [Do((Meaning(Command.NEXT),))]
        assert room.link._thread.is_alive()  # noqa: SLF001 - it goes on


def test_a_flood_is_hung_up_on_and_when_it_is_over_a_press_arrives_at_once(config: HomeConfig) -> None:
    with at_home(config) as (room, house):
        for _ in range(400):
            house.connection.publish(house.topics.command("press"), "next", retain=False)
        house.until(lambda: house.latest(house.topics.availability) == b"offline")
        assert not room.was_asked(12), "a few, and not what waits at the broker"
        house.until(lambda: house.latest(house.topics.availability) == b"online")
        room.asked.clear()
        house.says("press", "stop")
        house.until(lambda: room.was_asked(1))
        assert room.asked[-1] == Do((Meaning(Command.STOP),))
        assert [line for line in room.told if "far more messages" in line]


def test_turned_off_it_leaves_nothing_behind(config: HomeConfig) -> None:
    wanted = threading.Event()
    wanted.set()
    with at_home(config, is_wanted=wanted.is_set) as (_, house):
        wanted.clear()
        house.until(lambda: all(house.latest(topic) in {b"", None} for topic in house.topics.retained))
    fresh = House(config)
    fresh.connection.wait_for(lambda: False, 0.3)
    assert [one for one in fresh.connection.received if fresh.topics.identity in one.topic] == []
    fresh.connection.close()
    assert remove_from(config), "again, and there is nothing"


def test_a_broker_that_is_away_is_told_of_once_and_everything_is_right_when_it_is_back(tmp_path: Path) -> None:
    if reason := missing_part():
        pytest.skip(reason)
    broker = Broker(tmp_path / "broker")
    config = HomeConfig("127.0.0.1", broker.port, id="away")
    room = Room(config)
    room.link.start()
    room.shows()
    with broker:
        house = House(config)
        house.until_state(state="rest")
        house.connection.close()
    room.night.says("start bedtime routine")
    room.shows()
    with broker:
        house = House(config)
        house.until_state(state="greeting")
        house.until(lambda: house.latest(house.topics.availability) == b"online")
        house.connection.close()
        room.link.close()
    assert len([line for line in room.told if "cannot be reached" in line]) <= 2


# --- connecting -------------------------------------------------------------------------------------------------------


def test_a_broker_that_lets_nobody_in_says_what_to_name(tmp_path: Path) -> None:
    if reason := missing_part():
        pytest.skip(reason)
    with Broker(tmp_path / "broker", "allow_anonymous false") as broker:
        config = HomeConfig("127.0.0.1", broker.port, id="anybody")
        with pytest.raises(BrokerError, match=r"lets nobody in without a name; name a user of the broker with --user"):
            try_broker(config)
        with pytest.raises(BrokerError, match=r'lets nobody in as "ann"'):
            try_broker(replace(config, user="ann", password="wrong"))  # noqa: S106 - of nobody


def test_a_broker_that_forbids_topics_says_which(tmp_path: Path) -> None:
    if reason := missing_part():
        pytest.skip(reason)
    rules = tmp_path / "rules"
    rules.write_text("topic readwrite voicecoach/#\ntopic read homeassistant/#\n", encoding="utf-8")
    with Broker(tmp_path / "broker", f"acl_file {rules}") as broker:
        config = HomeConfig("127.0.0.1", broker.port, id="forbidden")
        with pytest.raises(BrokerError, match=r"does not let somebody .* send on homeassistant/device/"):
            try_broker(config)


def test_what_is_no_broker_is_told_from_what_is_not_there(broker: Broker) -> None:
    away = HomeConfig("127.0.0.1", 1, id="x")
    with pytest.raises(BrokerError, match="refuses connections: is the broker running there"):
        try_broker(away)
    with pytest.raises(BrokerError, match=r'the name "no\.such\.host\.invalid" is unknown'):
        try_broker(replace(away, broker="no.such.host.invalid"))
    with pytest.raises(BrokerError, match="does not speak TLS"):
        try_broker(replace(away, port=broker.port, tls=True))


def test_a_service_that_was_installed_before_the_house_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr("socket.socket", forbidden)
    monkeypatch.setattr("socket.create_connection", forbidden)
    with pytest.raises(BrokerError, match=r"may reach nothing outside this machine yet; type: .*service install"):
        try_broker(HomeConfig("127.0.0.1", 1, id="x"))


def test_the_command_tries_stores_where_nobody_else_reads_and_removes(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    connect = ["home", "connect", "127.0.0.1", "--port", str(broker.port), "--name", "Bedroom, room 12", "--id", "abc"]
    assert main(["home"]) == 0
    assert "The house is off." in capsys.readouterr().out
    assert main([*connect, "--share", "sleep"]) == 0
    file = tmp_path / "voicecoach" / "home.yaml"
    assert file.stat().st_mode & 0o777 == 0o600
    stored = HomeConfig("127.0.0.1", broker.port, name="Bedroom, room 12", id="abc", share=frozenset({Share.SLEEP}))
    assert load_home(file) == stored
    assert main(["home", "status"]) == 0
    assert "The broker answers" in capsys.readouterr().out
    assert main(["home", "remove"]) == 0
    assert not file.exists()
    assert main([*connect[:2], "127.0.0.1", "--port", "1"]) == 74
    assert not file.exists(), "what does not work is not stored"


def test_removing_waits_until_a_coach_that_is_at_work_has_left(config: HomeConfig, tmp_path: Path) -> None:
    file = save_home(config, tmp_path / "home.yaml")
    with at_home(config, is_wanted=file.exists):
        file.unlink()
        assert remove_from(config)
