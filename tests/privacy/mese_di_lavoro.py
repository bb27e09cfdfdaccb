"""Un mese di lavoro ordinario di una rete inventata, uguale ogni volta (il seme è fisso).

Sei enti, quaranta persone che lavorano, novecento aiutate. Ogni giorno di lavoro ciascuno guarda
elenchi e apre pagine, quasi sempre delle persone che segue, fra le otto e le venti. C'è anche ciò che
fa scattare una regola mal fatta: un asilo notturno, chi torna dopo anni, cognomi diffusi, chi guarda
dieci schede di fila, un'esportazione al mese per ente.
"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from beneficiari.models import Beneficiario, PresaInCarico
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import AppartenenzaFactory, EnteFactory, UtenteFactory
from tests.fabbriche_persone import AzioneFactory


SEME = 20261123
GIORNI = 30
PERSONE_PER_ENTE = 150
PER_ENTE = (8, 7, 7, 7, 6, 5)
# Più comuni i primi, come in un elenco telefonico.
COGNOMI = [
    *("Rossi", "Ferrari", "Russo", "Bianchi", "Romano", "Gallo", "Costa", "Fontana", "Greco"),
    *("Conti", "Bruno", "Marino", "Ricci", "Barbieri", "Moretti", "Lombardi", "Giordano", "Riva"),
    *(f"Inventato{n}" for n in range(400)),
]
COLONNE = (
    "quando, utente_id, ente_id, ente_titolare_id, beneficiario, finalita, gruppi, uscita, pagina,"
    " richiesta, transazione"
)


class Mese:
    """La rete e le sue letture. `scrivi(padrone)` le mette nel registro."""

    def __init__(self, primo: date) -> None:
        self.caso = random.Random(SEME)
        self.primo = primo
        self.righe: list[tuple] = []
        self.transazione = 10_000_000
        self.enti = [self._ente(quanti) for quanti in PER_ENTE]

    def _cognome(self) -> str:
        return COGNOMI[min(int(self.caso.expovariate(1 / 120)), len(COGNOMI) - 1)]

    def _ente(self, quanti: int) -> tuple:
        ente, azione = EnteFactory(), AzioneFactory()
        chi = [
            AppartenenzaFactory(
                ente=ente,
                ruolo=Ruolo.REFERENTE if n == 0 else Ruolo.OPERATORE,
                utente=UtenteFactory(cognome=self._cognome()),
            ).utente
            for n in range(quanti)
        ]
        da_tempo = timezone.make_aware(datetime.combine(self.primo - timedelta(days=200), time(9)))
        with come_sistema(ente) as sistema:
            persone = Beneficiario.objects.bulk_create(
                Beneficiario(
                    ente=ente,
                    cognome=self._cognome(),
                    nome=f"Nome{n}",
                    inserito_il=da_tempo,
                    inserito_da=sistema.utente,
                )
                for n in range(PERSONE_PER_ENTE)
            )
            # Una su otto l'ente non la segue più.
            seguite = [p for n, p in enumerate(persone) if n % 8]
            PresaInCarico.objects.bulk_create(
                PresaInCarico(
                    ente=ente,
                    beneficiario=persona,
                    azione=azione,
                    canale="passaparola",
                    operatore=chi[n % quanti],
                    aperta_il=self.primo - timedelta(days=90),
                )
                for n, persona in enumerate(seguite)
            )
        sue = {
            u.pk: [p.pk for n, p in enumerate(seguite) if n % quanti == i]
            for i, u in enumerate(chi)
        }
        andate = [p.pk for n, p in enumerate(persone) if not n % 8]
        return ente, chi, sue, [p.pk for p in seguite], andate

    def scrivi(self, padrone) -> int:
        """Scrive le letture di tutto il mese. Rende quante."""
        for giorno in (self.primo + timedelta(days=n) for n in range(GIORNI)):
            for numero, (ente, chi, sue, seguite, andate) in enumerate(self.enti):
                for posto, utente in enumerate(chi):
                    notturno = numero == 5 and posto in (1, 2, 3)
                    if notturno and giorno.toordinal() % 3 == posto - 1:
                        self._notte(utente, ente, giorno, seguite)
                    elif giorno.weekday() < 5 and not notturno:
                        self._giornata(utente, ente, giorno, sue[utente.pk], seguite, andate)
                if giorno.day == 5:
                    quante = self.caso.randint(40, 140)
                    self._lettura(chi[0], ente, self._ora(giorno, 11), seguite[:quante], "foglio")
        self.registra(padrone)
        return len(self.righe)

    def registra(self, padrone) -> None:
        with padrone.cursor().copy(
            f"COPY privacy_registroaccessi ({COLONNE}) FROM STDIN"
        ) as copia:
            for riga in self.righe:
                copia.write_row(riga)

    def _giornata(self, utente, ente, giorno, sue, seguite, andate) -> None:
        for _ in range(self.caso.randint(3, 8)):
            quali = self.caso.sample(seguite, 12)
            self._lettura(utente, ente, self._ora(giorno), quali, pagina="beneficiari:persone")
        for _ in range(self.caso.randint(8, 30)):
            persona = self.caso.choice(sue if self.caso.random() < 0.85 else seguite)
            self._lettura(utente, ente, self._ora(giorno), [persona])
        if self.caso.random() < 0.25:
            # Prepara una riunione: dieci schede di fila, tre linguette per una.
            inizio = self._ora(giorno)
            for n, persona in enumerate(self.caso.sample(sue, min(10, len(sue)))):
                for linguetta in range(3):
                    quando = inizio + timedelta(seconds=40 * n + 10 * linguetta)
                    self._lettura(utente, ente, quando, [persona])
        if self.caso.random() < 0.1:
            # Qualcuno chiede di una persona che non si segue più.
            self._lettura(utente, ente, self._ora(giorno), [self.caso.choice(andate)])

    def _notte(self, utente, ente, giorno, seguite) -> None:
        for ora in (22, 23, 24, 29):
            quando = self._ora(giorno, 0) + timedelta(hours=ora)
            self._lettura(utente, ente, quando, self.caso.sample(seguite, 1))

    def _ora(self, giorno: date, ora: int | None = None) -> datetime:
        ora = (
            self.caso.choice([8, 9, 9, 10, 10, 11, 11, 12, 14, 15, 15, 16, 17, 18, 19])
            if ora is None
            else ora
        )
        minuti, secondi = self.caso.randrange(60), self.caso.randrange(60)
        return timezone.make_aware(datetime.combine(giorno, time(ora, minuti, secondi)))

    def _lettura(
        self, utente, ente, quando, persone, uscita="pagina", pagina="beneficiari:persona"
    ):
        self.transazione += 1
        self.righe += [
            (quando, utente.pk, ente.pk, ente.pk, persona, "assistenza", ["anagrafica"], uscita,
             pagina, "", str(self.transazione))
            for persona in persone
        ]  # fmt: skip
