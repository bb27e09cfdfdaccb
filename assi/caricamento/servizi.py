"""I vocabolari di ciò che si fa: unità di misura, nomenclatura dei servizi, esiti."""

from collections.abc import Iterator, Mapping

from assi.caricamento.lettore import SI_O_NO, Lettore, piu_valori
from assi.models import Asse, TipoDiEsito, UnitaDiMisura, VoceNomenclatura
from registro.comune.tassonomie import Riga


# Si contano anche a pezzi («2,5 ore»); le altre unità sono intere.
_A_PEZZI = frozenset({"ora", "euro"})
# Le quantità si sommano sempre: un'unità che non si può sommare qui non ha posto.
_SOMMA = {"si": True}
_SEGNI = {segno.value: segno for segno in TipoDiEsito.Segno}
_DURATE = {durata.value: durata for durata in VoceNomenclatura.Durata}
_A_CHI = {chi.value: chi.value for chi in VoceNomenclatura.A}
_WELFARE = {
    categoria: categoria
    for categoria in ("familycare", "childcare", "silvercare", "youcare", "imprese")
}
_COLONNE = (
    *("codice", "nome", "macroarea", "siuss", "l328_art22", "leps", "asse", "assi_secondari"),
    *("welfare", "modalita", "unita_misura", "durata_tipo", "isee_rilevante", "stato"),
)


def leggi_unita(lettore: Lettore) -> list[UnitaDiMisura]:
    """In che cosa si contano le prestazioni."""
    righe = lettore.righe("servizi/unita_misura.csv", ("codice", "nome", "somma_possibile"))
    for riga in righe:
        lettore.una_fra(riga, "somma_possibile", _SOMMA)
    return lettore.voci(
        (riga, UnitaDiMisura(decimali=riga["codice"] in _A_PEZZI)) for riga in righe
    )


def leggi_nomenclatura(
    lettore: Lettore, unita: Mapping[str, UnitaDiMisura]
) -> tuple[list[VoceNomenclatura], dict[str, list[Asse]]]:
    """Le voci della nomenclatura, e per codice i loro assi secondari.

    `unita` è per codice e può non essere ancora salvata: ogni voce porta la sua, chi scrive le
    salva prima.
    """
    secondari: dict[str, list[Asse]] = {}
    macroaree = {
        riga["codice"]: riga["codice"]
        for riga in lettore.righe("servizi/macroaree.csv", ("codice", "nome", "origine", "stato"))
    }
    lette = list(_voci(lettore, unita, macroaree, secondari))
    return lettore.voci(lette), secondari


def leggi_esiti(lettore: Lettore) -> list[TipoDiEsito]:
    """Che cosa può ottenere una presa in carico."""
    colonne = ("codice", "asse", "famiglia", "nome", "polarita", "verifica", "alimenta", "stato")
    return lettore.voci(
        (
            riga,
            TipoDiEsito(
                asse=lettore.asse(riga),
                famiglia=riga["famiglia"],
                segno=lettore.una_fra(riga, "polarita", _SEGNI) or TipoDiEsito.Segno.NEUTRO,
                verifica=riga["verifica"],
                indicatori=riga["alimenta"],
            ),
        )
        for riga in lettore.righe("valutazione/esiti.csv", colonne)
    )


def _voci(
    lettore: Lettore,
    unita: Mapping[str, UnitaDiMisura],
    macroaree: Mapping[str, str],
    secondari: dict[str, list[Asse]],
) -> Iterator[tuple[Riga, VoceNomenclatura]]:
    for riga in lettore.righe("servizi/nomenclatura_rts.csv", _COLONNE):
        secondari[riga["codice"]] = lettore.assi(riga, "assi_secondari")
        yield (
            riga,
            VoceNomenclatura(
                asse=lettore.asse(riga),
                macroarea=lettore.una_fra(riga, "macroarea", macroaree) or "-",
                siuss=piu_valori(riga["siuss"]),
                l328=piu_valori(riga["l328_art22"]),
                leps=piu_valori(riga["leps"]),
                welfare=lettore.piu_fra(riga, "welfare", _WELFARE),
                a_chi=lettore.piu_fra(riga, "modalita", _A_CHI),
                unita=lettore.una_fra(riga, "unita_misura", unita),
                durata=lettore.una_fra(riga, "durata_tipo", _DURATE) or _DURATE["puntuale"],
                isee_rilevante=lettore.una_fra(riga, "isee_rilevante", SI_O_NO) or False,
            ),
        )
