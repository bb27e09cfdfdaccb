#!/bin/sh
# Crea in `segreti/` le password e gli indirizzi che docker-compose.yml consegna ai servizi.
# Non tocca un segreto che c'è già: per cambiarne uno si cancella il suo file e si riesegue.
set -eu

cd "$(dirname "$0")/.."
# La cartella è chiusa; i file si leggono perché nei contenitori li legge un altro utente.
mkdir -p -m 0700 segreti

casuale() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

# scrivi NOME VALORE
scrivi() {
    [ -e "segreti/$1" ] && return
    printf '%s' "$2" >"segreti/$1"
    chmod 0444 "segreti/$1"
}

for nome in chiave password_superutente password_proprietario password_app password_salvataggio \
    password_sigillo password_redis; do
    scrivi "$nome" "$(casuale)"
done

base64_casuale() {
    head -c 32 /dev/urandom | base64 | tr -d '\n'
}

# Chi perde questo file perde i dati cifrati: docs/esercizio.md dice dove tenerne una copia.
scrivi chiavi_cifratura "$(printf '{"cifratura": {"1": "%s"}, "corrente": 1, "indice": "%s", "rete": "%s"}' \
    "$(base64_casuale)" "$(base64_casuale)" "$(base64_casuale)")"

postgres() {
    printf 'postgres://%s:%s@postgres:5432/%s' "$1" "$(cat "segreti/$2")" "$3"
}

scrivi url_amministratore "$(postgres postgres password_superutente postgres)"
scrivi url_proprietario "$(postgres registro_owner password_proprietario registro)"
scrivi url_app "$(postgres registro_app password_app registro)"
scrivi url_salvataggio "$(postgres registro_backup password_salvataggio registro)"
scrivi url_sigillo "$(postgres registro_sigillo password_sigillo registro)"
scrivi url_redis "redis://:$(cat segreti/password_redis)@redis:6379/0"
# Firma, ogni notte, la testata dei registri degli accessi.
scrivi chiave_firma "$(base64_casuale)"

# La chiave che apre le copie la fa il programma e non resta qui: qui serve solo la sua metà pubblica.
if [ -e chiave-copie ]; then
    rm -f segreti/chiave_pubblica_copie
    scrivi chiave_pubblica_copie "$(sed -n 's/^# chiave pubblica: //p' chiave-copie)"
elif [ ! -e segreti/chiave_pubblica_copie ]; then
    # Finché è vuoto le copie falliscono dicendo perché; il resto funziona.
    : >segreti/chiave_pubblica_copie
fi
echo "Segreti pronti in segreti/. Conservane una copia fuori da questa macchina."
