"""I gesti sui permessi: accordi, basi di legge, consensi, autorizzazioni, ripensamenti."""

from django.utils import timezone

from beneficiari import models
from enti.sistema import come_sistema
from privacy.models import AccordoContitolarita, BaseGiuridica, ParteDiAccordo
from tests.fughe import oracolo
from tests.fughe.mondo import Mondo, giorno
from tests.fughe.oracolo import CONDIVISE, GRUPPI
from tests.fughe.passi import GESTI, gesto, persona_a_caso, uno


# Qui dentro ci sono anche quelli di `passi`.
__all__ = ["GESTI"]


def _alcuni(m: Mondo, voci: tuple, *, tutti: float = 0.4) -> list[str]:
    if m.caso.random() < tutti:
        return list(voci)
    return m.caso.sample(list(voci), m.caso.randint(1, len(voci)))


# Accordi e basi ---------------------------------------------------------------------------


@gesto
def firma_un_accordo(m: Mondo) -> None:
    parti = m.caso.sample(m.enti, m.caso.randint(2, len(m.enti)))
    finalita = _alcuni(m, CONDIVISE, tutti=0.7)
    dal, al = m.caso.choice((-300, -300, -10, 0)), m.caso.choice((None, None, 60, 3, 0))
    _firma(m, parti, finalita, dal, al)


def _firma(m: Mondo, parti: list, finalita: list, dal: int, al: int | None) -> int:
    with come_sistema():
        accordo = AccordoContitolarita.objects.create(
            titolo="Accordo",
            finalita=finalita,
            contenuto="Contenuto.",
            risponde=parti[0],
            contatto="privacy@rete.example",
            dal=giorno(dal),
            al=giorno(al),
        )
        firme = [ParteDiAccordo.objects.create(accordo=accordo, ente=ente) for ente in parti]
    enti = frozenset(ente.pk for ente in parti)
    m.diario.append(f"accordo {accordo.pk} fra {sorted(enti)}: {finalita} da {dal} a {al}")
    m.o.accordi[accordo.pk] = oracolo.Accordo(enti, frozenset(finalita), dal, al)
    m.segna(accordo, ("regola",), storia=("storia_di_regola",))
    for firma in firme:
        m.segna(firma, ("regola",))
    return accordo.pk


@gesto
def finisce_un_accordo(m: Mondo) -> None:
    numero = uno(m, m.o.accordi)
    if numero is None:
        return
    al = m.caso.choice((-400, -1, 0, 2, 20))
    with come_sistema():
        m.tenta(
            m.o.finisci_accordo(numero, al),
            lambda: AccordoContitolarita.objects.filter(pk=numero).update(al=giorno(al)),
            f"accordo {numero} finisce {al}",
        )


@gesto
def nasce_una_base(m: Mondo) -> None:
    """Basi di legge per tutti i gruppi di una finalità; una sola volta per coppia."""
    finalita = m.caso.choice(CONDIVISE)
    gia = {(b.finalita, b.gruppo) for b in m.o.basi.values()}
    dal, al = m.caso.choice((-300, -5, 0)), m.caso.choice((None, None, 40, 1))
    for gruppo in ["anagrafica", *_alcuni(m, GRUPPI[1:])]:
        if (finalita, gruppo) in gia:
            continue
        consenso = m.caso.random() < 0.15
        with come_sistema():
            base = BaseGiuridica.objects.create(
                finalita=finalita,
                gruppo=gruppo,
                lettera_art6="e",
                lettera_art9="g",
                fonte="L. 328/2000",
                serve_consenso=consenso,
                dal=giorno(dal),
                al=giorno(al),
            )
        m.o.basi[base.pk] = oracolo.Base(finalita, gruppo, consenso, dal, al)
        m.segna(base, ("regola",), storia=("storia_di_regola",))
    m.diario.append(f"basi per {finalita} da {dal} a {al}")


