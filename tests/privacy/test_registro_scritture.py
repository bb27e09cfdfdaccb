"""Ogni scrittura lascia la sua riga di storia, comunque si scriva; storia e registro non si toccano.

Dodici modi di scrivere per ogni modello con una storia: o scrivono e lasciano una riga per riga, o
il database li rifiuta e non cambia niente. Svuotare una tabella è sempre rifiutato.
"""

import datetime
from unittest import mock

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from django.db.utils import ProgrammingError
from django.utils import timezone
from psycopg import sql
from psycopg.errors import FeatureNotSupported

from beneficiari.models import Identificativo
from enti.models import Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.models import Affiancamento, PassoDiPratica
from privacy.models import RegistroAccessi
from tests import fabbriche_persone as fabbriche, fabbriche_prestazioni as delle_prestazioni
from tests.fabbriche import EnteFactory, attore, ente_del_coordinamento


pytestmark = pytest.mark.django_db

DOMANI = timezone.localdate() + datetime.timedelta(days=1)
FRA_UN_MESE = DOMANI + datetime.timedelta(days=30)


def _accordo():
    campi = {
        "titolo": "Accordo",
        "finalita": ["invio"],
        "contenuto": "Rispondiamo insieme.",
        "risponde": EnteFactory(),
        "contatto": "privacy@rete.example",
    }
    return apps.get_model("privacy", "AccordoContitolarita")(**campi)


def _violazione():
    return apps.get_model("privacy", "Violazione")(
        ente=EnteFactory(),
        scoperta_il=timezone.now(),
        aperta_il=timezone.now(),
        natura="riservatezza",
        descrizione="Un foglio lasciato su un tavolo.",
        aperta_da=Utente.objects.sistema(),
    )


def _senza_codice():
    persona = fabbriche.BeneficiarioFactory()
    return Identificativo(
        ente=persona.ente, beneficiario=persona, tipo="nessuno", motivo_assenza="altro"
    )


def _di(fabbrica, **campi):
    """Chi crea una riga nuova e non la salva; ciò a cui si aggancia invece c'è davvero."""

    def nuova():
        with mock.patch.object(
            fabbrica, "_create", classmethod(lambda cls, modello, **valori: modello(**valori))
        ):
            return fabbrica(**campi)

    return nuova


def _nota_di_prestazione():
    presente = delle_prestazioni.PartecipazioneFactory()
    return _di(
        delle_prestazioni.NotaDiPrestazioneFactory,
        prestazione=presente.prestazione,
        beneficiario=presente.beneficiario,
    )()


def _affiancamento():
    prestazione = delle_prestazioni.PrestazioneFactory()
    collega = attore(ente=prestazione.ente).utente
    return Affiancamento(ente=prestazione.ente, prestazione=prestazione, utente=collega)


def _rata():
    return _di(delle_prestazioni.RataFactory, piano=delle_prestazioni.PianoRientroFactory())()


def _passo():
    pratica = delle_prestazioni.PraticaCasaFactory()
    return PassoDiPratica(
        ente=pratica.ente,
        pratica=pratica,
        beneficiario=pratica.beneficiario,
        passo="presentata",
        giorno=datetime.date(2026, 3, 1),
    )


