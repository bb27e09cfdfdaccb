"""Mondi a caso: enti, utenti, persone e permessi, scritti insieme nel database e nell'oracolo.

Ogni riga scritta ha una regola, cioè la domanda da fare all'oracolo: `righe[tabella, chiave] =
(natura, …)`. Ciò che si vede dal database si confronta, riga per riga, con ciò che l'oracolo dice.
Ogni testo porta un contrassegno (`E3P17F4`: ente, persona, campo), così si riconosce ovunque esca.
"""

import datetime
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg import sql

from beneficiari import models
from enti.models import Appartenenza, Ente, Utente
from enti.sistema import come_sistema
from privacy.models import Informativa
from registro.db.contesto import contesto
from tests.fughe.a_parte import preparata
from tests.fughe.oracolo import CONDIVISE, GRUPPI, Oracolo, Persona


RUOLI = ("operatore", "referente", "coordinatore", "amministratore", "garante", "inviante")
FINALITA = (None, "assistenza", *CONDIVISE)
# Tabelle di accordi, basi e durate: le legge tutta la rete, anche chi non ha contesto; nessuna persona.
PUBBLICHE_NELLA_RETE = {
    "privacy_basegiuridica",
    "privacy_accordocontitolarita",
    "privacy_partediaccordo",
    "conservazione_regolaconservazione",
}
# I sigilli dei registri: impronte e conti di tutta la rete, senza enti né persone. Nascono da
# transazioni finite, che in un mondo non ci sono; chi li legge lo prova test_porte.
DEI_SIGILLI = {
    "privacy_epoca",
    "privacy_sigillo",
    "privacy_testatafirmata",
    "privacy_verificadisigilli",
    "privacy_mesearchiviato",
}
# Che cosa contiene ogni tabella di una persona, nelle parole dell'oracolo.
GRUPPO_DELLA_TABELLA = {
    "beneficiari_beneficiario": "anagrafica",
    "beneficiari_recapito": "contatti",
    "beneficiari_identificativo": "identificativi",
    "beneficiari_componente": "nucleo",
    "beneficiari_presaincarico": "prestazioni",
    "beneficiari_obiettivo": "prestazioni",
    "beneficiari_revisioneobiettivo": "prestazioni",
    "beneficiari_riapertura": "prestazioni",
    "beneficiari_bisognorilevato": "bisogni",
    "beneficiari_valutazione": "valutazioni",
    "beneficiari_condizionerilevata": "salute",
    "beneficiari_nota": "note",
}
_PASSWORD = make_password(None)


def giorno(distanza: int | None) -> datetime.date | None:
    """La data che dista `distanza` giorni da oggi."""
    return None if distanza is None else timezone.localdate() + datetime.timedelta(distanza)


def tabelle_isolate() -> dict[str, bool]:
    """Tabelle di persone e regole col confine acceso → se è la storia di un'altra."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
            " AND a.attname = 'pgh_obj_id') FROM pg_class c"
            " WHERE c.relrowsecurity AND NOT c.relispartition AND c.relname ~ '^(privacy|beneficiari|prestazioni|conservazione|assi)_'"
            " ORDER BY 1"
        )
        return dict(cursore.fetchall())


def prepara_lo_sguardo(tabelle: dict[str, bool]) -> str:
    """Prepara, una volta per connessione, l'interrogazione che legge la chiave di ogni riga visibile
    di ogni tabella; rende l'istruzione che la esegue.

    Preparata costa un terzo, e in più prova che un piano riusato da utenti diversi non confonda.
    """
    testo = sql.SQL(" UNION ").join(
        sql.SQL("SELECT {}, {} FROM {}").format(
            sql.Literal(tabella),
            sql.SQL("pgh_obj_id::bigint" if storia else "id::bigint"),
            sql.Identifier(tabella),
        )
        for tabella, storia in tabelle.items()
    )
    return preparata("sguardo", testo)


def leggi_in_emergenza(utente: int, ente: int, uuid: UUID) -> list[tuple]:
    """(persona, gruppo, valore) che un accesso d'emergenza mostra a chi guarda."""
    with contesto(utente=utente, ente=ente), connection.cursor() as cursore:
        cursore.execute("SELECT beneficiario, gruppo, valore FROM registro_emergenza(%s)", [uuid])
        return cursore.fetchall()


