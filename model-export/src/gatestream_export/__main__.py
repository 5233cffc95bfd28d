"""`python -m gatestream_export`."""

import sys

from gatestream_export.cli import main

if __name__ == "__main__":
    sys.exit(main())
