"""I gesti che cambiano schede, campagne, edizioni e documenti."""
