"""Wagtail's own editors, reading and saving a draft workspace while one is open."""
