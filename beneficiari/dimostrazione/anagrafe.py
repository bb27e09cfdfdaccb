"""Le righe di anagrafica di un ente: persone, recapiti, codici, nuclei."""

from datetime import timedelta

from beneficiari.codici import FORME_NORMALI
from beneficiari.dimostrazione.inventa import MAGGIORE_ETA, Inventata
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.scena import Persona, Scena
from beneficiari.models import Beneficiario, Componente, Identificativo, Nucleo, Recapito
from registro.comune.ricerca import forma_normale


_RISERVATI = 2


def prepara_anagrafe(scena: Scena, materiale: Materiale) -> None:
    """Mette in conto tutte le persone della scena e ciò che le identifica."""
    di_famiglia = {}
    for famiglia in scena.inventate.famiglie:
        chi = scena.uno_della_squadra()
        di_famiglia |= {persona: chi for persona, _, _ in famiglia.componenti}
    for inventata in scena.inventate.persone:
        chi = di_famiglia.get(inventata) or scena.uno_della_squadra()
        persona = Persona(inventata, _riga(scena, inventata), chi)
        persona.riga.inserito_da = chi.utente
        scena.persone[inventata] = persona
        scena.scrive(chi, persona.riga)
        if not inventata.anonima:
            scena.scrive(chi, _codice(persona))
            scena.scrive(chi, *_recapiti(scena, persona, materiale))
    _indirizzi_riservati(scena, materiale)
    for famiglia in scena.inventate.famiglie:
        _nucleo(scena, famiglia.tipologia, famiglia.componenti)


def _riga(scena: Scena, chi: Inventata) -> Beneficiario:
    # `bulk_create` non passa da `save`: la forma in cui si cerca si scrive qui.
    return Beneficiario(
        ente=scena.ente,
        cognome=chi.cognome,
        nome=chi.nome,
        nome_scelto=chi.nome_scelto,
        nome_cercato=forma_normale(f"{chi.cognome} {chi.nome} {chi.nome_scelto}"),
        data_nascita=chi.nascita,
        nascita_stimata=chi.stimata,
        genere=chi.genere,
        cittadinanze=[] if chi.anonima else [chi.paese],
        lingue=chi.lingue,
        comune=chi.comune,
        anonimo=bool(chi.anonima),
        codice_anonimo=chi.anonima,
        inserito_il=scena.istante(scena.giorni_fa(1, 300)),
    )


def _codice(persona: Persona) -> Identificativo:
    tipo, valore = persona.inventata.codice
    riga = Identificativo(ente=persona.riga.ente, beneficiario=persona.riga, tipo=tipo)
    if tipo == Identificativo.Tipo.NESSUNO:
        riga.motivo_assenza = valore
    else:
        riga.scrivi_valore(valore, normale=FORME_NORMALI[tipo](valore))
    return riga


def _recapiti(scena: Scena, persona: Persona, materiale: Materiale) -> list[Recapito]:
    """Un telefono a quasi tutti, a molti un indirizzo, a qualcuno la posta. I numeri cominciano
    con prefissi che nessuno ha."""
    caso, chi = scena.caso, persona.inventata
    di_lei = {"ente": scena.ente, "beneficiario": persona.riga}
    recapiti = []
    if (chi.eta(scena.oggi) or MAGGIORE_ETA) >= MAGGIORE_ETA - 4 and caso.random() < 0.9:
        numero = (
            f"{caso.choice(('300', '300', scena.piano['prefisso']))} 000{caso.randrange(1000):04d}"
        )
        avvertenza = caso.choice(materiale.comuni["avvertenze"]) if caso.random() < 0.3 else ""
        recapiti.append(
            Recapito(**di_lei, tipo=Recapito.Tipo.TELEFONO, valore=numero, avvertenza=avvertenza)
        )
    if caso.random() < 0.55:
        recapiti.append(Recapito(**di_lei, **_indirizzo(scena, chi, materiale)))
    if (chi.eta(scena.oggi) or 0) >= MAGGIORE_ETA and caso.random() < 0.35:
        casella = forma_normale(f"{chi.nome} {chi.cognome}").replace(" ", ".").replace("'", "")
        recapiti.append(
            Recapito(**di_lei, tipo=Recapito.Tipo.POSTA, valore=f"{casella}@posta.example")
        )
    return recapiti


def _indirizzo(scena: Scena, chi: Inventata, materiale: Materiale) -> dict[str, str]:
    via = scena.caso.choice(materiale.comuni["vie"])
    return {
        "tipo": Recapito.Tipo.INDIRIZZO,
        "valore": f"{via} {scena.caso.randint(1, 90)}, {chi.comune}",
        "tipo_residenza": scena.caso.choices(("RES", "DOM", "FITT", "ACC"), (70, 18, 5, 7))[0],
    }


def _indirizzi_riservati(scena: Scena, materiale: Materiale) -> None:
    """Un indirizzo che vedono solo chi segue la persona e il referente."""
    adulte = [
        persona
        for persona in scena.persone.values()
        if (persona.inventata.eta(scena.oggi) or 0) >= MAGGIORE_ETA
    ]
    for persona in scena.caso.sample(adulte, _RISERVATI):
        altro = scena.referente if persona.chi != scena.referente else scena.squadra[0]
        indirizzo = _indirizzo(scena, persona.inventata, materiale) | {"tipo_residenza": "ACC"}
        riservato = Recapito(
            ente=scena.ente,
            beneficiario=persona.riga,
            riservato=True,
            custode=persona.chi.utente,
            altro_custode=altro.utente if altro != persona.chi else None,
            **indirizzo,
        )
        scena.scrive(persona.chi, riservato)


def _nucleo(scena: Scena, tipologia: str, componenti: list[tuple[Inventata, str, bool]]) -> None:
    dal = scena.giorni_fa(60, 700)
    nucleo = Nucleo(ente=scena.ente, tipologia=tipologia, creato_il=dal)
    persone = [scena.persone[inventata] for inventata, _, _ in componenti]
    chi = persone[0].chi
    scena.scrive(chi, nucleo)
    for persona, (_, ruolo, convivente) in zip(persone, componenti, strict=True):
        appartiene = Componente(
            ente=scena.ente,
            nucleo=nucleo,
            beneficiario=persona.riga,
            ruolo=ruolo,
            convivente=convivente,
            dal=dal,
        )
        if ruolo == "genitore" and scena.caso.random() < 0.5:
            # Ha vissuto con loro, e poi è tornata a casa sua.
            appartiene.al = min(dal + timedelta(scena.caso.randint(30, 300)), scena.oggi)
        scena.scrive(chi, appartiene)
    scena.famiglie.append((nucleo, persone))
