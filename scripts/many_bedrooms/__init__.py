"""Many bedrooms beside one broker: does a session notice, is every room right again, what does a room cost?

All of it runs on this machine, on its loopback.
"""
