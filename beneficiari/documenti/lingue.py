"""I titoli del foglio della persona nelle lingue di chi lo riceve.

Il foglio è in italiano; accanto ai titoli si legge la lingua della persona, così sa che cosa sta
guardando e che cosa chiedere. Le traduzioni vanno rilette da chi parla la lingua: quali lo sono
state è scritto in `docs/lingue.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lingua:
    """Una lingua: come si chiama, da che parte si legge, come dice i titoli e la frase d'inizio."""

    codice: str
    nome: str
    titolo: str
    chi_tiene: str
    che_cosa: str
    con_chi: str
    permesso: str
    chi_ha_letto: str
    diritti: str
    a_chi: str
    aiuto: str
    verso: str = "ltr"

    @property
    def testi(self) -> tuple[str, ...]:
        """Tutto ciò che se ne stampa: un carattere che manca sarebbe un quadratino."""
        return (
            *(self.titolo, self.chi_tiene, self.che_cosa, self.con_chi, self.permesso),
            *(self.chi_ha_letto, self.diritti, self.a_chi, self.aiuto),
        )


LINGUE = (
    Lingua(
        "sq",
        "albanese",
        "Të dhënat e tua",
        "Kush i mban të dhënat e tua",
        "Çfarë kemi shkruar",
        "Me kë i kemi ndarë",
        "Çfarë na ke lejuar",
        "Kush i ka lexuar",
        "Të drejtat e tua",
        "Kë mund të pyesësh",
        "Kërkoji personit që të ndihmon ta lexojë këtë fletë me ty. Është falas.",
    ),
    Lingua(
        "ar",
        "arabo",
        "بياناتك",
        "من يحتفظ ببياناتك",
        "ماذا كتبنا",
        "مع من شاركناها",
        "بماذا سمحت لنا",
        "من قرأها",
        "حقوقك",
        "من يمكنك أن تسأل",
        "اطلب من الشخص الذي يساعدك أن يقرأ معك هذه الورقة. هذا مجاني.",
        "rtl",
    ),
    Lingua(
        "bn",
        "bengalese",
        "আপনার তথ্য",
        "কে আপনার তথ্য রাখে",
        "আমরা কী লিখেছি",
        "আমরা কার সাথে তথ্য ভাগ করেছি",
        "আপনি আমাদের কী অনুমতি দিয়েছেন",
        "কে তথ্য পড়েছে",
        "আপনার অধিকার",
        "আপনি কাকে জিজ্ঞাসা করতে পারেন",
        "যিনি আপনাকে সাহায্য করেন তাঁকে এই কাগজটি আপনার সাথে পড়তে বলুন। এটি বিনামূল্যে।",
    ),
    Lingua(
        "zh",
        "cinese",
        "您的数据",
        "谁保存您的数据",
        "我们记录了什么",
        "我们与谁共享了数据",
        "您允许了我们什么",
        "谁读过您的数据",
        "您的权利",
        "您可以向谁咨询",
        "请让帮助您的人与您一起阅读这份文件。不收费。",
    ),
    Lingua(
        "fr",
        "francese",
        "Vos données",
        "Qui conserve vos données",
        "Ce que nous avons écrit",
        "Avec qui nous les avons partagées",
        "Ce que vous nous avez permis",
        "Qui les a lues",
        "Vos droits",
        "À qui vous pouvez demander",
        "Demandez à la personne qui vous suit de lire cette feuille avec vous. C'est gratuit.",
    ),
    Lingua(
        "en",
        "inglese",
        "Your data",
        "Who keeps your data",
        "What we have written",
        "Who we have shared it with",
        "What you have allowed us",
        "Who has read it",
        "Your rights",
        "Who you can ask",
        "Ask the person who helps you to read this sheet with you. It is free.",
    ),
    Lingua(
        "ro",
        "romeno",
        "Datele tale",
        "Cine păstrează datele tale",
        "Ce am scris",
        "Cui le-am transmis",
        "Ce ne-ai permis",
        "Cine le-a citit",
        "Drepturile tale",
        "Pe cine poți întreba",
        "Cere persoanei care te ajută să citească această foaie împreună cu tine. Este gratuit.",
    ),
    Lingua(
        "ru",
        "russo",
        "Ваши данные",
        "Кто хранит ваши данные",
        "Что мы записали",
        "С кем мы ими поделились",
        "Что вы нам разрешили",
        "Кто их читал",
        "Ваши права",
        "К кому можно обратиться",
        "Попросите человека, который вам помогает, прочитать этот лист вместе с вами."
        " Это бесплатно.",
    ),
    Lingua(
        "es",
        "spagnolo",
        "Sus datos",
        "Quién guarda sus datos",
        "Qué hemos escrito",
        "Con quién los hemos compartido",
        "Qué nos ha permitido",
        "Quién los ha leído",
        "Sus derechos",
        "A quién puede preguntar",
        "Pida a la persona que le acompaña que lea esta hoja con usted. Es gratis.",
    ),
    Lingua(
        "uk",
        "ucraino",
        "Ваші дані",
        "Хто зберігає ваші дані",
        "Що ми записали",
        "З ким ми ними поділилися",
        "Що ви нам дозволили",
        "Хто їх читав",
        "Ваші права",
        "До кого можна звернутися",
        "Попросіть людину, яка вам допомагає, прочитати цей аркуш разом з вами. Це безкоштовно.",
    ),
)
# Altri modi in cui si scrive la stessa lingua nella scheda della persona.
_ANCHE = {"rumeno": "romeno", "bengali": "bengalese", "bangla": "bengalese", "mandarino": "cinese"}
_PER_NOME = {lingua.nome: lingua for lingua in LINGUE}


def lingua_di(lingue: Iterable[str]) -> Lingua | None:
    """La prima lingua, fra quelle che la persona parla, in cui si sanno dire i titoli; None se
    parla italiano prima di quella, o se non ce n'è nessuna."""
    for scritta in lingue:
        nome = scritta.strip().lower()
        if nome == "italiano":
            return None
        trovata = _PER_NOME.get(_ANCHE.get(nome, nome))
        if trovata is not None:
            return trovata
    return None
