"""Starts a broker and a Home Assistant that looks at a room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from broker import Broker, free_port

BLUEPRINTS: Final = ("dim-the-lights", "do-not-disturb", "start")
CONFIGURATION: Final = """
automation: !include automations.yaml
input_boolean: {quiet: , lamp_on: , bed: }
input_number: {lamp_level: {min: 0, max: 255}}
template:
  - light:
      - name: Bedside
        unique_id: bedside
        state: "{{ is_state('input_boolean.lamp_on', 'on') }}"
        level: "{{ states('input_number.lamp_level') | int(0) }}"
        turn_on: [{action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp_on}}]
        turn_off: [{action: input_boolean.turn_off, target: {entity_id: input_boolean.lamp_on}}]
        set_level:
          - action: input_number.set_value
            target: {entity_id: input_number.lamp_level}
            data: {value: "{{ brightness }}"}
          - {action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp_on}}
  - binary_sensor:
      - {name: Bed, unique_id: bed, device_class: occupancy, state: "{{ is_state('input_boolean.bed', 'on') }}"}
"""
AUTOMATIONS: Final = """
- id: dim
  alias: dim
  use_blueprint:
    path: voicecoach/dim-the-lights.yaml
    input: {in_session: binary_sensor.voicecoach_in_session, lights: {entity_id: light.bedside}, seconds: 0}
- id: quiet
  alias: quiet
  use_blueprint:
    path: voicecoach/do-not-disturb.yaml
    input: {in_session: binary_sensor.voicecoach_in_session, quiet: {entity_id: input_boolean.quiet}}
- id: start
  alias: start
  use_blueprint:
    path: voicecoach/start.yaml
    input:
      {start: button.voicecoach_start, in_session: binary_sensor.voicecoach_in_session, bed: [binary_sensor.bed],
      minutes: 0, after: "00:00:00", before: "23:59:59"}
"""
DRAWS: Final = """
frontend:
history:
logbook:
http: {{server_host: 127.0.0.1, server_port: {port}}}
lovelace: {{dashboards: {{voice-coach: {{mode: yaml, title: Stretching, filename: dashboard.yaml}}}}}}
"""
"""Where a browser can draw the dashboard."""
ONBOARDED: Final = {"done": ["user", "core_config", "analytics", "integration"]}
ENTRY: Final[dict[str, object]] = {
    "created_at": "2026-01-01T00:00:00+00:00",
    "modified_at": "2026-01-01T00:00:00+00:00",
    "disabled_by": None,
    "discovery_keys": {},
    "domain": "mqtt",
    "entry_id": "mqtt",
    "version": 1,
    "minor_version": 1,
    "options": {},
    "pref_disable_new_entities": False,
    "pref_disable_polling": False,
    "source": "user",
    "subentries": [],
    "title": "mqtt",
    "unique_id": None,
}


def configure(folder: Path, root: Path, port: int, web_port: int | None) -> None:
    """Write what Home Assistant reads at its start; ``web_port``: of its pages, where they can be drawn."""
    blueprints, storage = folder / "blueprints/automation/voicecoach", folder / ".storage"
    blueprints.mkdir(parents=True)
    storage.mkdir()
    for name in BLUEPRINTS:
        shutil.copy(root / "docs/home" / f"{name}.yaml", blueprints)
    shutil.copy(root / "docs/home/dashboard.yaml", folder)
    pages = DRAWS.format(port=web_port) if web_port else ""
    (folder / "configuration.yaml").write_text(CONFIGURATION + pages, encoding="utf-8")
    (folder / "automations.yaml").write_text(AUTOMATIONS, encoding="utf-8")
    entry = ENTRY | {"data": {"broker": "127.0.0.1", "port": port}}
    kept = {"version": 1, "minor_version": 4, "key": "core.config_entries", "data": {"entries": [entry]}}
    (storage / "core.config_entries").write_text(json.dumps(kept), encoding="utf-8")
    kept = {"version": 4, "minor_version": 1, "key": "onboarding", "data": ONBOARDED}
    (storage / "onboarding").write_text(json.dumps(kept), encoding="utf-8")


def main(its_python: str, root: Path) -> int:
    """Run it; returns the exit code.

    Args:
        its_python: The interpreter that Home Assistant is installed for.
        root: The checkout.
    """
    with TemporaryDirectory(prefix="house-") as folder, Broker(Path(folder) / "broker") as broker:
        config = Path(folder) / "config"
        config.mkdir()
        web_port = free_port() if shutil.which("chromium") else None
        configure(config, root, broker.port, web_port)
        ports = [str(broker.port), str(web_port or "")]
        command = [its_python, "-P", "-m", "home_assistant.look", str(config), str(root), *ports]
        environment = os.environ | {"VOICECOACH_PYTHON": sys.executable, "PYTHONPATH": str(root / "scripts")}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
