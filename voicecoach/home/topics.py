"""The names of what is sent and received: one device a coach, one topic for all that it shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics of one coach."""

    identity: str
    """Of the coach, in letters and digits."""
    discovery_prefix: str = "homeassistant"

    @property
    def base(self) -> str:
        return f"voicecoach/{self.identity}"

    @property
    def node(self) -> str:
        """What the device is called in the house's registry."""
        return f"voicecoach_{self.identity}"

    @property
    def discovery(self) -> str:
        """Retained: what there is to show and to press."""
        return f"{self.discovery_prefix}/device/{self.node}/config"

    @property
    def availability(self) -> str:
        """Retained: "online", and "offline" as the last will."""
        return f"{self.base}/status"

    @property
    def state(self) -> str:
        """Retained: everything that is shown, as one JSON object."""
        return f"{self.base}/state"

    @property
    def moment(self) -> str:
        """Not retained: what has happened just now."""
        return f"{self.base}/moment"

    @property
    def picture(self) -> str:
        """Retained: the picture of the weeks, a PNG."""
        return f"{self.base}/progress"

    @property
    def commands(self) -> str:
        """A filter for all that can be asked for."""
        return f"{self.base}/set/+"

    def command(self, what: str) -> str:
        """Where ``what`` is asked for."""
        return f"{self.base}/set/{what}"

    @property
    def birth(self) -> str:
        """Where Home Assistant says that it has started."""
        return f"{self.discovery_prefix}/status"

    @property
    def retained(self) -> tuple[str, ...]:
        """All that stays at the broker until it is taken away."""
        return self.discovery, self.state, self.picture, self.availability
