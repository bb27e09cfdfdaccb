#!/bin/sh
# Copia di sicurezza ogni notte alle 2 (ora del contenitore): database e PDF, con due settimane
# di storia. `copia.sh adesso` ne fa una subito ed esce.
# Vuole PGHOST, PGUSER, PGDATABASE, e la password nel file PASSWORD_FILE. Si legge da superutente:
# chiunque altro vedrebbe solo le righe che le policy gli mostrano.
set -eu

giorni=${COPIE_GIORNI:-14}
copie=${COPIE:-/copie}
documenti=${DOCUMENTI:-/documenti}
umask 077

copia() {
    nome=$(date +%Y%m%d-%H%M%S)
    PGPASSWORD=$(cat "$PASSWORD_FILE") pg_dump --format=custom --file="$copie/.parziale.dump"
    tar -C "$documenti" -czf "$copie/.parziale.tgz" .
    # Con il nome definitivo ci sono solo copie intere.
    mv "$copie/.parziale.dump" "$copie/registro-$nome.dump"
    mv "$copie/.parziale.tgz" "$copie/documenti-$nome.tgz"
    find "$copie" \( -name 'registro-*.dump' -o -name 'documenti-*.tgz' \) -mtime "+$giorni" -delete
    date +%s >"$copie/ultima"
    echo "Copia riuscita: registro-$nome.dump, documenti-$nome.tgz"
}

if [ "${1:-}" = adesso ]; then
    copia
    exit
fi

while true; do
    ora=$(date +%s)
    prossima=$(date -d '02:00' +%s)
    [ "$prossima" -gt "$ora" ] || prossima=$((prossima + 86400))
    sleep $((prossima - ora))
    # Una copia fallita non ferma le prossime: la nota chi guarda la salute del servizio.
    (copia) || echo "Copia NON riuscita." >&2
done
