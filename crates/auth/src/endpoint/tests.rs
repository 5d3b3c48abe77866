//! Tables of hosts and URLs.
