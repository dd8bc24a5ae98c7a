"""A flash sale played through with made-up buyers, over real HTTP."""
