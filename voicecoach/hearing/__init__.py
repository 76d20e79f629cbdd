"""Turns microphone blocks into utterances of whole phrases.  Knows which phrases are valid now, never what they do.

The way of a block of sound:

    capture ─► echo canceller ─► decoder session ─► endpointing ─► candidate ─► acceptance ─► `Utterance`
                     │            (VAD gate,           ▲               ▲             ▲
                     │             recogniser)         │ silence       │             │
                     │                  └─ partial ────┘     re-decoding ◄─ loudness │
                     └─ residual echo ───────────────────────────► barge-in guard ───┘

- `command_recognizer.CommandRecognizer` is the pipeline, and what the coach listens with.
- The engines stand in `engines/`: `engines/echo` takes out the coach's own voice and says how much may be left of it,
  `engines/recognition` decodes.
- `gate.py` (with `activity.py`, the voice activity detector) stands around each recogniser and spares it everything in
  which nobody speaks.  The assembly puts it there; an utterance ends, at the latest, when the gate closes.
- `decoder.py` follows the stream with one recogniser, and decodes the latest sound again with others; `grammar.py` says
  which phrase a result is, `phrases.py` which phrases a model can hear at all.
- `endpointing.py`: where an utterance ends, sooner than the recogniser finds its own endpoint.  When other phrases
  become valid, an utterance may hold that up for some seconds; a word that has just begun is decoded again with them.
- `redecoding.py`: what stands out from other talk (`loudness.py`) is decoded by itself.
- `microphone_health.py` stands beside all of it: whether the raw sound can be a microphone's.
- `acceptance.py`: one verdict on each candidate, obeyed or refused and why.  A candidate that is refused after a second
  look has changed nothing of what is being heard.  It asks `policy.py` (the thresholds; where "stop" is made urgent),
  `background_speech.py` (what else is talked in the room), and `barge_in.py` (what the coach itself is saying, and how
  loud its echo may be).

Thresholds that decide what is obeyed are in `policy.py`; how loudness, voice activity and decoding are measured is said
where that is done.
"""
