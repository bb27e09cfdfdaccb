"""Come si dicono in pagina durate e quantità di una prestazione."""
