"""What the made-up world is called: names, firms, subjects and titles in three languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """One market: how its people and firms are called, and what they pay with."""

    name: str
    code: str
    phone: str
    currency: str
    per_euro: float  # roughly, to make believable amounts
    top_level: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    trades: tuple[str, ...]  # {} is where the family or place name goes
    forms: tuple[str, ...]
    cities: tuple[str, ...]
    teams: tuple[str, ...]  # within the country's own, where there are many people


ITALY = Country(
    "Italy",
    "it",
    "+39 0",
    "EUR",
    1.0,
    "it",
    (
        "Giulia", "Marco", "Francesca", "Luca", "Chiara", "Matteo", "Sara", "Andrea", "Elena", "Davide", "Niccolò",
        "Irene", "Tommaso", "Beatrice", "Pietro", "Noemi", "Gabriele", "Martina", "Simone", "Alice", "Lorenzo",
        "Caterina", "Michele", "Federica",
    ),
    (
        "Rossi", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno", "Gallo",
        "Conti", "Mancini", "Costa", "Giordano", "Rizzo", "Lombardi", "Moretti", "Fontana", "Santoro", "D'Angelo",
        "Caruso", "Dell'Orto", "Nicolò", "Prà", "Sanità",
    ),
    (
        "Officine {}", "Caffè {}", "Acciaierie {}", "Tessuti {}", "Libreria {}", "Cantine {}", "Studio {}",
        "Vetreria {}",
        "Logistica {}",
        "Ceramiche {}", "Farmacie {}", "Alimentari {}", "Editrice {}", "Meccanica {}", "Ottica {}",
        "Cartiera {}", "Nautica {}", "Arredi {}",
    ),
    ("S.r.l.", "S.p.A.", "& Figli", ""),
    (
        "Milano", "Torino", "Bologna", "Verona", "Forlì", "Cefalù", "Roma", "Napoli", "Bari", "Genova",
        "Padova", "Lecce",
        "Trento", "Pisa",
    ),
    ("Milano", "Roma", "Torino"),
)  # fmt: skip
POLAND = Country(
    "Poland",
    "pl",
    "+48 ",
    "PLN",
    4.3,
    "pl",
    (
        "Agnieszka", "Piotr", "Małgorzata", "Krzysztof", "Zofia", "Jakub", "Łukasz", "Joanna", "Paweł", "Ewa",
        "Michał", "Świętosława", "Grażyna", "Wojciech", "Marta", "Kamil", "Bożena", "Stanisław", "Aleksandra",
        "Rafał", "Jagoda", "Błażej",
    ),
    (
        "Nowak", "Kowalczyk", "Wiśniewska", "Wójcik", "Kamiński", "Lewandowska", "Zieliński", "Szymańska",
        "Dąbrowski", "Kozłowska", "Jankowski", "Mazur", "Krawczyk", "Żak", "Łukasik", "Pająk", "Górecka",
        "Ślusarczyk", "Sęk", "Chmielewska", "Ćwik", "Wróbel",
    ),
    (
        "{} Robotics", "{} Logistyka", "Zakłady {}", "Piekarnia {}", "{} Meble", "Drukarnia {}", "{} Energia",
        "Stocznia {}", "{} Szkło", "Browar {}", "{} Odzież", "Hurtownia {}", "{} Transport", "Wydawnictwo {}",
        "{} Chemia", "Cukiernia {}", "{} Budownictwo",
    ),
    ("Sp. z o.o.", "S.A.", "Polska", ""),
    (
        "Łódź", "Kraków", "Gdańsk", "Wrocław", "Poznań", "Toruń", "Rzeszów", "Częstochowa", "Białystok", "Lublin",
        "Świdnica", "Gdynia", "Zielona Góra", "Opole",
    ),
    ("Warszawa", "Kraków", "Gdańsk"),
)  # fmt: skip
NORWAY = Country(
    "Norway",
    "no",
    "+47 ",
    "NOK",
    11.6,
    "no",
    (
        "Kari", "Ola", "Ingrid", "Håkon", "Sølvi", "Bjørn", "Åse", "Øystein", "Marit", "Torbjørn", "Siri", "Pål",
        "Gro", "Jørgen", "Tuva", "Sigurd", "Åshild", "Eirik", "Ragnhild", "Trygve", "Solveig", "Kåre",
    ),
    (
        "Nordmann", "Hansen", "Bjørnstad", "Sæther", "Øverland", "Lie", "Dahl", "Bakke", "Haugen", "Moen", "Solberg",
        "Nygård", "Ødegård", "Strøm", "Fjeld", "Myhre", "Aasen", "Tveit", "Brekke", "Grønli", "Ås", "Løken",
    ),
    (
        "{} Sjømat", "{} Data", "{} Maritim", "{} Bryggeri", "{} Trevare", "{} Eiendom", "{} Kraftservice", "{} Fisk",
        "{} Bokhandel", "{} Reiser", "{} Regnskap", "{} Offshore", "{} Klær", "{} Bakeri", "{} Bygg", "{} Helse",
    ),
    ("AS", "ASA", "& Sønner AS", "Norge"),
    (
        "Oslo", "Bergen", "Tromsø", "Ålesund", "Bodø", "Tønsberg", "Trondheim", "Hamar", "Molde", "Skien", "Mo i Rana",
        "Kirkenes", "Drøbak", "Røros",
    ),
    ("Oslo", "Bergen", "Trondheim"),
)  # fmt: skip
COUNTRIES = (ITALY, POLAND, NORWAY)

FAMOUS = (
    ("Łódź Robotics", "lodzrobotics.pl", POLAND, 71),
    ("Blåbær AS", "blabaer.no", NORWAY, 34),
    ("Contoso Italia", "contoso.it", ITALY, 38),
    ("Fabrikam Polska", "fabrikam.pl", POLAND, 44),
    ("Fjordglimt Maritim ASA", "fjordglimt.no", NORWAY, 86),
    ("Caffè D'Angelo & Figli", "caffedangelo.it", ITALY, 92),
)  # in every store, among the first customers, looked after by Dana: name, domain, country, health

INDUSTRIES = (
    "Manufacturing", "Retail", "Logistics", "Food & beverage", "Software", "Energy", "Healthcare", "Publishing",
    "Construction", "Maritime", "Education", "Finance",
)  # fmt: skip
JOB_TITLES = (
    "Head of Operations", "Customer Service Manager", "CTO", "IT Manager", "Procurement Lead", "CFO", "Office Manager",
    "Team Lead Support", "Product Owner", "CEO", "Project Manager", "Data Analyst", "HR Partner", "Warehouse Manager",
)  # fmt: skip
PRODUCTS = ("Insight", "Connect", "Portal", "Billing", "Mobile", "Automate", "Archive")
PROBLEMS = (
    "Cannot sign in to {}", "{} is slow since this morning", "Invoice shows the wrong amount in {}",
    "How do I export a report from {}?", "Error 502 when saving in {}", "New user for {}", "Change of billing address",
    "{}: import stops at row 1,000", "Feature request: dark theme in {}", "E-mails from {} end up in spam",
    "{} does not show yesterday's data", "Please reset two-factor sign-in", "API key for {} has expired",
    "Wrong language in {}", "Duplicate contacts after import into {}", "Question about the contract for {}",
    "{} app crashes on Android", "Permission denied when opening a report in {}", "Webhook of {} fires twice",
    "Training session for {}", "Outage of {} in our warehouse", "Dates in {} are one day off",
)  # fmt: skip
CATEGORIES = ("Product issue", "Billing", "Question", "Feature request", "Access", "Data")
DEAL_KINDS = {
    "new_business": ("{} – {} rollout", "{} – {} pilot", "{} – {} for the head office"),
    "existing_business": ("{} – {} add-on", "{} – more seats for {}", "{} – {} upgrade"),
    "renewal": ("{} – {} renewal",),
}
TASK_TITLES = {
    "to_do": (
        "Prepare QBR for {}", "Send renewal quote to {}", "Update success plan of {}", "Check usage of {}",
        "Write case study about {}", "Review open tickets of {}",
    ),
    "call": ("Call {} about the renewal", "Call back {}", "Check in with {}", "Ask {} for a reference"),
    "email": ("E-mail {} the release notes", "Answer {} about pricing", "Send {} the meeting notes"),
}  # fmt: skip
CALL_TITLES = (
    "Check-in with {}",
    "Renewal talk with {}",
    "Follow-up on tickets of {}",
    "Introduction to {}",
    "Pricing for {}",
)
CALL_OUTCOMES = ("Connected", "No answer", "Left voicemail", "Busy", "Connected", "Connected")
EMAIL_TITLES = (
    "Renewal of {}", "Next steps for {}", "Release notes for {}", "Meeting notes {}", "Your question, {}",
    "Offer for {}", "Welcome, {}",
)  # fmt: skip
MEETING_TITLES = (
    "QBR · {}",
    "Onboarding · {}",
    "Kick-off · {}",
    "Renewal review · {}",
    "Training · {}",
    "Weekly sync · {}",
)
NOTE_BODIES = (
    "Champion is on leave until the end of the month.",
    "They compare us with another vendor; price is the main point.",
    "Very happy with the last release, open to a reference call.",
    "New CFO wants all contracts reviewed before renewal.",
    "Rollout to the second site is planned for next quarter.",
    "Asked for a discount on more than fifty seats.",
    "Usage dropped after the reorganisation; training offered.",
)
ACTIVITY_KINDS = (
    # kind, tool, title, share
    ("email opened", "Marketing email", "Opened “{}”", 34),
    ("email clicked", "Marketing email", "Clicked a link in “{}”", 12),
    ("page visited", "Website", "Visited {}", 26),
    ("form submitted", "Forms", "Submitted “{}”", 6),
    ("document viewed", "Documents", "Viewed “{}”", 8),
    ("meeting booked", "Meetings", "Booked “{}”", 4),
    ("sequence enrolled", "Sequences", "Enrolled in “{}”", 6),
    ("sequence replied", "Sequences", "Replied in “{}”", 4),
)
ACTIVITY_OBJECTS = {
    "Marketing email": (
        "What is new this month",
        "Your year in figures",
        "Invitation to the user day",
        "Tips for admins",
    ),
    "Website": ("/pricing", "/help/import", "/status", "/blog/onboarding", "/contact"),
    "Forms": ("Request a demo", "Contact sales", "Feedback", "Webinar registration"),
    "Documents": ("Renewal quote", "Security overview", "Price list", "Onboarding plan"),
    "Meetings": ("30 minutes with your CSM", "Quarterly review", "Technical question"),
    "Sequences": ("Renewal reminder", "Onboarding welcome", "Win back"),
}
