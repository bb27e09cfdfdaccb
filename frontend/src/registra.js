// La pagina «Registra»: chi si sceglie va fra le pastiglie, i campi che non servono tacciono, la bozza si conserva
// sul server mentre si scrive, e se la rete cade si riprova con lo stesso numero di modulo.
import htmx from 'htmx.org/dist/htmx.esm.js'
import { notifica } from './notifiche.js'
import { finitaSullAccesso } from './sessione.js'

const ATTESA_BOZZA = 2000
const modulo = () => document.querySelector('form[data-registra]')
const dentro = (elemento) => elemento?.closest?.('form[data-registra]')

// Chi ---------------------------------------------------------------------------------------------------------

/** Porta fra le pastiglie scelte una persona trovata cercando; se c'era già, la segna lì. */
function prendi(casella) {
  const pastiglia = casella.closest('[data-persona]')
  const elenco = document.getElementById('persone')
  const gia = elenco.querySelector(`[data-persona="${pastiglia.dataset.persona}"]`)
  if (gia) {
    gia.querySelector('input[name=persona]').checked = true
    pastiglia.remove()
    return
  }
  elenco.prepend(pastiglia)
}

function svuotaRicerca() {
  const campo = document.getElementById('id_persona')
  campo.value = ''
  document.querySelector('#trovate .persone-pastiglie')?.remove()
  return campo
}

document.addEventListener('change', ({ target }) => {
  if (!dentro(target)) return
  if (target.name === 'persona' && target.closest('#trovate')) {
    prendi(target)
    svuotaRicerca().focus()
  }
  if (target.name === 'servizio') {
    inVista(target)
    adatta(dentro(target))
  }
})

// Un nucleo arriva tutto segnato: le sue persone vanno subito fra le altre.
htmx.onLoad((radice) => {
  if (radice.id === 'trovate') {
    const segnate = [...radice.querySelectorAll('input[name=persona]:checked')]
    segnate.forEach(prendi)
    if (segnate.length) svuotaRicerca()
  }
  if (modulo()) adatta(modulo())
})

document.addEventListener('click', ({ target }) => {
  if (!target.closest('[data-togli-nuova]')) return
  htmx.ajax('GET', location.pathname, { target: '#nuova', select: '#nuova', swap: 'outerHTML' })
})

// Che cosa ----------------------------------------------------------------------------------------------------

const semplice = (testo) =>
  testo
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')

function filtra(filtro) {
  const parole = semplice(filtro.value).split(/\s+/).filter(Boolean)
  const riquadro = filtro.closest('details')
  let visti = 0
  for (const voce of riquadro.querySelectorAll('[data-nomi]')) {
    const nomi = semplice(voce.dataset.nomi)
    voce.hidden = !parole.every((parola) => nomi.includes(parola))
    if (!voce.hidden) visti += 1
  }
  const frase = visti ? '' : 'Nessun servizio si chiama così.'
  riquadro.querySelector('[data-nessun-servizio]').textContent = frase
}

document.addEventListener('input', ({ target }) => {
  if (target.matches('[data-filtra-servizi]')) filtra(target)
})

// Un servizio scelto fra gli altri resta in vista con i soliti, e l'elenco lungo si chiude.
function inVista(scelta) {
  const riquadro = scelta.closest('details')
  if (!riquadro) return
  document.getElementById('servizi').prepend(scelta.closest('.scelta'))
  const filtro = riquadro.querySelector('[data-filtra-servizi]')
  filtro.value = ''
  filtra(filtro)
  riquadro.open = false
  scelta.focus()
}

/** I campi che il servizio scelto non chiede non si mandano; la quantità prende il nome della sua unità. */
function adatta(form) {
  const servizio = form.querySelector('[name=servizio]:checked')
  const quantita = form.querySelector('#id_quantita')
  if (!quantita) return
  const unita = servizio?.dataset.unita
  quantita.disabled = !unita && !quantita.closest('.con-errore')
  form.querySelector('label[for=id_quantita]').textContent = unita ?? 'Quantità'
  const senzaNome = form.querySelector('#id_senza_nome')
  senzaNome.disabled = servizio?.dataset.bassaSoglia === undefined && !senzaNome.closest('.con-errore')
}

// Tastiera ----------------------------------------------------------------------------------------------------

