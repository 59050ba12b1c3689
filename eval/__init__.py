"""ENGINE -> NUMBERS: cases, measures, benchmarks."""
