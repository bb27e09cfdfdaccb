// Una persona condivisa resta in vista finché l'altro ente lo permette: la pagina lo chiede da sé e, appena la risposta è
// «non esiste», toglie i dati e lo dice. Gli altri errori (rete, sito fermo) non dicono niente della condivisione.
document.addEventListener('htmx:responseError', ({ target, detail }) => {
  if (!target.matches('[data-condivisa]') || detail.xhr.status !== 404) return
  const modello = document.querySelector('[data-condivisione-finita]')
  for (const dato of document.querySelectorAll('[data-dato-condiviso]')) dato.remove()
  target.replaceWith(modello.content.cloneNode(true))
  document.getElementById('annunci').textContent = 'Questa condivisione è finita: i dati sono stati tolti dalla pagina.'
})
