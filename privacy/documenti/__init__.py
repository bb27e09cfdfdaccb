"""I registri da dare a chi li chiede: trattamenti (art. 30 GDPR)."""
