// Un comando solo (`npm run build`): foglio di stile, JavaScript, caratteri e icone in `.costruiti/registro/`.
import { build } from 'esbuild'
import { compile } from 'sass'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const BASE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const SORGENTI = path.join(BASE, 'frontend', 'src')
const MODULI = path.join(BASE, 'node_modules')
const KIT = path.join(MODULI, 'bootstrap-italia')
const USCITA = path.join(BASE, '.costruiti', 'registro')

const CARATTERI = {
  'Titillium_Web/titillium-web-v10-latin-ext_latin': ['regular', 'italic', '600', '700'],
  'Roboto_Mono/roboto-mono-v13-latin-ext_latin': ['regular'],
}
// Le cartelle in cui un'icona può essere nominata; le altre (pacchetti, dati, prodotti) non si leggono.
const CARTELLE_CON_ICONE = ['templates', 'registro', 'enti', 'assi', 'report', 'frontend/src']

function scriviStile() {
  const { css } = compile(path.join(SORGENTI, 'registro.scss'), {
    loadPaths: [path.join(KIT, 'src', 'scss'), SORGENTI],
    style: 'compressed',
    quietDeps: true,
    // Bootstrap Italia usa ancora @import e funzioni in via d'abbandono: gli avvisi sono suoi, la versione è fissata.
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'slash-div', 'if-function'],
  })
  fs.writeFileSync(path.join(USCITA, 'registro.css'), css)
}

function scriviCodice() {
  return build({
    entryPoints: [path.join(SORGENTI, 'registro.js')],
    outfile: path.join(USCITA, 'registro.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    // Bootstrap Italia si dichiara senza effetti: senza questa riga i suoi moduli importati per effetto spariscono.
    ignoreAnnotations: true,
    legalComments: 'eof',
  })
}

function copiaCaratteri() {
  const cartella = path.join(USCITA, 'caratteri')
  fs.mkdirSync(cartella)
  for (const [origine, tagli] of Object.entries(CARATTERI)) {
    const famiglia = path.basename(origine).split('-v')[0]
    for (const taglio of tagli) {
      const file = path.join(KIT, 'dist', 'fonts', `${origine}-${taglio}.woff2`)
      fs.copyFileSync(file, path.join(cartella, `${famiglia}-${taglio}.woff2`))
    }
  }
}

// Nominate ovunque (anche come classi CSS `it-…`, che qui non fanno danno); pretese da chi scrive `icona "it-…"`.
function iconeNominate() {
  const nomi = new Set()
  const pretese = new Map()
  for (const radice of CARTELLE_CON_ICONE) {
    const cartella = path.join(BASE, radice)
    if (!fs.existsSync(cartella)) continue
    for (const voce of fs.readdirSync(cartella, { recursive: true })) {
      if (!/\.(html|py|js)$/.test(voce)) continue
      const testo = fs.readFileSync(path.join(cartella, voce), 'utf8')
      for (const [nome] of testo.matchAll(/\bit-[a-z0-9-]+/g)) nomi.add(nome)
      for (const [, nome] of testo.matchAll(/icona[ =]"(it-[a-z0-9-]+)"/g)) pretese.set(nome, voce)
    }
  }
  return { nomi, pretese }
}

function scriviIcone() {
  const { nomi, pretese } = iconeNominate()
  const tutte = fs.readFileSync(path.join(KIT, 'dist', 'svg', 'sprites.svg'), 'utf8')
  const simboli = new Map(
    [...tutte.matchAll(/<symbol[^>]*id="([^"]+)"[^>]*>[\s\S]*?<\/symbol>/g)].map(([testo, nome]) => [nome, testo]),
  )
  for (const [nome, voce] of pretese) {
    if (!simboli.has(nome)) throw new Error(`${voce}: l'icona "${nome}" non esiste in Bootstrap Italia.`)
  }
  const scelte = [...simboli].filter(([nome]) => nomi.has(nome)).map(([, testo]) => testo)
  const foglio = `<svg xmlns="http://www.w3.org/2000/svg">${scelte.join('')}</svg>`
  fs.writeFileSync(path.join(USCITA, 'icone.svg'), foglio)
  return scelte.length
}

const inizio = performance.now()
fs.rmSync(USCITA, { recursive: true, force: true })
fs.mkdirSync(USCITA, { recursive: true })
const codice = scriviCodice()
scriviStile()
copiaCaratteri()
const icone = scriviIcone()
await codice
const pesi = ['registro.css', 'registro.js', 'icone.svg'].map(
  (nome) => `${nome} ${Math.round(fs.statSync(path.join(USCITA, nome)).size / 1024)} kB`,
)
const secondi = ((performance.now() - inizio) / 1000).toFixed(1)
console.log(`Costruito in ${secondi} s: ${pesi.join(', ')} (${icone} icone).`)