@dataclass
class Mondo:
    """Un mondo in costruzione. `vocabolari` sono le righe di rete preparate una volta per tutte."""

    vocabolari: dict
    caso: Random
    o: Oracolo = field(default_factory=Oracolo)
    righe: dict[tuple[str, int], tuple] = field(default_factory=dict)
    parole: dict[tuple[str, int], str] = field(default_factory=dict)
    enti: list[Ente] = field(default_factory=list)
    utenti: list[Utente] = field(default_factory=list)
    persone: dict[int, models.Beneficiario] = field(default_factory=dict)
    # persona → la sua prima presa in carico e il suo obiettivo
    percorsi: dict[int, tuple] = field(default_factory=dict)
    # accesso d'emergenza → il suo uuid
    emergenze: dict[int, UUID] = field(default_factory=dict)
    diario: list[str] = field(default_factory=list)

    # Chi c'è ------------------------------------------------------------------------------

    def popola(self, *, quanti_enti: int, persone_per_ente: int) -> None:
        segno = self.caso.randrange(10**9)
        with come_sistema():
            self.enti = Ente.objects.bulk_create(
                Ente(
                    slug=f"mondo-{segno}-{n}",
                    denominazione=f"Ente E{n}",
                    natura="ETS",
                    ruolo="partner",
                )
                for n in range(quanti_enti)
            )
            self.utenti = Utente.objects.bulk_create(
                Utente(
                    email=f"u{segno}-{n}@mondo.example",
                    nome="Anna",
                    cognome=f"U{n}",
                    password=_PASSWORD,
                )
                for n in range(quanti_enti * 4)
            )
            self._dai_i_ruoli()
        for ente in self.enti:
            self._popola_ente(ente, persone_per_ente)

    def _dai_i_ruoli(self) -> None:
        """In ogni ente un referente, due operatori e un altro; qualcuno lavora anche altrove."""
        righe = []
        for n, utente in enumerate(self.utenti):
            ente = self.enti[n % len(self.enti)]
            posto = n // len(self.enti)
            ruolo = ("referente", "operatore", "operatore", self.caso.choice(RUOLI))[posto]
            righe.append((utente, ente, ruolo))
        altrove = self.caso.choice(self.utenti[len(self.enti) :])
        suo = self.enti[self.utenti.index(altrove) % len(self.enti)]
        altri = [ente for ente in self.enti if ente != suo]
        righe.append((altrove, self.caso.choice(altri), self.caso.choice(RUOLI)))
        self.appartenenze = {}
        create = Appartenenza.objects.bulk_create(
            Appartenenza(utente=utente, ente=ente, ruolo=ruolo, inizio=giorno(-400))
            for utente, ente, ruolo in righe
        )
        for riga in create:
            chiave = (riga.utente_id, riga.ente_id)
            self.appartenenze[chiave] = riga
            self.o.ruoli[chiave] = (riga.ruolo, -400, None, False)

    def _popola_ente(self, ente: Ente, quante: int) -> None:
        e = self.enti.index(ente)
        with come_sistema(ente) as sistema:
            nati = [self.caso.choice((None, None, -30, 0, 1, 5, 900)) for _ in range(quante)]
            persone = models.Beneficiario.objects.bulk_create(
                models.Beneficiario(
                    ente=ente,
                    cognome=f"E{e}P{n}F1",
                    nome_cercato=f"e{e}p{n}f1",
                    data_nascita=_nascita(diciotto),
                    inserito_da=sistema.utente,
                )
                for n, diciotto in enumerate(nati)
            )
            for persona, diciotto in zip(persone, nati, strict=True):
                self.persone[persona.pk] = persona
                self.o.persone[persona.pk] = Persona(ente.pk, diciotto)
                self.segna(persona, ("gruppo", persona.pk, "anagrafica"), storia=ente.pk)
            self._righe_delle_persone(ente, persone, sistema.utente)
            self._informativa(ente)

    def _righe_delle_persone(self, ente: Ente, persone: list, chi: Utente) -> None:
        """Una riga per persona in ogni gruppo."""
        v, e = self.vocabolari, self.enti.index(ente)
        nuclei = models.Nucleo.objects.bulk_create(models.Nucleo(ente=ente) for _ in persone)
        for nucleo, persona in zip(nuclei, persone, strict=True):
            self.segna(nucleo, ("dell_ente", ente.pk), storia=ente.pk)
            self.o.nuclei[nucleo.pk] = {persona.pk}
        comuni = [{"ente": ente, "beneficiario": persona} for persona in persone]
        self._crea(
            models.Recapito(**c, tipo="telefono", valore=f"E{e}P{n}F2")
            for n, c in enumerate(comuni)
        )
        self._crea(
            models.Componente(**c, nucleo=nucleo, ruolo="altro")
            for c, nucleo in zip(comuni, nuclei, strict=True)
        )
        prese = self._crea(
            models.PresaInCarico(
                **c,
                azione=v["azioni"][0],
                canale="passaparola",
                operatore=chi,
                motivazione=f"E{e}P{n}F5",
            )
            for n, c in enumerate(comuni)
        )
        obiettivi = self._crea(
            models.Obiettivo(**c, presa=presa, testo=f"E{e}P{n}F5b")
            for n, (c, presa) in enumerate(zip(comuni, prese, strict=True))
        )
        for persona, presa, obiettivo in zip(persone, prese, obiettivi, strict=True):
            self.percorsi[persona.pk] = (presa, obiettivo)
        self._crea(
            models.BisognoRilevato(**c, bisogno=v["bisogno"], gravita=2, rilevato_da=chi)
            for c in comuni
        )
        self._crea(
            models.Valutazione(
                **c,
                presa=presa,
                indicatore=v["indicatore"],
                momento="ingresso",
                giudizio=f"E{e}P{n}F7",
                da=chi,
            )
            for n, (c, presa) in enumerate(zip(comuni, prese, strict=True))
        )
        self._crea(
            models.CondizioneRilevata(
                **c, condizione=v["condizione"], valore="si", rilevata_da=chi
            )
            for c in comuni
        )
        note = [models.Nota(**c, scritta_da=chi) for c in comuni]
        codici = [models.Identificativo(**c, tipo="stp") for c in comuni]
        for n, (nota, codice) in enumerate(zip(note, codici, strict=True)):
            nota.testo = f"E{e}P{n}F9"
            codice.scrivi_valore(f"E{e}P{n}F3", normale=f"E{e}P{n}F3")
        self._crea(note)
        self._crea(codici)
        self.scopri_gli_affidamenti(ente)

    def _crea(self, oggetti) -> list:
        """Scrive in blocco righe di persone, ognuna con la regola del gruppo della sua tabella."""
        oggetti = list(oggetti)
        create = type(oggetti[0]).objects.bulk_create(oggetti)
        for riga in create:
            gruppo = GRUPPO_DELLA_TABELLA[riga._meta.db_table]
            self.segna(riga, ("gruppo", riga.beneficiario_id, gruppo), storia=riga.ente_id)
        return create

    def _informativa(self, ente: Ente) -> None:
        """Due versioni: una larga, in uso; una stretta e ritirata."""
        larga = (CONDIVISE, GRUPPI, -300, None)
        stretta = (("invio",), ("anagrafica", "note"), -400, -200)
        for versione, (finalita, gruppi, dal, al) in enumerate((larga, stretta), 1):
            riga = Informativa.objects.create(
                ente=ente,
                versione=versione,
                titolo="Informativa",
                testo="Testo.",
                finalita=list(finalita),
                gruppi=list(gruppi),
                pubblicata_il=giorno(dal),
                ritirata_il=giorno(al),
            )
            self.o.informative[riga.pk] = (set(finalita), set(gruppi), dal, al)
            self.segna(riga, ("informativa", ente.pk), storia=ente.pk)

    # Il registro delle righe ----------------------------------------------------------------

    def segna(self, riga, regola: tuple, *, storia: int | tuple | None = None) -> None:
        """Dà a `riga` la sua regola e, se il database ne tiene la storia, la regola della storia."""
        tabella = riga._meta.db_table
        self.righe[tabella, riga.pk] = regola
        if storia is not None:
            regola = storia if isinstance(storia, tuple) else ("storia", storia)
            app, nome = tabella.split("_", 1)
            self.righe[f"{app}_storia{nome}", riga.pk] = regola

    def scopri_gli_affidamenti(self, ente: Ente) -> None:
        """Gli affidamenti li scrive il database: qui se ne imparano le chiavi."""
        with come_sistema(ente):
            for voce in models.Affidamento.objects.filter(ente=ente):
                aperto = voce.tipo == models.Affidamento.Tipo.APERTO
                self.righe["beneficiari_affidamento", voce.pk] = (
                    ("apertura", ente.pk, voce.utente_id) if aperto else ("dell_ente", ente.pk)
                )

    def tenta(self, accettato: bool, scrivi, che_cosa: str):
        """Esegue `scrivi` e pretende che il database accetti o rifiuti come dice l'oracolo.

        Rende ciò che `scrivi` ha scritto, o None se era da rifiutare.
        """
        self.diario.append(f"{che_cosa} → {'sì' if accettato else 'no'}")
        esito, rifiuto = None, None
        try:
            with transaction.atomic():
                esito = scrivi()
        except IntegrityError as errore:
            rifiuto = errore
        dice = f"il database {'rifiuta' if rifiuto else 'accetta'}, l'oracolo no: {che_cosa}"
        assert accettato == (rifiuto is None), f"{dice}\n{rifiuto}"
        return esito

    # Lo sguardo -----------------------------------------------------------------------------

    def viste(self, utente: int, ente: int, finalita: str | None, sguardo: str) -> set:
        with contesto(utente=utente, ente=ente, finalita=finalita), connection.cursor() as cursore:
            cursore.execute(sguardo)
            return {
                chiave
                for chiave in cursore.fetchall()
                if chiave in self.righe or self._mia(chiave)
            }

    @staticmethod
    def _mia(chiave: tuple) -> bool:
        """Le tabelle di rete hanno anche righe preparate prima del mondo: quelle non contano."""
        tabella = chiave[0].replace("_storia", "_")
        return tabella not in PUBBLICHE_NELLA_RETE | DEI_SIGILLI

    def confronta(self, utente: int, ente: int, finalita: str | None, sguardo) -> None:
        """Ciò che si vede è ciò che l'oracolo dice: né una riga in più né una in meno."""
        attese = self.o.attese(self.righe, utente, ente, finalita)
        viste = self.viste(utente, ente, finalita, sguardo)
        if attese != viste:
            raise AssertionError(
                self._racconta(utente, ente, finalita, viste - attese, attese - viste)
            )

    def confronta_le_emergenze(self, utente: int, ente: int) -> None:
        """Ogni accesso d'emergenza mostra a chi guarda le persone e i gruppi che dice l'oracolo.

        Un avviso che nascesse adesso si disfa: le righe del mondo restano quelle dei gesti.
        """
        for numero, uuid in self.emergenze.items():
            with transaction.atomic():
                servite = leggi_in_emergenza(utente, ente, uuid)
                transaction.set_rollback(True)
            attese = self.o.in_emergenza(utente, ente, numero)
            if {(chi, gruppo) for chi, gruppo, _ in servite} != attese:
                raise AssertionError(
                    self._racconta(utente, ente, None, set(), set()) + f"\n{servite} {attese}"
                )
            assert not any(valore.endswith("2R") for _, _, valore in servite), servite

    def confronta_le_ricevute(self, utente: int, ente: int) -> None:
        """La funzione che serve i nomi delle persone condivise li dà solo a chi li ha ricevuti."""
        with contesto(utente=utente, ente=ente), connection.cursor() as cursore:
            cursore.execute(
                "SELECT a.id FROM registro_condivise(NULL) c"
                " LEFT JOIN beneficiari_autorizzazione a ON a.uuid = c.autorizzazione"
            )
            servite = {numero for (numero,) in cursore.fetchall()}
        attese = self.o.ricevute(utente, ente)
        if servite != attese:
            raise AssertionError(
                self._racconta(utente, ente, None, set(), set()) + f"\n{servite} {attese}"
            )

    def _racconta(self, utente, ente, finalita, di_troppo, mancano) -> str:
        dice = [
            f"utente {utente}, ente {ente}, finalità {finalita}, ruolo {self.o.ruolo(utente, ente)}"
        ]
        dice += [f"FUGA {chiave}: {self.righe.get(chiave)}" for chiave in sorted(di_troppo)]
        dice += [f"CHIUSO A TORTO {chiave}: {self.righe[chiave]}" for chiave in sorted(mancano)]
        return "\n".join([*dice, "diario:", *self.diario])


def _nascita(diciotto: int | None) -> datetime.date:
    """La data di nascita di chi compie diciotto anni fra `diciotto` giorni (adulto, se None)."""
    if diciotto is None:
        return datetime.date(1980, 3, 1)
    compleanno = giorno(diciotto)
    if (compleanno.month, compleanno.day) == (2, 29):
        compleanno += datetime.timedelta(1)
    return compleanno.replace(year=compleanno.year - 18)
