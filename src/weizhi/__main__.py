"""``python -m weizhi`` is the command ``weizhi``."""

import sys

from weizhi.cli import main

sys.exit(main())
