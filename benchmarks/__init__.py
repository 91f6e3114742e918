"""Our numbers beside reference numbers; run ``python -m benchmarks`` from the clone."""
