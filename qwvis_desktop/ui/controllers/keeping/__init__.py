"""Keeping: projects, journal, recovery, session, history."""
