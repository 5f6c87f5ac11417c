"""`python -m xltool.desktop`."""

import sys

from xltool.desktop.app import main

sys.exit(main())
