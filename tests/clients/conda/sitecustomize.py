"""Names of the standard library that the conda of PyPI looks for where Python had them in 2017."""

import collections
import collections.abc
import importlib.util
import logging
import platform
import sys
import types

for name in collections.abc.__all__:
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))

platform.linux_distribution = lambda *_: ("Linux", "", "")

# Of the first, one function is called; the other is for FTP alone.
GONE = {"imp": {"reload": importlib.reload}, "cgi": {}}
for name, members in GONE.items():
    if importlib.util.find_spec(name) is None:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(members)

if not hasattr(logging, "_acquireLock"):
    logging._acquireLock, logging._releaseLock = logging._lock.acquire, logging._lock.release
