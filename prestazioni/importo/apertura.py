"""Aprire un foglio: quale tabella, quali colonne, e che cosa manca per capirlo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from enti.models import Ente
from prestazioni.importo.campi import (
    CAMPI,
    MOTIVO_DEL_RIFIUTO,
    OBBLIGATORI,
    RIGA_NEL_FOGLIO,
    campo,
)
from prestazioni.importo.tipi import Scelte
from prestazioni.models import AbbinamentoColonne, Importazione
from registro.comune.fogli import struttura
from registro.comune.fogli.celle import Cella, CellaGuasta, Foglio, Libro, Riga, vuota
from registro.comune.fogli.colonne import SICURA, accoppia, chiave
from registro.comune.fogli.forme import FormaNonCapita, testo
from registro.comune.fogli.guardia import FoglioRifiutato
from registro.comune.fogli.struttura import Tabella


ESEMPI = 5
_ALTRI_FOGLI = (
    "Nel file ci sono altri fogli con le stesse colonne ({quali}): se ne importa uno alla volta."
)
_NOSTRE = frozenset(map(chiave, (RIGA_NEL_FOGLIO, MOTIVO_DEL_RIFIUTO)))
_NON_SI_LEGGONO = "Le colonne che il Registro ha aggiunto alle righe rifiutate non si leggono."
_SOLO_LE_NOSTRE = "Nel foglio ci sono solo le colonne aggiunte dal Registro: rimetti le tue."


@dataclass(frozen=True, slots=True)
class Proposta:
    """Ciò che si è capito di un foglio, da confermare o correggere.

    `fogli` sono i nomi di quelli visibili. Per ogni colonna, nello stesso ordine: `posti` la
    lettera, `intestazioni` il nome; `colonne` dà il campo proposto per lettera e `fiducia` quanto
    (da 0 a 1; 1 anche quando l'ente l'ha già abbinata così). `esempi` sono le prime righe, come
    testo. `mancano`: frasi su ciò che serve e non si trova; vuoto se si può esaminare.
    """

    fogli: tuple[str, ...]
    foglio: str
    riga_intestazione: int
    posti: tuple[str, ...]
    intestazioni: tuple[str, ...]
    colonne: dict[str, str]
    fiducia: dict[str, float]
    esempi: tuple[tuple[str, ...], ...]
    righe: int
    non_lette: tuple[tuple[int, str], ...]
    avvisi: tuple[str, ...]
    mancano: tuple[str, ...]


def apri(libro: Libro, *, tipo: str, scelte: Scelte) -> tuple[Foglio, Tabella]:
    """Il foglio scelto (il più probabile, se non si è scelto) e la sua tabella.

    Solleva FoglioRifiutato, anche se quello scelto non c'è: un altro non è ciò che si è chiesto.
    """
    note = _note(tipo)
    if scelte.foglio:
        foglio = _chiamato(libro, scelte.foglio)
    else:
        foglio = struttura.scegli_foglio(libro, note=note)
    intera = struttura.tabella(foglio, note=note, riga_intestazione=scelte.riga_intestazione)
    return foglio, _senza_le_nostre(intera)


def _chiamato(libro: Libro, nome: str) -> Foglio:
    """Il foglio con quel nome, anche nascosto; solleva FoglioRifiutato dicendo quali ci sono."""
    foglio = next((f for f in libro.fogli if f.nome == nome), None)
    if foglio is None:
        nomi = ", ".join(f"«{f.nome}»" for f in libro.fogli if f.nome and not f.nascosto)
        ci_sono = f"ci sono {nomi}" if nomi else "è un CSV, che ha un foglio solo e senza nome"
        raise FoglioRifiutato(f"Nel file non c'è un foglio «{nome}»: {ci_sono}.")
    return foglio


def avvisi_di(libro: Libro, foglio: Foglio, tabella: Tabella, tipo: str) -> tuple[str, ...]:
    """Le frasi che valgono per tutto il foglio."""
    altri = struttura.altri_fogli(libro, foglio, note=_note(tipo))
    anche = (_ALTRI_FOGLI.format(quali=", ".join(altri)),) if altri else ()
    return (*tabella.avvisi, *anche)


def proponi(libro: Libro, *, tipo: str, scelte: Scelte, ente: Ente) -> Proposta:
    """Che cosa sembra il foglio; le scelte già fatte vincono. Solleva FoglioRifiutato."""
    foglio, tabella = apri(libro, tipo=tipo, scelte=scelte)
    colonne, fiducia = abbina(tabella, tipo=tipo, scelte=scelte, ente=ente)
    return Proposta(
        fogli=tuple(f.nome for f in libro.fogli if not f.nascosto),
        foglio=foglio.nome,
        riga_intestazione=tabella.riga_intestazione,
        posti=tabella.posti,
        intestazioni=tabella.intestazioni,
        colonne=colonne,
        fiducia=fiducia,
        esempi=tuple(tuple(map(mostra, riga.celle)) for riga in tabella.righe[:ESEMPI]),
        righe=len(tabella.righe),
        non_lette=tuple((riga.numero, riga.motivo) for riga in tabella.saltate),
        avvisi=avvisi_di(libro, foglio, tabella, tipo),
        mancano=mancano(tipo, colonne.values()),
    )


def abbina(
    tabella: Tabella, *, tipo: str, scelte: Scelte, ente: Ente
) -> tuple[dict[str, str], dict[str, float]]:
    """Lettera → campo, e lettera → fiducia: le scelte, poi i ricordi dell'ente, poi le somiglianze."""
    noti = {voce.nome for voce in CAMPI[tipo]}
    decise = {p: c for p, c in scelte.colonne.items() if p in tabella.posti and c in {*noti, ""}}
    if scelte.colonne:
        scelto = {posto: nome for posto, nome in decise.items() if nome}
        return scelto, dict.fromkeys(scelto, SICURA)
    ricordate = _ricordate(tabella, tipo, ente)
    presi = set(ricordate.values())
    liberi = [voce.da_abbinare for voce in CAMPI[tipo] if voce.nome not in presi]
    # Il posto di una colonna già nota resta, vuoto: le altre si contano come nel foglio.
    nomi = [
        "" if posto in ricordate else nome
        for posto, nome in zip(tabella.posti, tabella.intestazioni, strict=True)
    ]
    colonne = {posto: nome for posto, nome in ricordate.items() if nome}
    fiducia = dict.fromkeys(colonne, SICURA)
    for voce in accoppia(nomi, liberi):
        posto = tabella.posti[voce.colonna]
        colonne[posto] = voce.campo.replace(" ", "_")
        fiducia[posto] = voce.fiducia
    if tipo == Importazione.Tipo.PRESTAZIONI:
        _conta_invece_di_nominare(tabella, colonne)
    return colonne, fiducia


