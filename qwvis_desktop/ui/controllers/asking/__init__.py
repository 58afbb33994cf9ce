"""Asking: services, options, limits, money, runs and what comes back."""