APP = ("privacy", "beneficiari", "prestazioni")
# Modello → (chi ne fa una riga nuova, il campo che si cambia, come diventa).
TRACCIATI = {
    "BaseGiuridica": (_di(fabbriche.BaseGiuridicaFactory), "al", FRA_UN_MESE),
    "Informativa": (_di(fabbriche.InformativaFactory), "ritirata_il", FRA_UN_MESE),
    "AccordoContitolarita": (_accordo, "al", FRA_UN_MESE),
    "Violazione": (_violazione, "descrizione", "Un foglio perso."),
    "Beneficiario": (_di(fabbriche.BeneficiarioFactory), "comune", "Alba"),
    "Recapito": (_di(fabbriche.RecapitoFactory), "avvertenza", "dopo le 9"),
    "Identificativo": (_senza_codice, "dal", DOMANI),
    "Nucleo": (_di(fabbriche.NucleoFactory), "tipologia", "coppia"),
    "Componente": (_di(fabbriche.ComponenteFactory), "convivente", False),
    "PresaInCarico": (_di(fabbriche.PresaInCaricoFactory), "motivazione", "Un'altra."),
    "Obiettivo": (_di(fabbriche.ObiettivoFactory), "testo", "Un altro obiettivo"),
    "BisognoRilevato": (_di(fabbriche.BisognoRilevatoFactory), "gravita", 3),
    "Valutazione": (_di(fabbriche.ValutazioneFactory), "giudizio", "Meglio."),
    "CondizioneRilevata": (_di(fabbriche.CondizioneRilevataFactory), "valore", "no"),
    "Nota": (_di(fabbriche.NotaFactory), "versione", 7),
    "Autorizzazione": (_di(fabbriche.AutorizzazioneFactory), "motivo_revoca", "ci ripensa"),
    "Appuntamento": (_di(delle_prestazioni.AppuntamentoFactory), "minuti", 45),
    "GruppoPresenze": (_di(delle_prestazioni.GruppoPresenzeFactory), "nome", "Un altro"),
    "MembroDiGruppo": (_di(delle_prestazioni.MembroDiGruppoFactory), "al", FRA_UN_MESE),
    "AttivitaIndiretta": (_di(delle_prestazioni.AttivitaIndirettaFactory), "minuti", 90),
    "Prestazione": (_di(delle_prestazioni.PrestazioneFactory), "minuti", 45),
    "Partecipazione": (_di(delle_prestazioni.PartecipazioneFactory), "minuti", 20),
    "Affiancamento": (_affiancamento, "minuti", 20),
    "NotaDiPrestazione": (_nota_di_prestazione, "testo_cifrato", b"x" * 60),
    "Tirocinio": (_di(delle_prestazioni.TirocinioFactory), "nome_ospitante", "Un altro forno"),
    "PianoRientro": (_di(delle_prestazioni.PianoRientroFactory), "debito", 900),
    "Rata": (_rata, "importo", 80),
    "PraticaCasa": (_di(delle_prestazioni.PraticaCasaFactory), "presso", "Un altro ufficio"),
    "PassoDiPratica": (_passo, "note", "Un'altra."),
    "Esito": (_di(delle_prestazioni.EsitoFactory), "nome_ospitante", "Un altro forno"),
}
# Gesti che il database può rifiutare: cancellare, o riscrivere colonne che non si cambiano.
RIFIUTABILI = {"salva", "cancella", "cancella_insieme", "cancella_grezza", "cancella_sql"}
# La nascita la dice la riga stessa: chi l'ha scritta e quando sono colonne che non si cambiano.
DOPO_LA_NASCITA = {"Prestazione", "Partecipazione"}
SOLO_IN_AGGIUNTA = ["privacy_registroaccessi"]


def _con_storia() -> dict[str, type[models.Model]]:
    """I modelli tracciati, trovati guardando quali hanno accanto la loro storia."""
    tutti = {m.__name__: m for nome in APP for m in _modelli(nome)}
    return {nome: m for nome, m in tutti.items() if f"Storia{nome}" in tutti}


def _modelli(app: str):
    return apps.get_app_config(app).get_models()


def _storie() -> list[str]:
    return [
        apps.get_model(m._meta.app_label, f"Storia{nome}")._meta.db_table
        for nome, m in _con_storia().items()
    ]


def _valori(riga: models.Model) -> dict:
    """Colonna → valore di una riga nuova, senza ciò che mette il database."""
    return {
        campo.column: campo.get_db_prep_save(campo.pre_save(riga, True), connection)
        for campo in riga._meta.concrete_fields
        if not campo.primary_key and not isinstance(getattr(riga, campo.attname), DatabaseDefault)
    }


def _esegui(testo: str, **parti) -> int:
    nomi = {nome: sql.Identifier(valore) for nome, valore in parti.items() if nome != "valori"}
    with connection.cursor() as cursore:
        cursore.execute(sql.SQL(testo).format(**nomi), parti.get("valori"))
        return cursore.rowcount


