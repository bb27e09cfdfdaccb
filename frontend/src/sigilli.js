// Il sigillo dei moduli (il gettone CSRF) cambia a ogni accesso: chi rientra senza ricaricare lo rinnova dappertutto.

export const sigillo = () => JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'] ?? ''

export function rinnovaSigilli(nuovo) {
  if (!nuovo) return
  document.body.setAttribute('hx-headers', JSON.stringify({ 'X-CSRFToken': nuovo }))
  for (const campo of document.querySelectorAll('input[name=csrfmiddlewaretoken]')) campo.value = nuovo
}
