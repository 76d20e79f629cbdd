"""The thread between the coach and the house.

The coach's thread hands over what it sees and waits for nothing (`Window`); what the house asks for goes into the
inbox.  A broker that is away, slow or hostile costs this thread its time and nobody else.
"""

# ruff: noqa: BLE001 - whatever a broker brings about, the thread goes on

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from voicecoach.by_hand import is_urgent
from voicecoach.dialogue.events import Note
from voicecoach.home.config import Share
from voicecoach.home.discovery import discovery
from voicecoach.home.messages import Choice, understood
from voicecoach.home.mqtt import BrokerError, Connection
from voicecoach.home.picture import Pictures, Sight
from voicecoach.home.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.by_hand import Inbox, Request
    from voicecoach.dialogue.events import Action
    from voicecoach.dialogue.state import State
    from voicecoach.home.config import HomeConfig
    from voicecoach.home.messages import Offer
    from voicecoach.home.mqtt import Message
    from voicecoach.home.picture import Moment, Value

TURN_S: Final = 0.2
"""How late what the coach does is told, at most."""
MOST_SIGHTS: Final = 64
MOST_MOMENTS: Final = 16
"""So many moments wait for a broker that is away; what is older is no news."""
BACK_OFF_S: Final = (0.5, 1.0, 2.0, 4.0)
"""How long to wait before each attempt to connect, the last one again and again, and up to as much more by chance: many
rooms shall not come all at once."""
FLOODED: Final = 2
"""After a flood it waits as after so many attempts."""
REQUESTS_AT_ONCE: Final = 5
REQUESTS_A_SECOND: Final = 2.0
"""So much may be asked for; "stop" and the microphone's switch always."""
BIRTH_EVERY_S: Final = 5.0
"""A house that says again and again that it has started is told no more often what there is."""
WANTED_EVERY_S: Final = 2.0
"""How often to look whether the house has been turned off."""
LEAVE_S: Final = 3.0
_LOG: Final = logging.getLogger(__name__)


class Window:
    """What the coach's thread lets the house see.  Where nobody looks, the oldest makes room."""

    def __init__(self) -> None:
        self._sights: deque[Sight] = deque(maxlen=MOST_SIGHTS)

    def __call__(self, state: State, actions: Sequence[Action], now_s: float) -> None:
        """Keep what there is to see; never waits."""
        notes = tuple(action for action in actions if isinstance(action, Note))
        self._sights.append(Sight(state, notes, now_s))

    def look(self) -> list[Sight]:
        """What there was to see since the last look, the oldest first."""
        seen = []
        while self._sights:
            seen.append(self._sights.popleft())
        return seen


