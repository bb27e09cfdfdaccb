"""Com'è andato un tirocinio: quante ore sulle previste, quanto dura, com'è finito."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from prestazioni.codici import TIROCINIO_CONCLUSO, TIROCINIO_INTERROTTO
from prestazioni.models import PARTE_DI_ORE, Tirocinio
from registro.comune.mesi import mesi_fra


# Mesi al più, per tipo: per tutti, per chi è svantaggiato, per chi ha una disabilità.
DURATE = {
    Tirocinio.Tipo.EXTRACURRICULARE: (6, 12, 24),
    Tirocinio.Tipo.INCLUSIONE: (24, 24, 24),
}


@dataclass(frozen=True)
class OreDiTirocinio:
    """Le ore fatte sulle previste. Vuoto vuol dire che non è scritto, mai zero."""

    svolte: int | None
    previste: int | None

    @property
    def parte(self) -> Decimal | None:
        """La parte fatta, da 0 in su; None se manca uno dei due numeri."""
        if self.svolte is None or not self.previste:
            return None
        return Decimal(self.svolte) / self.previste

    @property
    def percento(self) -> Decimal | None:
        """La parte in percentuale, con un decimale: quanto basta a non dire 75 di un 74,96."""
        if self.parte is None:
            return None
        return (self.parte * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def servono(self) -> Decimal | None:
        """Le ore che bastano perché sia concluso."""
        return None if not self.previste else self.previste * PARTE_DI_ORE

    @property
    def esito(self) -> str | None:
        """Il codice dell'esito che le ore dicono; None se non si può dire."""
        if self.parte is None:
            return None
        return TIROCINIO_CONCLUSO if self.parte >= PARTE_DI_ORE else TIROCINIO_INTERROTTO


def ore_di(tirocinio: Tirocinio) -> OreDiTirocinio:
    return OreDiTirocinio(tirocinio.ore_svolte, tirocinio.ore_previste)


def troppo_lungo(tirocinio: Tirocinio) -> str:
    """La frase che avverte se il tirocinio dura più di quanto si può; vuota se va bene.

    Avverte e non ferma: le regole hanno eccezioni, e chi le conosce è chi l'ha firmato.
    """
    durate = DURATE.get(Tirocinio.Tipo(tirocinio.tipo))
    mesi = mesi_fra(tirocinio.inizio, tirocinio.fine or tirocinio.fine_prevista)
    if durate is None or mesi <= durate[0]:
        return ""
    tipo = tirocinio.get_tipo_display()
    per_tutti, svantaggio, disabilita = durate
    if mesi > disabilita:
        return (
            f"Dura {mesi} mesi: un tirocinio {tipo} non passa i {disabilita}, proroghe comprese."
        )
    if mesi > svantaggio:
        chi = "con una disabilità"
    else:
        chi = f"in una condizione di svantaggio (fino a {svantaggio}) o con una disabilità"
    return f"Dura {mesi} mesi: un tirocinio {tipo} ne dura al più {per_tutti}, di più solo per chi è {chi}."
