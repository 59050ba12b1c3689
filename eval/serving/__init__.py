"""How fast a service answers, over a large generated library: `python -m eval.serving.run`."""
