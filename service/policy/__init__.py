"""The written policy: what is refused before anything is looked for, and what is answered with a notice."""
