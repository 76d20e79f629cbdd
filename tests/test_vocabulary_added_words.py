"""Words of the user's own: kept in a file of theirs, and heard by a model that is made from the one that was there."""

from __future__ import annotations

import errno
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sung_words import hear, rejection, sing, words, write_sung_model

from voicecoach.engines.recognition.model_files import CHECKSUMS, find_model
from voicecoach.engines.recognition.vocabulary.added_words import FILE, Added, add_word, added_words, remove_word
from voicecoach.engines.recognition.vocabulary.extended_model import model_with_words
from voicecoach.engines.recognition.vocabulary.graph import write_graph
from voicecoach.errors import BadFileError, BadRequestError, MissingPartError, VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon
    from voicecoach.engines.recognition.vocabulary.rejection import Rejection

LEXICON: Lexicon = {"stop": (("S", "T", "AA", "P"),), "go": (("G", "OW"),)}
HYGGE = ("HH", "Y", "UW", "G", "AH")

# --- the list ---------------------------------------------------------------------------------------------------------


def test_a_word_is_said_as_described_or_as_it_is_written(tmp_path: Path) -> None:
    assert add_word(tmp_path, "hygge", "hue guh", LEXICON) == Added("hygge", HYGGE)
    assert add_word(tmp_path, "yoga", None, LEXICON) == Added("yoga", ("Y", "OW", "G", "AH"))
    assert added_words(tmp_path) == {"hygge": (HYGGE,), "yoga": (("Y", "OW", "G", "AH"),)}


def test_nothing_was_added_before_the_first_word(tmp_path: Path) -> None:
    assert added_words(tmp_path / "not there") == {}


def test_the_first_word_makes_the_folder(tmp_path: Path) -> None:
    add_word(tmp_path / "new" / "folder", "yoga", None, LEXICON)
    assert set(added_words(tmp_path / "new" / "folder")) == {"yoga"}


def test_a_word_added_again_is_said_in_the_new_way_only(tmp_path: Path) -> None:
    first = add_word(tmp_path, "hygge", None, LEXICON)
    again = add_word(tmp_path, "hygge", "hue guh", LEXICON)
    assert again == Added("hygge", HYGGE, instead_of=(first.pronunciation,))
    assert added_words(tmp_path) == {"hygge": (HYGGE,)}


def test_a_word_that_is_known_can_be_given_another_pronunciation(tmp_path: Path) -> None:
    add_word(tmp_path, "stop", "stop go", LEXICON)
    assert added_words(tmp_path) == {"stop": (("S", "T", "AA", "P", "G", "OW"),)}


def test_a_word_that_is_known_need_not_be_added(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match=r'"stop" is known already \(S T AA P\)'):
        add_word(tmp_path, "stop", None, LEXICON)
    assert not (tmp_path / FILE).exists()


NO_WORDS = ["", "'", "two words", "5", "mañana", "half-past", "[unk]", "#yoga", 'the "x"', "a\nb", "a\x1b[2J", "\udcff"]


