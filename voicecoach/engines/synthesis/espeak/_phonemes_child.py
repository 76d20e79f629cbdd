"""The child process in which espeak-ng reads words: it may end a process when its data are broken.

Run as a script, ``_phonemes_child.py VOICE ALPHABET``; the voice is one of espeak-ng's identifiers, the alphabet
"names" or "ipa".  For every line of its standard input it prints one: the phonemes of that line, by espeak-ng's own
names or in the International Phonetic Alphabet, parted by ``_``.  When espeak-ng cannot be used, it ends with a
complaint instead.
"""

from __future__ import annotations

import sys
from ctypes import CDLL, POINTER, byref, c_char_p, c_int

LIBRARY = "libespeak-ng.so.1"
SEPARATOR = "_"
_NO_SOUND = 2  # AUDIO_OUTPUT_SYNCHRONOUS; nothing is ever played
_RETURN_ERRORS = 0x8000  # espeakINITIALIZE_DONT_EXIT
_UTF8 = 1  # espeakCHARS_UTF8
_SEPARATED = ord(SEPARATOR) << 8
_ALPHABETS = {"names": 0, "ipa": 2}


def main() -> None:
    voice, alphabet = sys.argv[1:]
    try:
        espeak = CDLL(LIBRARY)
    except OSError as error:
        sys.exit(str(error))
    if espeak.espeak_Initialize(_NO_SOUND, 0, None, _RETURN_ERRORS) < 0:
        sys.exit("its data are missing")
    if espeak.espeak_SetVoiceByName(voice.encode()) != 0:
        sys.exit(f"it has no voice {voice}")
    espeak.espeak_TextToPhonemes.argtypes = [POINTER(c_char_p), c_int, c_int]
    espeak.espeak_TextToPhonemes.restype = c_char_p
    for line in sys.stdin:
        print(phonemes(espeak, line.strip(), _ALPHABETS[alphabet]))


def phonemes(espeak: CDLL, text: str, alphabet: int) -> str:
    """What espeak-ng makes of ``text``, clause by clause."""
    rest = c_char_p(text.encode())
    clauses = []
    while rest.value is not None:  # espeak-ng moves it on, and to a null pointer at the end
        clauses.append(espeak.espeak_TextToPhonemes(byref(rest), _UTF8, _SEPARATED | alphabet).decode())
    return SEPARATOR.join(clauses)


if __name__ == "__main__":
    main()
