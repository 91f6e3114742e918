"""``python -m risk`` is the same as ``risk``."""

import sys

from risk.cli import main

sys.exit(main())
