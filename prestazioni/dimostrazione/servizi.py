"""I servizi di un ente della dimostrazione: le voci della rete con i nomi che usa lui."""

from assi.models import Servizio, VoceNomenclatura
from beneficiari.dimostrazione.scena import come
from prestazioni.dimostrazione.scena import Scena


def scrivi_servizi(scena: Scena) -> None:
    """Li scrive subito chi ne risponde; restano nella scena per nome."""
    codici = [voce["voce"] for voce in scena.piano["servizi"]]
    voci = {voce.codice: voce for voce in VoceNomenclatura.objects.filter(codice__in=codici)}
    with come(scena.referente):
        for piano in scena.piano["servizi"]:
            scena.servizi[piano["nome"]] = Servizio.objects.create(
                ente=scena.ente,
                voce=voci[piano["voce"]],
                nome=piano["nome"],
                sinonimi=piano["sinonimi"],
                bassa_soglia="senza_nome" in piano,
            )
