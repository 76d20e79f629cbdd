"""Simulation: scenarios, the acoustic scene they are played in, the runner that judges them, and what came of it."""
