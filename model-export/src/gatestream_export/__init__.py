"""Trains, checks and writes Gatestream model bundles."""
