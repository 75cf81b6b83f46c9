"""Programs that the benchmarks start on their own, so that each begins with a fresh process."""
