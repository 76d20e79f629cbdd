"""Tries a broker before it is believed, and takes everything away from one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach.home.mqtt import ANSWER_S, BrokerError, Connection
from voicecoach.home.topics import Topics

if TYPE_CHECKING:
    from voicecoach.home.config import HomeConfig

_FAILURE: Final = 0x80
"""Reason codes from here on say that something was not done."""
_QUIET_S: Final = 1.0
"""So long nothing kept has come: then there is no more."""
_KEPT_BYTES: Final = 1 << 20
"""What a coach keeps with its broker is smaller than this."""
_TRIES: Final = 8
"""A coach that is at work takes its leave within a few seconds after its file has gone."""


def try_broker(config: HomeConfig) -> None:
    """Connect, read and write what a coach reads and writes, and leave nothing behind.

    Raises:
        BrokerError: Something of it cannot be; the line says what.
    """
    topics = Topics(config.identity, config.discovery)
    connection = Connection(config, f"{topics.node}_try")
    try:
        connection.open()
        tried = {
            f"receive on {topics.commands}": connection.subscribe(topics.commands),
            f"receive on {topics.birth}": connection.subscribe(topics.birth),
            f"send on {topics.base}/try": connection.publish(f"{topics.base}/try", b"", retain=True),
            f"send on {topics.discovery}": connection.publish(f"{topics.discovery}/try", b"", retain=True),
        }
        answered = connection.wait_for(lambda: all(connection.answer(number) is not None for number in tried.values()))
        refused = [what for what, number in tried.items() if (connection.answer(number) or 0) >= _FAILURE]
        if refused:
            who = f'"{config.user}"' if config.user else "somebody without a name"
            raise BrokerError(
                f"{config.broker} does not let {who} {' or '.join(refused)}; allow that in the broker's access list"
            )
        if not answered:
            raise BrokerError(f"{config.broker} lets the coach in and then does not answer within {ANSWER_S:g} s")
    finally:
        connection.close()


def remove_from(config: HomeConfig) -> bool:
    """Take away whatever a coach of this identity has left with its broker; whether nothing is left.

    Raises:
        BrokerError: It cannot be reached.
    """
    topics = Topics(config.identity, config.discovery)
    connection = Connection(config, f"{topics.node}_remove", largest_bytes=_KEPT_BYTES)
    try:
        connection.open()
        for _ in range(_TRIES):
            _take_away(connection, topics)
            connection.received.clear()
            connection.subscribe(f"{topics.base}/#", with_kept=True)
            connection.subscribe(topics.discovery, with_kept=True)
            if not connection.wait_for(lambda: any(one.payload for one in connection.received), _QUIET_S):
                return True
        return False
    finally:
        connection.close()


def _take_away(connection: Connection, topics: Topics) -> None:
    sent = [connection.publish(topic, b"", retain=True) for topic in topics.retained]
    connection.wait_for(lambda: all(connection.answer(one) is not None for one in sent))
