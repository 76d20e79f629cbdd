"""Has a real browser draw a dashboard of Home Assistant, and counts what it has drawn.

Run with Home Assistant's Python.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections import Counter
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Self

from aiohttp import ClientError, ClientSession

if TYPE_CHECKING:
    from types import TracebackType

PROGRAM: Final = shutil.which("chromium")
"""None: there is no browser, and nothing is drawn."""
STARTS_S: Final = 30.0
DRAWN: Final = """
(() => {
  const found = [];
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.localName.startsWith("hui-")) found.push(one.localName);
      if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  return JSON.stringify(found);
})()
"""
"""The names of Home Assistant's own elements: cards, their features, and the cards that stand for an error."""
MIDDLE: Final = """
(() => {
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.localName === "hui-tile-card" && one._config?.entity === "%s") return one;
      const found = one.shadowRoot && look(one.shadowRoot);
      if (found) return found;
    }
  };
  const box = look(document).getBoundingClientRect();
  return JSON.stringify([box.x + box.width / 2, box.y + box.height / 2]);
})()
"""
"""Where the tile of an entity is."""


class Browser:
    """Chromium without a window, spoken to by its debugging protocol."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._folder = TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        """Start it, and connect."""
        profile = Path(self._folder.name)
        flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,1400", "--lang=en")
        own = ("--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank")
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(str(PROGRAM), *flags, *own, stderr=quiet)
        self._session = ClientSession()
        port = await self._port(profile / "DevToolsActivePort")
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(one for one in await answer.json() if one["type"] == "page")
        self._socket = await self._session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """End it."""
        await self._session.close()
        self._process.terminate()
        await self._process.wait()
        await asyncio.to_thread(self._folder.cleanup)

    async def tell(self, method: str, **params: object) -> dict[str, Any]:
        """Have it do something; what came of it."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == number:
                result: dict[str, Any] = answer.get("result", {})
                return result

    async def evaluate(self, script: str) -> Any:  # noqa: ANN401 - whatever it is in JavaScript
        """The value of a script in the page."""
        return (await self.tell("Runtime.evaluate", expression=script))["result"].get("value")

    async def drawn(self) -> Counter[str]:
        """How many of each of Home Assistant's elements there are."""
        return Counter(json.loads(await self.evaluate(DRAWN)))

    async def tap(self, entity: str) -> None:
        """Click into the middle of an entity's tile."""
        x, y = json.loads(await self.evaluate(MIDDLE % entity))
        for what in ("mousePressed", "mouseReleased"):
            await self.tell("Input.dispatchMouseEvent", type=what, x=x, y=y, button="left", clickCount=1)

    async def picture(self, file: Path) -> None:
        """Keep what is shown, as PNG."""
        shown = await self.tell("Page.captureScreenshot", format="png")
        await asyncio.to_thread(file.write_bytes, base64.b64decode(shown["data"]))

    async def _port(self, file: Path) -> int:
        for _ in range(round(STARTS_S * 10)):
            if await asyncio.to_thread(file.exists):
                return int((await asyncio.to_thread(file.read_text, encoding="utf-8")).splitlines()[0])
            await asyncio.sleep(0.1)
        raise ClientError("the browser does not start")
