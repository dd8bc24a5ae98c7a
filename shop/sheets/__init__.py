"""Products, variants, prices and stock as a sheet: a row for each variant, out and in.

``docs/import.md`` says what the columns mean.
"""
