// Le tendine lunghe (`<select data-cerca>`) diventano un campo in cui scrivere; senza JavaScript restano tendine.
import accessibleAutocomplete from 'accessible-autocomplete'
import htmx from 'htmx.org/dist/htmx.esm.js'

const FRECCIA = ({ className }) =>
  `<svg class="${className}" viewBox="0 0 16 16" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" d="m3 6 5 5 5-5"/></svg>`

function arricchisci(tendina) {
  tendina.removeAttribute('data-cerca')
  const descritto = tendina.getAttribute('aria-describedby')
  accessibleAutocomplete.enhanceSelectElement({
    selectElement: tendina,
    defaultValue: tendina.selectedOptions[0]?.value ? tendina.selectedOptions[0].text : '',
    showAllValues: true,
    displayMenu: 'overlay',
    dropdownArrow: FRECCIA,
    confirmOnBlur: false,
    preserveNullOptions: true,
    inputClasses: 'form-control',
    menuAttributes: { 'aria-label': 'Scelte' },
    tNoResults: () => 'Nessun risultato',
    tStatusQueryTooShort: (minimo) => `Scrivi almeno ${minimo} lettere.`,
    tStatusNoResults: () => 'Nessun risultato.',
    tStatusSelectedOption: (scelta, quante, posto) => `${scelta}: ${posto + 1} di ${quante}, selezionata.`,
    tStatusResults: (quante, scelta) => `${quante === 1 ? '1 risultato.' : `${quante} risultati.`} ${scelta}`,
    tAssistiveHint: () => 'Scrivi per cercare, usa le frecce per scorrere e Invio per scegliere.',
    onConfirm: (testo) => scegli(tendina, testo),
  })
  if (descritto) tendina.parentElement.querySelector('input')?.setAttribute('aria-describedby', descritto)
}

// enhanceSelectElement cambia la tendina in silenzio: chi ascolta `change` (filtri, salvataggio) deve saperlo.
function scegli(tendina, testo) {
  const voce = [...tendina.options].find((opzione) => opzione.text === testo)
  if (!voce) return
  voce.selected = true
  tendina.dispatchEvent(new Event('change', { bubbles: true }))
}

htmx.onLoad((radice) => {
  for (const tendina of (radice.parentNode ?? radice).querySelectorAll('select[data-cerca]')) arricchisci(tendina)
})
