"""Un foglio di prestazioni dal comando: che cosa entra, che cosa si rifiuta e perché."""

import datetime

import pytest

from enti.permessi import Ruolo
from prestazioni.models import (
    AbbinamentoColonne,
    Affiancamento,
    Importazione,
    NotaDiPrestazione,
    Partecipazione,
    Prestazione,
)
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    IdentificativoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import FoglioOreFactory, ServizioFactory, VoceNomenclaturaFactory
from tests.prestazioni.importazioni import importa, motivi, seguita


pytestmark = pytest.mark.django_db

NOMI = ["Cognome", "Nome", "Data di nascita", "Data", "Servizio", "Ore"]
NASCITA = datetime.date(1980, 3, 12)
IL_TRE = datetime.date(2026, 2, 3)
CF = "BTALNI80C52A182C"


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def lina(referente):
    return seguita(referente.ente, "Abate", "Lina", NASCITA)


@pytest.fixture
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello casa", sinonimi=["sp. casa"])


def _riga(**altre):
    riga = dict(zip(NOMI, ["Abate", "Lina", NASCITA, IL_TRE, "Sportello casa", 1.5], strict=True))
    return list((riga | altre).values())


def _quante(chi) -> int:
    with come(chi):
        return Prestazione.objects.count()


def test_un_foglio_giusto_entra_tutto(tmp_path, referente, lina, sportello):
    righe = [
        [*NOMI],
        ["Abate", "Lina", NASCITA, IL_TRE, "sp. casa", 1.5],
        ["ABATE ", "lina", "12/3/80", "4/2/2026", "SPORTELLO CASA", "2"],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente)

    assert (codice, esito["lette"], esito["valide"], esito["rifiutate"]) == (0, 2, 2, [])
    with come(referente):
        scritte = list(Prestazione.objects.order_by("giorno"))
        assert [(r.minuti, r.operatore, r.registrata_da) for r in scritte] == [
            (90, referente.utente, referente.utente),
            (120, referente.utente, referente.utente),
        ]
        assert {str(r.importazione.uuid) for r in scritte} == {esito["importazione"]}
        assert Partecipazione.objects.filter(beneficiario=lina).count() == 2
        assert Importazione.objects.get().scritte == 2
        assert AbbinamentoColonne.objects.get(intestazione="ore").campo == "ore"


def test_una_riga_rifiutata_ferma_tutto_e_dice_riga_colonna_e_motivo(
    tmp_path, referente, lina, sportello
):
    righe = [NOMI, _riga(), _riga(Data="32/1/2026"), _riga(Servizio="Sportelo caza")]

    codice, esito = importa(tmp_path, foglio(righe), referente)

    assert (codice, esito["valide"], esito["importazione"]) == (1, 1, None)
    assert "Data: «32/1/2026» è un giorno che non esiste" in motivi(esito)[3]
    assert (
        "Servizio: «Sportelo caza» non è un servizio dell'ente. Forse è «Sportello casa»?"
        in (motivi(esito)[4])
    )
    assert _quante(referente) == 0


def test_la_prova_non_scrive_niente(tmp_path, referente, lina, sportello):
    codice, esito = importa(tmp_path, foglio([NOMI, _riga()]), referente, "--prova")

    assert (codice, esito["valide"], esito["importazione"]) == (0, 1, None)
    assert _quante(referente) == 0
    with come(referente):
        assert not Importazione.objects.exists()


@pytest.mark.parametrize(
    ("altre", "frase"),
    [
        ({"Data": datetime.date(2030, 1, 1)}, "La data è nel futuro"),
        ({"Data": datetime.date(1999, 1, 1)}, "controlla l'anno"),
        ({"Data": None}, "Manca la data"),
        ({"Ore": 0}, "La durata va da 1 minuto a 24 ore"),
        ({"Ore": 25}, "La durata va da 1 minuto a 24 ore"),
        ({"Ore": "1,30"}, "può essere 1h30 oppure 1,30 ore"),
        ({"Servizio": None}, "Manca il servizio"),
        ({"Data": datetime.date(2023, 5, 5)}, "non era ancora aperta"),
        ({"Cognome": "Brusa", "Nome": "Omar"}, "non è fra le persone dell'ente"),
        ({"Cognome": None, "Nome": None, "Data di nascita": None}, "Non c'è nessuno"),
    ],
)
def test_ogni_sbaglio_ha_la_sua_frase(tmp_path, referente, lina, sportello, altre, frase):
    codice, esito = importa(tmp_path, foglio([NOMI, _riga(**altre)]), referente)

    assert codice == 1
    assert frase in motivi(esito)[2]
    assert _quante(referente) == 0


