"""Starts the rooms in a few processes, disturbs broker and network, and tells what came of it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from broker import Broker, free_port, missing_part

from many_bedrooms.cut import Cable
from many_bedrooms.flood import measure
from many_bedrooms.house import Watcher
from many_bedrooms.room import Room
from voicecoach.assembly import Assembly
from voicecoach.home.config import HomeConfig
from voicecoach.settings import Settings

RIGHT_WITHIN_S: Final = 10.0
CUT_S: Final = 20.0
WORKERS: Final = 4
TICKS: Final = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Run, and tell; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=60, metavar="N", help="(default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=180.0, metavar="N", help="in real time (default: %(default)s)")
    parser.add_argument(
        "--flood", type=int, metavar="N", help='instead: how soon "stop" is obeyed beside N messages a second'
    )
    parser.add_argument("--worker", nargs=4, type=int, metavar="N", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return _work(*options.worker, seconds=options.seconds)
    if reason := missing_part():
        sys.exit(f"this {reason}")
    with TemporaryDirectory(prefix="bedrooms-") as folder:
        if options.flood:
            with Broker(Path(folder)) as broker:
                return measure(broker.port, options.flood)
        return _manage(options.rooms, options.seconds, Path(folder))


def name_of(number: int) -> str:
    """The identity of a room."""
    return f"room{number:04d}"


def is_cut(number: int) -> bool:
    """Whether its network is cut: that of every third room is."""
    return number % 3 == 0


# --- a process with some rooms ----------------------------------------------------------------------------------------


def _work(first: int, last: int, port: int, cable: int, *, seconds: float) -> int:
    assembly = Assembly(Settings())
    rooms = [
        Room(
            number,
            assembly,
            HomeConfig("127.0.0.1", cable if is_cut(number) else port, id=name_of(number), name=f"Room {number}"),
            seconds,
        )
        for number in range(first, last)
    ]
    threads = [threading.Thread(target=room.live) for room in rooms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for room in rooms:
        alone = Room(room.number, assembly, None, seconds)
        alone.live(now=lambda: 0.0, wait=lambda _: None)
        told = {
            "number": room.number,
            "same": alone.digest == room.digest,
            "events": len(room.said),
            "late_s": room.late_s,
            "busy_s": room.busy_s,
            "values": room.values,
            **asdict(room.traffic),
        }
        print(json.dumps(told), flush=True)
    return 0


# --- all of it --------------------------------------------------------------------------------------------------------


def _manage(rooms: int, seconds: float, folder: Path) -> int:
    broker, cable_port = Broker(folder, "max_queued_messages 10000"), free_port()
    broker.start()
    cable, watcher = Cable(cable_port, broker.port), Watcher(broker.port)
    began_s, cpu_s = time.monotonic(), 0.0
    workers = _start_workers(rooms, seconds, broker.port, cable_port)
    names, right = [name_of(number) for number in range(rooms)], True
    right &= _until_right("all rooms are there", watcher, names, began_s, 60.0)
    live_s = time.monotonic()

    def at(share: float) -> None:
        time.sleep(max(0.0, live_s + share * seconds - time.monotonic()))

    def restart(share: float) -> bool:
        nonlocal cpu_s
        at(share)
        cpu_s += processor_s(broker.pid)
        broker.stop()
        time.sleep(2.0)
        broker.start()
        return _until_right("after a restart of the broker", watcher, names, time.monotonic())

    right &= restart(0.2)
    at(0.4)
    cable.cut()
    print(f"the network of {sum(map(is_cut, range(rooms)))} rooms is cut for {CUT_S:g} s", flush=True)
    time.sleep(CUT_S)
    cable.mend()
    since_s = time.monotonic()
    away = [name for number, name in enumerate(names) if is_cut(number)]
    right &= _until_right("after the network is mended", watcher, away, since_s)
    right &= restart(0.75)
    results = [json.loads(line) for worker in workers for line in worker.communicate()[0].splitlines()]
    cpu_s += processor_s(broker.pid)
    watcher.close()
    broker.stop()
    return _tell(results, watcher, seconds, cpu_s, rooms) if right else 1


def _start_workers(rooms: int, seconds: float, port: int, cable: int) -> list[subprocess.Popen[str]]:
    bounds = [rooms * number // WORKERS for number in range(WORKERS + 1)]
    return [
        subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "many_bedrooms", "--seconds", str(seconds)),
                *("--worker", str(first), str(last), str(port), str(cable)),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for first, last in pairwise(bounds)
    ]


def _until_right(
    what: str, watcher: Watcher, names: list[str], since_s: float, within_s: float = RIGHT_WITHIN_S
) -> bool:
    begin_s = time.monotonic()
    while wrong := watcher.wrong(names, since_s):
        if time.monotonic() - begin_s > within_s:
            print(f"{what}: {len(wrong)} rooms are not right after {within_s:g} s, such as {wrong[:3]}", flush=True)
            return False
        time.sleep(0.05)
    print(f"{what}: all {len(names)} rooms are right after {time.monotonic() - begin_s:.1f} s", flush=True)
    return True


def _tell(results: list[dict[str, Any]], watcher: Watcher, lasted_s: float, cpu_s: float, rooms: int) -> int:
    lost = 0
    for one in results:
        have = list(watcher.moments[name_of(one["number"])])
        for moment in one["acknowledged"]:
            if moment in have:
                have.remove(moment)
            else:
                lost += 1
    stale = [one["number"] for one in results if watcher.state[name_of(one["number"])][1] != one["values"]]
    noticed = [one["number"] for one in results if not one["same"]]

    def mean(key: str) -> float:
        return sum(float(one[key]) for one in results) / len(results)

    moments = sum(len(one["acknowledged"]) for one in results)
    print(f"{len(results)} rooms, {lasted_s:.0f} s; {sum(one['events'] for one in results)} events of sessions")
    print(f"sessions that differ from the same without a house: {len(noticed)} {noticed[:5]}")
    print(f"moments acknowledged: {moments}; of these not received: {lost}; rooms shown wrong in the end: {stale[:5]}")
    print(f"connections a room: {mean('connections'):.1f} (2 restarts, and a cut for every third)")
    print(
        f"messages a room and minute: {mean('messages') / lasted_s * 60:.1f}, {mean('sent_bytes') / lasted_s:.0f} B/s"
    )
    print(f"discovery message: {max(watcher.discovered.values())} B")
    print(f"processor of the house's thread: {mean('cpu_s') / lasted_s * 100:.2f} % of a core a room")
    print(f"broker: {cpu_s / lasted_s * 100:.2f} % of a core for {rooms} rooms")
    print(f"longest block: {max(float(str(one['busy_s'])) for one in results) * 1000:.1f} ms of processor time")
    well = not (noticed or lost or stale) and len(results) == rooms
    print("All is well." if well else "Not all is well.")
    return 0 if well else 1


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    sys.exit(main())
