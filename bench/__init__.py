"""Benchmarks. Figures are ratios beside a peer in the same run; machines are too noisy for more."""