@pytest.mark.parametrize("word", NO_WORDS)
def test_what_is_no_word_is_refused_in_one_line(tmp_path: Path, word: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        add_word(tmp_path, word, None, LEXICON)
    assert "write one word, in letters a to z and apostrophes" in str(caught.value)
    assert str(caught.value).isprintable()
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(("typed", "word"), [("Hygge", "hygge"), (" HYGGE ", "hygge"), ("hygge\u2019s", "hygge's")])
def test_a_word_may_be_typed_with_capitals_and_curly_apostrophes(tmp_path: Path, typed: str, word: str) -> None:
    assert add_word(tmp_path, typed, "stop", LEXICON).word == word
    assert set(added_words(tmp_path)) == {word}
    remove_word(tmp_path, typed)
    assert not added_words(tmp_path)


def test_a_whole_speech_is_no_pronunciation(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="would be 104 phones long; a word has 100 at most"):
        add_word(tmp_path, "hygge", "stop " * 26, LEXICON)
    assert not (tmp_path / FILE).exists()
    add_word(tmp_path, "hygge", "stop " * 25, LEXICON)
    assert len(added_words(tmp_path)["hygge"][0]) == 100


def test_words_that_are_added_at_once_are_all_there(tmp_path: Path) -> None:
    new = [f"hygge{letter}" for letter in "abcdefgh"]
    with ThreadPoolExecutor(len(new)) as pool:
        list(pool.map(lambda word: add_word(tmp_path, word, "stop", LEXICON), new))
    assert sorted(added_words(tmp_path)) == new


def test_removing_takes_the_word_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("# my words\nhygge HH IH G\nyoga Y OW G AH  # on Tuesdays\n  hygge HH Y UW G AH\n")
    remove_word(tmp_path, "hygge")
    assert file.read_text() == "# my words\nyoga Y OW G AH  # on Tuesdays\n"


def test_adding_leaves_what_the_user_wrote(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("# my words\nyoga Y OW G AH  # on Tuesdays")
    add_word(tmp_path, "hygge", "hue guh", LEXICON)
    assert file.read_text() == "# my words\nyoga Y OW G AH  # on Tuesdays\nhygge HH Y UW G AH\n"


def test_what_was_not_added_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match='"hygge" was not added; no words were added'):
        remove_word(tmp_path, "hygge")
    add_word(tmp_path, "yoga", None, LEXICON)
    with pytest.raises(BadRequestError, match='"hygge" was not added; these were added: yoga'):
        remove_word(tmp_path, "hygge")


def test_a_broken_file_is_named_by_line_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("yoga Y OW G AH\nhygge H Y UW\n")
    for change in (lambda: add_word(tmp_path, "hygge", "hue guh", LEXICON), lambda: remove_word(tmp_path, "yoga")):
        with pytest.raises(BadFileError, match=rf'{FILE}:2:7: there is no phone "H"'):
            change()
    assert file.read_text() == "yoga Y OW G AH\nhygge H Y UW\n"


def full_disk(*_: object) -> None:
    """What the system says when there is no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_words_that_were_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_word(tmp_path, "yoga", "stop", LEXICON)
    monkeypatch.setattr("os.fsync", full_disk)
    for change in (lambda: add_word(tmp_path, "hygge", "go", LEXICON), lambda: remove_word(tmp_path, "yoga")):
        with pytest.raises(VoicecoachError, match=rf"{FILE} cannot be written \(No space left on device\)"):
            change()
    assert set(added_words(tmp_path)) == {"yoga"}
    assert [*tmp_path.iterdir()] == [tmp_path / FILE]


def test_a_folder_that_is_none_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(VoicecoachError, match="cannot be written"):
        add_word(tmp_path / "file", "hygge", "stop", LEXICON)
    (tmp_path / FILE).mkdir()
    with pytest.raises(VoicecoachError, match="cannot be read"):
        added_words(tmp_path)


def test_a_file_that_is_linked_to_stays_where_it_is(tmp_path: Path) -> None:
    elsewhere = tmp_path / "my words"
    elsewhere.write_text("yoga Y OW G AH\n")
    (tmp_path / FILE).symlink_to(elsewhere)
    add_word(tmp_path, "hygge", "hue guh", LEXICON)
    assert (tmp_path / FILE).is_symlink()
    assert elsewhere.read_text() == "yoga Y OW G AH\nhygge HH Y UW G AH\n"


# --- the model --------------------------------------------------------------------------------------------------------

ADDED: Lexicon = {"hygge": (HYGGE,), "stop": (("OW", "P"),)}


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made once")
    write_sung_model(folder, LEXICON, rejection(fillers=("go",), filler_cost=4.0))
    return folder


@pytest.fixture
def model(tmp_path: Path, made_once: Path) -> Path:
    return shutil.copytree(made_once, tmp_path / "model")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def fingerprint(folder: Path) -> dict[str, tuple[int, int]]:
    """What changes when a file is written again."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): (file.stat().st_ino, file.stat().st_mtime_ns) for file in files}


def test_added_words_are_heard_beside_the_models_own(model: Path, cache: Path) -> None:
    extended = model_with_words(model, ADDED, cache)
    assert find_model(str(extended)) == extended
    songs = [sing(f"SIL {phones} SIL") for phones in ("HH Y UW G AH", "S T AA P", "OW P", "G OW")]
    heard = hear(extended, ["hygge", "stop", "go"], *songs)
    assert list(map(words, heard)) == ["hygge", "stop", "stop", "go"]


def test_an_added_word_that_is_not_listened_for_is_a_filler(model: Path, cache: Path) -> None:
    extended = model_with_words(model, {"goes": (("G", "OW", "Z"),)}, cache)
    assert words(hear(extended, ["go"], sing("SIL G OW Z SIL"))[0]) == "[unk]"


def test_without_words_the_model_is_taken_as_it_is(model: Path, cache: Path) -> None:
    assert model_with_words(model, {}, cache) == model
    assert not cache.exists()


def test_the_model_itself_is_not_touched(model: Path, cache: Path) -> None:
    before = fingerprint(model)
    model_with_words(model, ADDED, cache)
    assert fingerprint(model) == before


def test_the_same_words_are_written_once(model: Path, cache: Path) -> None:
    extended = model_with_words(model, ADDED, cache)
    before = fingerprint(extended)
    other_order = {word: ADDED[word] for word in sorted(ADDED, reverse=True)}
    assert model_with_words(model, other_order, cache) == extended
    assert fingerprint(extended) == before


def test_other_words_are_another_model_and_the_old_one_goes(model: Path, cache: Path) -> None:
    extended = model_with_words(model, ADDED, cache)
    other = model_with_words(model, {"hygge": (HYGGE,)}, cache)
    assert other != extended
    assert [*cache.iterdir()] == [other]


@pytest.mark.parametrize("part", ["am/final.mdl", "conf/model.conf", "graph/rejection.json"])
def test_another_model_is_another_model_with_words(model: Path, cache: Path, part: str) -> None:
    extended = model_with_words(model, ADDED, cache)
    with (model / part).open("a") as file:
        file.write("\n")
    assert model_with_words(model, ADDED, cache) != extended


def test_a_model_is_told_by_its_checksums_where_it_has_them(model: Path, cache: Path) -> None:
    (model / CHECKSUMS).write_bytes(b"of the first release \xff\n")
    extended = model_with_words(model, ADDED, cache)
    (model / CHECKSUMS).write_text("of the second release\n")
    assert model_with_words(model, ADDED, cache) != extended


@pytest.mark.parametrize("part", ["am/final.mdl", "graph/HCLr.fst", CHECKSUMS])
@pytest.mark.parametrize("damage", ["cut", "lost", "garbled"])
def test_what_was_damaged_in_the_cache_is_made_again(model: Path, cache: Path, part: str, damage: str) -> None:
    extended = model_with_words(model, ADDED, cache)
    whole = (extended / part).read_bytes()
    if damage == "cut":
        (extended / part).write_bytes(whole[:-1])
    elif damage == "garbled":
        (extended / part).write_bytes(b"\xff" + whole[1:])
    else:
        (extended / part).unlink()
    assert model_with_words(model, ADDED, cache) == extended
    assert (extended / part).read_bytes() == whole
    assert [*cache.iterdir()] == [extended]


def test_coaches_that_start_at_once_make_one_model(model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def write(folder: Path, lexicon: Lexicon, rejected: Rejection) -> None:
        made.append(folder)
        write_graph(folder, lexicon, rejected)

    monkeypatch.setattr("voicecoach.engines.recognition.vocabulary.extended_model.write_graph", write)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: model_with_words(model, ADDED, cache), range(4)))
    assert [*cache.iterdir()] == [found[0]]
    assert set(found) == {found[0]}
    assert len(made) == 1


