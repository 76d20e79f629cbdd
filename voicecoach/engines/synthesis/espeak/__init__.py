"""espeak-ng, the only voice so far: its two ways in, pyttsx3 to speak and its own library to read words, live here."""