def test_dopo_la_chiusura_si_rifiuta_con_la_frase_del_database(tmp_path, referente, sportello):
    chiusa = {"chiusa_il": datetime.date(2026, 1, 20), "esito": TipoDiChiusuraFactory()}
    seguita(referente.ente, "Abate", "Lina", NASCITA, **chiusa)

    _, esito = importa(tmp_path, foglio([NOMI, _riga()]), referente)

    assert "era già chiusa: riaprila, oppure correggi la data" in motivi(esito)[2]


def test_un_mese_firmato_non_riceve_righe(tmp_path, referente, lina, sportello):
    FoglioOreFactory(
        ente=referente.ente, operatore=referente.utente, mese=datetime.date(2026, 2, 1)
    )

    _, esito = importa(tmp_path, foglio([NOMI, _riga()]), referente)

    assert "già firmato" in motivi(esito)[2]


def test_una_persona_di_un_altro_ente_e_come_se_non_ci_fosse(tmp_path, referente, sportello):
    seguita(attore().ente, "Abate", "Lina", NASCITA)

    _, altrui = importa(tmp_path, foglio([NOMI, _riga()]), referente)
    _, di_nessuno = importa(tmp_path, foglio([NOMI, _riga(Cognome="Abete")]), referente)

    assert motivi(altrui)[2].replace("Abate", "X") == motivi(di_nessuno)[2].replace("Abete", "X")


def test_un_codice_di_un_altro_ente_e_come_se_non_ci_fosse(tmp_path, referente, sportello):
    altra = seguita(attore().ente, "Abate", "Lina", NASCITA)
    IdentificativoFactory(beneficiario=altra, codice=CF)
    righe = [["CF", "Data", "Servizio", "Ore"], [CF, IL_TRE, "Sportello casa", 1]]

    _, esito = importa(tmp_path, foglio(righe), referente)

    assert motivi(esito)[2] == (
        "CF: La persona con questo codice non è fra le persone dell'ente: importa prima le persone."
    )


def test_il_codice_fiscale_basta_a_sapere_chi_e(tmp_path, referente, lina, sportello):
    IdentificativoFactory(beneficiario=lina, codice=CF)
    righe = [
        ["Cod. fisc.", "Data", "Servizio", "Durata"],
        [CF.lower(), IL_TRE, "sp. casa", "1h30"],
    ]

    codice, _ = importa(tmp_path, foglio(righe), referente)

    assert codice == 0
    with come(referente):
        assert Partecipazione.objects.get().beneficiario == lina


def test_un_codice_che_non_torna_dice_perche(tmp_path, referente, lina, sportello):
    righe = [["CF", "Data", "Servizio", "Ore"], [f"{CF[:-1]}A", IL_TRE, "Sportello casa", 1]]

    _, esito = importa(tmp_path, foglio(righe), referente)

    assert "L'ultima lettera non torna" in motivi(esito)[2]


def test_un_codice_con_accanto_il_nome_di_un_altro_si_chiede(tmp_path, referente, lina, sportello):
    IdentificativoFactory(beneficiario=lina, codice=CF)
    righe = [
        ["Nominativo", "CF", "Data", "Servizio"],
        ["Brusa Omar", CF, IL_TRE, "Sportello casa"],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente)

    assert codice == 1
    assert "Non si sa chi è" in motivi(esito)[2]