@gesto
def finisce_una_base(m: Mondo) -> None:
    numero = uno(m, m.o.basi)
    if numero is None:
        return
    al = m.caso.choice((-1, 0, 2, 20))
    with come_sistema():
        m.tenta(
            m.o.finisci_base(numero, al),
            lambda: BaseGiuridica.objects.filter(pk=numero).update(al=giorno(al)),
            f"base {numero} {m.o.basi[numero].finalita}/{m.o.basi[numero].gruppo} finisce {al}",
        )


# Ciò che la persona permette ----------------------------------------------------------------


@gesto
def dice_si_o_no(m: Mondo) -> None:
    persona = persona_a_caso(m)
    informative = [
        i for i in m.o.informative if m.righe["privacy_informativa", i][1] == persona.ente_id
    ]
    informativa = m.caso.choice((informative[0], informative[0], informative[-1]))
    ammesse = tuple(m.o.informative[informativa][0]) if m.caso.random() < 0.7 else CONDIVISE
    finalita = _alcuni(m, tuple(sorted(ammesse)), tutti=0.6)
    gruppi = sorted({"anagrafica", *_alcuni(m, GRUPPI)})
    altri = [ente.pk for ente in m.enti if ente.pk != persona.ente_id]
    destinatari = None if m.caso.random() < 0.5 else frozenset(m.caso.sample(altri, 1))
    firma_lei = m.caso.random() < 0.6
    detto = oracolo.Consenso(
        persona=persona.pk,
        prestato=m.caso.random() < 0.85,
        finalita=frozenset(finalita),
        gruppi=frozenset(gruppi),
        destinatari=destinatari,
        dal=m.caso.choice((-310, -250, -100, -100, -20, 0, 1)),
        al=m.caso.choice((None, None, None, 30, 2, -5)),
    )
    _raccogli(m, persona, informativa, detto, firma_lei=firma_lei)


def _raccogli(m: Mondo, persona, informativa: int, detto, *, firma_lei: bool) -> int | None:
    dal, al = detto.dal, detto.al
    with come_sistema(persona.ente) as sistema:
        riga = m.tenta(
            m.o.consenti(-1, informativa, firma_lei, detto),
            lambda: models.Consenso.objects.create(
                ente=persona.ente,
                beneficiario=persona,
                informativa_id=informativa,
                esito="prestato" if detto.prestato else "rifiutato",
                finalita=sorted(detto.finalita),
                gruppi=sorted(detto.gruppi),
                destinatari=sorted(detto.destinatari or ()),
                tutta_la_rete=detto.destinatari is None,
                canale="carta",
                firmatario="persona" if firma_lei else "genitore",
                nome_firmatario="" if firma_lei else "Madre",
                titolo_firmatario="" if firma_lei else "Stato di famiglia",
                dato_il=giorno(dal),
                valido_fino_al=giorno(al),
                raccolto_da=sistema.utente,
            ),
            f"consenso di {persona.cognome}: {detto}",
        )
    if riga is None:
        return None
    m.o.consensi[riga.pk] = m.o.consensi.pop(-1)
    m.segna(riga, ("dell_ente", persona.ente_id))
    return riga.pk


@gesto
def ci_ripensa(m: Mondo) -> None:
    numero = uno(m, m.o.consensi)
    if numero is None:
        return
    persona = m.persone[m.o.consensi[numero].persona]
    with come_sistema(persona.ente) as sistema:
        revoca = m.tenta(
            m.o.revoca_consenso(numero),
            lambda: models.RevocaConsenso.objects.create(
                ente=persona.ente,
                beneficiario=persona,
                consenso_id=numero,
                raccolta_da=sistema.utente,
            ),
            f"revoca del consenso {numero}",
        )
    if revoca is not None:
        m.segna(revoca, ("dell_ente", persona.ente_id))


