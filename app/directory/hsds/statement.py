"""The SQL that renders organizations, services, locations and terms as the standard shapes them.

Aliases: `i` institution, `o` offer, `s` site, `k` entry of a vocabulary.
"""

TOPICS, KINDS = "life_domain", "institution_type"
TAXONOMIES = (TOPICS, KINDS)
_LISTED = ", ".join(f"'{each}'" for each in TAXONOMIES)


def _id(kind: str, *parts: str) -> str:
    """Return the id of something that has none of its own: the same for the same parts."""
    return f"md5(concat_ws(' ', 'hsds', '{kind}', {', '.join(parts)}))::uuid"


TAXONOMY_ID = _id("taxonomy", "k.vocabulary")
TERM_ID = _id("term", "k.vocabulary", "k.code")
TAXONOMY = f"""json_build_object('id', {TAXONOMY_ID}, 'name', 'KIM ' || k.vocabulary,
    'description', CASE k.vocabulary WHEN '{TOPICS}' THEN 'Life domains (Lebensbereiche)'
        ELSE 'Kinds of institutions (Arten von Institutionen)' END)"""
TERM = f"""json_build_object('id', {TERM_ID}, 'code', k.code, 'name', k.label_de, 'description', k.label_en,
    'language', 'de', 'taxonomy', 'KIM ' || k.vocabulary, 'taxonomy_id', {TAXONOMY_ID})"""
_TERM_WHOLE = f"""json_build_object('id', {TERM_ID}, 'code', k.code, 'name', k.label_de,
    'description', k.label_en, 'language', 'de', 'taxonomy_detail', {TAXONOMY})"""


def _attributes(of: str, vocabulary: str, codes: str) -> str:
    return f"""(SELECT coalesce(json_agg(json_build_object(
            'id', {_id("attribute", of, "k.vocabulary", "k.code")}, 'link_type', '{vocabulary}',
            'taxonomy_term', {_TERM_WHOLE}) ORDER BY k.position), '[]')
        FROM catalogue_entries k WHERE k.vocabulary = '{vocabulary}' AND k.code = ANY ({codes}))"""


def _phones(of: str, number: str) -> str:
    return f"""CASE WHEN {number} IS NULL THEN '[]' ELSE json_build_array(json_build_object(
        'id', {_id("phone", of)}, 'number', {number}, 'type', 'voice')) END"""


def _languages(of: str, codes: str) -> str:
    return f"""(SELECT coalesce(json_agg(json_build_object('id', {_id("language", of, "k.code")},
            'name', k.label_de, 'code', k.code) ORDER BY k.code), '[]')
        FROM catalogue_entries k WHERE k.vocabulary = 'language' AND k.code = ANY ({codes}))"""


_TOWN = """(SELECT k.label_de FROM catalogue_entries k
    WHERE k.vocabulary = 'municipality' AND k.code = s.municipality)"""
_ADDRESSES = f"""CASE WHEN num_nulls(s.street, s.postcode, s.municipality) > 0 THEN '[]'
    ELSE json_build_array(json_build_object('id', {_id("address", "s.id")}, 'address_1', s.street,
        'city', {_TOWN}, 'state_province', 'NW', 'postal_code', s.postcode, 'country', 'DE',
        'address_type', 'physical')) END"""
LOCATION = f"""json_build_object('id', s.id, 'location_type', 'physical', 'name', s.name,
    'addresses', {_ADDRESSES}, 'phones', {_phones("s.id", "s.phone")})"""
ORGANIZATION_BRIEF = """json_build_object('id', i.id, 'name', i.name, 'description', (SELECT k.label_de
        FROM catalogue_entries k WHERE k.vocabulary = 'institution_type' AND k.code = i.institution_type),
    'email', i.email)"""
ORGANIZATION = f"""json_build_object('id', i.id, 'name', i.name, 'description', (SELECT k.label_de
        FROM catalogue_entries k WHERE k.vocabulary = '{KINDS}' AND k.code = i.institution_type),
    'email', i.email, 'phones', {_phones("i.id", "i.phone")},
    'locations', (SELECT coalesce(json_agg({LOCATION} ORDER BY s.name, s.id), '[]') FROM institution_sites s
        WHERE s.municipal_area_id = i.municipal_area_id AND s.institution_id = i.id AND s.is_active),
    'attributes', {_attributes("i.id", KINDS, "ARRAY[i.institution_type]")})"""

