// Avvisi che compaiono senza ricaricare, in una regione viva presente dall'inizio: chi ascolta li sente.

const DURATA = 12000

/**
 * Mostra un avviso in basso, e lo rende. `tono`: '' | 'errore'. `azione`, facoltativa: { testo, url, nuovaScheda } porta
 * altrove, { testo, fai } fa qualcosa e chiude l'avviso.
 * Gli errori restano finché non si chiudono; gli altri vanno via dopo 12 secondi, mai sotto il puntatore.
 */
export function notifica(testo, { tono = '', azione = null } = {}) {
  const regione = document.getElementById('notifiche')
  const avviso = document.createElement('div')
  avviso.className = `notifica ${tono}`
  const corpo = document.createElement('p')
  corpo.textContent = testo
  if (azione) corpo.append(' ', azione.fai ? gesto(azione, avviso) : collegamento(azione))
  avviso.append(corpo, bottoneChiudi(avviso))
  if (tono !== 'errore') togliDaSolo(avviso)
  // Tre alla volta: una pila più alta coprirebbe la pagina.
  while (regione.children.length > 2) regione.firstElementChild.remove()
  regione.append(avviso)
  return avviso
}

function gesto({ testo, fai }, avviso) {
  const bottone = document.createElement('button')
  bottone.type = 'button'
  bottone.className = 'notifica-gesto'
  bottone.textContent = testo
  bottone.addEventListener('click', () => {
    avviso.remove()
    fai()
  })
  return bottone
}

function collegamento({ testo, url, nuovaScheda }) {
  const elemento = document.createElement('a')
  elemento.href = url
  elemento.textContent = testo
  if (nuovaScheda) elemento.target = '_blank'
  return elemento
}

function bottoneChiudi(avviso) {
  const bottone = document.createElement('button')
  bottone.type = 'button'
  bottone.ariaLabel = "Chiudi l'avviso"
  bottone.textContent = '×'
  bottone.addEventListener('click', () => avviso.remove())
  return bottone
}

function togliDaSolo(avviso) {
  let attesa
  const parti = () => {
    attesa = setTimeout(() => avviso.remove(), DURATA)
  }
  const ferma = () => clearTimeout(attesa)
  for (const evento of ['mouseenter', 'focusin']) avviso.addEventListener(evento, ferma)
  for (const evento of ['mouseleave', 'focusout']) avviso.addEventListener(evento, parti)
  parti()
}
