"""Has Home Assistant look at a room, press, and forget it; tells what came of it.  Run with Home Assistant's Python."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from homeassistant import bootstrap, runner
from homeassistant.const import __version__

from home_assistant.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

BLUEPRINTS: Final = 3
DRAWS_S: Final = 90.0
DRAWN_S: Final = 4.0
"""Icons and graphs come last."""
FEATURE: Final = "-card-feature"
WRONG: Final = {"hui-error-card", "hui-warning", "hui-error-badge", "hui-empty-state-card"}
"""What the browser draws in place of a card that is not well."""


class Trial:
    """Home Assistant with a room, and what came of looking at it."""

    def __init__(self, hass: Any, root: Path, port: int) -> None:  # noqa: ANN401 - Home Assistant's
        """Look at the rooms of the broker on ``port``."""
        self.hass, self._root, self._port, self.wrong = hass, root, port, 0

    def state(self, entity: str) -> str | None:
        """What an entity shows; None where there is none."""
        found = self.hass.states.get(entity)
        return None if found is None else found.state

    async def until(self, what: str, is_so: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until it is so, and tell."""
        began_s = time.monotonic()
        while not is_so() and time.monotonic() - began_s < seconds:  # noqa: ASYNC110 - what is looked at tells nobody
            await asyncio.sleep(0.1)
        well = is_so()
        self.wrong += not well
        print(f"{'ok' if well else 'no'}  {what} ({time.monotonic() - began_s:.1f} s)", flush=True)

    async def call(self, service: str, entity: str, **data: object) -> None:
        """Call a service of Home Assistant."""
        domain, name = service.split(".")
        await self.hass.services.async_call(domain, name, {"entity_id": entity, **data}, blocking=True)

    def room(self, share: str = "") -> subprocess.Popen[bytes]:
        """A room on a process of its own."""
        program = [os.environ["VOICECOACH_PYTHON"], "-P", "-m", "home_assistant.room", str(self._port), share]
        paths = os.pathsep.join(str(self._root / folder) for folder in ("", "scripts", "tests"))
        return subprocess.Popen(program, env=os.environ | {"PYTHONPATH": paths})

    def remove(self) -> None:
        """What ``voicecoach home remove`` does."""
        program = (
            "from voicecoach.home.connecting import remove_from; from voicecoach.home.config import HomeConfig; "
            f"remove_from(HomeConfig('127.0.0.1', {self._port}, id='room12'))"
        )
        environment = os.environ | {"PYTHONPATH": str(self._root)}
        subprocess.run([os.environ["VOICECOACH_PYTHON"], "-P", "-c", program], env=environment, check=True)


def wanted_cards(node: object) -> Counter[str]:
    """The elements of the browser that the cards of a dashboard, and their features, become."""
    found: Counter[str] = Counter()
    if isinstance(node, dict):
        for key, many in node.items():
            if key in {"cards", "features"}:
                found.update(f"hui-{one['type']}{'-card' if key == 'cards' else FEATURE}" for one in many)
            found += wanted_cards(many)
    elif isinstance(node, list):
        for one in node:
            found += wanted_cards(one)
    return found


async def draw(trial: Trial, port: int, dashboard: Path) -> None:
    """Have a browser draw the dashboard, every card of it and none that stands for an error; and tap "Start" there."""
    hass, address = trial.hass, f"http://127.0.0.1:{port}"
    user = await hass.auth.async_create_user("Daughter", group_ids=["system-admin"])
    refresh = await hass.auth.async_create_refresh_token(user, client_id=f"{address}/")
    tokens = {
        "hassUrl": address,
        "clientId": f"{address}/",
        "expires": 4e12,
        "refresh_token": refresh.token,
        "access_token": hass.auth.async_create_access_token(refresh),
        "expires_in": 1800,
        "token_type": "Bearer",
    }
    text = await asyncio.to_thread(dashboard.read_text, encoding="utf-8")
    wanted = wanted_cards(yaml.safe_load(text))
    async with Browser() as browser:
        await browser.tell("Page.navigate", url=f"{address}/manifest.json")
        await asyncio.sleep(1)
        await browser.evaluate(f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))})")
        await browser.tell("Page.navigate", url=f"{address}/voice-coach/stretching")
        began_s, drawn = time.monotonic(), Counter[str]()
        while not wanted <= drawn and time.monotonic() - began_s < DRAWS_S:
            await asyncio.sleep(1)
            drawn = await browser.drawn()
        await trial.until(f"a browser draws {wanted.total()} cards and features", lambda: wanted <= drawn, 0)
        await trial.until("none of them is an error", lambda: not WRONG & drawn.keys(), 0)
        if picture := os.environ.get("DRAWN"):
            await asyncio.sleep(DRAWN_S)
            await browser.picture(Path(picture))
        await browser.tap("button.voicecoach_start")
        if wanted - drawn or WRONG & drawn.keys():
            print(f"missing: {dict(wanted - drawn)}; drawn: {dict(drawn)}", flush=True)


