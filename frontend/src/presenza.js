// Una pagina lasciata aperta si accorge da sola che chi la guardava non c'è più: ogni 45 secondi, e ogni volta che
// torna in vista, chiede al sito se può restare. La risposta non porta dati e la domanda non scrive nulla. Se la
// sessione sta per finire lo dice; se è finita copre la pagina e lì stesso si rientra, senza perdere ciò che è scritto.
import { notifica } from './notifiche.js'
import { rinnovaSigilli, sigillo } from './sigilli.js'

const OGNI = 45_000
const AVVISO = 5 * 60
const meta = (nome) => document.querySelector(`meta[name=registro-${nome}]`)?.content
const indirizzo = meta('presenza')

const FRASI = {
  401: { titolo: 'La sessione è finita', testo: 'Per riservatezza la pagina è coperta.', rientro: true },
  409: {
    titolo: 'Adesso lavori per un altro ente',
    testo:
      'In un’altra scheda hai cambiato ente, o è entrata un’altra persona. Questa pagina è coperta: torna all’ente di prima per ritrovarla.',
    collegamento: 'Accedi in un’altra scheda',
    nuovaScheda: true,
  },
  410: {
    titolo: 'Non hai più accesso a questo ente',
    testo:
      'La tua appartenenza, o il tuo account, è stata chiusa. Questa pagina è stata tolta; ciò che avevi salvato è rimasto all’ente. Se non te l’aspettavi, chiedi al referente.',
    collegamento: 'Vai all’accesso',
  },
}

let coperti = []
let titoloDiPrima = ''
let fuocoDiPrima = null
let avvisata = false

function copri(stato) {
  const frase = FRASI[stato]
  const aperto = document.querySelector('.pagina-coperta')
  if (aperto?.dataset.stato === String(stato)) return
  if (!aperto) {
    coperti = [...document.body.children].filter((elemento) => !elemento.hidden)
    titoloDiPrima = document.title
    fuocoDiPrima = document.activeElement
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
  if (frase.rientro) chiediDiRientrare(pannello)
}

function avviso(stato, { titolo, testo, collegamento, nuovaScheda }) {
  const pannello = document.createElement('main')
  pannello.className = 'pagina-coperta'
  pannello.dataset.stato = stato
  const intestazione = document.createElement('h1')
  intestazione.tabIndex = -1
  intestazione.textContent = titolo
  const corpo = document.createElement('p')
  corpo.textContent = testo
  pannello.append(intestazione, corpo)
  if (collegamento) {
    const elemento = document.createElement('a')
    elemento.className = 'btn btn-primary'
    elemento.href = meta('accesso')
    elemento.textContent = collegamento
    if (nuovaScheda) elemento.target = '_blank'
    pannello.append(elemento)
  }
  return pannello
}

function scopri() {
  const aperto = document.querySelector('.pagina-coperta')
  if (!aperto || aperto.dataset.stato === '410') return
  aperto.remove()
  for (const elemento of coperti) elemento.hidden = false
  document.title = titoloDiPrima
  if (fuocoDiPrima?.isConnected) fuocoDiPrima.focus()
}

// Rientrare sul posto -----------------------------------------------------------------------------------------

const segno = () => new URL(indirizzo, location.href).searchParams.get('segno')

async function chiedi(url, opzioni = {}) {
  const headers = { 'X-Rientro': segno(), Accept: 'text/html' }
  return fetch(url, { cache: 'no-store', credentials: 'same-origin', headers, ...opzioni }).catch(() => null)
}

async function chiediDiRientrare(pannello) {
  const zona = document.createElement('div')
  zona.dataset.rientro = ''
  pannello.append(zona)
  // Dentro la pagina coperta un modulo non ricarica: la pagina sotto deve restare.
  zona.addEventListener('submit', (evento) => {
    evento.preventDefault()
    manda(zona, evento.target)
  })
  const risposta = await chiedi(meta('rientro'))
  if (risposta?.ok) mostra(zona, await risposta.text())
  else senzaRete(zona)
}

async function manda(zona, modulo) {
  const bottone = modulo.querySelector('[type=submit]')
  bottone.disabled = true
  const risposta = await chiedi(modulo.action, { method: 'POST', body: new URLSearchParams(new FormData(modulo)) })
  bottone.disabled = false
  if (!risposta) return senzaRete(zona)
  if (risposta.status === 204) return rientrato(risposta.headers.get('X-Sigillo'))
  if (risposta.headers.get('X-Modulo-Scaduto')) {
    const nuova = await chiedi(meta('rientro'))
    return nuova?.ok ? mostra(zona, await nuova.text()) : senzaRete(zona)
  }
  mostra(zona, await risposta.text())
}

function mostra(zona, testo) {
  const letto = new DOMParser().parseFromString(testo, 'text/html')
  zona.replaceChildren(...letto.body.childNodes)
  document.dispatchEvent(new CustomEvent('registro:passkey'))
  const dove = zona.querySelector('.riepilogo-errori') ?? zona.querySelector('input:not([type=hidden])')
  dove?.focus()
}

function senzaRete(zona) {
  const riga = zona.querySelector('[data-senza-rete]') ?? zona.appendChild(document.createElement('p'))
  riga.dataset.senzaRete = ''
  riga.setAttribute('role', 'alert')
  riga.textContent = 'La rete non risponde. Ciò che hai scritto è ancora qui: riprova fra poco.'
}

async function rientrato(nuovo) {
  rinnovaSigilli(nuovo)
  avvisata = false
  await controlla()
}

// Quanto resta ------------------------------------------------------------------------------------------------

function avvisaSeFinisce(secondi) {
  if (secondi > AVVISO) avvisata = false
  if (secondi > AVVISO || avvisata || !secondi) return
  avvisata = true
  const minuti = Math.max(1, Math.round(secondi / 60))
  const fra = minuti === 1 ? 'un minuto' : `${minuti} minuti`
  notifica(`Non fai niente da un po': fra ${fra} la sessione finisce. Ciò che stai scrivendo resta nella pagina.`, {
    tono: 'errore',
    azione: { testo: 'Resta dentro', fai: resta },
  })
}

async function resta() {
  const headers = { 'X-CSRFToken': sigillo() }
  const risposta = await fetch(meta('resta'), { method: 'POST', credentials: 'same-origin', headers }).catch(() => null)
  if (risposta?.status === 204) avvisata = false
  controlla()
}

/** Chiede se la pagina può restare in vista. Rende lo stato della risposta, o null senza rete. */
export async function controlla() {
  if (!indirizzo) return null
  const risposta = await fetch(indirizzo, { cache: 'no-store', credentials: 'same-origin' }).catch(() => null)
  // Senza rete non si sa: la pagina resta com'è e si chiede di nuovo.
  if (!risposta) return null
  if (risposta.status in FRASI) copri(risposta.status)
  else if (risposta.status === 204) {
    scopri()
    avvisaSeFinisce(Number(risposta.headers.get('X-Sessione-Resta')))
  }
  return risposta.status
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
