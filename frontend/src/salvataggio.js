// Moduli che si salvano da soli: `<form data-salvataggio-automatico>` con HTMX, e un
// `<p class="stato-salvataggio" data-stato-salvataggio>` che dice a che punto si è.
import { finitaSullAccesso } from './sessione.js'

const SELETTORE = 'form[data-salvataggio-automatico]'
// Quante volte si è scritto in un modulo, e a quale scrittura si riferisce la richiesta partita.
const scritture = new WeakMap()
const inviate = new WeakMap()

function mostra(modulo, stato, testo) {
  const indicatore = modulo.querySelector('[data-stato-salvataggio]')
  if (!indicatore) return
  indicatore.dataset.stato = stato
  indicatore.textContent = testo
}

// Che cosa fare dopo un rifiuto dipende da che cosa la risposta ha messo nella riga.
function percheNo(modulo) {
  if (modulo.querySelector('.conflitto')) return 'Non salvato: scegli qui sopra che cosa tenere'
  if (modulo.querySelector('[data-errore-di]')) return 'Non salvato: correggi i campi segnati'
  return 'Non salvato: qui sopra c’è scritto perché'
}

const moduloDi = (elemento) => elemento?.closest?.(SELETTORE)
const eScrittura = (detail) => detail.requestConfig && detail.requestConfig.verb !== 'get'

document.addEventListener('input', ({ target }) => {
  const modulo = moduloDi(target)
  if (!modulo) return
  scritture.set(modulo, (scritture.get(modulo) ?? 0) + 1)
  mostra(modulo, 'da-salvare', 'Modifiche da salvare')
})

document.addEventListener('htmx:beforeSend', ({ detail }) => {
  const modulo = moduloDi(detail.elt)
  if (!modulo || !eScrittura(detail)) return
  inviate.set(modulo, scritture.get(modulo) ?? 0)
  mostra(modulo, 'in-corso', 'Salvataggio in corso…')
})

document.addEventListener('htmx:afterRequest', ({ detail }) => {
  const modulo = moduloDi(detail.elt)
  if (!modulo || !eScrittura(detail)) return
  if (detail.xhr.status === 422) return mostra(modulo, 'non-salvato', percheNo(modulo))
  if (!detail.successful || finitaSullAccesso(detail.xhr)) return mostra(modulo, 'non-salvato', 'Non salvato: riprova')
  // Se intanto si è scritto ancora, ciò che si vede non è tutto salvato.
  if ((scritture.get(modulo) ?? 0) > inviate.get(modulo)) return mostra(modulo, 'da-salvare', 'Modifiche da salvare')
  const ora = new Date().toLocaleTimeString('it-IT', { hour: '2-digit', minute: '2-digit' })
  scritture.set(modulo, 0)
  mostra(modulo, 'salvato', `Salvato alle ${ora}`)
})

// Ciò che non si salva da sé (una riga nuova, una risposta a una scheda) si manda con un bottone: chi lascia la pagina
// senza premerlo lo perderebbe, e il browser glielo chiede. Un modulo tornato con un errore vale quanto uno cambiato.
const DA_MANDARE = 'form[data-da-mandare]'
const mandati = new WeakSet()

document.addEventListener('submit', (evento) => {
  if (!evento.defaultPrevented) mandati.add(evento.target)
})

function cambiato(campo) {
  if (campo.type === 'hidden') return false
  if (campo.options) return campo.selectedIndex !== Math.max(0, [...campo.options].findIndex((voce) => voce.defaultSelected))
  if (campo.type === 'checkbox' || campo.type === 'radio') return campo.checked !== campo.defaultChecked
  return 'defaultValue' in campo && campo.value !== campo.defaultValue
}

const daMandare = (modulo) =>
  !mandati.has(modulo) && (modulo.dataset.daMandare === 'rifiutato' || [...modulo.elements].some(cambiato))

addEventListener('beforeunload', (evento) => {
  const perduto = [...document.querySelectorAll(SELETTORE)].some((modulo) => scritture.get(modulo) > 0)
  if (perduto || [...document.querySelectorAll(DA_MANDARE)].some(daMandare)) evento.preventDefault()
})

// Chi torna indietro ritrova la pagina com'era: ciò che aveva mandato può essere cambiato ancora.
addEventListener('pageshow', () => {
  for (const modulo of document.querySelectorAll(DA_MANDARE)) mandati.delete(modulo)
})
