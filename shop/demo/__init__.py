"""The demo shop "Kiln & Loom": what it sells, and how that gets into the database.

Everything follows from a piece's number, so the first ten thousand of a hundred
thousand are the same ten thousand. Times are counted back from the day of seeding.
"""
