"""Starts the server that a web-platform-tests checkout brings along, without the command line around it: that one wants
the whole checkout, an entry in /etc/hosts and a virtual environment. Called with the checkout and a file of settings."""

import os
import sys

ROOT, SETTINGS = sys.argv[1:3]
# In place of this folder, whose modules are others.
sys.path[0] = os.path.join(ROOT, "tools")
import localpaths  # noqa: E402, F401

from serve import serve  # noqa: E402

# Each port is a process of its own, which reads this file again.
if __name__ == "__main__":
    serve.run(config_path=SETTINGS)
