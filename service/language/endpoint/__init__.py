"""A language model behind one port: adapters, budget, retries, breaker."""
