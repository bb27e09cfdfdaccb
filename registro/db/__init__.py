"""Il motore PostgreSQL del Registro: porta il contesto (chi, per quale ente) in ogni transazione."""
