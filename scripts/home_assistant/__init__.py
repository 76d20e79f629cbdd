"""Looks whether a real Home Assistant gets on with the coach: its own schemas, entities, services and blueprints.

`look.py` runs with Home Assistant's Python, all else with the coach's.
"""
