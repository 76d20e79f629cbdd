"""A file comes over whole, however the server and the connection behave, or what has come of it is kept."""

from __future__ import annotations

import hashlib
import io
from itertools import chain, count, repeat
from threading import Event
from typing import TYPE_CHECKING

import model_server as server_that
import pytest
import requests
from model_server import ModelServer, tag_of

from voicecoach.engines.recognition.model_store import download, web
from voicecoach.engines.recognition.model_store.download import Download
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from model_server import Twist

PATH = "/model.zip"
FILE = hashlib.shake_256(b"model").digest(200_000)
OTHER = hashlib.shake_256(b"other").digest(200_000)
"""Another file, just as long."""
THIRD = 4 * web.BLOCK_BYTES
"""About a third of the file."""
CUT = server_that.cut(THIRD)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """It has the file."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ModelServer() as server:
        server.give(PATH, FILE)
        yield server


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "model.zip.part"


def enough_room(_: int) -> None:
    pass


def fetch(
    server: ModelServer,
    part: Path,
    size_bytes: int | None = len(FILE),
    require_room: Callable[[int], None] = enough_room,
) -> list[tuple[int, int | None]]:
    """Fetch the file; gives the progress that was told."""
    told: list[tuple[int, int | None]] = []
    Download(server.url(PATH), part, size_bytes, require_room, lambda _, done, of: told.append((done, of))).run()
    return told


def complaint(server: ModelServer, part: Path, size_bytes: int | None = len(FILE)) -> str:
    """The line about a download that fails."""
    with pytest.raises(VoicecoachError) as caught:
        fetch(server, part, size_bytes)
    line = str(caught.value)
    assert "\n" not in line
    return line


def begin(server: ModelServer, part: Path, twist: Twist = CUT) -> None:
    """Somebody fetched the first third of the file some time ago, and then the connection was gone."""
    server.twist(PATH, twist, server_that.refuses(503))
    with pytest.raises(VoicecoachError):
        fetch(server, part)
    assert part.read_bytes() == FILE[:THIRD]
    server.asked.clear()


def begins(server: ModelServer) -> list[int | None]:
    """From which byte on the file was asked for, each time."""
    return [asked.begin for asked in server.asked]


# --- a server that behaves --------------------------------------------------------------------------------------------


def test_a_file_comes_over_and_progress_is_told(server: ModelServer, part: Path) -> None:
    told = fetch(server, part)
    assert part.read_bytes() == FILE
    assert begins(server) == [None]
    assert [done for done, _ in told] == sorted({done for done, _ in told}), "it only grows"
    assert told[-1] == (len(FILE), len(FILE))


def test_what_is_there_already_is_not_fetched_again(server: ModelServer, part: Path) -> None:
    fetch(server, part)
    server.asked.clear()
    fetch(server, part)
    assert part.read_bytes() == FILE
    assert server.asked == []


def test_a_moved_file_is_found(server: ModelServer, part: Path) -> None:
    server.give("/moved.zip", FILE)
    server.twist(PATH, server_that.redirects("/moved.zip"))
    fetch(server, part)
    assert part.read_bytes() == FILE


def test_a_server_that_does_not_say_how_long_the_file_is(server: ModelServer, part: Path) -> None:
    server.twist(PATH, server_that.says(Content_Length=None))
    assert fetch(server, part, None)[-1] == (len(FILE), None)
    assert part.read_bytes() == FILE


# --- a connection that ends too early ---------------------------------------------------------------------------------


def test_a_cut_is_mended_at_once_as_long_as_that_leads_further(server: ModelServer, part: Path) -> None:
    server.twist(PATH, server_that.cut(THIRD), server_that.cut(THIRD))
    told = fetch(server, part)
    assert part.read_bytes() == FILE
    assert begins(server) == [None, THIRD, 2 * THIRD]
    assert {asked.version for asked in server.asked[1:]} == {tag_of(FILE)}
    assert [done for done, _ in told] == sorted({done for done, _ in told}), "nothing came twice"


def test_what_came_before_is_taken_up_another_day(server: ModelServer, part: Path) -> None:
    begin(server, part)
    fetch(server, part)
    assert part.read_bytes() == FILE
    assert begins(server) == [THIRD]


def test_a_cut_that_is_cut_again_says_how_much_is_kept(server: ModelServer, part: Path) -> None:
    server.twist(PATH, server_that.cut(THIRD), server_that.cut(0))
    line = complaint(server, part)
    assert server.url(PATH) in line
    assert "66 kB of it are kept, and to go on, give the same command once more" in line
    assert part.read_bytes() == FILE[:THIRD]


def test_a_cut_before_anything_came(server: ModelServer, part: Path) -> None:
    server.twist(PATH, server_that.cut(0))
    assert "to try again, give the same command once more" in complaint(server, part)
    assert len(server.asked) == 1


def test_a_server_that_never_answers(server: ModelServer, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(server, part)
    monkeypatch.setattr(web, "PATIENCE_S", (5.0, 0.05))
    server.twist(PATH, server_that.keeps_silent)
    assert "127.0.0.1 cannot be reached, or does not answer" in complaint(server, part)
    assert part.read_bytes() == FILE[:THIRD]


def test_an_answer_that_does_not_begin(server: ModelServer, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server need not be silent for long to be waited for without end: a letter of a header now and then will do."""
    begin(server, part)
    monkeypatch.setattr(web, "ANSWER_S", 0.05)
    server.twist(PATH, server_that.keeps_silent)
    assert "no answer came within 0 seconds; 66 kB of it are kept" in complaint(server, part)
    assert part.read_bytes() == FILE[:THIRD]


