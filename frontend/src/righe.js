// Le righe che si salvano da sé: quando non devono farlo, e come si segnano i campi da correggere senza ricaricare la
// riga sotto le dita di chi scrive.

const SELETTORE = 'form[data-salvataggio-automatico]'
let premuto = null

// Chi preme un bottone della riga mentre sta scrivendo lascia il campo, e il campo chiederebbe di salvarsi per conto suo:
// la risposta toglierebbe il bottone da sotto il dito. Il bottone porta con sé tutta la riga, quindi basta lui.
document.addEventListener('pointerdown', ({ target }) => {
  premuto = target.closest('button[type=submit]')
})
document.addEventListener('click', () => {
  premuto = null
})

document.addEventListener('htmx:confirm', (evento) => {
  const { elt, triggeringEvent } = evento.detail
  if (!elt.matches?.(SELETTORE) || !triggeringEvent || triggeringEvent.type === 'submit') return
  // Davanti a due scritture della stessa riga si aspetta che una persona scelga.
  if (premuto?.form === elt || elt.querySelector('.conflitto')) evento.preventDefault()
})

document.addEventListener('htmx:afterSettle', ({ detail }) => {
  const modulo = detail.elt?.closest?.(SELETTORE) ?? detail.target?.closest?.(SELETTORE)
  if (modulo) segnaErrori(modulo)
})

function segnaErrori(modulo) {
  for (const campo of modulo.querySelectorAll('[data-segnato]')) {
    campo.classList.remove('is-invalid')
    campo.removeAttribute('aria-invalid')
    campo.setAttribute('aria-describedby', campo.dataset.segnato)
    if (!campo.dataset.segnato) campo.removeAttribute('aria-describedby')
    delete campo.dataset.segnato
  }
  for (const errore of modulo.querySelectorAll('[data-errore-di]')) {
    const campo = document.getElementById(errore.dataset.erroreDi)
    if (!campo) continue
    const descritto = campo.getAttribute('aria-describedby') ?? ''
    campo.dataset.segnato = descritto
    campo.classList.add('is-invalid')
    campo.setAttribute('aria-invalid', 'true')
    campo.setAttribute('aria-describedby', `${descritto} ${errore.id}`.trim())
  }
}
