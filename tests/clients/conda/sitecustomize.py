"""Names of the standard library that the conda of PyPI looks for where Python had them in 2017."""

import collections
import collections.abc
import platform

for name in collections.abc.__all__:
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))

platform.linux_distribution = lambda *_: ("Linux", "", "")
