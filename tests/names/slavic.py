"""Ukrainian, Russian and Bulgarian names in their script, and the tables by which offices write them."""

UKRAINIAN_GIVEN = """
Олександр Сергій Володимир Андрій Дмитро Юрій Микола Віктор Олексій Ігор Василь Михайло Тарас Богдан Ярослав
Євген Григорій Роман Павло Максим Артем Денис Остап Захар Кирило Святослав Всеволод Йосип Олена Оксана Наталія
Ірина Тетяна Світлана Юлія Людмила Катерина Ганна Марія Галина Надія Любов Віра Соломія Зоряна Мар'яна
Христина
Євгенія Ярина Ольга Вікторія Яна Щасна Жанна Лідія Валерія
"""
UKRAINIAN_STEMS = """
Ковал Шевч Бондар Мельнич Кравч Ткач Лисо Поліщ Савч Марч Гаврил Петр Павл Юрч Клим Дани Яким Щерб Гуц
Захарч Хом Цимбал Жур Яцик Їжак Зайч Кучер Левч Романю Гриц
"""
UKRAINIAN_ENDS = "енко ук ак ко ський чук ишин"

RUSSIAN_GIVEN = """
Александр Дмитрий Сергей Алексей Андрей Михаил Евгений Илья Николай Владимир Павел Юрий Григорий Фёдор Пётр
Василий Степан Игорь Вячеслав Геннадий Анастасия Екатерина Татьяна Наталья Ольга Юлия Ксения Людмила Любовь
Надежда Галина Зинаида Жанна Лариса Вера Яна Эльвира Софья
"""
RUSSIAN_STEMS = """
Иван Петр Кузнец Смирн Попов Васил Соколов Михайл Фёдор Морозов Волк Зайц Семён Голуб Виноград Богдан Воробь
Тарас Белоус Жуков Щукин Хохл Цветк Чернышёв Шапошник Юдин Яковл Гусь Ершов Рыбак
"""
RUSSIAN_ENDS = "ов ев ин ский енко ова ева ина"

BULGARIAN_GIVEN = """
Георги Иван Димитър Николай Петър Христо Йордан Стоян Александър Васил Тодор Атанас Ангел Красимир Пламен
Любомир
Здравко Желязко Цветан Методий Щерьо Ъглен Бойко Юлиян Мария Иванка Елена Йорданка Пенка Мариана Радка
Виолетка
Цветелина Десислава Снежана Любка Гергана Ралица Магдалена Жечка
"""
BULGARIAN_STEMS = """
Иван Георги Димитр Петк Никол Христ Стоян Тодор Ангел Васил Желязк Цветк Щер Бож Жел Чавдар Юруков Янк
Попхрист Кръст Вълк Държ Мърв Хаджий Кюч Яворов Шишман Палаш Каракаш Ъглен
"""
BULGARIAN_ENDS = "ов ев ова ева ски"

_UK_NATIONAL = dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'", [
    "a", "b", "v", "h", "g", "d", "e", "ie", "zh", "z", "y", "i", "i", "i", "k", "l", "m", "n", "o", "p",
    "r", "s",
    "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "iu", "ia", "",
], strict=True))  # fmt: skip
_UK_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UK_BGN = _UK_NATIONAL | {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ь": "’", "'": "”"}
_UK_GERMAN = _UK_NATIONAL | {
    "в": "w", "є": "je", "ж": "sch", "з": "s", "ї": "ji", "й": "j", "х": "ch", "ц": "z", "ч": "tsch",
    "ш": "sch",
    "щ": "schtsch", "ю": "ju", "я": "ja",
}  # fmt: skip
_ISO9 = dict(zip("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя'", [
    "a", "b", "v", "g", "g̀", "d", "e", "ê", "ë", "ž", "z", "i", "ì", "ï", "j", "k", "l", "m", "n", "o",
    "p", "r",
    "s", "t", "u", "f", "h", "c", "č", "š", "ŝ", "ʺ", "y", "ʹ", "è", "û", "â", "'",
], strict=True))  # fmt: skip
_UK_SCIENTIFIC = _ISO9 | {"г": "h", "и": "y", "і": "i", "є": "je", "ю": "ju", "я": "ja", "х": "ch", "щ": "šč"}
_RU_BGN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", [
    "a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
    "u", "f",
    "kh", "ts", "ch", "sh", "shch", "”", "y", "’", "e", "yu", "ya",
], strict=True))  # fmt: skip
_RU_PASSPORT = _RU_BGN | {"ё": "e", "й": "i", "ъ": "ie", "ь": "", "ю": "iu", "я": "ia"}
_RU_GERMAN = _RU_BGN | {
    "в": "w", "ё": "jo", "ж": "sch", "з": "s", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch",
    "щ": "schtsch",
    "ь": "", "ъ": "", "ю": "ju", "я": "ja",
}  # fmt: skip
_RU_OLD_PASSPORT = _RU_BGN | {
    "ч": "tch",
    "ш": "ch",
    "щ": "chtch",
    "ж": "j",
    "ю": "iou",
    "у": "ou",
    "ь": "",
    "ъ": "",
}
_BG_STREAMLINED = dict(zip("абвгдежзийклмнопрстуфхцчшщъьюя", [
    "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
    "f", "h",
    "ts", "ch", "sh", "sht", "a", "y", "yu", "ya",
], strict=True))  # fmt: skip
_BG_BGN = _BG_STREAMLINED | {"х": "kh", "ъ": "ŭ", "ь": "’"}
_BG_GERMAN = _BG_STREAMLINED | {
    "в": "w", "ж": "sch", "з": "s", "й": "j", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "scht",
    "ь": "j",
    "ю": "ju", "я": "ja",
}  # fmt: skip
_BG_OLD = _BG_STREAMLINED | {"ж": "j", "й": "i", "ъ": "u", "ц": "tz", "ю": "iu", "я": "ia"}

SCHEMES = {
    "ukrainian": {"national_2010": _UK_NATIONAL, "bgn": _UK_BGN, "german": _UK_GERMAN, "iso9": _ISO9},
    "russian": {"bgn": _RU_BGN, "passport_2013": _RU_PASSPORT, "german": _RU_GERMAN, "iso9": _ISO9},
    "bulgarian": {"streamlined": _BG_STREAMLINED, "bgn": _BG_BGN, "german": _BG_GERMAN, "iso9": _ISO9},
}
HELD_OUT = {
    "ukrainian": ("scientific", _UK_SCIENTIFIC),
    "russian": ("passport_1997", _RU_OLD_PASSPORT),
    "bulgarian": ("before_2009", _BG_OLD),
}


def render(name: str, language: str, scheme: str) -> str:
    """Return a Cyrillic name by one scheme, with a capital letter for each word."""
    held_out, table = HELD_OUT[language]
    if scheme != held_out:
        table = SCHEMES[language][scheme]
    lower = name.lower()
    if scheme == "national_2010":
        lower = lower.replace("зг", "zgh")
    letters = [table.get(letter, letter) for letter in lower]
    if scheme == "national_2010" and lower[0] in _UK_FIRST:
        letters[0] = _UK_FIRST[lower[0]]
    return "-".join(part[:1].upper() + part[1:] for part in "".join(letters).split("-"))