def test_un_nome_senza_nascita_non_si_indovina_mai(tmp_path, referente, lina, sportello):
    contenuto = foglio([NOMI, _riga(**{"Data di nascita": None})])

    codice, esito = importa(tmp_path, contenuto, referente)
    con_l_opzione, _ = importa(tmp_path, contenuto, referente, "--nomi-unici")

    assert codice == 1
    assert "Non si sa chi è" in motivi(esito)[2]
    assert con_l_opzione == 0


def test_due_omonimi_restano_in_dubbio_anche_con_i_nomi_unici(
    tmp_path, referente, lina, sportello
):
    seguita(referente.ente, "Abate", "Lina", datetime.date(1991, 1, 1))
    contenuto = foglio([NOMI, _riga(**{"Data di nascita": None})])

    codice, _ = importa(tmp_path, contenuto, referente, "--nomi-unici")

    assert codice == 1


def test_piu_persone_nella_stessa_cella_sono_una_prestazione(tmp_path, referente, sportello):
    azione = AzioneFactory()
    for cognome in ("Rossi", "Bianchi", "Verdi"):
        seguita(referente.ente, cognome, "Ada", azione=azione)
    righe = [["Presenti", "Data", "Attività", "Ore"]]
    righe += [["Rossi Ada, Bianchi Ada e Verdi Ada", IL_TRE, "Sportello casa", 2]]

    codice, esito = importa(tmp_path, foglio(righe), referente, "--nomi-unici")

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Prestazione.objects.count() == 1
        assert Partecipazione.objects.count() == 3


def test_cognome_virgola_nome_e_una_persona_sola_se_l_ente_l_ha(
    tmp_path, referente, lina, sportello
):
    righe = [["Beneficiario", "Data", "Servizio"], ["Abate, Lina (12/3/1980)", IL_TRE, "sp. casa"]]

    codice, esito = importa(tmp_path, foglio(righe), referente)

    assert (codice, esito["rifiutate"]) == (0, [])


def test_con_due_casi_serve_l_azione_e_la_colonna_la_dice(tmp_path, referente, lina, sportello):
    altra = AzioneFactory(titolo="Casa subito")
    PresaInCaricoFactory(beneficiario=lina, azione=altra, aperta_il=datetime.date(2024, 1, 1))

    _, senza = importa(tmp_path, foglio([NOMI, _riga()]), referente)
    con = [[*NOMI, "Azione"], [*_riga(), "CASA SUBITO"]]
    codice, _ = importa(tmp_path, foglio(con), referente)

    assert "più d'una azione" in motivi(senza)[2]
    assert codice == 0
    with come(referente):
        assert Prestazione.objects.get().azione == altra


def test_il_servizio_si_riconosce_anche_dalla_voce_della_rete(tmp_path, referente, lina):
    voce = VoceNomenclaturaFactory(codice="HOU.12", nome="Ricerca della casa")
    ServizioFactory(ente=referente.ente, voce=voce, nome="Cerca casa")
    righe = [NOMI, _riga(Servizio="hou.12"), _riga(Servizio="ricerca della casa", Ore=1)]

    codice, esito = importa(tmp_path, foglio(righe), referente)

    assert (codice, esito["rifiutate"]) == (0, [])


def test_operatori_affiancati_modo_e_nota_riservata(tmp_path, referente, lina, sportello):
    collega = attore(ente=referente.ente).utente
    righe = [
        [*NOMI, "Operatore", "Modalità", "Note", "Oggetto"],
        [
            *_riga(),
            f"{collega.cognome} {collega.nome} e {referente.utente.email}",
            *("visita domiciliare", "Preferisce il mattino.", "Primo incontro"),
        ],
    ]

    codice, esito = importa(tmp_path, foglio(righe), referente)

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        scritta = Prestazione.objects.get()
        assert (scritta.operatore, scritta.modo, scritta.oggetto) == (
            collega,
            "domicilio",
            "Primo incontro",
        )
        assert Affiancamento.objects.get().utente == referente.utente
        assert NotaDiPrestazione.objects.get().testo == "Preferisce il mattino."
        assert b"mattino" not in bytes(NotaDiPrestazione.objects.get().testo_cifrato)