document.addEventListener('keydown', (evento) => {
  if (evento.key !== 'Enter' || evento.isComposing) return
  const form = modulo()
  if (!form) return
  const daFuori = !evento.target.closest('form') && !evento.target.closest('a, button, summary')
  if ((evento.ctrlKey || evento.metaKey) && daFuori) return form.requestSubmit()
  if (evento.ctrlKey || evento.metaKey || !dentro(evento.target)) return
  if (evento.target.id === 'id_persona') return scegliLaSola(evento)
  if (!evento.target.matches('input:not([type=checkbox], [type=radio])')) return
  evento.preventDefault()
  if (!evento.target.matches('[data-filtra-servizi]')) form.requestSubmit(form.querySelector('[data-salva]'))
})

// Invio nella ricerca sceglie la sola persona trovata; se sono di più si guarda l'elenco.
function scegliLaSola(evento) {
  evento.preventDefault()
  const trovate = document.querySelectorAll('#trovate input[name=persona]')
  if (trovate.length === 1) trovate[0].click()
  else trovate[0]?.focus()
}

// Dopo aver salvato ------------------------------------------------------------------------------------------

document.addEventListener('registrata', ({ detail }) => {
  notifica(detail.testo, { azione: { testo: 'Annulla', fai: () => annulla(detail.annulla) } })
  // Con la tastiera si ricomincia a scrivere un nome; sul telefono la tastiera coprirebbe le persone.
  if (matchMedia('(pointer: fine)').matches) document.getElementById('id_persona')?.focus()
})

const annulla = (indirizzo) =>
  htmx.ajax('POST', indirizzo, { source: '#registrate-oggi', target: '#registrate-oggi', swap: 'outerHTML' })

// Bozza -------------------------------------------------------------------------------------------------------

let daConservare = null
let attesa = 0

function stato(testo) {
  const riga = document.querySelector('[data-stato-bozza]')
  if (riga) riga.textContent = testo
}

async function conserva({ keepalive = false } = {}) {
  clearTimeout(attesa)
  const form = daConservare
  daConservare = null
  if (!form?.isConnected || form.classList.contains('htmx-request')) return
  const corpo = new URLSearchParams(new FormData(form))
  try {
    const risposta = await fetch(form.dataset.bozza, { method: 'POST', body: corpo, keepalive })
    const ora = new Date().toLocaleTimeString('it-IT', { hour: '2-digit', minute: '2-digit' })
    if (form.isConnected) stato(risposta.status === 204 ? `Bozza al sicuro, ${ora}` : 'Bozza non conservata: accedi di nuovo')
  } catch {
    daConservare ??= form
    stato('Bozza non conservata: la rete non risponde')
  }
}

for (const evento of ['input', 'change']) {
  document.addEventListener(evento, ({ target }) => {
    const form = dentro(target)
    if (!form?.dataset.bozza || target.type === 'search') return
    daConservare = form
    clearTimeout(attesa)
    attesa = setTimeout(conserva, ATTESA_BOZZA)
  })
}

// Chi chiude la scheda, o passa a un'altra applicazione, ritrova la bozza.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') conserva({ keepalive: true })
})
addEventListener('pagehide', () => conserva({ keepalive: true }))

// Rete --------------------------------------------------------------------------------------------------------

let inSospeso = null

function senzaRete(form, manca) {
  inSospeso = manca ? form : null
  const riquadro = form.querySelector('.senza-rete')
  if (riquadro) riquadro.hidden = !manca
}

// Si ascolta prima degli altri: per questo modulo l'avviso generico non serve.
for (const evento of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(
    evento,
    (accaduto) => {
      if (!accaduto.detail.elt.matches('form[data-registra]')) return
      accaduto.stopImmediatePropagation()
      senzaRete(accaduto.detail.elt, true)
    },
    true,
  )
}

document.addEventListener('htmx:beforeSend', ({ detail }) => {
  if (!detail.elt.matches('form[data-registra]')) return
  clearTimeout(attesa)
  daConservare = null
  senzaRete(detail.elt, false)
})

// Il sito ha risposto che non ha potuto (o che bisogna rientrare): ciò che è scritto si conserva come bozza.
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  if (!detail.elt.matches('form[data-registra]') || !detail.elt.isConnected) return
  if (!detail.successful || finitaSullAccesso(detail.xhr)) daConservare = detail.elt
})

addEventListener('online', () => {
  if (inSospeso?.isConnected) inSospeso.requestSubmit()
})

addEventListener('beforeunload', (evento) => {
  if (inSospeso?.isConnected) evento.preventDefault()
})
