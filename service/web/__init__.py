"""The web page: static files without a build step, and documents rendered where a citation points."""
