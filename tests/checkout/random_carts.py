"""With how many random carts a rule is tried: a few hundred with every run, and as many
as ``CARTS`` says (``.ci/run`` says 2,500)."""

import os

CARTS = int(os.environ.get("CARTS", "300"))
