"""Arabic names: in their script and, since it leaves vowels out, as they are spoken (DIN 31635)."""

GIVEN = """
محمد=muḥammad أحمد=ʾaḥmad علي=ʿalī عمر=ʿumar حسن=ḥasan حسين=ḥusayn محمود=maḥmūd خالد=ḫālid يوسف=yūsuf
إبراهيم=ʾibrāhīm مصطفى=muṣṭafā عبد_الله=ʿabd_allāh عبد_الرحمن=ʿabd_al-raḥmān مريم=maryam فاطمة=fāṭima
عائشة=ʿāʾiša زينب=zaynab خديجة=ḫadīǧa نور=nūr سارة=sāra ياسين=yāsīn طارق=ṭāriq سعيد=saʿīd وليد=walīd
جمال=ǧamāl كريم=karīm هشام=hišām بشار=baššār غسان=ġassān زياد=ziyād نبيل=nabīl رشيد=rašīd سمير=samīr
عثمان=ʿuṯmān أيمن=ʾayman باسم=bāsim داود=dāwūd إسماعيل=ʾismāʿīl إسحاق=ʾisḥāq يعقوب=yaʿqūb أنور=ʾanwar
توفيق=tawfīq شريف=šarīf صالح=ṣāliḥ صلاح=ṣalāḥ عادل=ʿādil فيصل=fayṣal قاسم=qāsim ليث=layṯ مازن=māzin
مروان=marwān ناصر=nāṣir هاني=hānī ثائر=ṯāʾir ضياء=ḍiyāʾ ظافر=ẓāfir رضا=riḍā حمزة=ḥamza أسامة=ʾusāma
أمينة=ʾamīna هدى=hudā ليلى=laylā سلمى=salmā رقية=ruqayya سميرة=samīra جميلة=ǧamīla هبة=hiba دعاء=duʿāʾ
شيماء=šaymāʾ أسماء=ʾasmāʾ رانيا=rāniyā منى=munā سعاد=suʿād نجلاء=naǧlāʾ وفاء=wafāʾ غادة=ġāda خلود=ḫulūd
إيمان=ʾīmān حنان=ḥanān رشا=rašā عبير=ʿabīr لمياء=lamyāʾ عبد_القادر=ʿabd_al-qādir نور_الدين=nūr_al-dīn
صلاح_الدين=ṣalāḥ_al-dīn عبد_العزيز=ʿabd_al-ʿazīz
"""

FAMILY = """
الأحمد=al-ʾaḥmad الحسن=al-ḥasan العلي=al-ʿalī المحمد=al-muḥammad الخطيب=al-ḫaṭīb الحداد=al-ḥaddād
النجار=al-naǧǧār الشامي=al-šāmī الحلبي=al-ḥalabī المصري=al-maṣrī العراقي=al-ʿirāqī البغدادي=al-baġdādī
الهاشمي=al-hāšimī الجبوري=al-ǧubūrī الدليمي=al-dulaymī التميمي=al-tamīmī الزهراني=al-zahrānī
القحطاني=al-qaḥṭānī الغامدي=al-ġāmidī الشمري=al-šammarī درويش=darwīš حمدان=ḥamdān خليل=ḫalīl منصور=manṣūr
سليمان=sulaymān عباس=ʿabbās جابر=ǧābir شاهين=šāhīn قدور=qaddūr بركات=barakāt زيدان=zaydān عيسى=ʿīsā
موسى=mūsā حجازي=ḥiǧāzī طه=ṭāhā غزال=ġazāl نصر=naṣr صباغ=ṣabbāġ عطية=ʿaṭiyya رمضان=ramaḍān شعبان=šaʿbān
بكري=bakrī فرج=faraǧ هنداوي=hindāwī عثماني=ʿuṯmānī سلامة=salāma عودة=ʿawda حموي=ḥamawī ديب=dīb صقر=ṣaqr
كنعان=kanʿān لطفي=luṭfī مراد=murād نعمة=niʿma وهبة=wahba يازجي=yāziǧī الرفاعي=al-rifāʿī السعدي=al-saʿdī
"""

_ASSIMILATED = "tṯdḏrzsšṣḍṭẓln"
_LONG = str.maketrans("āīū", "aiu")
_STRIPPED = str.maketrans({
    "ṯ": "t", "ǧ": "g", "ḥ": "h", "ḫ": "h", "ḏ": "d", "š": "s", "ṣ": "s", "ḍ": "d", "ṭ": "t", "ẓ": "z",
    "ġ": "g",
    "ā": "a", "ī": "i", "ū": "u", "ʿ": "", "ʾ": "",
})  # fmt: skip
_ENGLISH = {
    "ṯ": "th", "ǧ": "j", "ḥ": "h", "ḫ": "kh", "ḏ": "dh", "š": "sh", "ṣ": "s", "ḍ": "d", "ṭ": "t", "ẓ": "z",
    "ġ": "gh", "ʿ": "", "ʾ": "", "ā": "a", "ī": "i", "ū": "u",
}  # fmt: skip
_SCHEMES = {
    "english": _ENGLISH,
    "english_long": _ENGLISH | {"ī": "ee", "ū": "oo", "u": "o", "ẓ": "dh"},
    "german": _ENGLISH | {"ǧ": "dsch", "ḫ": "ch", "š": "sch", "q": "k", "y": "j"},
    "french": _ENGLISH | {"ǧ": "dj", "š": "ch", "u": "ou", "ū": "ou", "q": "k", "ḍ": "dh"},
    "bgn": _ENGLISH
    | {"ḥ": "ḩ", "ṣ": "ş", "ḍ": "ḑ", "ṭ": "ţ", "ẓ": "z̧", "ā": "ā", "ī": "ī", "ū": "ū", "ʿ": "‘"},
    "colloquial": _ENGLISH | {"i": "e", "ī": "i", "u": "o", "ū": "ou", "q": "k", "ayy": "ay", "ay": "ei"},
}
ARTICLES = {
    "english": "Al-",
    "english_long": "Al ",
    "german": "Al-",
    "french": "El ",
    "bgn": "Al-",
    "colloquial": "El-",
}


def render(spoken: str, scheme: str) -> str:
    """Return a name that is given as spoken by one scheme; `din` is the spelling of the table itself."""
    words = [_article(word, scheme) for word in spoken.split("_")]
    return " ".join(words)


def _article(word: str, scheme: str) -> str:
    if not word.startswith("al-"):
        return _letters(word, scheme)
    rest = word[3:]
    if scheme == "bgn" and rest[0] in _ASSIMILATED:
        first = _letters(rest[0], scheme)
        return f"A{first}-{_letters(rest, scheme)}"
    if scheme == "din":
        return "al-" + _letters(rest, scheme)
    return ARTICLES.get(scheme, "Al") + _letters(rest, scheme)


def _letters(word: str, scheme: str) -> str:
    if scheme == "din":
        return word.lstrip("ʾ").capitalize() if word[0] != "ʿ" else "ʿ" + word[1:].capitalize()
    if scheme == "din_stripped":
        return word.translate(_STRIPPED).capitalize()
    table = _SCHEMES[scheme]
    for group in sorted((key for key in table if len(key) > 1), key=len, reverse=True):
        word = word.replace(group, table[group])
    if scheme == "french":
        word = word.replace("w", "ou") if "aw" not in word else word
    return "".join(table.get(letter, letter) for letter in word).capitalize()


SCHEMES = ("english", "english_long", "german", "french", "bgn", "din", "din_stripped")
HELD_OUT = "colloquial"
