"""One connection to a broker: the only module that knows paho-mqtt.  Everything here is for one thread.

No thread of paho's is used, nor its own reconnecting.  The owner of a `Connection` calls `turn` again and again, which
reads one message at a time and counts them: on a broker that floods it hangs up, and what waits there is forgotten.
"""

from __future__ import annotations

import select
import ssl
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from voicecoach.errors import MissingPartError, VoicecoachError
from voicecoach.home.refusals import place_of, refused, unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from voicecoach.home.config import HomeConfig

KEEPALIVE_S: Final = 10
"""A connection that has died without a word is noticed within two of these, by either side."""
ANSWER_S: Final = 5.0
"""How long a broker may take to answer."""
LARGEST_BYTES: Final = 4096
"""No message that means anything is larger."""
READS_AT_ONCE: Final = 40
READS_A_SECOND: Final = 20.0
"""Who sends more messages floods; a house has never more to say than a person can press, or move a slider."""


class BrokerError(VoicecoachError):
    """The broker cannot be used; the line says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was received; never one that the broker had kept for whoever comes."""

    topic: str
    payload: bytes


class Connection:
    """A connection that is made once; where it is lost, another one is made."""

    def __init__(
        self,
        config: HomeConfig,
        client_id: str,
        will: tuple[str, str] | None = None,
        *,
        largest_bytes: int = LARGEST_BYTES,
        reads_at_once: int = READS_AT_ONCE,
    ) -> None:
        """Open nothing yet.

        Args:
            config: Where the broker is, and who asks.
            client_id: Known to the broker once at a time.
            will: A topic, and what is kept there once this connection is lost.
            largest_bytes: No larger message is received.
            reads_at_once: More messages at once are a flood.

        Raises:
            MissingPartError: There is no such certificate.
        """
        self._config, self._largest, self._most = config, largest_bytes, reads_at_once
        self.flooded = False
        """Whether it was given up because of that."""
        self.received: deque[Message] = deque(maxlen=reads_at_once)
        """What came in, the oldest first."""
        self._refusal: object = None
        self._answers: dict[int, int] = {}
        """Reason codes by the numbers of what was subscribed to or published."""
        self._tokens, self._tokens_s = float(reads_at_once), time.monotonic()
        self._client = self._made(config, client_id, will)

    def _made(self, config: HomeConfig, client_id: str, will: tuple[str, str] | None) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=paho.MQTTv5, reconnect_on_failure=False
        )
        client.connect_timeout = ANSWER_S
        client.max_queued_messages_set(1000)
        if config.user is not None:
            client.username_pw_set(config.user, config.password)
        if config.tls:
            try:
                client.tls_set_context(ssl.create_default_context(cafile=config.ca))
            except OSError as error:
                raise MissingPartError(
                    f"{config.ca} is no file with a certificate; name that of who signed the broker's"
                ) from error
        if will is not None:
            client.will_set(will[0], will[1], qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        return client

    # --- the connection -----------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Connect, and wait for the broker's answer.

        Raises:
            BrokerError: That could not be.
        """
        config = self._config
        make: Callable[[int], Any] = Properties
        properties = make(PacketTypes.CONNECT)
        properties.MaximumPacketSize = self._largest
        properties.ReceiveMaximum = 20
        try:
            self._client.connect(config.broker, config.port, KEEPALIVE_S, clean_start=True, properties=properties)
        except (OSError, ValueError) as error:
            raise BrokerError(unreachable(config, error)) from error
        if not self.wait_for(lambda: self._client.is_connected() or self._refusal is not None):
            self._drop()
            raise BrokerError(
                f"{place_of(config)} took the connection and did not answer as an MQTT broker does; is it one, and "
                "does it speak MQTT 5 (Mosquitto since 1.6)?"
            )
        if not self._client.is_connected():
            self._drop()
            raise BrokerError(refused(config, str(self._refusal)))

    @property
    def is_open(self) -> bool:
        """Whether the broker is there, as far as is known."""
        return self._client.is_connected() and self._client.socket() is not None

    def turn(self, seconds: float) -> None:
        """Send what is to be sent and read what may be read; wait for that no longer than ``seconds``."""
        sock = self._client.socket()
        if sock is None:
            time.sleep(seconds)
            return
        wanting = [sock] if self._client.want_write() else []
        pending = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        try:
            readable, writable, _ = select.select([sock], wanting, [], 0.0 if pending else seconds)
        except (OSError, ValueError):  # closed meanwhile
            self._drop()
            return
        if readable or pending:
            self._read()
        if writable:
            self._client.loop_write()
        if self._client.socket() is not None:
            self._client.loop_misc()

    def close(self) -> None:
        """Take leave: the last will is not carried out."""
        if self.is_open:
            self._client.disconnect()
            self.wait_for(lambda: not self._client.want_write(), 1.0)
        self._drop()

    def wait_for(self, is_so: Callable[[], bool], seconds: float = ANSWER_S) -> bool:
        """Take turns until something is so; whether it came about."""
        end_s = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() >= end_s or self._client.socket() is None:
                return is_so()
            self.turn(0.1)
        return True

    # --- messages -----------------------------------------------------------------------------------------------------

    def publish(self, topic: str, payload: str | bytes, *, retain: bool) -> int:
        """Have something published, at least once; its number, for `answer`."""
        number: int = self._client.publish(topic, payload, qos=1, retain=retain).mid
        return number

    def subscribe(self, topic: str, *, with_kept: bool = False) -> int:
        """Receive what is published on ``topic`` from now on; its number, for `answer`.

        Args:
            topic: A topic, or a filter of topics.
            with_kept: Whether also what the broker has kept there.
        """
        options = SubscribeOptions(qos=1, retainHandling=0 if with_kept else 2, retainAsPublished=with_kept)
        self._with_kept = with_kept
        number: int = self._client.subscribe(topic, options=options)[1] or 0
        return number

    def answer(self, number: int) -> int | None:
        """The broker's reason code for something that was published or subscribed to; None: it has not answered."""
        return self._answers.get(number)

    _with_kept = False

    # --- what paho calls ----------------------------------------------------------------------------------------------

    def _on_connect(self, _: paho.Client, __: Any, ___: Any, reason: Any, ____: Any) -> None:  # noqa: ANN401 - paho's
        if reason.is_failure:
            self._refusal = reason

    def _on_message(self, _: paho.Client, __: Any, message: paho.MQTTMessage) -> None:  # noqa: ANN401 - paho's
        if len(message.payload) <= self._largest and (self._with_kept or not message.retain):
            self.received.append(Message(message.topic, bytes(message.payload)))

    def _on_subscribe(self, _: paho.Client, __: Any, number: int, reasons: Any, ___: Any) -> None:  # noqa: ANN401
        self._answers[number] = max(reason.value for reason in reasons)

    def _on_publish(self, _: paho.Client, __: Any, number: int, reason: Any, ___: Any) -> None:  # noqa: ANN401
        if len(self._answers) > 1000:  # noqa: PLR2004 - nobody asks for those of long ago
            self._answers.clear()
        self._answers[number] = reason.value

    # --- what comes in ------------------------------------------------------------------------------------------------

    def _may_read(self) -> bool:
        now_s = time.monotonic()
        self._tokens = min(self._most, self._tokens + (now_s - self._tokens_s) * READS_A_SECOND)
        self._tokens_s = now_s
        return self._tokens >= 1.0

    def _read(self) -> None:
        if not self._may_read():
            self.flooded = True
            self._drop()
            return
        self._tokens -= 1.0
        try:
            done = self._client.loop_read()
        except Exception as error:  # noqa: BLE001 - whatever a broker's bytes have paho raise
            self._refusal = error
            self._drop()
            return
        # A broker need not keep to what it was told: what claims to be larger is not waited for.
        claimed = self._client._in_packet["remaining_length"]  # noqa: SLF001 - paho tells it nowhere else
        if done != paho.MQTT_ERR_SUCCESS or claimed > self._largest:
            self._drop()

    def _drop(self) -> None:
        sock = self._client.socket()
        if sock is not None:
            self._client._sock_close()  # noqa: SLF001 - disconnect() would wait for a broker that may not be there