def test_persone_senza_nome_solo_nei_servizi_a_bassa_soglia(tmp_path, referente, sportello):
    azione = AzioneFactory()
    ServizioFactory(ente=referente.ente, nome="Mensa", bassa_soglia=True)
    nomi = ["Data", "Servizio", "N. persone"]

    codice, _ = importa(
        *(tmp_path, foglio([nomi, [IL_TRE, "Mensa", 40]]), referente, "--azione", azione.slug)
    )
    _, esito = importa(
        *(tmp_path, foglio([nomi, [IL_TRE, "Sportello casa", 40]])),
        *(referente, "--azione", azione.slug),
    )

    assert codice == 0
    assert "non è a bassa soglia" in motivi(esito)[2]


def test_righe_uguali_e_righe_gia_registrate_si_dicono_e_si_possono_saltare(
    tmp_path, referente, lina, sportello
):
    due_volte = foglio([NOMI, _riga(), _riga()])
    tre = foglio([NOMI, _riga(), _riga(Ore=2)])

    codice, esito = importa(tmp_path, due_volte, referente)
    assert (codice, motivi(esito)) == (
        1,
        {3: "La riga è uguale alla riga 2: togline una, o scegli di saltare i doppioni."},
    )
    assert importa(tmp_path, foglio([NOMI, _riga()]), referente)[0] == 0
    codice, esito = importa(tmp_path, tre, referente)
    assert (codice, list(motivi(esito))) == (1, [2])
    assert "È già nel Registro" in motivi(esito)[2]
    codice, esito = importa(tmp_path, tre, referente, "--doppioni", "salta")

    assert (codice, esito["lette"], esito["valide"]) == (0, 2, 1)
    assert _quante(referente) == 2


def test_chi_non_c_e_si_crea_se_lo_si_chiede_e_si_sa_chi_e(tmp_path, referente, sportello):
    azione = AzioneFactory()
    contenuto = foglio([NOMI, _riga(), _riga(Ore=2), _riga(Cognome="ABATE", Ore=3)])
    scelte = ["--nuove-persone", "--azione", azione.slug, "--canale", "passaparola"]

    codice, esito = importa(tmp_path, contenuto, referente, *scelte)

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Prestazione.objects.count() == 3
        assert len({p.beneficiario_id for p in Partecipazione.objects.all()}) == 1
        assert Partecipazione.objects.first().presa.aperta_il == IL_TRE


def test_chi_non_puo_importare_e_un_ente_sbagliato_leggono_una_frase(tmp_path, referente, lina):
    operatore = attore(ente=referente.ente)
    estraneo = attore(Ruolo.REFERENTE)
    estraneo = type(estraneo)(estraneo.utente, referente.ente, estraneo.ruolo)
    contenuto = foglio([NOMI, _riga()])

    _, di_operatore = importa(tmp_path, contenuto, operatore)
    codice, di_estraneo = importa(tmp_path, contenuto, estraneo)

    assert "non può importare" in motivi(di_operatore)[None]
    assert codice == 1
    assert "lavori per questo ente" in motivi(di_estraneo)[None]


def test_una_colonna_che_il_comando_nomina_vince_su_quella_che_si_indovina(
    tmp_path, referente, lina, sportello
):
    righe = [["Chi", "Quando", "Che cosa", "T"], ["Abate Lina", IL_TRE, "Sportello casa", 90]]
    # «Quando» e «Chi» si indovinano da sé.
    mappa = "Che cosa=servizio, T=durata:minuti"

    codice, esito = importa(tmp_path, foglio(righe), referente, "--colonne", mappa, "--nomi-unici")

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Prestazione.objects.get().minuti == 90


def test_chi_e_unito_a_un_altra_riga_si_riconosce_e_resta_nella_sua_presa(
    tmp_path, referente, lina, sportello
):
    tenuta = BeneficiarioFactory(ente=referente.ente, cognome="Abate", nome="Adalina")
    with come(referente):
        type(lina).objects.filter(pk=lina.pk).update(unito_a=tenuta)

    codice, esito = importa(tmp_path, foglio([NOMI, _riga()]), referente)

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert Partecipazione.objects.get().beneficiario_id == lina.pk
