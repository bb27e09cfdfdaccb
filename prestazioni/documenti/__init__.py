"""Ciò che delle prestazioni si porta fuori: fogli di calcolo e PDF."""
