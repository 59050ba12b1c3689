"""Adapters of the `Index` port: embedded, remote, in memory."""
