"""A rehearsed night: an acoustic scene, who is in it, what a scenario makes them do, and what came of it."""
