"""One of twenty, for installs of many packages."""

NUMBER = "{01..20}"
