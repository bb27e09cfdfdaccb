# Registro del Terzo Settore. `make` da solo elenca i comandi.
# PORTA (8000) e REGISTRO_DATI (.registro) scelgono porta e cartella dati della dimostrazione.

.DEFAULT_GOAL := aiuto
.PHONY: aiuto demo test fughe misure salva restauro prepara-prove controlla aggiusta migrazione pulisci
PYTHON := .venv/bin/python
# Uno in più dei processori, al più quattro: chi aspetta il browser, un PDF o il database non ferma gli altri.
PROCESSI = $(shell n=$$(nproc); [ $$n -lt 4 ] && echo $$((n + 1)) || echo 4)
# I pacchetti si compilano alla prima importazione: chi vieta di conservarne il risultato
# pagherebbe la compilazione a ogni avvio.
unexport PYTHONDONTWRITEBYTECODE

# Le verifiche non toccano server: qui gli indirizzi servono solo a leggere le impostazioni.
COME_IN_PRODUZIONE = env -u REGISTRO_DIMOSTRAZIONE \
	DATABASE_URL=postgres://nessuno@127.0.0.1:1/nessuno REDIS_URL=redis://127.0.0.1:1/0 \
	REGISTRO_HOST=registro.example.org \
	REGISTRO_CONTATTO_DPO=dpo@registro.example.org \
	REGISTRO_SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	REGISTRO_CHIAVI="$$($(PYTHON) -m registro.servizi.chiavi)"

# Ciò che un comando dice si legge solo se fallisce.
zitto = esito=$$($(1) 2>&1) || { echo "$$esito"; exit 1; }

aiuto: ## elenca i comandi
	@sed -n 's/^\([a-z-]*\):.* ## /  make \1\t/p' Makefile | expand -t 20

demo: ## accende tutto con dati dimostrativi; Ctrl-C spegne
	@registro/servizi/prepara.sh demo
	@exec $(PYTHON) -m registro.servizi.dimostrazione

test: controlla ## esegue tutte le prove, anche nel browser
	@$(PYTHON) -m pytest -n $(PROCESSI) $(PROVE)

fughe: prepara-prove ## cerca fughe a lungo: 5.000 mondi, ogni mutante, ogni persona su ogni pagina
	@FUGHE=lunga $(PYTHON) -m pytest -n $(PROCESSI) --durations=10 tests/fughe

salva: ## salva i dati della dimostrazione in un file cifrato, nella sua cartella
	@registro/servizi/prepara.sh demo
	@$(PYTHON) -m registro.servizi.salvataggio salva

restauro: prepara-prove ## salva, ripristina su un server vuoto, confronta tutto, ci fa vivere 50 mondi
	@$(PYTHON) -m registro.servizi.salvataggio prova --mondi 50

misure: prepara-prove ## misura tutto accanto ai bersagli; scrive misure/risultati.md
	@$(PYTHON) -m misure

prepara-prove:
	@registro/servizi/prepara.sh prove

controlla: prepara-prove ## verifica stile, strati, migrazioni e impostazioni; non cambia nulla
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/djlint templates --lint --quiet
	@$(call zitto,.venv/bin/djlint templates --check)
	@$(call zitto,.venv/bin/lint-imports --no-cache)
	@$(COME_IN_PRODUZIONE) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(COME_IN_PRODUZIONE) $(PYTHON) manage.py check --deploy --fail-level WARNING

aggiusta: prepara-prove ## corregge da solo lo stile di codice e template
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .
	@.venv/bin/djlint templates --reformat --quiet

migrazione: prepara-prove ## scrive le migrazioni che mancano: make migrazione APP=enti NOME=che_cosa_fa
	@$(PYTHON) manage.py makemigrations $(APP) $(if $(NOME),--name $(NOME))

pulisci: ## butta i dati della dimostrazione e tutto ciò che si ricostruisce
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m registro.servizi.pulizia; fi
	@rm -rf .costruiti node_modules .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
