"""Letters to those who asked for them: asked for on a page, agreed to by a button that
only the letter leads to, ended by a link in every letter."""
