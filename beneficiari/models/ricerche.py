"""Le domande che un elenco di persone fa al database: chi è seguito, da chi, chi ha quel codice."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from beneficiari.codici import FORME_NORMALI, CodiceErrato, pulito
from beneficiari.models.casi import PresaInCarico, PresaInCaricoQuerySet
from beneficiari.models.nuclei import Componente
from beneficiari.models.persone import Beneficiario, BeneficiarioQuerySet, Identificativo
from enti.models import Ente


def hanno(prese: PresaInCaricoQuerySet) -> Q:
    """La condizione su Beneficiario: ha almeno una di `prese`, sua, di una riga che un'unione le
    ha dato, o del nucleo in cui vive ora."""
    chi = Coalesce("beneficiario__unito_a", "beneficiario")
    sue = prese.filter(beneficiario__isnull=False).annotate(chi=chi).values("chi")
    dei_nuclei = prese.filter(nucleo__isnull=False).values("nucleo")
    conviventi = Componente.objects.filter(al=None, nucleo__in=dei_nuclei).annotate(chi=chi)
    return Q(pk__in=sue) | Q(pk__in=conviventi.values("chi"))


def prese_delle_persone(
    persone: Sequence[Beneficiario], ente: Ente
) -> dict[int, list[PresaInCarico]]:
    """Le prese in carico di ogni persona dell'elenco, per chiave; le aperte prima, poi le recenti.

    Comprende quelle delle righe assorbite e dei nuclei di cui la persona fa parte ora. Di ognuna si
    legge ciò che sta in una riga (`in_breve()`).
    """
    di_chi = {persona.pk: persona.pk for persona in persone}
    assorbite = Beneficiario.objects.di(ente).filter(unito_a__in=list(di_chi)).per_calcolo()
    di_chi |= dict(assorbite.values_list("pk", "unito_a"))
    membri = Componente.objects.filter(ente=ente, beneficiario__in=list(di_chi), al=None)
    nuclei = defaultdict(set)
    for persona, nucleo in membri.per_calcolo().values_list("beneficiario", "nucleo"):
        nuclei[nucleo].add(di_chi[persona])
    prese = PresaInCarico.objects.di(ente).filter(
        Q(beneficiario__in=list(di_chi)) | Q(nucleo__in=list(nuclei))
    )
    trovate = defaultdict(list)
    for presa in prese.in_breve().order_by("-aperta_il", "-pk"):
        for persona in nuclei.get(presa.nucleo_id) or {di_chi[presa.beneficiario_id]}:
            trovate[persona].append(presa)
    return {chi: sorted(sue, key=lambda presa: not presa.aperta) for chi, sue in trovate.items()}


def sembra_un_codice(testo: str) -> bool:
    """Vero per ciò che ha una cifra: nessun nome ne ha."""
    return any(segno.isdigit() for segno in testo)


def con_questo_codice(ente: Ente, testo: str) -> BeneficiarioQuerySet:
    """Le persone dell'ente che hanno quel codice (fiscale, provvisorio, STP, ENI, o anonimo).

    Confronto esatto, con l'indice cieco. Solleva CodiceErrato se non può essere nessuno di
    questi codici e non è il codice di un accesso anonimo.
    """
    scritto = pulito(testo)
    indici, errori = [], []
    for tipo, forma in FORME_NORMALI.items():
        try:
            indici.append(Identificativo.indice_di(tipo, ente=ente.pk, normale=forma(scritto)))
        except CodiceErrato as errore:
            errori.append((tipo, errore))
    dell_ente = Beneficiario.objects.di(ente)
    anonimi = dell_ente.filter(anonimo=True, codice_anonimo=scritto)
    if not indici:
        if anonimi.exists():
            return anonimi
        raise _errore_piu_utile(scritto, errori)
    codici = Identificativo.objects.filter(ente=ente, indice__in=indici)
    # Chi aveva quel codice su una riga assorbita si trova sulla riga tenuta.
    delle_assorbite = codici.filter(beneficiario__unito_a=OuterRef("pk"))
    return dell_ente.presenti().filter(
        Q(pk__in=codici.values("beneficiario")) | Exists(delle_assorbite) | Q(pk__in=anonimi)
    )


def _errore_piu_utile(scritto: str, errori: list[tuple[str, CodiceErrato]]) -> CodiceErrato:
    """L'errore del tipo che chi scrive aveva in mente, riconosciuto da come comincia il codice."""
    per_tipo = dict(errori)
    if scritto.startswith("STP"):
        return per_tipo["stp"]
    if scritto.startswith("ENI"):
        return per_tipo["eni"]
    return per_tipo["cf-provvisorio" if scritto.isdecimal() else "cf"]
