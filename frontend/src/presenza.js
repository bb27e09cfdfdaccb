// Una pagina lasciata aperta si accorge da sola che chi la guardava non c'è più: ogni 45 secondi, e ogni volta che
// torna in vista, chiede al sito se può restare. La risposta non porta dati e la domanda non scrive nulla.

const OGNI = 45_000
const indirizzo = document.querySelector('meta[name=registro-presenza]')?.content
const accesso = document.querySelector('meta[name=registro-accesso]')?.content

const FRASI = {
  401: {
    titolo: 'La sessione è finita',
    testo:
      'Per riservatezza la pagina è coperta. Accedi in un’altra scheda, per lo stesso ente, e torna qui: ritrovi ciò che stavi scrivendo.',
    nuovaScheda: true,
  },
  409: {
    titolo: 'Adesso lavori per un altro ente',
    testo:
      'In un’altra scheda hai cambiato ente, o è entrata un’altra persona. Questa pagina è coperta: torna all’ente di prima per ritrovarla.',
    nuovaScheda: true,
  },
  410: {
    titolo: 'Non hai più accesso a questo ente',
    testo:
      'La tua appartenenza, o il tuo account, è stata chiusa. Questa pagina è stata tolta; ciò che avevi salvato è rimasto all’ente. Se non te l’aspettavi, chiedi al referente.',
    nuovaScheda: false,
  },
}

let coperti = []
let titoloDiPrima = ''

function copri(stato) {
  const frase = FRASI[stato]
  const aperto = document.querySelector('.pagina-coperta')
  if (aperto?.dataset.stato === String(stato)) return
  if (!aperto) {
    coperti = [...document.body.children].filter((elemento) => !elemento.hidden)
    titoloDiPrima = document.title
  }
  aperto?.remove()
  // Anche il titolo della scheda può nominare qualcuno.
  document.title = frase.titolo
  for (const elemento of coperti) elemento.hidden = true
  const pannello = avviso(stato, frase)
  // Chi è fuori non ritrova la pagina nemmeno guardandoci dentro; chi può tornare, sì.
  if (stato === 410) document.body.replaceChildren(pannello)
  else document.body.append(pannello)
  pannello.querySelector('h1').focus()
}

function avviso(stato, { titolo, testo, nuovaScheda }) {
  const pannello = document.createElement('main')
  pannello.className = 'pagina-coperta'
  pannello.dataset.stato = stato
  const intestazione = document.createElement('h1')
  intestazione.tabIndex = -1
  intestazione.textContent = titolo
  const corpo = document.createElement('p')
  corpo.textContent = testo
  const collegamento = document.createElement('a')
  collegamento.className = 'btn btn-primary'
  collegamento.href = accesso
  collegamento.textContent = nuovaScheda ? 'Accedi in un’altra scheda' : 'Vai all’accesso'
  if (nuovaScheda) collegamento.target = '_blank'
  pannello.append(intestazione, corpo, collegamento)
  return pannello
}

function scopri() {
  const aperto = document.querySelector('.pagina-coperta')
  if (!aperto || aperto.dataset.stato === '410') return
  aperto.remove()
  for (const elemento of coperti) elemento.hidden = false
  document.title = titoloDiPrima
}

async function controlla() {
  const risposta = await fetch(indirizzo, { cache: 'no-store', credentials: 'same-origin' }).catch(() => null)
  // Senza rete non si sa: la pagina resta com'è e si chiede di nuovo.
  if (!risposta) return
  if (risposta.status in FRASI) copri(risposta.status)
  else if (risposta.status === 204) scopri()
}

if (indirizzo) {
  setInterval(controlla, OGNI)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') controlla()
  })
  // Una pagina ripresa dalla cronologia può essere di prima dell'uscita.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) controlla()
  })
}
