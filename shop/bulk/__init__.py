"""Many products changed at once: looked at first, then as confirmed, or not at all."""
