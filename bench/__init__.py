"""Benchmarks: `python -m bench.hook`, `bench.reload` and `bench.throughput`; see README.md beside this file."""
