"""Dimenticare una persona: le righe, i file, le bozze, le sessioni; resta un verbale senza nome.

Il database fa la sua parte in una funzione sola, che è l'unica a poter togliere persone e storie.
Qui si fa ciò che il database non vede: aprire le bozze cifrate, promettere che a cose fatte i file se
ne vanno, chiudere le sessioni che la nominano.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from beneficiari.models import Beneficiario
from conservazione import cancellati, distruzione
from enti.models import Ente
from enti.sistema import come_sistema
from prestazioni.models import Bozza, Importazione
from registro.comune.cifratura import DatoCifratoAlterato
from registro.comune.ricerca import forma_normale
from registro.comune.vincoli import frasi_del_database


IN_CARICAMENTO = (
    "L'ente sta caricando un foglio in questo momento: la persona potrebbe tornare. Non ho"
    " cancellato niente; riprova fra qualche minuto."
)
FILE_RIMASTI = (
    "I file con dati della persona non si lasciano togliere. Non ho cancellato niente: avvisa chi"
    " gestisce il Registro."
)
MOTIVO_CON_UN_NOME = "Il motivo resta scritto per sempre: scrivilo senza il nome della persona."
FOGLIO_TOLTO = (
    "Il foglio è stato tolto perché una persona dell'ente è stata cancellata e poteva comprenderla."
    " Caricalo di nuovo, senza quella persona."
)
# Un nome più corto si troverebbe dappertutto.
LUNGO_ABBASTANZA = 3


@dataclass(frozen=True)
class Cancellata:
    """Com'è andata: il verbale, i numeri che non trovano più niente, i conti del verbale."""

    verbale: UUID
    persone: tuple[UUID, ...]
    conti: dict[str, int | dict[str, int]]


@dataclass(frozen=True)
class _Segni:
    """Ciò da cui si riconosce che un testo parla della persona."""

    numeri: tuple[str, ...]
    nomi: tuple[tuple[str, ...], ...]

    @classmethod
    def di(cls, righe: Iterable[Beneficiario]) -> "_Segni":
        righe = list(righe)
        nomi = {tuple(riga.nome_cercato.split()) for riga in righe if riga.nome_cercato}
        return cls(tuple(str(riga.uuid) for riga in righe), tuple(nomi))

    def in_un(self, testo: str) -> bool:
        """Se `testo` contiene un numero della persona, o tutte le parole di un suo nome."""
        if any(numero in testo for numero in self.numeri):
            return True
        parole = set(forma_normale(testo).split())
        return any(set(nome) <= parole for nome in self.nomi)

    def nominata(self, testo: str) -> bool:
        """Se `testo` contiene anche una parola sola del suo nome."""
        parole = set(forma_normale(testo).split())
        return any(
            parola in parole
            for nome in self.nomi
            for parola in nome
            if len(parola) >= LUNGO_ABBASTANZA
        )


@transaction.atomic
def cancella(
    persona: Beneficiario,
    *,
    motivo: str,
    richiesta: UUID | None = None,
    numeri: bool = True,
    a_mano: bool = False,
) -> Cancellata:
    """Dimentica `persona` e le righe unite a lei, nel contesto di chi risponde dei dati.

    `numeri`: lascia le righe statistiche che tengono fermi i cruscotti. `a_mano`: il motivo l'ha
    scritto qualcuno, e non può nominarla. Solleva ValidationError, e non cambia niente, se il motivo
    la nomina, se un foglio si sta caricando, se un file non si potrà togliere.
    """
    ente = persona.ente
    righe = Beneficiario.objects.con_le_assorbite(persona.unito_a or persona)
    segni = _Segni.di(righe)
    if a_mano and segni.nominata(motivo):
        raise ValidationError(MOTIVO_CON_UN_NOME)
    with come_sistema(ente):
        bozze, fogli = _bozze_che_la_nominano(ente, segni), _lascia_i_fogli_in_attesa(ente)
    tolte = _togli_le_righe([persona.pk, motivo, richiesta, numeri, bozze])
    verbale, persone = UUID(tolte["verbale"]), tuple(UUID(numero) for numero in tolte["persone"])
    documenti = [*tolte["documenti"], *(str(foglio.uuid) for foglio in fogli)]
    _a_cose_fatte_toglie(documenti, ente, verbale)
    _chiudi_le_sessioni(segni)
    transaction.on_commit(
        lambda: cancellati.aggiungi(persone, giorno=timezone.localdate()), robust=True
    )
    return Cancellata(verbale, persone, tolte["conti"])


def _togli_le_righe(argomenti: list) -> dict:
    """Ciò che fa il database, nell'ordine di `registro_dimentica`; rende ciò che ha tolto."""
    with frasi_del_database(), connection.cursor() as cursore:
        cursore.execute("SELECT registro_dimentica(%s, %s, %s, %s, %s)", argomenti)
        return json.loads(cursore.fetchone()[0])


def _bozze_che_la_nominano(ente: Ente, segni: _Segni) -> list[int]:
    """Le chiavi delle bozze dell'ente che parlano di lei; quella che non si apre non dice niente."""
    trovate = []
    for bozza in Bozza.objects.filter(ente=ente):
        try:
            parla = segni.in_un(f"{bozza.pagina} {bozza.contenuto}")
        except DatoCifratoAlterato:
            continue
        if parla:
            trovate.append(bozza.pk)
    return trovate


def _lascia_i_fogli_in_attesa(ente: Ente) -> list[Importazione]:
    """Un foglio caricato e non ancora entrato può comprenderla, e non si può dire quale riga."""
    aperti = Importazione.objects.filter(ente=ente)
    if aperti.filter(stato=Importazione.Stato.IN_CARICAMENTO).exists():
        raise ValidationError(IN_CARICAMENTO)
    in_attesa = (
        *(Importazione.Stato.DA_ABBINARE, Importazione.Stato.IN_ESAME),
        Importazione.Stato.ESAMINATA,
    )
    lasciati = list(aperti.filter(stato__in=in_attesa))
    Importazione.objects.filter(pk__in=[foglio.pk for foglio in lasciati]).update(
        stato=Importazione.Stato.ABBANDONATA, errore=FOGLIO_TOLTO
    )
    return lasciati


def _a_cose_fatte_toglie(documenti: list[str], ente: Ente, verbale: UUID) -> None:
    try:
        distruzione.a_cose_fatte(documenti, ente=ente, verbale=verbale)
    except OSError:
        raise ValidationError(FILE_RIMASTI) from None


def _chiudi_le_sessioni(segni: _Segni) -> None:
    """Un messaggio, o ciò che si può ancora annullare, può parlare di lei."""
    for sessione in Session.objects.all():
        if segni.in_un(json.dumps(sessione.get_decoded(), default=str)):
            sessione.delete()
