"""Turkish names, and how they are written without a Turkish keyboard or by ear."""

GIVEN = """
Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Süleyman Recep Çağlar
Doğan
Şükrü Cemal Ercan Gökhan Uğur Yiğit Oğuz Tayyip Volkan Kenan Barış Ümit Cüneyt Fatma Ayşe Emine Hatice
Zeynep Elif
Meryem Şerife Sultan Hanife Gülşen Çiğdem Tuğba Özlem Nurgül Şengül Yıldız Havva Kübra Büşra Özge Ebru
Songül Nilüfer
"""
STEMS = """
Yıl Öz Kara Ak Demir Şahin Çelik Yılmaz Kaya Aydın Arslan Doğan Kılıç Aslan Çetin Koç Kurt Özkan Şimşek
Polat Korkmaz Güneş Erdoğan Yavuz Can Güler Yalçın Bozkurt Taş Avcı Gündoğ Işık Tekin Uçar Köse Sarı Bağcı
Çakır Ünal
"""
ENDS = ",oğlu,türk,er,gül,soy,maz,dağ,kan,tepe"

_ASCII = str.maketrans("çğıİöşüÇĞÖŞÜ", "cgiIosuCGOSU")
_GERMAN = {
    "ç": "tsch",
    "ğ": "g",
    "ı": "i",
    "ö": "oe",
    "ş": "sch",
    "ü": "ue",
    "c": "dsch",
    "y": "j",
    "v": "w",
    "z": "s",
}
_UMLAUTS = {"ç": "tsch", "ğ": "gh", "ı": "i", "ş": "sch"}
_ENGLISH = {"ç": "ch", "ğ": "gh", "ı": "i", "ö": "o", "ş": "sh", "ü": "u", "c": "j"}
SCHEMES = ("turkish", "ascii", "german", "german_umlauts")
HELD_OUT = "english"


def render(name: str, scheme: str) -> str:
    """Return a Turkish name by one way of writing it."""
    if scheme == "turkish":
        return name
    if scheme == "ascii":
        return name.translate(_ASCII)
    table = {"german": _GERMAN, "german_umlauts": _UMLAUTS, "english": _ENGLISH}[scheme]
    lower = name.replace("İ", "i").replace("I", "ı").lower()
    return "".join(table.get(letter, letter) for letter in lower).capitalize()