_PROGRAM = f"""CASE WHEN o.programme IS NOT NULL THEN json_build_object(
    'id', {_id("program", "o.institution_id", "o.programme")}, 'name', o.programme,
    'description', o.programme) END"""
_STATUS = "CASE o.status WHEN 'active' THEN 'active' ELSE 'temporarily closed' END"
_SERVICE = f"""'id', o.id, 'name', o.name, 'description', o.description, 'url', o.url, 'email', o.email,
    'status', {_STATUS}, 'application_process', o.how_to_apply, 'fees_description', o.fees,
    'eligibility_description', o.audience, 'minimum_age', o.minimum_age, 'maximum_age', o.maximum_age,
    'assured_date', (o.changed_at AT TIME ZONE 'Europe/Berlin')::date, 'last_modified', o.changed_at,
    'program', {_PROGRAM}"""
_FUNDING = f"""CASE WHEN num_nonnulls(o.programme, o.funding_ends_on) = 0 THEN '[]'
    ELSE json_build_array(json_build_object('id', {_id("funding", "o.id")},
        'source', concat_ws(', ', o.programme, 'bis ' || to_char(o.funding_ends_on, 'DD.MM.YYYY')))) END"""
_SCHEDULES = f"""(SELECT coalesce(json_agg(json_build_object('id', {_id("schedule", "o.id", "h.n::text")},
        'freq', 'WEEKLY', 'byday', (SELECT string_agg(d.day, ',' ORDER BY d.n)
            FROM jsonb_array_elements_text(h.hours -> 'days') WITH ORDINALITY AS d (day, n)),
        'opens_at', h.hours ->> 'opens', 'closes_at', h.hours ->> 'closes') ORDER BY h.n), '[]')
    FROM jsonb_array_elements(o.opening_hours) WITH ORDINALITY AS h (hours, n))"""
AT_LOCATION_ID = _id("service_at_location", "o.id", "s.id")
_AT_LOCATIONS = f"""(SELECT coalesce(json_agg(
        json_build_object('id', {AT_LOCATION_ID}, 'location', {LOCATION}) ORDER BY s.name, s.id), '[]')
    FROM institution_sites s WHERE s.municipal_area_id = o.municipal_area_id
        AND s.institution_id = o.institution_id AND s.id = ANY (o.site_ids) AND s.is_active)"""
_CAPACITIES = f"""(SELECT coalesce(json_agg(json_build_object('id', c.id, 'available', c.free_places,
        'maximum', c.places, 'updated', c.told_at,
        'unit', json_build_object('id', {_id("unit", "'place'")}, 'name', 'Platz'))), '[]')
    FROM (SELECT * FROM offer_capacities c WHERE c.municipal_area_id = o.municipal_area_id
        AND c.offer_id = o.id ORDER BY c.told_at DESC, c.id DESC LIMIT 1) c)"""
SERVICE_BRIEF = f"json_build_object({_SERVICE}, 'organization', {ORGANIZATION_BRIEF})"
SERVICE = f"""json_build_object({_SERVICE}, 'organization', {ORGANIZATION},
    'phones', {_phones("o.id", "o.phone")}, 'languages', {_languages("o.id", "o.languages")},
    'schedules', {_SCHEDULES}, 'funding', {_FUNDING}, 'service_at_locations', {_AT_LOCATIONS},
    'attributes', {_attributes("o.id", TOPICS, "o.topics")}, 'capacities', {_CAPACITIES})"""
AT_LOCATION = (
    f"""json_build_object('id', {AT_LOCATION_ID}, 'location', {LOCATION}, 'service', {SERVICE_BRIEF})"""
)

OFFERED = """offers o JOIN institutions i ON i.municipal_area_id = o.municipal_area_id
    AND i.id = o.institution_id AND i.is_active AND o.status <> 'ended'"""
SERVED = f"""{OFFERED} JOIN institution_sites s ON s.municipal_area_id = o.municipal_area_id
    AND s.institution_id = o.institution_id AND s.id = ANY (o.site_ids) AND s.is_active"""
TERMS = f"catalogue_entries k WHERE k.vocabulary IN ({_LISTED})"
