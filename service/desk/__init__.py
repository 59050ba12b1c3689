"""What a service does for its callers, whatever door they come through."""
