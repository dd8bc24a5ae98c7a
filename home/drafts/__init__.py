"""One verb a file: what is done with a draft workspace."""
