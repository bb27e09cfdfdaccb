"""I moduli delle pagine del report."""
