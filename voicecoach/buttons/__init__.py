"""Buttons by the bed: any key that Linux sees (USB, Bluetooth, GPIO) does what a phrase would.

`port.py` says what is wanted of whoever reads keys, `evdev_keys.py` reads them, `presses.py` tells one press from two
and from a long one, `mapping.py` knows what each means, and `listener.py` is the thread.
"""