async def look(trial: Trial, root: Path, web_port: int | None) -> None:
    """Everything that is to be looked at."""
    state, until, call = trial.state, trial.until, trial.call
    room = await asyncio.to_thread(trial.room)
    await until("the device is found by its own schema", lambda: state("binary_sensor.voicecoach_in_session") == "off")
    await until(
        "the three blueprints are automations",
        lambda: [one.state for one in trial.hass.states.async_all("automation")] == ["on"] * BLUEPRINTS,
    )
    dashboard = await asyncio.to_thread((root / "docs/home/dashboard.yaml").read_text, encoding="utf-8")
    shown = set(re.findall(r"^[^#]*\b((?:\w+)\.voicecoach_\w+)", dashboard, re.MULTILINE))
    await until("every entity of the dashboard is there", lambda: all(state(one) is not None for one in shown))
    if web_port is None:
        print("--  the dashboard is not drawn: there is no chromium", flush=True)
        await call("button.press", "button.voicecoach_start")
    else:
        await draw(trial, web_port, root / "docs/home/dashboard.yaml")
    await until("a press starts the routine", lambda: state("binary_sensor.voicecoach_in_session") == "on")
    await until("the lamp dims", lambda: state("light.bedside") == "on" and state("input_number.lamp_level") == "26.0")
    await until("nobody is disturbed", lambda: state("input_boolean.quiet") == "on")
    await until("it guides", lambda: state("sensor.voicecoach_stretch") not in {None, "unknown"})
    await call("switch.turn_off", "switch.voicecoach_listening")
    await until("the switch turns the microphone off", lambda: state("sensor.voicecoach_state") == "paused")
    await until("and shows it", lambda: state("switch.voicecoach_listening") == "off")
    await call("switch.turn_on", "switch.voicecoach_listening")
    await until("and on", lambda: state("switch.voicecoach_listening") == "on")
    await call("number.set_value", "number.voicecoach_volume", value=-12)
    await until("the volume is set", lambda: state("number.voicecoach_volume") == "-12.0")
    await call("select.select_option", "select.voicecoach_routine", option="Morning")
    await until("a routine is chosen", lambda: state("select.voicecoach_routine") == "Morning")
    for _ in range(2):
        await call("button.press", "button.voicecoach_stop")
        await asyncio.sleep(1)
    await until("stop ends it", lambda: state("binary_sensor.voicecoach_in_session") == "off")
    await until("the lamp goes off", lambda: state("light.bedside") == "off")
    await call("input_boolean.turn_on", "input_boolean.bed")
    await until("a bed sensor starts it", lambda: state("binary_sensor.voicecoach_in_session") == "on")
    room.kill()
    await until("a coach that died is shown as away", lambda: state("sensor.voicecoach_state") == "unavailable")
    room = await asyncio.to_thread(trial.room, "pain,sleep,progress")
    await until("what is shared appears", lambda: state("image.voicecoach_progress") not in {None, "unavailable"})
    room.kill()
    room = await asyncio.to_thread(trial.room)
    await until("and goes", lambda: state("sensor.voicecoach_slept") is None)
    room.kill()
    await asyncio.to_thread(trial.remove)
    await until("nothing is left", lambda: not any("voicecoach" in one for one in trial.hass.states.async_entity_ids()))


async def run(folder: Path, root: Path, port: int, web_port: int | None) -> int:
    """Start Home Assistant, and look; returns the exit code."""
    hass = await bootstrap.async_setup_hass(runner.RuntimeConfig(config_dir=str(folder)))
    assert hass is not None  # noqa: S101 - it says itself what is wrong
    await hass.async_start()
    trial = Trial(hass, root, port)
    try:
        await look(trial, root, web_port)
    finally:
        await hass.async_stop(force=True)
    print(f"Home Assistant {__version__}: {f'{trial.wrong} things are not well' if trial.wrong else 'all is well'}.")
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    code = asyncio.run(run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4] or 0) or None))
    sys.stdout.flush()
    os._exit(code)  # Home Assistant has made sleeping and waiting its own
