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
  if (detail.xhr.status === 422) return mostra(modulo, 'non-salvato', 'Non salvato: correggi i campi segnati')
  if (!detail.successful || finitaSullAccesso(detail.xhr)) return mostra(modulo, 'non-salvato', 'Non salvato: riprova')
  // Se intanto si è scritto ancora, ciò che si vede non è tutto salvato.
  if ((scritture.get(modulo) ?? 0) > inviate.get(modulo)) return mostra(modulo, 'da-salvare', 'Modifiche da salvare')
  const ora = new Date().toLocaleTimeString('it-IT', { hour: '2-digit', minute: '2-digit' })
  scritture.set(modulo, 0)
  mostra(modulo, 'salvato', `Salvato alle ${ora}`)
})

addEventListener('beforeunload', (evento) => {
  const perduto = [...document.querySelectorAll(SELETTORE)].some((modulo) => scritture.get(modulo) > 0)
  if (perduto) evento.preventDefault()
})