class HomeLink:
    """The house, on a thread of its own."""

    def __init__(  # noqa: PLR0913 - what both sides need
        self,
        config: HomeConfig,
        inbox: Inbox,
        window: Window,
        *,
        offer: Offer,
        warn: Callable[[str], None],
        microphone_is_open: Callable[[], bool] = lambda: True,
        progress: Callable[[], bytes | None] = lambda: None,
        is_wanted: Callable[[], bool] = lambda: True,
        connect: Callable[[HomeConfig, str, tuple[str, str]], Connection] = Connection,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing before `start`.

        Args:
            config: Where the house is.
            inbox: Where to put what is asked for.
            window: Where to look.
            offer: The routines.
            warn: Is given a line for the person when the broker is lost, and when it is there again.
            microphone_is_open: Whether the stream of the microphone is open just now.
            progress: Draws the picture of the weeks, a PNG; None where there is nothing to draw.
            is_wanted: Whether the house is still turned on; where it is not, all is taken away that the broker keeps.
            connect: Makes a connection; somebody may count what goes through it.
            clock: Seconds that nobody sets.
        """
        self._connect = connect
        self._config, self._inbox, self._window = config, inbox, window
        self._offer, self._warn = offer, warn
        self._microphone_is_open, self._progress, self._clock = microphone_is_open, progress, clock
        self._is_wanted, self._looked_s = is_wanted, clock()
        self.topics = Topics(config.identity, config.discovery)
        self._pictures = Pictures(config.share)
        self._choice = Choice(offer.usual)
        self._values: dict[str, Value] = {}
        self._told: dict[str, Value] | None = None
        """What the broker has."""
        self._moments: deque[Moment] = deque(maxlen=MOST_MOMENTS)
        self._draw = True
        self._allowed, self._allowed_s = float(REQUESTS_AT_ONCE), clock()
        self._born_s = -BIRTH_EVERY_S
        self._born = False
        self._told_of_flood = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="home", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Say that the coach is away, and end; a broker that does not answer is not waited for."""
        self._ending.set()
        self._thread.join(LEAVE_S)

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        attempts, told = 0, False
        while not self._ending.is_set():
            connection = None
            try:
                will = (self.topics.availability, "offline")
                connection = self._connect(self._config, self.topics.node, will)
                connection.open()
                attempts = 0
                if told:
                    self._warn("The house is there again.")
                    told = False
                self._at_home(connection)
                if connection.flooded:
                    attempts = FLOODED
                    self._warn_of_flood()
            except BrokerError as error:
                if not told:
                    told = True
                    self._warn(f"The house cannot be reached: {error}. I keep trying; everything else works.")
            except Exception:
                _LOG.exception("the house failed; it is tried again")
            finally:
                if connection is not None:
                    connection.close()
            pause_s = BACK_OFF_S[min(attempts, len(BACK_OFF_S) - 1)]
            attempts += 1
            self._look()
            self._ending.wait(pause_s * random.uniform(1, 2))  # noqa: S311 - no secret

    def _warn_of_flood(self) -> None:
        if not self._told_of_flood:
            self._warn(
                "The house sends far more messages than it can mean. I hang up each time; everything else works."
            )
        self._told_of_flood = True

    def _at_home(self, connection: Connection) -> None:
        """For as long as the broker is there, and the coach."""
        connection.subscribe(self.topics.commands)
        connection.subscribe(self.topics.birth)
        self._introduce(connection)
        while connection.is_open and not self._ending.is_set():
            connection.turn(TURN_S)
            while connection.received:
                self._take(connection.received.popleft())
            self._look()
            if self._born and self._clock() - self._born_s >= BIRTH_EVERY_S:
                self._introduce(connection)
            self._tell(connection)
            if self._clock() - self._looked_s >= WANTED_EVERY_S:
                self._looked_s = self._clock()
                if not self._is_wanted():
                    self._leave_nothing(connection)
                    return
        if connection.is_open:
            last = connection.publish(self.topics.availability, "offline", retain=True)
            connection.wait_for(lambda: connection.answer(last) is not None, 1.0)

    def _leave_nothing(self, connection: Connection) -> None:
        """The house was turned off while the coach is at work: it is as if it had never been on."""
        sent = [connection.publish(topic, b"", retain=True) for topic in self.topics.retained]
        connection.wait_for(lambda: all(connection.answer(one) is not None for one in sent))
        self._ending.set()

    def _introduce(self, connection: Connection) -> None:
        """Say what there is, and that it is there: at each connection, and when the house has started."""
        self._born, self._born_s, self._told, self._draw = False, self._clock(), None, True
        message = discovery(self._config, self.topics, list(self._offer.routines))
        connection.publish(self.topics.discovery, json.dumps(message), retain=True)
        connection.publish(self.topics.availability, "online", retain=True)

    def _look(self) -> None:
        for sight in self._window.look():
            moments = self._pictures.moments(sight)
            self._moments.extend(moments)
            self._values = self._pictures.values(sight)
            self._draw = self._draw or any(one.kind in {"finished", "fell_asleep", "stopped"} for one in moments)

    def _tell(self, connection: Connection) -> None:
        titles = {key: title for title, key in self._offer.routines.items()}
        values: dict[str, Value] = {
            **self._values,
            "routine": titles.get(self._choice.routine),
            "minutes": self._choice.minutes,
            "listening": "ON" if self._microphone_is_open() else "OFF",
        }
        if self._values and values != self._told:
            connection.publish(self.topics.state, json.dumps(values), retain=True)
            self._told = values
        while self._moments:
            moment = self._moments.popleft()
            message = {"event_type": moment.kind, "routine": moment.routine, "stretch": moment.stretch}
            connection.publish(self.topics.moment, json.dumps(message), retain=False)
        if self._draw and self._config.shares(Share.PROGRESS) and (picture := self._progress()):
            connection.publish(self.topics.picture, picture, retain=True)
        self._draw = False

    # --- what the house says ------------------------------------------------------------------------------------------

    def _take(self, message: Message) -> None:
        if message.topic == self.topics.birth:
            self._born = self._born or message.payload == b"online"
            return
        what = message.topic.removeprefix(f"{self.topics.base}/set/")
        request = understood(what, message.payload, self._choice, self._offer)
        match request:
            case None:
                pass
            case Choice():
                self._choice = request
            case _ if self._is_allowed(request):
                self._inbox.put(request)

    def _is_allowed(self, request: Request) -> bool:
        if is_urgent(request):
            return True
        now_s = self._clock()
        grown = self._allowed + (now_s - self._allowed_s) * REQUESTS_A_SECOND
        self._allowed, self._allowed_s = min(float(REQUESTS_AT_ONCE), grown), now_s
        if self._allowed < 1.0:
            return False
        self._allowed -= 1.0
        return True
