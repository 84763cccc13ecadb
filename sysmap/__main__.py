"""``python -m sysmap``: the command line."""

import sys

from sysmap.cli import main

if __name__ == "__main__":
    sys.exit(main())
