"""Thirty nights of one person with the coach, played as text and told as a page to read."""