def _scritte(storia: type[models.Model]) -> int:
    """Quante righe ha scritto questa transazione, anche quelle che poi la policy non mostra."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT n_tup_ins FROM pg_stat_xact_user_tables WHERE relname = %s",
            [storia._meta.db_table],
        )
        return cursore.fetchone()[0]


class Gesti:
    """I modi di scrivere. Ognuno rende quante righe ha toccato."""

    def __init__(self, nome: str) -> None:
        self.modello = _con_storia()[nome]
        self.tabella = self.modello._meta.db_table
        self.nuova, self.campo, self.valore = TRACCIATI[nome]
        self.colonna = self.modello._meta.get_field(self.campo).column

    def crea(self, riga):
        riga.save(force_insert=True)
        return 1

    def crea_insieme(self, riga):
        return len(self.modello.objects.bulk_create([riga]))

    def copia(self, riga):
        valori = _valori(riga)
        colonne = sql.SQL(", ").join(map(sql.Identifier, valori))
        tabella = sql.Identifier(self.tabella)
        with connection.cursor() as cursore:
            cursore.execute(
                sql.SQL(
                    "CREATE TEMP TABLE posata ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0"
                ).format(colonne, tabella)
            )
            with cursore.copy(sql.SQL("COPY posata ({}) FROM STDIN").format(colonne)) as copia:
                copia.write_row(list(valori.values()))
            cursore.execute(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM posata").format(
                    tabella, colonne, colonne
                )
            )
            toccate = cursore.rowcount
            cursore.execute("DROP TABLE posata")
        return toccate

    def salva(self, riga):
        setattr(riga, self.campo, self.valore)
        riga.save()
        return 1

    def aggiorna(self, riga):
        return self.modello.objects.filter(pk=riga.pk).update(**{self.campo: self.valore})

    def aggiorna_insieme(self, riga):
        setattr(riga, self.campo, self.valore)
        return self.modello.objects.bulk_update([riga], [self.campo])

    def crea_o_aggiorna(self, riga):
        setattr(riga, self.campo, self.valore)
        return len(
            self.modello.objects.bulk_create(
                [riga],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[self.campo],
            )
        )

    def aggiorna_sql(self, riga):
        return _esegui(
            "UPDATE {tabella} SET {colonna} = %s WHERE id = %s",
            tabella=self.tabella,
            colonna=self.colonna,
            valori=[self.valore, riga.pk],
        )

    def cancella(self, riga):
        return riga.delete()[0]

    def cancella_insieme(self, riga):
        return self.modello.objects.filter(pk=riga.pk).delete()[0]

    def cancella_grezza(self, riga):
        return self.modello.objects.filter(pk=riga.pk)._raw_delete("default")

    def cancella_sql(self, riga):
        return _esegui(
            "DELETE FROM {tabella} WHERE id = %s", tabella=self.tabella, valori=[riga.pk]
        )


SU_UNA_NUOVA = ("crea", "crea_insieme", "copia")
TUTTI = [nome for nome in vars(Gesti) if not nome.startswith("_")]


def test_ogni_modello_con_una_storia_e_provato():
    assert set(_con_storia()) == set(TRACCIATI)
    assert len(TUTTI) == 12


@pytest.mark.parametrize("gesto", TUTTI)
@pytest.mark.parametrize("nome", TRACCIATI)
def test_ogni_scrittura_lascia_la_sua_riga_di_storia(nome, gesto):
    gesti = Gesti(nome)
    riga = gesti.nuova()
    ente = getattr(riga, "ente", None) or ente_del_coordinamento()
    storia = apps.get_model(gesti.modello._meta.app_label, f"Storia{nome}")
    with come_sistema(ente):
        if gesto not in SU_UNA_NUOVA:
            riga.save(force_insert=True)
            riga = gesti.modello.objects.get(pk=riga.pk)
        prima, viste = _scritte(storia), storia.objects.count()
        presenti = gesti.modello.objects.count()
        try:
            with transaction.atomic():
                toccate = getattr(gesti, gesto)(riga)
        except DatabaseError:
            if gesto not in RIFIUTABILI:
                raise
            toccate = 0
        lasciate = _scritte(storia) - prima
        # Una cancellazione che la policy non lascia fare non toglie niente, e lo si vede.
        tolte = presenti - gesti.modello.objects.count() if "cancella" in gesto else toccate
        ultima = storia.objects.order_by("-pgh_id").first()
        visibili = storia.objects.count() > viste

    if nome in DOPO_LA_NASCITA and gesto in SU_UNA_NUOVA:
        assert lasciate == 0
        assert riga.registrata_da_id is not None
        return
    assert lasciate == tolte
    if gesto not in RIFIUTABILI:
        assert lasciate == 1
    if visibili:
        assert ultima.pgh_context["ente"] == ente.pk
        assert set(ultima.pgh_context) == {"utente", "ente"}


@pytest.mark.parametrize("nome", TRACCIATI)
def test_svuotare_una_tabella_e_copiarci_dentro_sono_rifiutati(nome):
    gesti = Gesti(nome)
    with come_sistema(ente_del_coordinamento()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            _esegui("TRUNCATE {tabella}", tabella=gesti.tabella)
        # La copia diretta salterebbe le policy: PostgreSQL non la fa su una tabella isolata.
        with (
            pytest.raises(FeatureNotSupported, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursore,
            cursore.copy(
                sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(gesti.tabella))
            ) as copia,
        ):
            copia.write("")


@pytest.fixture
def righe_da_difendere():
    """Una lettura e una storia che ci sono, e chi ne risponde."""
    persona = fabbriche.BeneficiarioFactory()
    chi = attore(Ruolo.REFERENTE, ente=persona.ente)
    with fabbriche.come(chi):
        RegistroAccessi.objects.create(
            utente=chi.utente,
            ente=chi.ente,
            ente_titolare=chi.ente,
            beneficiario=persona.pk,
            finalita="assistenza",
            gruppi=["anagrafica"],
            uscita="pagina",
            pagina="prova",
        )
    return chi


GESTI_VIETATI = (
    "UPDATE {t} SET {c} = {c}",
    "DELETE FROM {t}",
    "TRUNCATE {t}",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {t} ADD COLUMN nuova int",
    "ALTER TABLE {t} OWNER TO registro_app",
    "DROP POLICY leggi ON {t}",
    "DROP TABLE {t}",
)


@pytest.mark.parametrize("gesto", GESTI_VIETATI)
def test_registro_e_storia_si_aggiungono_e_non_si_toccano(righe_da_difendere, gesto):
    for tabella in (*SOLO_IN_AGGIUNTA, *_storie()):
        colonna = "id" if tabella in SOLO_IN_AGGIUNTA else "pgh_id"
        for contesto in (
            fabbriche.come(righe_da_difendere),
            come_sistema(righe_da_difendere.ente),
        ):
            with (
                contesto,
                pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
                transaction.atomic(),
            ):
                _esegui(gesto, t=tabella, c=colonna)


def test_nessuno_si_da_da_solo_un_privilegio(righe_da_difendere):
    with fabbriche.come(righe_da_difendere), connection.cursor() as cursore:
        for tabella in (*SOLO_IN_AGGIUNTA, *_storie()):
            _esegui("GRANT UPDATE, DELETE ON {t} TO registro_app", t=tabella)
            cursore.execute(
                "SELECT has_table_privilege('registro_app', %s, 'UPDATE, DELETE, TRUNCATE')",
                [tabella],
            )
            assert cursore.fetchone() == (False,), tabella


def test_nemmeno_dall_orm(righe_da_difendere):
    storia = apps.get_model("beneficiari", "StoriaBeneficiario")
    for modello, campi in ((RegistroAccessi, {"pagina": "x"}), (storia, {"cognome": "x"})):
        with fabbriche.come(righe_da_difendere):
            for gesto in (
                lambda m=modello, c=campi: m.objects.update(**c),
                lambda m=modello: m.objects.all()._raw_delete("default"),
                lambda m=modello: m.objects.first().delete(),
                lambda m=modello: m.objects.first().save(),
            ):
                with (
                    pytest.raises(DatabaseError, match=r"permission denied"),
                    transaction.atomic(),
                ):
                    gesto()
            assert modello.objects.exists()


def test_una_riga_di_storia_non_si_scrive_per_conto_di_un_altro_ente(righe_da_difendere):
    altro = EnteFactory()
    with (
        fabbriche.come(righe_da_difendere),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        RegistroAccessi.objects.create(
            utente=righe_da_difendere.utente,
            ente=altro,
            ente_titolare=altro,
            beneficiario=1,
            finalita="assistenza",
            gruppi=["anagrafica"],
            uscita="pagina",
            pagina="prova",
        )
