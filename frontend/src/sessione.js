// Che cosa dire quando una richiesta HTMX non va a buon fine. Ciò che è scritto nella pagina resta sempre.
import { notifica } from './notifiche.js'
import { controlla } from './presenza.js'
import { rinnovaSigilli } from './sigilli.js'

const RESTA = 'Quello che hai scritto è ancora in questa pagina.'
const FRASI = {
  403: `Il tuo ruolo non permette questa azione. ${RESTA}`,
  404: `La cosa che cercavi non c'è più, o non è del tuo ente. ${RESTA}`,
  413: `Il file è troppo grande. ${RESTA}`,
  429: `Troppe richieste in poco tempo: aspetta un minuto e riprova. ${RESTA}`,
}

const errore = (testo, azione) => notifica(testo, { tono: 'errore', azione })

// Uno alla volta, finché la rete non torna: accanto a una risposta arrivata direbbe il falso.
let senzaRisposta = null

function nonRisponde(testo) {
  senzaRisposta?.remove()
  senzaRisposta = errore(testo)
}

document.addEventListener('htmx:sendError', () => nonRisponde(`La rete non risponde. ${RESTA} Riprova fra poco.`))
document.addEventListener('htmx:timeout', () => nonRisponde(`Il sito ci mette troppo. ${RESTA} Riprova fra poco.`))
document.addEventListener('htmx:beforeOnLoad', () => senzaRisposta?.remove())

document.addEventListener('htmx:responseError', ({ detail }) => {
  const { xhr } = detail
  if (xhr.getResponseHeader('X-Modulo-Scaduto')) return rinnovaModuli()
  const numero = xhr.getResponseHeader('X-Request-Id')
  const guasto = `Qualcosa non ha funzionato. ${RESTA} Riprova; se succede ancora, segnala il numero ${numero}.`
  errore(FRASI[xhr.status] ?? guasto)
})

const paginaDiAccesso = () => document.querySelector('meta[name=registro-accesso]').content

/** Se una richiesta è finita sulla pagina di accesso: risponde 200, ma non ha fatto niente. */
export function finitaSullAccesso(xhr) {
  const arrivo = xhr.responseURL ? new URL(xhr.responseURL).pathname : ''
  return arrivo === paginaDiAccesso() && location.pathname !== arrivo
}

// A sessione scaduta la risposta è la pagina di accesso: non deve finire dentro un pezzo di questa.
document.addEventListener('htmx:beforeSwap', (evento) => {
  if (!finitaSullAccesso(evento.detail.xhr)) return
  evento.detail.shouldSwap = false
  // La presenza copre la pagina e lì si rientra; dove non c'è, si entra in un'altra scheda.
  controlla().then((stato) => {
    if (stato === 401) return
    errore(`La sessione è scaduta. ${RESTA} Accedi in un'altra scheda, poi torna qui e riprova.`, {
      testo: 'Accedi',
      url: paginaDiAccesso(),
      nuovaScheda: true,
    })
  })
})

// Dopo un nuovo accesso in un'altra scheda il sigillo dei moduli di questa è vecchio: se ne prende uno nuovo
// rileggendo la pagina, senza toccare ciò che è scritto.
async function rinnovaModuli() {
  if ((await controlla()) === 401) return
  const risposta = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null)
  const pagina = risposta?.ok ? new DOMParser().parseFromString(await risposta.text(), 'text/html') : null
  const intestazioni = pagina?.body.getAttribute('hx-headers')
  if (!intestazioni) return errore(`La pagina è scaduta. ${RESTA} Copialo, ricarica la pagina e incollalo.`)
  rinnovaSigilli(JSON.parse(intestazioni)['X-CSRFToken'])
  errore(`La pagina era aperta da molto ed è stata rinnovata. ${RESTA} Ora puoi riprovare.`)
}
