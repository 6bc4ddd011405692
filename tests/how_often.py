"""How often tests that repeat do so: on CI in full, at home less often, so that nobody has to wait."""

import os

CI = os.environ.get("CI") == "true"
TURNS = 300 if CI else 60  # random turns of an explorer
