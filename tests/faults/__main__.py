"""`python -m tests.faults`: see `soak`. The processes that it starts do not import a module of this name."""

import sys

from tests.faults.soak import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
