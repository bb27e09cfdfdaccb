// Comodità di ogni pagina: fuoco dopo una risposta, scorciatoie, menu che si chiudono, stampa, tabelle.
import htmx from 'htmx.org/dist/htmx.esm.js'
import { notifica } from './notifiche.js'

const PREFERENZA_SCORCIATOIA = 'registro.scorciatoia-cerca'

const primo = (zona, selettore) => (zona.matches(selettore) ? zona : zona.querySelector(selettore))

// Dopo una risposta il fuoco va dove serve (il riepilogo degli errori, o ciò che la risposta indica) e ciò che è
// cambiato da solo si dice a chi ascolta, in una regione che c'è dall'inizio: una appena inserita non viene letta.
document.addEventListener('htmx:afterSettle', ({ target }) => {
  primo(target, '[data-fuoco]')?.focus()
  const annuncio = primo(target, '[data-annuncio]')
  if (annuncio) document.getElementById('annunci').textContent = annuncio.dataset.annuncio
})

// Una vista può chiedere un avviso con l'intestazione HX-Trigger: {"notifica": "Scheda consegnata."}
document.addEventListener('notifica', ({ detail }) => notifica(detail.value))

document.addEventListener('keydown', (evento) => {
  if (evento.key === 'Enter' && (evento.ctrlKey || evento.metaKey)) inviaModulo(evento)
  if (evento.key === '/') vaiAllaRicerca(evento)
  if (evento.key === 'Escape') chiudiTendineAperte()
})

function inviaModulo(evento) {
  const modulo = evento.target.closest('form')
  if (!modulo) return
  evento.preventDefault()
  modulo.requestSubmit()
}

// Un tasto solo può disturbare chi detta i comandi a voce: si spegne dalla pagina di aiuto (WCAG 2.1.4).
function vaiAllaRicerca(evento) {
  const scrive = evento.target.closest('input, textarea, select, [contenteditable]')
  if (scrive || evento.ctrlKey || evento.metaKey || evento.altKey) return
  if (localStorage.getItem(PREFERENZA_SCORCIATOIA) === 'no') return
  const campo = document.querySelector('main input[type=search], main [role=search] input[type=text]')
  if (!campo) return
  evento.preventDefault()
  campo.focus()
}

function preparaPreferenza() {
  const casella = document.querySelector('[data-preferenza="scorciatoia-cerca"]')
  if (!casella) return
  casella.checked = localStorage.getItem(PREFERENZA_SCORCIATOIA) !== 'no'
  casella.addEventListener('change', () => {
    localStorage.setItem(PREFERENZA_SCORCIATOIA, casella.checked ? 'si' : 'no')
  })
}

// I menu fatti con <details> si chiudono con Esc e con un clic fuori.
function chiudiTendineAperte() {
  for (const tendina of document.querySelectorAll('details[data-chiudi-fuori][open]')) {
    const dentro = tendina.contains(document.activeElement)
    tendina.open = false
    if (dentro) tendina.querySelector('summary').focus()
  }
}

document.addEventListener('click', ({ target }) => {
  for (const tendina of document.querySelectorAll('details[data-chiudi-fuori][open]')) {
    if (!tendina.contains(target)) tendina.open = false
  }
})

// `<button data-stampa>`: la pagina su carta, con la finestra di stampa del navigatore.
document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-stampa]')) print()
})

// Su carta non si può aprire niente: si stampa tutto aperto e poi si rimette com'era.
let apertiPerStampa = []
addEventListener('beforeprint', () => {
  apertiPerStampa = [...document.querySelectorAll('main details:not([open])')]
  for (const dettaglio of apertiPerStampa) dettaglio.open = true
})
addEventListener('afterprint', () => {
  for (const dettaglio of apertiPerStampa) dettaglio.open = false
})

// Sul telefono le righe diventano blocchi (display: block) e alcuni lettori perdono la tabella: la si ridichiara.
const RUOLI = { THEAD: 'rowgroup', TBODY: 'rowgroup', TFOOT: 'rowgroup', TR: 'row', TD: 'cell' }
function ridichiaraTabelle(radice) {
  for (const tabella of radice.querySelectorAll('.tabella-schede:not([role])')) {
    tabella.setAttribute('role', 'table')
    for (const parte of tabella.querySelectorAll('thead, tbody, tfoot, tr, td')) {
      parte.setAttribute('role', RUOLI[parte.tagName])
    }
    for (const cella of tabella.querySelectorAll('th')) {
      cella.setAttribute('role', cella.scope === 'row' ? 'rowheader' : 'columnheader')
    }
  }
}

// Un messaggio già in pagina al caricamento non viene letto: rimesso un attimo dopo, sì.
function annunciaMessaggi() {
  const regione = document.getElementById('messaggi')
  if (!regione?.children.length) return
  const messaggi = [...regione.children]
  setTimeout(() => regione.replaceChildren(...messaggi), 150)
}

htmx.onLoad((radice) => ridichiaraTabelle(radice.parentNode ?? radice))
document.addEventListener('DOMContentLoaded', () => {
  preparaPreferenza()
  annunciaMessaggi()
})
