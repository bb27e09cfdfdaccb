"""A che punto è il PDF di un'edizione, per le pagine che lo mostrano."""

from dataclasses import dataclass

from report.models import DocumentoRapporto, Rapporto


RECENTI = 10


@dataclass(frozen=True, slots=True)
class StatoPdf:
    """`pronto`: quello da scaricare. `in_corso`: quello che si prepara. `fallito`: l'ultimo, se
    non è riuscito. Ognuno può mancare."""

    pronto: DocumentoRapporto | None
    in_corso: DocumentoRapporto | None
    fallito: DocumentoRapporto | None


def stato_del_pdf(rapporto: Rapporto) -> StatoPdf:
    """Lo stato del PDF di `rapporto`, fra le righe che il database mostra a chi chiede."""
    documenti = list(DocumentoRapporto.objects.del_rapporto(rapporto)[:RECENTI])
    stati = DocumentoRapporto.Stato
    pronti = [
        documento
        for documento in documenti
        if documento.stato == stati.PRONTO and documento.impronta_contenuto == rapporto.impronta
    ]
    in_corso = [
        documento for documento in documenti if documento.stato in documento.STATI_IN_CORSO
    ]
    ultimo_fallito = documenti[:1] if documenti and documenti[0].stato == stati.FALLITO else []
    return StatoPdf(*(next(iter(voci), None) for voci in (pronti, in_corso, ultimo_fallito)))
