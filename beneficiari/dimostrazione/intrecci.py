"""Ciò che lega righe diverse: doppioni uniti e divisi, persone note a più enti, passaggi."""

from collections import defaultdict
from collections.abc import Iterable

from assi.models import Azione
from beneficiari import collegamenti
from beneficiari.azioni.collegamenti import decidi_legame
from beneficiari.azioni.passaggi import accetta_passaggio, proponi_passaggio, rifiuta_passaggio
from beneficiari.azioni.unioni import annulla_unione, sono_diverse, unisci
from beneficiari.codici import forma_normale_cf
from beneficiari.dimostrazione.condivisioni import PassaggioInventato
from beneficiari.dimostrazione.scena import Persona, Scena, come
from beneficiari.models import Beneficiario, Identificativo, Passaggio
from enti.models import Appartenenza, Ente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Finalita, Uscita
from privacy.letture import registra_letture


_LAVORO = "prepara-dimostrazione"
_CONFERMATO, _ANNULLATO = "confermato", "annullato"


def intreccia_doppioni(scena: Scena) -> None:
    """Il primo doppione di chi ne ha tre è già unito; il secondo lo era e non lo è più. Gli altri
    restano da guardare. Due persone con lo stesso nome sono già dichiarate diverse."""
    coppie = [
        (scena.persone[giusta].riga, scena.persone[copia].riga)
        for giusta, copia in scena.inventate.doppioni
    ]
    chi = scena.referente
    with come(chi), registra_letture(_LAVORO, uscita=Uscita.LAVORO):
        if len(coppie) > 2:
            unisci(tenuta=coppie[0][0], assorbita=coppie[0][1], da=chi)
            unione = unisci(tenuta=coppie[1][0], assorbita=coppie[1][1], da=chi)
            annulla_unione(unione=unione, da=chi)
            for una, altra in scena.inventate.diverse:
                sono_diverse(una=scena.persone[una].riga, altra=scena.persone[altra].riga, da=chi)


def etichetta_la_rete(scene: Iterable[Scena]) -> None:
    """Mette l'etichetta di rete a chi ha un codice fiscale, e propone i legami che ne escono."""
    for scena in scene:
        with come_sistema(scena.ente):
            for persona in scena.persone.values():
                tipo, valore = persona.inventata.codice or ("", "")
                if tipo == Identificativo.Tipo.CF:
                    collegamenti.etichetta(persona.riga, codice=forma_normale_cf(valore))
    with come_sistema(Ente.objects.che_ospita_il_coordinamento()):
        collegamenti.proponi()


def decide_legami(confermati: Iterable[set[Ente]]) -> None:
    """Chi amministra conferma i legami fra gli insiemi di enti dati e ne annulla uno che si regge
    solo sul nome; i restanti sono da decidere."""
    ospite = Ente.objects.che_ospita_il_coordinamento()
    chi = _chi_amministra(ospite)
    if chi is None:
        return
    fra_questi = [frozenset(enti) for enti in confermati]
    with come(chi):
        per_persona = defaultdict(list)
        for legame in collegamenti.da_decidere():
            per_persona[legame.persona].append(legame)
        da_annullare = True
        for legami in per_persona.values():
            if frozenset(legame.ente for legame in legami) in fra_questi:
                for legame in legami:
                    _decidi(legame, _CONFERMATO, "Codice fiscale uguale, sentiti i due enti.", chi)
            elif da_annullare and "nome" in legami[-1].motivo:
                da_annullare = False
                _decidi(legami[-1], _ANNULLATO, "Sentito l'ente: è un'altra persona.", chi)


def _decidi(legame: collegamenti.Legame, stato: str, perche: str, chi: Attore) -> None:
    decidi_legame(legame=legame.uuid, stato=stato, perche=perche, da=chi)


def _chi_amministra(ospite: Ente) -> Attore | None:
    with come_sistema(ospite):
        trovata = (
            Appartenenza.objects.filter(ente=ospite, ruolo=Ruolo.AMMINISTRATORE)
            .in_corso()
            .select_related("utente")
            .order_by("pk")
            .first()
        )
    return Attore(trovata.utente, ospite, trovata.ruolo) if trovata else None


def fai_passare(passaggio: PassaggioInventato, riceve: Scena, azione: Azione) -> None:
    """Propone il passaggio come chi segue la presa in carico, e risponde come l'altro ente."""
    persona, voce = passaggio.persona, passaggio.voce
    with come(persona.chi), registra_letture(_LAVORO, uscita=Uscita.LAVORO):
        proposto = proponi_passaggio(
            presa=passaggio.presa,
            autorizzazione=passaggio.autorizzazione,
            motivo=voce["motivo"],
            da=persona.chi,
        )
    if voce["esito"] == Passaggio.Stato.PROPOSTO:
        return
    chi = riceve.squadra[0]
    with come(chi, Finalita.INVIO), registra_letture(_LAVORO, uscita=Uscita.LAVORO):
        if voce["esito"] == Passaggio.Stato.RIFIUTATO:
            rifiuta_passaggio(passaggio=proposto, risposta=voce["risposta"], da=chi)
        else:
            accetta_passaggio(
                passaggio=proposto,
                persona=_come_la_conosce(persona),
                azione=azione,
                motivazione=voce["motivo"],
                da=chi,
            )


def _come_la_conosce(persona: Persona) -> Beneficiario:
    """La riga che l'ente che riceve scrive di suo, con ciò che gli è stato fatto vedere."""
    riga = persona.riga
    return Beneficiario(
        cognome=riga.cognome,
        nome=riga.nome,
        data_nascita=riga.data_nascita,
        nascita_stimata=riga.nascita_stimata,
        genere=riga.genere,
        cittadinanze=riga.cittadinanze,
        comune=riga.comune,
    )