# --- a server that takes its time -------------------------------------------------------------------------------------


def slowly(server: ModelServer, part: Path, *times_s: float, size_bytes: int | None = len(FILE)) -> str:
    """The line about a download at whose looks at the clock it is so late; later on it stays so."""
    clock = chain(times_s, repeat(times_s[-1]))
    download_ = Download(server.url(PATH), part, size_bytes, enough_room, lambda *_: None, clock=lambda: next(clock))
    with pytest.raises(VoicecoachError) as caught:
        download_.run()
    return str(caught.value)


def test_what_has_come_is_given_at_once(server: ModelServer, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a whole piece waited for, a server that sends a byte now and then would never be found out."""
    monkeypatch.setattr(web, "PATIENCE_S", (5.0, 5.0))
    go_on = Event()
    server.twist(PATH, server_that.pauses(10, go_on))
    told: list[int] = []

    def progress(_: str, done: int, __: int | None) -> None:
        told.append(done)
        go_on.set()

    Download(server.url(PATH), part, len(FILE), enough_room, progress).run()
    assert told[0] == 10
    assert part.read_bytes() == FILE
    assert len(server.asked) == 1


def test_a_server_that_sends_a_byte_now_and_then_is_left_after_a_minute(server: ModelServer, part: Path) -> None:
    server.twist(PATH, server_that.cut(30), server_that.cut(60))
    line = slowly(server, part, 0.0, 30.0, 61.0)
    assert "the server sent 90 bytes in 61 seconds, which is too slow" in line
    assert "90 bytes of it are kept, and to go on, give the same command once more" in line
    assert len(server.asked) == 2


def test_a_download_that_takes_all_day_is_left_and_kept(server: ModelServer, part: Path) -> None:
    line = slowly(server, part, 0.0, 6 * 3600.0 + 1)
    assert "it was not done after 6 hours" in line
    assert "of it are kept" in line
    assert FILE.startswith(part.read_bytes())
    fetch(server, part)
    assert part.read_bytes() == FILE


def test_a_slow_line_is_fast_enough(server: ModelServer, part: Path) -> None:
    clock = count(step=10.0)  # at least a block in ten seconds
    Download(server.url(PATH), part, len(FILE), enough_room, lambda *_: None, clock=lambda: next(clock)).run()
    assert part.read_bytes() == FILE


def test_a_server_that_is_not_there(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ModelServer() as gone:
        pass
    assert "127.0.0.1 cannot be reached" in complaint(gone, part)
    assert not part.exists()


def test_a_cut_that_nobody_can_see_is_mended_where_the_size_is_known(server: ModelServer, part: Path) -> None:
    silently = server_that.both(server_that.says(Content_Length=None), server_that.cut(THIRD))
    server.twist(PATH, silently)
    fetch(server, part)
    assert part.read_bytes() == FILE


# --- a rest that does not fit -----------------------------------------------------------------------------------------


def test_another_version_by_now_is_fetched_whole(server: ModelServer, part: Path) -> None:
    begin(server, part)
    server.give(PATH, OTHER)
    fetch(server, part)
    assert part.read_bytes() == OTHER


def test_a_server_without_versions_is_believed_when_the_length_is_the_same(server: ModelServer, part: Path) -> None:
    nameless = server_that.both(server_that.says(ETag=None), server_that.cut(THIRD))
    begin(server, part, nameless)
    fetch(server, part)
    assert [(asked.begin, asked.version) for asked in server.asked] == [(THIRD, None)]
    assert part.read_bytes() == FILE


def test_a_weak_version_does_not_promise_the_same_bytes(server: ModelServer, part: Path) -> None:
    dated = server_that.says(ETag='W/"1"', Last_Modified="Sat, 01 Jan 2022 00:00:00 GMT")
    begin(server, part, server_that.both(dated, server_that.cut(THIRD)))
    fetch(server, part)
    assert server.asked[0].version == "Sat, 01 Jan 2022 00:00:00 GMT"
    assert part.read_bytes() == FILE


@pytest.mark.parametrize(
    "habit",
    [
        pytest.param(server_that.sends(FILE), id="always the whole"),
        pytest.param(server_that.refuses(416), id="no such range"),
        pytest.param(server_that.says(Content_Range=f"bytes 0-99/{len(FILE)}"), id="another place"),
        pytest.param(server_that.says(Content_Range=f"bytes {THIRD}-199998/199999"), id="another length"),
        pytest.param(server_that.says(Content_Range=f"bytes {THIRD}-199999/*"), id="of an unknown length"),
        pytest.param(server_that.says(Content_Range="the rest"), id="nonsense"),
        pytest.param(server_that.says(Content_Range=None), id="no place"),
    ],
)
def test_what_is_no_rest_is_not_put_behind_the_part(server: ModelServer, part: Path, habit: Twist) -> None:
    begin(server, part)
    server.twist(PATH, habit)
    fetch(server, part)
    assert part.read_bytes() == FILE
    assert begins(server) == [THIRD, None]


def test_a_part_of_another_address_is_not_gone_on_with(server: ModelServer, part: Path) -> None:
    fetch(server, part)
    url = server.give("/other.zip", OTHER)
    Download(url, part, len(OTHER), enough_room, lambda *_: None).run()
    assert part.read_bytes() == OTHER


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"url": 1}', "null", '{"url": "u", "length": "x", "version": null}'])
def test_a_note_about_the_part_that_makes_no_sense(server: ModelServer, part: Path, note: str) -> None:
    begin(server, part)
    part.with_name("model.zip.part.json").write_text(note)
    fetch(server, part)
    assert part.read_bytes() == FILE
    assert begins(server) == [None]


# --- a server that lies, or says no -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
def test_a_refusal_names_the_address_and_keeps_the_part(server: ModelServer, part: Path, status: int) -> None:
    begin(server, part)
    server.twist(PATH, server_that.refuses(status))
    line = complaint(server, part)
    assert server.url(PATH) in line
    assert str(status) in line
    assert ("later" in line) == (status >= 500)
    assert part.read_bytes() == FILE[:THIRD]


@pytest.mark.parametrize("length", [0, 1, 199_999, 200_001, 10**14])
def test_a_length_that_is_not_the_published_one_is_refused_and_the_part_kept(
    server: ModelServer, part: Path, length: int
) -> None:
    begin(server, part)
    server.twist(PATH, server_that.refuses(416), server_that.says(Content_Length=str(length)))
    assert f"has {length:,} bytes there, and should have 200,000" in complaint(server, part)
    assert part.read_bytes() == FILE[:THIRD]


def test_a_page_in_place_of_the_file_does_not_cost_the_part(server: ModelServer, part: Path) -> None:
    begin(server, part)
    page = b"<h1>Welcome to our hotel</h1>"
    server.twist(PATH, server_that.sends(page), server_that.sends(page))
    assert "and should have 200,000" in complaint(server, part)
    assert part.read_bytes() == FILE[:THIRD]


def test_more_than_was_said_is_refused(server: ModelServer, part: Path) -> None:
    begin(server, part)
    server.give(PATH, FILE + b"and more")
    place = f"bytes {THIRD}-199999/200000"
    endless = server_that.says(Content_Length=None, Content_Range=place)
    server.twist(PATH, lambda answer: endless(server_that.sends(answer.body[THIRD:], status=206)(answer)))
    assert "sends more than it should" in complaint(server, part)


@pytest.mark.parametrize("length", [None, "99000000000000"])
def test_a_file_of_unknown_size_has_a_limit(
    server: ModelServer, part: Path, length: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST_BYTES", len(FILE) - 1)
    server.twist(PATH, server_that.says(Content_Length=length))
    assert "sends more than it should" in complaint(server, part, None)


def test_redirections_without_an_end(server: ModelServer, part: Path) -> None:
    server.twist(PATH, *[server_that.redirects(PATH)] * 40)
    assert f"{server.url(PATH)} cannot be fetched" in complaint(server, part)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "http://[", "ftp://127.0.0.1/x"])
def test_redirections_to_no_server(server: ModelServer, part: Path, to: str) -> None:
    server.twist(PATH, server_that.redirects(to))
    assert "cannot be fetched" in complaint(server, part)
    assert not part.exists()


def test_a_redirection_that_gives_up_the_secure_connection_is_not_followed(
    part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get(*_: object, **__: object) -> requests.Response:
        response = requests.Response()
        response.status_code, response.url, response.raw = 200, "http://models.example/model.zip", io.BytesIO(FILE)
        return response

    monkeypatch.setattr(requests, "get", get)
    with pytest.raises(VoicecoachError, match="sends us on to http:"):
        Download("https://models.example/model.zip", part, None, enough_room, lambda *_: None).run()
    assert not part.exists()


# --- room on the disk -------------------------------------------------------------------------------------------------


def test_room_is_asked_for_before_anything_comes_and_only_for_what_is_missing(server: ModelServer, part: Path) -> None:
    begin(server, part)

    def refuse(needed: int) -> None:
        raise VoicecoachError(f"no room for {needed}")

    with pytest.raises(VoicecoachError, match=f"^no room for {len(FILE) - THIRD}$"):
        fetch(server, part, require_room=refuse)
    assert part.read_bytes() == FILE[:THIRD]


def test_room_is_asked_for_by_the_published_size_where_the_server_tells_none(server: ModelServer, part: Path) -> None:
    asked: list[int] = []
    server.twist(PATH, server_that.says(Content_Length=None))
    fetch(server, part, require_room=asked.append)
    assert asked == [len(FILE)]


def test_while_a_file_of_unknown_size_comes_there_must_always_be_room_for_more(
    server: ModelServer, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "ROOM_STEP_BYTES", 50_000)
    asked: list[int] = []
    server.twist(PATH, server_that.says(Content_Length=None))
    fetch(server, part, None, asked.append)
    assert asked[0] == 50_000
    assert set(asked) == {50_000}
    assert len(asked) in {3, 4}
