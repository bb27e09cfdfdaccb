// Elenchi di persone da segnare in fretta: tutte insieme, da tastiera, cercando; e il foglio delle presenze, con il
// conto sempre a vista e la rete che può mancare. Senza JavaScript restano caselle e bottoni, e basta.
import htmx from 'htmx.org/dist/htmx.esm.js'

const ELENCO = 'form[data-presenze], form[data-segna]'
const MANCA = 'La rete non risponde. Ciò che hai segnato è ancora qui: riprova a salvare quando torna.'
const TORNATA = 'La rete è tornata: premi «Salva le presenze».'

const caselle = (zona) => [...zona.querySelectorAll('.foglio-riga input[type=checkbox]')]
const segnabili = (zona) => caselle(zona).filter((casella) => !casella.disabled && !casella.closest('[hidden]'))
const normale = (testo) => testo.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const conta = (n, uno, molti) => `${n} ${n === 1 ? uno : molti}`

function aggiorna(modulo) {
  for (const parte of modulo.querySelectorAll('[data-parte]')) {
    const sue = caselle(parte)
    const segnate = sue.filter((casella) => casella.checked).length
    const conto = parte.querySelector('[data-conto-parte]')
    if (conto) conto.textContent = `${segnate} su ${sue.length}`
    const bottone = parte.querySelector('[data-tutti]')
    if (!bottone) continue
    bottone.hidden = false
    const tutte = segnabili(parte).every((casella) => casella.checked)
    bottone.textContent = tutte ? bottone.dataset.no : bottone.dataset.si
  }
  const conto = modulo.querySelector('[data-conto]')
  if (conto) conto.textContent = frase(modulo)
}

function frase(modulo) {
  const tutte = caselle(modulo)
  const segnate = tutte.filter((casella) => casella.checked).length
  const contate = Number(modulo.elements.senza_nome?.value) || 0
  const parti = tutte.length
    ? [conta(segnate, 'presente', 'presenti'), conta(tutte.length - segnate, 'assente', 'assenti')]
    : []
  if (contate || !tutte.length) parti.push(`${contate} senza nome`)
  return parti.join(', ')
}

function segnaTutte(bottone) {
  const parte = bottone.closest('[data-parte]')
  const sue = segnabili(parte)
  const accendi = !sue.every((casella) => casella.checked)
  for (const casella of sue) casella.checked = accendi
  const modulo = bottone.form
  aggiorna(modulo)
  document.getElementById('annunci').textContent = frase(modulo)
  modulo.dispatchEvent(new Event('bozza'))
}

function cerca(campo) {
  const cercate = normale(campo.value).split(/\s+/).filter(Boolean)
  const modulo = campo.form
  for (const riga of modulo.querySelectorAll('.foglio-riga')) {
    const nome = normale(riga.dataset.nome)
    riga.hidden = !cercate.every((parola) => nome.startsWith(parola) || nome.includes(` ${parola}`))
  }
  for (const parte of modulo.querySelectorAll('[data-parte]')) {
    parte.hidden = !parte.querySelector('.foglio-riga:not([hidden])')
  }
  aggiorna(modulo)
}

function svuotaRicerca(campo) {
  campo.value = ''
  cerca(campo)
}

document.addEventListener('click', ({ target }) => {
  const bottone = target.closest('[data-tutti]')
  if (bottone) segnaTutte(bottone)
})

document.addEventListener('input', (evento) => {
  const modulo = evento.target.closest(ELENCO)
  if (!modulo) return
  if (evento.target.closest('[data-cerca-nel-foglio]')) return cerca(evento.target)
  aggiorna(modulo)
})

// La ricerca non fa parte del foglio: scriverci non è una modifica da tenere da parte.
document.addEventListener('keydown', (evento) => {
  const { target, key } = evento
  if (target.closest?.('[data-cerca-nel-foglio]')) return tastoNellaRicerca(evento)
  if (!target.matches?.('.foglio-riga input[type=checkbox]')) return
  const passo = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key]
  const tutte = segnabili(target.form)
  const dove = { Home: 0, End: tutte.length - 1 }[key] ?? tutte.indexOf(target) + (passo ?? 0)
  if (passo === undefined && key !== 'Home' && key !== 'End') return
  evento.preventDefault()
  tutte[Math.min(Math.max(dove, 0), tutte.length - 1)]?.focus()
})

function tastoNellaRicerca(evento) {
  const campo = evento.target
  const trovate = segnabili(campo.form)
  if (evento.key === 'ArrowDown') {
    evento.preventDefault()
    trovate[0]?.focus()
  }
  if (evento.key === 'Escape') svuotaRicerca(campo)
  if (evento.key !== 'Enter' || evento.ctrlKey || evento.metaKey) return
  // Invio cambia la prima trovata e lascia scrivere la seguente: il foglio si salva col suo bottone.
  evento.preventDefault()
  if (!campo.value.trim() || !trovate.length) return
  trovate[0].checked = !trovate[0].checked
  trovate[0].dispatchEvent(new Event('input', { bubbles: true }))
  const nome = trovate[0].closest('.foglio-riga').dataset.nome
  const stato = trovate[0].checked ? 'presente' : 'assente'
  document.getElementById('annunci').textContent = `${nome}: ${stato}`
  svuotaRicerca(campo)
}

function dici(testo) {
  const avviso = document.querySelector('form[data-presenze] [data-rete]')
  if (!avviso) return
  avviso.hidden = !testo
  avviso.textContent = testo
}

const delFoglio = (detail) => detail.elt.closest?.('form[data-presenze]')

for (const nome of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(nome, ({ detail }) => delFoglio(detail) && dici(MANCA))
}
addEventListener('offline', () => dici(MANCA))
addEventListener('online', () => {
  if (document.querySelector('[data-rete]:not([hidden])')) dici(TORNATA)
})
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  if (!delFoglio(detail)) return
  if (detail.xhr.status >= 500) dici('Il Registro non è riuscito a rispondere. Ciò che hai segnato è ancora qui: riprova.')
  else if (detail.successful) dici('')
})

// Mentre il foglio si salva, e dopo, la bozza non serve più: arrivando tardi tornerebbe a galla.
document.addEventListener('htmx:confirm', (evento) => {
  const { elt } = evento.detail
  if (elt.matches?.('form[data-presenze]')) elt.dataset.mandato = 'si'
  if (elt.matches?.('[data-bozza]') && elt.closest('form').dataset.mandato) evento.preventDefault()
})
for (const nome of ['htmx:sendError', 'htmx:timeout', 'htmx:responseError']) {
  document.addEventListener(nome, ({ detail }) => delete delFoglio(detail)?.dataset.mandato)
}

function prepara(zona) {
  const moduli = zona.matches?.(ELENCO) ? [zona] : [...zona.querySelectorAll(ELENCO)]
  if (zona.closest?.(ELENCO)) moduli.push(zona.closest(ELENCO))
  for (const modulo of moduli) {
    const ricerca = modulo.querySelector('[data-cerca-nel-foglio]')
    if (ricerca) ricerca.hidden = false
    aggiorna(modulo)
  }
}

htmx.onLoad((zona) => prepara(zona))
