// Un campo con `data-solo-con="nome=valore,altro"` si vede quando nel suo modulo è scelto uno di quei valori.
// Senza JavaScript si vede sempre, e il suo aiuto dice quando serve; con un errore resta in vista.
import htmx from 'htmx.org/dist/htmx.esm.js'

const SELETTORE = '[data-solo-con]'

function aggiorna(modulo) {
  for (const campo of modulo.querySelectorAll(SELETTORE)) {
    const [nome, valori] = campo.dataset.soloCon.split('=')
    const scelto = new FormData(modulo).get(nome)
    const riga = campo.closest('.campo')
    riga.hidden = !valori.split(',').includes(scelto) && !riga.matches('.con-errore')
  }
}

document.addEventListener('change', ({ target }) => {
  if (target.form?.querySelector(SELETTORE)) aggiorna(target.form)
})

htmx.onLoad((radice) => {
  const campi = (radice.parentNode ?? radice).querySelectorAll(SELETTORE)
  for (const modulo of new Set([...campi].map((campo) => campo.form))) aggiorna(modulo)
})