def completa(tabella: Tabella, *, tipo: str, scelte: Scelte, ente: Ente) -> dict[str, str]:
    """Le colonne scelte, e per le altre ciò che si propone: chi ne nomina una non le nomina tutte."""
    proposte, _ = abbina(tabella, tipo=tipo, scelte=scelte.con(colonne={}), ente=ente)
    scelti = set(scelte.colonne.values())
    libere = {
        posto: nome
        for posto, nome in proposte.items()
        if posto not in scelte.colonne and nome not in scelti
    }
    return {**libere, **scelte.colonne}


def _conta_invece_di_nominare(tabella: Tabella, colonne: dict[str, str]) -> None:
    """Una colonna «persone» con soli numeri dice quante erano, non chi."""
    posto = next((posto for posto, nome in colonne.items() if nome == "persona"), None)
    if posto is None or "senza_nome" in colonne.values():
        return
    numero = tabella.posti.index(posto)
    scritte = [riga.celle[numero] for riga in tabella.righe if not vuota(riga.celle[numero])]
    if scritte and all(_e_un_numero(cella) for cella in scritte):
        colonne[posto] = "senza_nome"


def _e_un_numero(cella: Cella) -> bool:
    return isinstance(cella, int | float) or (isinstance(cella, str) and cella.strip().isdecimal())


