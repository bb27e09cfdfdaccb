// Creare e usare una passkey: il navigatore fa la sua parte, la risposta va nel campo nascosto del modulo e si manda.
// Senza questo script i bottoni restano nascosti, e si usa il codice.

const daTesto = (testo) => {
  const base64 = testo.replace(/-/g, '+').replace(/_/g, '/')
  return Uint8Array.from(atob(base64), (segno) => segno.charCodeAt(0))
}
const aTesto = (dati) =>
  btoa(String.fromCharCode(...new Uint8Array(dati)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

const conDati = (voci = []) => voci.map((voce) => ({ ...voce, id: daTesto(voce.id) }))

async function crea({ publicKey }) {
  const chiesta = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: daTesto(publicKey.challenge),
      user: { ...publicKey.user, id: daTesto(publicKey.user.id) },
      excludeCredentials: conDati(publicKey.excludeCredentials),
    },
  })
  const { clientDataJSON, attestationObject } = chiesta.response
  return inTesto(chiesta, { clientDataJSON: aTesto(clientDataJSON), attestationObject: aTesto(attestationObject) })
}

async function usa({ publicKey }) {
  const chiesta = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: daTesto(publicKey.challenge),
      allowCredentials: conDati(publicKey.allowCredentials),
    },
  })
  const { clientDataJSON, authenticatorData, signature, userHandle } = chiesta.response
  return inTesto(chiesta, {
    clientDataJSON: aTesto(clientDataJSON),
    authenticatorData: aTesto(authenticatorData),
    signature: aTesto(signature),
    userHandle: userHandle && aTesto(userHandle),
  })
}

const inTesto = (chiesta, response) => ({
  id: chiesta.id,
  rawId: aTesto(chiesta.rawId),
  type: chiesta.type,
  response,
  clientExtensionResults: chiesta.getClientExtensionResults(),
})

function dici(modulo, frase) {
  const riga = modulo.querySelector('[data-passkey-errore]')
  riga.textContent = frase
  riga.hidden = !frase
}

// Il navigatore non dice quasi mai perché: chi ha annullato lo sa, gli altri devono sapere che cosa provare.
const perche = ({ name }) =>
  name === 'InvalidStateError'
    ? 'Questo dispositivo ha già una passkey per il tuo account.'
    : 'La passkey non è arrivata: hai annullato, o è passato troppo tempo. Riprova, oppure usa il codice.'

async function premuto(bottone) {
  const modulo = bottone.closest('form')
  const nome = modulo.querySelector('[name=nome]')
  // Prima di creare una passkey il nome deve esserci: dopo, la passkey sarebbe già sul dispositivo.
  if (nome && !nome.value.trim()) {
    dici(modulo, 'Prima dai un nome alla passkey.')
    return nome.focus()
  }
  dici(modulo, '')
  bottone.disabled = true
  try {
    const opzioni = JSON.parse(bottone.dataset.opzioni)
    const risposta = await (bottone.dataset.passkey === 'crea' ? crea(opzioni) : usa(opzioni))
    modulo.querySelector('[name=credenziale]').value = JSON.stringify(risposta)
    modulo.requestSubmit()
  } catch (errore) {
    dici(modulo, perche(errore))
  }
  bottone.disabled = false
}

// Un indirizzo fatto di numeri non può avere passkey: è una regola del web, non nostra.
const perNumero = /^[\d.]+$|:/.test(location.hostname)

function prepara() {
  for (const bottone of document.querySelectorAll('[data-passkey]')) {
    const modulo = bottone.closest('form')
    if (!window.PublicKeyCredential) {
      dici(modulo, 'Questo navigatore non conosce le passkey: usa il codice.')
    } else if (perNumero) {
      dici(modulo, 'Qui le passkey non funzionano: apri il Registro col suo nome (per la dimostrazione, localhost).')
    } else {
      bottone.hidden = false
    }
  }
}

document.addEventListener('click', ({ target }) => {
  const bottone = target.closest?.('[data-passkey]')
  if (bottone) premuto(bottone)
})
document.addEventListener('registro:passkey', prepara)
prepara()
