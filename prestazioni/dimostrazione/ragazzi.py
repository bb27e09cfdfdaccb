"""I ragazzi che servono a riempire il campo estivo: inventati, seguiti il tempo di un'estate."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from assi.models import TipoDiChiusura
from beneficiari.codici import FORME_NORMALI
from beneficiari.dimostrazione.codici import codice_fiscale
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.scena import come
from beneficiari.models import Beneficiario, Identificativo, PresaInCarico
from enti.permessi import Attore
from prestazioni.dimostrazione.scena import Percorso, Scena
from registro.comune.ricerca import forma_normale


_ASTI = "A479"
_PRIMA, _DOPO = (5, 25), (3, 20)
# Da sei a quindici anni compiuti; più bambini che ragazzi.
_ETA = tuple(range(6, 16))
_PESI = (8, 12, 14, 14, 13, 12, 10, 8, 5, 4)
_ITALIA = "IT"
_STRANIERI = 0.35
_MOTIVAZIONE = "Iscritto al campo estivo."
FINITO_BENE = "OBI"


def inventa_ragazzi(
    scena: Scena, esito: TipoDiChiusura, *, quanti: int, azione: int, dal: date, al: date
) -> list[Percorso]:
    """Mette in conto `quanti` minori nuovi, presi in carico per l'estate da `dal` ad `al`, e ne
    rende i percorsi. Le prese in carico nascono già chiuse con `esito`: il campo è finito."""
    persone = Materiale()
    with come(scena.referente):
        presi = set(
            Beneficiario.objects.di(scena.ente).per_calcolo().values_list("cognome", "nome")
        )
    ragazzi = []
    for posto in range(quanti):
        chi = scena.squadra[posto % len(scena.squadra)]
        persona = _persona(scena, persone, presi, dal, chi)
        presa = _presa(scena, persona, esito, dal, al)
        presa.azione_id, presa.operatore = azione, chi.utente
        scena.scrive(chi, persona, _codice(persona), presa)
        ragazzi.append(
            Percorso(
                presa,
                persona,
                "",
                chi,
                presa.aperta_il,
                presa.chiusa_il,
                False,
                esito.codice,
                persona.data_nascita,
            )
        )
    return ragazzi


def _persona(
    scena: Scena, persone: Materiale, presi: set[tuple[str, str]], dal: date, chi: Attore
) -> Beneficiario:
    caso = scena.caso
    sesso = caso.choice("FM")
    paese, cognome, nome = _nome(caso, persone, presi, sesso)
    eta = caso.choices(_ETA, _PESI)[0]
    inserito = datetime.combine(dal - timedelta(_PRIMA[1] + 2), time(10, caso.randrange(60)))
    return Beneficiario(
        ente=scena.ente,
        cognome=cognome,
        nome=nome,
        nome_cercato=forma_normale(f"{cognome} {nome} "),
        data_nascita=dal - timedelta(round(eta * 365.25) + caso.randrange(1, 360)),
        genere=sesso,
        cittadinanze=[paese],
        lingue=[] if paese == _ITALIA else list(persone.nomi[paese]["lingue"]),
        comune="Asti",
        inserito_il=timezone.make_aware(inserito),
        inserito_da=chi.utente,
    )


def _nome(
    caso: Random, persone: Materiale, presi: set[tuple[str, str]], sesso: str
) -> tuple[str, str, str]:
    """Cittadinanza, cognome e nome che nessun altro dell'ente ha."""
    stranieri = [paese for paese in persone.nomi if paese != _ITALIA]
    pesi = [persone.nomi[paese]["peso"] for paese in stranieri]
    while True:
        paese = caso.choices(stranieri, pesi)[0] if caso.random() < _STRANIERI else _ITALIA
        elenco = persone.nomi[paese]
        nomi = elenco if caso.random() < 0.6 else persone.nomi[_ITALIA]
        coppia = (
            caso.choice(elenco["cognomi"]),
            caso.choice(nomi["donne" if sesso == "F" else "uomini"]),
        )
        if coppia not in presi:
            presi.add(coppia)
            return paese, *coppia


def _codice(persona: Beneficiario) -> Identificativo:
    """Nati qui: il codice è quello di chi nasce ad Asti."""
    valore = codice_fiscale(
        cognome=persona.cognome,
        nome=persona.nome,
        sesso=persona.genere,
        nascita=persona.data_nascita,
        luogo=_ASTI,
    )
    riga = Identificativo(ente=persona.ente, beneficiario=persona, tipo=Identificativo.Tipo.CF)
    riga.scrivi_valore(valore, normale=FORME_NORMALI[riga.tipo](valore))
    return riga


def _presa(
    scena: Scena, persona: Beneficiario, esito: TipoDiChiusura, dal: date, al: date
) -> PresaInCarico:
    return PresaInCarico(
        ente=scena.ente,
        beneficiario=persona,
        canale=scena.caso.choice(
            (PresaInCarico.Canale.PASSAPAROLA, PresaInCarico.Canale.SERVIZI_PUBBLICI)
        ),
        motivazione=_MOTIVAZIONE,
        aperta_il=dal - timedelta(scena.caso.randint(*_PRIMA)),
        chiusa_il=al + timedelta(scena.caso.randint(*_DOPO)),
        esito=esito,
        esito_in_parole="Ha frequentato il campo fino alla fine.",
        prosecuzione=PresaInCarico.Prosecuzione.NO,
    )