@gesto
def condivide(m: Mondo) -> None:
    """Prova a condividere: di solito su ciò che c'è, così molte volte riesce."""
    consenso = uno(m, m.o.consensi) if m.caso.random() < 0.75 else None
    detto = m.o.consensi.get(consenso)
    persona = m.persone[detto.persona] if detto and m.caso.random() < 0.9 else persona_a_caso(m)
    accordo = uno(m, m.o.accordi)
    if accordo is None:
        return
    altri = sorted(m.o.accordi[accordo].enti - {persona.ente_id}) or [persona.ente_id]
    livello = m.caso.choices(("completo", "sintesi", "esistenza"), (8, 1, 1))[0]
    gruppi = {
        "completo": {"anagrafica", *_alcuni(m, tuple(sorted(detto.gruppi)) if detto else GRUPPI)},
        "sintesi": set(_alcuni(m, ("prestazioni", "bisogni", "bisogni"))),
        "esistenza": set(),
    }[livello]
    finalita = m.caso.choice(sorted(m.o.accordi[accordo].finalita))
    dal, al = m.caso.choice((-90, -15, 0, 0, 1, 5)), m.caso.choice((-1, 0, 0, 1, 15, 20, 50))
    data = oracolo.Autorizzazione(
        persona.pk,
        m.caso.choice(altri),
        livello,
        frozenset(gruppi),
        finalita,
        consenso,
        accordo,
        dal,
        al,
    )
    _concedi(m, persona, data)


def _concedi(m: Mondo, persona, data: oracolo.Autorizzazione) -> None:
    with come_sistema(persona.ente) as sistema:
        riga = m.tenta(
            m.o.autorizza(-1, data),
            lambda: models.Autorizzazione.objects.create(
                ente=persona.ente,
                destinatario_id=data.destinatario,
                beneficiario=persona,
                livello=data.livello,
                gruppi=sorted(data.gruppi),
                finalita=data.finalita,
                fondamento="legge" if data.consenso is None else "consenso",
                consenso_id=data.consenso,
                accordo_id=data.accordo,
                dal=giorno(data.dal),
                al=giorno(data.al),
                concessa_da=sistema.utente,
            ),
            f"autorizzazione {data}",
        )
    if riga is not None:
        m.o.autorizzazioni[riga.pk] = m.o.autorizzazioni.pop(-1)
        regola = ("autorizzazione", persona.ente_id, data.destinatario, riga.pk)
        m.segna(riga, regola, storia=persona.ente_id)


@gesto
def condivide_per_intero(m: Mondo) -> None:
    """Accordo, consenso e autorizzazione che si reggono: la strada che di solito riesce."""
    persona = persona_a_caso(m)
    altro = m.caso.choice([ente for ente in m.enti if ente.pk != persona.ente_id])
    larga = min(
        i for i in m.o.informative if m.righe["privacy_informativa", i][1] == persona.ente_id
    )
    adulta = m.o.persone[persona.pk].diciotto is None
    accordo = _firma(m, [persona.ente, altro], list(CONDIVISE), -300, None)
    # Ogni tanto il consenso non basta a ciò che si concede, o la condivisione non è di oggi.
    finalita = CONDIVISE if m.caso.random() < 0.7 else (m.caso.choice(CONDIVISE),)
    detto = oracolo.Consenso(
        persona.pk, True, frozenset(finalita), frozenset(GRUPPI), None, -100, None
    )
    consenso = _raccogli(m, persona, larga, detto, firma_lei=adulta)
    if consenso is None:
        return
    livello, gruppi = m.caso.choice(
        [("completo", {"anagrafica", *_alcuni(m, GRUPPI)})] * 4
        + [("sintesi", {"prestazioni", "bisogni"}), ("esistenza", set())]
    )
    dal, al = m.caso.choice(((0, 0), (-90, 0), (-15, 20), (0, 50), (-90, -1), (1, 20)))
    data = oracolo.Autorizzazione(
        persona.pk,
        altro.pk,
        livello,
        frozenset(gruppi),
        m.caso.choice(CONDIVISE),
        consenso,
        accordo,
        dal,
        al,
    )
    _concedi(m, persona, data)


@gesto
def ritira(m: Mondo) -> None:
    numero = uno(m, m.o.autorizzazioni)
    if numero is None:
        return
    data = m.o.autorizzazioni[numero]
    m.diario.append(f"autorizzazione {numero} ritirata")
    with come_sistema(m.persone[data.persona].ente) as sistema:
        models.Autorizzazione.objects.filter(pk=numero).update(
            revocata_il=timezone.now(), revocata_da=sistema.utente
        )
    data.revocata = True
