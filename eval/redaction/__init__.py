"""How well a service's log is kept free of secrets and personal data: `python -m eval.redaction.run`."""