def ricorda(tabella: Tabella, colonne: Mapping[str, str], *, tipo: str, ente: Ente) -> None:
    """Tiene a mente come l'ente chiama le colonne: la prossima volta si propongono così."""
    nomi = {}
    for posto, intestazione in zip(tabella.posti, tabella.intestazioni, strict=True):
        nomi.setdefault(chiave(intestazione)[:200], colonne.get(posto, ""))
    AbbinamentoColonne.objects.bulk_create(
        [
            AbbinamentoColonne(ente=ente, tipo=tipo, intestazione=nome, campo=campo_scelto)
            for nome, campo_scelto in nomi.items()
            if nome
        ],
        update_conflicts=True,
        unique_fields=["ente", "tipo", "intestazione"],
        update_fields=["campo", "usato_il"],
    )


def mancano(tipo: str, campi: Sequence[str]) -> tuple[str, ...]:
    """Le frasi su ciò che serve e nessuna colonna dice."""
    presenti = set(campi)
    frasi = []
    for gruppo in OBBLIGATORI[tipo]:
        if not presenti & set(gruppo):
            nomi = " o ".join(f"«{campo(tipo, nome).etichetta}»" for nome in gruppo)
            frasi.append(f"Nessuna colonna dice {nomi}: scegli quale è.")
    return tuple(frasi)


def esigi(tipo: str, colonne: Mapping[str, str]) -> None:
    """Ferma con FoglioRifiutato un foglio a cui manca ciò che serve."""
    if frasi := mancano(tipo, tuple(colonne.values())):
        raise FoglioRifiutato(" ".join(frasi))


def mostra(cella: Cella) -> str:
    """Una cella come la si legge; di una guasta si dice che cos'ha."""
    if isinstance(cella, CellaGuasta):
        return f"({cella.frase})"
    if vuota(cella):
        return ""
    try:
        return testo(cella)
    except FormaNonCapita as errore:
        return errore.frase


def _senza_le_nostre(tabella: Tabella) -> Tabella:
    """La tabella senza le colonne che il Registro aggiunge alle righe rifiutate.

    Solleva FoglioRifiutato se non ne restano altre.
    """
    tenute = [p for p, nome in enumerate(tabella.intestazioni) if chiave(nome) not in _NOSTRE]
    if len(tenute) == len(tabella.intestazioni):
        return tabella
    if not tenute:
        raise FoglioRifiutato(_SOLO_LE_NOSTRE)
    return replace(
        tabella,
        intestazioni=tuple(tabella.intestazioni[p] for p in tenute),
        posti=tuple(tabella.posti[p] for p in tenute),
        righe=tuple(
            Riga(riga.numero, tuple(riga.celle[p] for p in tenute)) for riga in tabella.righe
        ),
        avvisi=(*tabella.avvisi, _NON_SI_LEGGONO),
    )


def _note(tipo: str) -> frozenset[str]:
    return frozenset(
        chiave(nome)
        for voce in CAMPI[tipo]
        for nome in (voce.nome.replace("_", " "), voce.etichetta, *voce.sinonimi)
    )


def _ricordate(tabella: Tabella, tipo: str, ente: Ente) -> dict[str, str]:
    """Le colonne che l'ente ha già abbinato, anche a niente; un campo va a una colonna sola."""
    note = dict(
        AbbinamentoColonne.objects.filter(ente=ente, tipo=tipo).values_list(
            "intestazione", "campo"
        )
    )
    noti = {voce.nome for voce in CAMPI[tipo]}
    ricordate, presi = {}, set()
    for posto, nome in zip(tabella.posti, tabella.intestazioni, strict=True):
        campo_noto = note.get(chiave(nome)[:200])
        if campo_noto is None or campo_noto in presi or campo_noto not in {*noti, ""}:
            continue
        ricordate[posto] = campo_noto
        presi |= {campo_noto} - {""}
    return ricordate