def test_what_a_coach_left_that_was_killed_goes(model: Path, cache: Path) -> None:
    name = model_with_words(model, ADDED, cache).name
    (cache / name).rename(cache / f"{name}x")
    extended = model_with_words(model, ADDED, cache)
    assert [*cache.iterdir()] == [extended]


def test_a_full_disk_leaves_the_cache_as_it_was(model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extended = model_with_words(model, ADDED, cache)
    before = fingerprint(cache)
    monkeypatch.setattr("voicecoach.engines.recognition.vocabulary.extended_model.write_graph", full_disk)
    with pytest.raises(OSError, match="No space left"):
        model_with_words(model, {"hygge": (HYGGE,)}, cache)
    assert fingerprint(cache) == before
    assert model_with_words(model, ADDED, cache) == extended


def test_a_model_that_rejects_what_it_does_not_know_is_broken(model: Path, cache: Path) -> None:
    file = model / "graph/rejection.json"
    file.write_text(file.read_text().replace('"go"', '"gone"'))
    with pytest.raises(BadFileError, match=r'"gone" is not in graph/lexicon\.txt; install the model again'):
        model_with_words(model, ADDED, cache)


def test_a_model_that_is_moved_leaves_the_one_with_words_whole(model: Path, cache: Path) -> None:
    extended = model_with_words(model, ADDED, cache)
    shutil.rmtree(model)
    for line in (extended / CHECKSUMS).read_text().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((extended / name).read_bytes()).hexdigest() == digest


def test_a_general_model_takes_no_words(model: Path, cache: Path) -> None:
    (model / "graph/lexicon.txt").unlink()
    with pytest.raises(MissingPartError) as caught:
        model_with_words(model, ADDED, cache)
    assert str(caught.value).startswith(f"no words can be added to the speech model {model}")
    assert not cache.exists()
