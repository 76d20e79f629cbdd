"""Why a broker cannot be used, in one line, and what to do."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from voicecoach.invocation import typed

if TYPE_CHECKING:
    from voicecoach.home.config import HomeConfig


def place_of(config: HomeConfig) -> str:
    """The broker, as the beginning of a sentence."""
    return f"{config.broker}, port {config.port},"


def unreachable(config: HomeConfig, error: OSError | ValueError) -> str:
    """Why no connection came about."""
    if _is_kept_in():
        return f"the service may reach nothing outside this machine yet; type: {typed('service install')}"
    match error:
        case socket.gaierror():
            return f'the name "{config.broker}" is unknown in this network; write the address of the broker instead'
        case ssl.SSLCertVerificationError():
            why = (
                f"has a certificate that is not trusted ({error.verify_message}); --ca FILE names that of who signed it"
            )
        case ssl.SSLError() | ConnectionResetError() if config.tls:
            why = "does not speak TLS; leave --tls out, or name the port that does (mostly 8883)"
        case ConnectionRefusedError():
            why = "refuses connections: is the broker running there, and open for other machines?"
        case TimeoutError():
            why = "does not answer: is it switched on, and in the same network?"
        case _:
            why = f"cannot be reached ({getattr(error, 'strerror', None) or error})"
    return f"{place_of(config)} {why}"


def refused(config: HomeConfig, reason: str) -> str:
    """Why the broker let nobody in, for a reason that MQTT names."""
    if reason in {"Bad user name or password", "Not authorized"}:
        who = f'as "{config.user}"' if config.user else "without a name"
        why = f"lets nobody in {who}; name a user of the broker with --user, and its password when asked"
    elif reason == "Unsupported protocol version":
        why = "does not speak MQTT 5; a newer broker does (Mosquitto since 1.6)"
    else:
        why = f"refused: {reason}"
    return f"{place_of(config)} {why}"


def _is_kept_in() -> bool:
    """Whether this process may not reach the network at all, as a service that was installed before the house was."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except OSError:
        return True
    return False
