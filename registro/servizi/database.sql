-- Estensioni e privilegi dentro un database del Registro, che deve essere di registro_owner.
-- Si può rieseguire. Le tre estensioni sono «fidate»: le può creare il proprietario.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO registro_owner;
GRANT USAGE ON SCHEMA public TO registro_app;
-- CREATE: senza, una migrazione non può consegnare alla guardia la proprietà di una funzione.
GRANT USAGE, CREATE ON SCHEMA public TO registro_guardia, registro_oblio;
GRANT USAGE ON SCHEMA public TO registro_stat, registro_sigillo;

ALTER DEFAULT PRIVILEGES FOR ROLE registro_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO registro_app;
ALTER DEFAULT PRIVILEGES FOR ROLE registro_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO registro_app;
ALTER DEFAULT PRIVILEGES FOR ROLE registro_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO registro_guardia;
