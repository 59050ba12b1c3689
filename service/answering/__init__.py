"""Evidence to a checked, cited answer or a typed refusal."""
