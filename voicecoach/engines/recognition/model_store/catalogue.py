"""The publisher's list of Vosk models: what there is, where, how large, and with which checksum."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from voicecoach.engines.recognition.model_store import web
from voicecoach.engines.recognition.model_store.names import is_name
from voicecoach.errors import VoicecoachError

CATALOGUE_URL = "https://alphacephei.com/vosk/models/model-list.json"
_MOST_BYTES = 4_000_000
_MD5 = re.compile(r"[0-9a-f]{32}")
_NOT_FOR_SPEECH = "spk"
_LARGE = "big"


@dataclass(frozen=True, slots=True)
class Published:
    """A model that can be fetched."""

    name: str
    url: str
    size_bytes: int
    """Of the archive."""
    md5: str
    """Of the archive, in lower-case hexadecimal digits."""
    language: str
    """As in "en-us"."""
    kind: str
    """The publisher's word: "small", "big" and "big-lgraph"; "spk" tells speakers apart and hears nothing."""
    obsolete: bool
    """Whether the publisher has a better one in its place."""

    @property
    def hears(self) -> bool:
        """Whether it is a model of speech."""
        return self.kind != _NOT_FOR_SPEECH

    @property
    def has_fixed_graph(self) -> bool:
        """Whether it most likely cannot be given phrases, which is so for the publisher's large models."""
        return self.kind == _LARGE


def fetch_catalogue(url: str = CATALOGUE_URL) -> list[Published]:
    """The list as it is now.

    Raises:
        VoicecoachError: It cannot be had or makes no sense.
    """
    models = read_catalogue(web.read(url, _MOST_BYTES))
    if not models:
        raise VoicecoachError(f"{url} is no list of models; name another with --catalogue, or try again later")
    return models


def read_catalogue(text: bytes) -> list[Published]:
    """The entries that can be used; what is written in another way than it is today is passed over."""
    try:
        entries: object = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found = [_entry(entry) for entry in entries] if isinstance(entries, list) else []
    return [model for model in found if model]


def _entry(entry: object) -> Published | None:
    if not isinstance(entry, dict):
        return None
    said = {key: str(value) for key, value in entry.items() if isinstance(value, str | int)}
    said = dict.fromkeys(("name", "url", "md5", "size", "lang", "type", "obsolete"), "") | said
    model = Published(
        name=said["name"],
        url=said["url"],
        size_bytes=int(said["size"]) if re.fullmatch(r"[0-9]{1,12}", said["size"]) else 0,
        md5=said["md5"].lower(),
        language=said["lang"] if said["lang"].isprintable() else "",
        kind=said["type"],
        obsolete=said["obsolete"].lower() == "true",  # a word in the list, not a truth value
    )
    sound = is_name(model.name) and is_web_address(model.url) and model.size_bytes and _MD5.fullmatch(model.md5)
    return model if sound else None


def is_web_address(text: str) -> bool:
    """Whether ``text`` can be asked of a server on the web."""
    return text.startswith(("https://", "http://")) and text.isprintable()
