"""The coach as a service: what it tells systemd, and how it is installed; docs/service.md tells it to people."""
