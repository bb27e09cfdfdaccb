// Il foglio lasciato cadere sulla pagina: lo stesso campo che senza JavaScript si sceglie a mano.
import htmx from 'htmx.org/dist/htmx.esm.js'

const MEGA = 1024 * 1024
const TROPPI = 'Lascia un foglio alla volta.'
const TROPPO_GRANDE = 'è più grande di 10 MB: togli immagini e fogli che non servono, oppure dividilo in più file.'

const grandezza = (byte) =>
  byte < MEGA
    ? `${Math.max(1, Math.round(byte / 1024))} kB`
    : `${(byte / MEGA).toLocaleString('it-IT', { maximumFractionDigits: 1 })} MB`

function prepara(zona) {
  const campo = zona.querySelector('input[type=file]')
  const detto = zona.querySelector('[data-scelto]')

  const di = (testo, guasto) => {
    detto.textContent = testo
    zona.classList.toggle('con-errore', guasto)
    campo.toggleAttribute('aria-invalid', guasto)
  }

  const guarda = () => {
    const [file] = campo.files
    if (!file) return di('', false)
    const troppo = file.size > Number(zona.dataset.massimo)
    di(troppo ? `«${file.name}» ${TROPPO_GRANDE}` : `${file.name}, ${grandezza(file.size)}`, troppo)
    // Un file che sarebbe rifiutato non si manda nemmeno.
    campo.form.querySelector('button[type=submit]').disabled = troppo
  }

  const sopra = (evento, acceso) => {
    evento.preventDefault()
    zona.classList.toggle('sopra', acceso)
  }

  campo.addEventListener('change', guarda)
  zona.addEventListener('dragover', (evento) => sopra(evento, true))
  zona.addEventListener('dragleave', (evento) => sopra(evento, false))
  zona.addEventListener('drop', (evento) => {
    sopra(evento, false)
    if (evento.dataTransfer.files.length !== 1) return di(TROPPI, true)
    campo.files = evento.dataTransfer.files
    guarda()
  })
}

// Leggere un foglio grande può prendere qualche secondo: si dice, e non si manda due volte.
function unaVolta(modulo) {
  const bottone = modulo.querySelector('button[type=submit]')
  const scritta = bottone.textContent

  modulo.addEventListener('submit', (evento) => {
    if (bottone.getAttribute('aria-disabled') === 'true') return evento.preventDefault()
    bottone.setAttribute('aria-disabled', 'true')
    bottone.textContent = 'Sto leggendo il foglio…'
  })
  // Chi torna indietro ritrova la pagina com'era: il bottone riprende a mandare.
  window.addEventListener('pageshow', (evento) => {
    if (!evento.persisted) return
    bottone.removeAttribute('aria-disabled')
    bottone.textContent = scritta
  })
}

htmx.onLoad((radice) => {
  for (const modulo of (radice.parentNode ?? radice).querySelectorAll('form[data-carica-foglio]')) {
    if (modulo.dataset.pronto) continue
    modulo.dataset.pronto = 'si'
    prepara(modulo.querySelector('[data-zona]'))
    unaVolta(modulo)
  }
})
