"""Whoever watches all rooms from the broker's side."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Watcher:
    """Stays subscribed over restarts of the broker, as Home Assistant's own client could."""

    def __init__(self, port: int) -> None:
        """Watch the broker on ``port``."""
        self.status: dict[str, tuple[float, str]] = {}
        """For each room the latest, and when it came."""
        self.state: dict[str, tuple[float, dict[str, object]]] = {}
        self.discovered: dict[str, int] = {}
        """How many bytes the latest discovery message of each has."""
        self.moments: dict[str, list[str]] = defaultdict(list)
        self.received = 0
        self._lock = threading.Lock()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="watcher", protocol=paho.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe([("voicecoach/#", 1), ("homeassistant/#", 1)])
        self._client.on_message = self._on_message
        make: Callable[[int], Any] = Properties
        properties = make(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 3600
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port, 30, clean_start=False, properties=properties)
        self._client.loop_start()

    def _on_message(self, _: object, __: object, message: paho.MQTTMessage) -> None:
        now_s, parts = time.monotonic(), message.topic.split("/")
        with self._lock:
            self.received += 1
            if parts[0] == "homeassistant":
                self.discovered[parts[2].removeprefix("voicecoach_")] = len(message.payload)
                return
            room, what = parts[1], parts[2]
            if what == "status":
                self.status[room] = now_s, message.payload.decode()
            elif what == "state":
                self.state[room] = now_s, json.loads(message.payload)
            elif what == "moment":
                self.moments[room].append(message.payload.decode())

    def press(self, room: str, what: str) -> None:
        """Press a button of a room."""
        self._client.publish(f"voicecoach/{room}/set/press", what, qos=1)

    def wrong(self, rooms: Iterable[str], since_s: float) -> list[str]:
        """The rooms that are not there, or have not told how they stand since then."""
        with self._lock:
            return [
                room
                for room in rooms
                if self.status.get(room, (0.0, ""))[1] != "online" or self.state.get(room, (0.0, {}))[0] < since_s
            ]

    def close(self) -> None:
        """Watch no more."""
        self._client.disconnect()
        self._client.loop_stop()
