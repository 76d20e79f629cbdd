"""At home in the house: what the coach does, for the lamps; and what somebody presses, for the coach.

It speaks MQTT with one broker, in the form that Home Assistant expects, on a thread of its own.  It is off until
``voicecoach home connect`` turns it on.  What goes out is what `picture.py` lets out; what comes in is what
`messages.py` understands, and goes the way of everything that is asked for by hand.
"""
