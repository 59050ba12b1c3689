"""What a piece of advice has to carry: a weighing, a test, a measure of success."""
