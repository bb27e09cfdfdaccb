"""I moduli delle regole."""
