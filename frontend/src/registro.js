// Tutto il JavaScript del Registro in un file solo: HTMX, il menu del telefono, le comodità di pagina.js.
import 'bootstrap-italia/dist/plugins/navbar-collapsible.js'
import htmx from 'htmx.org/dist/htmx.esm.js'
import './pagina.js'
import './tendine.js'
import './righe.js'
import './salvataggio.js'
import './sessione.js'
import './presenza.js'
import './passkey.js'
import './condivisa.js'
import './registra.js'
import './segna.js'
import './solo.js'
import './importa.js'

window.htmx = htmx
