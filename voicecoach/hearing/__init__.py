"""Turns microphone blocks into utterances of whole phrases.  Knows which phrases are valid now, never what they do.

The way of a block of sound:

    capture ─► echo canceller ─► VAD gate ─► decoder session ─► endpointing ─► candidate ─► acceptance ─► `Utterance`
                     │                            │ partial results                 ▲            ▲
                     │                            └──────────► re-decoding ─────────┘            │
                     └─ residual echo ───────────────────────────────────────► barge-in guard ───┘

- `command_recognizer.CommandRecognizer` is the pipeline, and what the coach listens with.
- The engines stand in `engines/`: `engines/echo` takes out the coach's own voice and says how much may be left of it,
  `engines/recognition` decodes.
- `gate.py` (with `activity.py`, the voice activity detector) spares the decoder everything in which nobody speaks.
- `decoder.py` follows the stream with one recogniser at a time; `grammar.py` says which phrase a result is.
- `endpointing.py`: where an utterance ends, sooner than the recogniser finds its own endpoint.
- `redecoding.py`: what stands out from other talk (`loudness.py`) is decoded a second time, by itself.
- `acceptance.py`: one verdict on each candidate, obeyed or refused and why, before anything is changed.  It asks
  `policy.py` (every threshold, and where "stop" is made urgent), `background_speech.py` (what else is talked in the
  room), and `barge_in.py` (what the coach itself is saying, and how loud its echo may be).
"""
