"""What other programs call things: the headers of their exports, by object, and the property each stands for (IMP-2).

A table lists headers as `squash` leaves them, the best first: where two columns stand for one property, the one that
comes first in the table is taken and the other is kept as a custom property.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from cs_workspace.domain.query.folding import squash

AUTO = "auto"
ACTIVITIES = ("calls", "emails", "meetings", "notes")
PREFIXES = ("property_", "properties_", "properties.")  # how warehouses mark HubSpot's properties
BOOKKEEPING = ("_fivetran_", "_airbyte_", "_sdc_", "_dlt_")  # a warehouse's own columns
DELETED = frozenset({"isdeleted", "fivetrandeleted", "isarchived", "archived"})  # rows gone in the source

CERTAIN = 2  # headers that only one program writes make its export
# How a column's text becomes the property's.
MILLISECONDS = "milliseconds"  # HubSpot writes the length of a call so
HOST = "host"  # a web address where a domain is wanted


@dataclass(frozen=True, slots=True)
class Source:
    """One program: how its exports are recognised, and its headers by object."""

    name: str
    signs: frozenset[str]  # headers, in small letters, that few others write
    headers: Mapping[str, Mapping[str, str]]
    computed: frozenset[str] = frozenset()  # what follows from other columns: left out
    own: frozenset[str] = frozenset()  # free text here, whatever it means elsewhere
    transforms: Mapping[str, str] = field(default_factory=dict)  # by squashed header
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what names a record that has no name


def _table(text: str) -> dict[str, str]:
    """`property: header, header` lines, headers by rank."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        name, _, headers = line.strip().partition(": ")
        found.update((squash(header), name) for header in headers.split(", "))
    return found


def _signs(text: str) -> frozenset[str]:
    return frozenset(squash(word) for word in text.split(", "))


def _written(text: str) -> frozenset[str]:
    return frozenset(text.split(", "))


_HUBSPOT_COMMON = """
    created_at: hs_createdate, createdate, create date
    owner: hubspot_owner_id, owner_id
    external_id: record id
"""
_HUBSPOT_ACTIVITY = f"""
    {_HUBSPOT_COMMON.strip()}
    external_id: engagement_id, hs_object_id, id
    at: hs_timestamp, timestamp, activity date
    contacts: associated contact ids
    companies: associated company ids
"""
_HUBSPOT = Source(
    "hubspot",
    _written(
        "hs_object_id, hubspot_owner_id, hs_pipeline, hs_pipeline_stage, hs_createdate, hs_timestamp, dealname, "
        "deal_pipeline_id, deal_pipeline_stage_id, dealstage, engagement_id, record id, portal_id, lifecyclestage, "
        "hs_lastmodifieddate, active_user_id, primary_team_id, is_team_primary, _fivetran_synced, owner_id"
    ),
    {
        "users": _table("""
            external_id: owner_id, hs_object_id, user_id, id
            first: first_name, firstname
            last: last_name, lastname
            teams: primary_team_id, hubspot_team_id
            created_at: createdate, hs_createdate
        """),
        "teams": _table("external_id: team_id, hs_object_id, id"),
        "companies": _table("""
            external_id: hs_object_id, company_id, record id, id
            created_at: createdate, create date
            owner: hubspot_owner_id, company owner, owner_id
            name: company name
            domain: company domain name, website
            lifecycle_stage: lifecyclestage
            country: country/region
            employees: numberofemployees, number of employees
            annual_revenue: annualrevenue
            last_activity_at: notes_last_updated, last activity date
        """),
        "contacts": _table("""
            external_id: hs_object_id, vid, contact_id, record id, id
            created_at: createdate, create date
            owner: hubspot_owner_id, contact owner, owner_id
            first_name: firstname
            last_name: lastname
            job_title: jobtitle
            phone: phone number
            companies: associatedcompanyid, associated company ids, primary associated company id
            last_activity_at: notes_last_updated, last activity date
        """),
        "deals": _table("""
            external_id: hs_object_id, deal_id, record id, id
            created_at: createdate, create date
            owner: hubspot_owner_id, deal owner, owner_id
            name: dealname, deal name
            pipeline: deal_pipeline_id, pipeline
            stage: deal_pipeline_stage_id, dealstage, deal stage
            close_date: closedate
            currency: deal_currency_code
            deal_type: dealtype
            companies: associated company ids, primary associated company id
            contacts: associated contact ids
            last_activity_at: notes_last_updated, last activity date
        """),
        "tickets": _table("""
            external_id: hs_object_id, ticket_id, record id, id
            created_at: createdate, create date
            owner: hubspot_owner_id, ticket owner, owner_id
            subject: ticket name
            pipeline: hs_pipeline
            stage: hs_pipeline_stage, ticket status
            priority: hs_ticket_priority
            category: hs_ticket_category
            closed_at: closed_date, close date
            first_reply_at: first_agent_reply_date, first agent email response date
            companies: associated company ids, primary associated company id
            contacts: associated contact ids
        """),
        "services": _table("""
            external_id: hs_object_id, record id, id
            created_at: hs_createdate, create date
            owner: hubspot_owner_id
            name: hs_name
            pipeline: hs_pipeline
            stage: hs_pipeline_stage
            status: hs_status
            start_date: hs_start_date
            target_end_date: hs_target_end_date
            cost: hs_total_cost
        """),
        "subscriptions": _table("""
            external_id: hs_object_id, record id, id
            created_at: hs_createdate, create date
            owner: hubspot_owner_id
            name: hs_name
            pipeline: hs_pipeline
            stage: hs_pipeline_stage, hs_subscription_status
            billing_frequency: hs_recurring_billing_frequency
            start_date: hs_recurring_billing_start_date
            end_date: hs_recurring_billing_end_date
            next_payment_date: hs_next_payment_due_date
        """),
        "tasks": _table("""
            external_id: engagement_id, hs_object_id, record id, id
            created_at: hs_createdate, create date
            assignee: hubspot_owner_id, assigned to, owner_id
            title: hs_task_subject, subject, task title
            type: hs_task_type, task type
            priority: hs_task_priority
            status: hs_task_status, task status
            due_at: hs_timestamp, due date
            notes: hs_task_body, body
            completed_at: hs_task_completion_date
            companies: associated company ids
            contacts: associated contact ids
        """),
        "calls": _table(f"""
            {_HUBSPOT_ACTIVITY.strip()}
            title: hs_call_title
            body: hs_call_body
            outcome: hs_call_disposition
            direction: hs_call_direction
            duration: hs_call_duration
        """),
        "emails": _table(f"""
            {_HUBSPOT_ACTIVITY.strip()}
            title: hs_email_subject, subject
            body: hs_email_text
            direction: hs_email_direction
            outcome: hs_email_status
        """),
        "meetings": _table(f"""
            {_HUBSPOT_ACTIVITY.strip()}
            title: hs_meeting_title
            body: hs_meeting_body
            outcome: hs_meeting_outcome, meeting_outcome
            starts_at: hs_meeting_start_time, start_time
            ends_at: hs_meeting_end_time, end_time
            location: hs_meeting_location
            url: hs_meeting_external_url, external_url
        """),
        "notes": _table(f"""
            {_HUBSPOT_ACTIVITY.strip()}
            body: hs_note_body
        """),
    },
    computed=_signs(
        "hs_lastmodifieddate, lastmodifieddate, last modified date, updated_at, hs_is_closed, hs_is_closed_won, "
        "hs_object_source_label"
    ),
    own=_signs("company, type, description, name"),
    transforms={"hscallduration": MILLISECONDS, "website": HOST},
    titles={"tasks": ("type", "tasktype")},
)

_ZENDESK = Source(
    "zendesk",
    _written(
        "ticket id, requester, requester email, assignee, solved at, requested, solved, ticket type, initially "
        "assigned at, assignee stations, group stations, satisfaction score, brand, submitter"
    ),
    {
        "tickets": _table("""
            external_id: ticket id, id
            subject: ticket subject
            stage: status, ticket status
            priority: ticket priority
            category: ticket type, type
            owner: assignee email, assignee, assignee name
            contacts: requester email, requester, requester name
            companies: organization, organization name, ticket organization name, requester organization name
            created_at: ticket created - timestamp, created at, requested, created
            closed_at: ticket solved - timestamp, solved at, solved, closed at
            first_reply_at: first reply at
        """),
        "users": _table("""
            external_id: user id, id
            created_at: created at
        """),
        "contacts": _table("""
            external_id: user id, id
            full: user name, requester
            created_at: created at
            companies: organization, organization name
        """),
        "companies": _table("""
            external_id: organization id, id
            name: organization name, organization
            domain: domain names
            created_at: created at
        """),
    },
    computed=_signs("updated at, updated, ticket updated - timestamp"),
)

_INTERCOM = Source(
    "intercom",
    _written(
        "conversation id, conversation started at, teammate assigned, signed up, last seen, last contacted, company "
        "last seen, web sessions, conversation first message, first opened, last heard from, monthly spend"
    ),
    {
        "tickets": _table("""
            external_id: conversation id, ticket id, id
            subject: conversation first message, title, conversation subject
            stage: conversation state, ticket state, state
            priority: conversation priority
            owner: teammate assigned, currently assigned to, teammate currently assigned, assigned to
            contacts: user email, email, user name
            companies: company name
            created_at: conversation started at, created at, started at
            closed_at: conversation last closed at, last closed at, closed at
            first_reply_at: first teammate reply at, first admin reply at, first response at
        """),
        "contacts": _table("""
            external_id: user id, contact id, id
            full: user name
            companies: company name
            created_at: signed up, first seen
            last_activity_at: last seen, last heard from
            owner: account owner
        """),
        "companies": _table("""
            external_id: company id, id
            name: company name
            domain: company website
            employees: company size
            industry: company industry
            created_at: company created at, created at
            last_activity_at: company last seen, last seen
        """),
    },
    computed=_signs("updated at, last updated"),
    transforms={"companywebsite": HOST},
)

_SALESFORCE = Source(
    "salesforce",
    _written(
        "stagename, ownerid, accountid, isdeleted, systemmodstamp, createdbyid, lastmodifieddate, "
        "createddate, opportunity id, opportunity name, opportunity owner, account owner, case number, casenumber, "
        "billingcountry, fiscal period, currencyisocode, close date (2), date/time opened"
    ),
    {
        "users": _table("""
            external_id: user id, id
            login: username
            first: firstname, first name
            last: lastname, last name
            active: isactive
            time_zone: timezonesidkey
            created_at: createddate, created date
        """),
        "companies": _table("""
            external_id: account id, id
            name: account name
            owner: owner id, account owner, owner name
            domain: website
            country: billingcountry, billing country, billing country/region
            employees: numberofemployees, employees
            annual_revenue: annualrevenue, annual revenue
            created_at: createddate, created date
            last_activity_at: lastactivitydate, last activity
        """),
        "contacts": _table("""
            external_id: contact id, id
            first_name: firstname
            last_name: lastname
            job_title: title
            companies: account id, account name
            owner: owner id, contact owner, owner name
            created_at: createddate, created date
            last_activity_at: lastactivitydate, last activity
        """),
        "deals": _table("""
            external_id: opportunity id, id
            name: opportunity name
            stage: stagename
            close_date: closedate
            currency: currencyisocode, amount currency
            owner: owner id, opportunity owner, owner name
            companies: account id, account name
            contacts: contact id
            created_at: createddate, created date
            last_activity_at: lastactivitydate, last activity
        """),
        "tickets": _table("""
            external_id: case id, id, case number
            stage: status
            category: type, case type
            owner: owner id, case owner, owner name
            companies: account id, account name
            contacts: contact id, contact email, contact name
            created_at: createddate, date/time opened, created date
            closed_at: closeddate, date/time closed, closed date
        """),
        "tasks": _table("""
            external_id: activity id, id
            title: subject
            notes: description, comments, full comments
            due_at: activitydate, due date, date
            assignee: owner id, assigned to, assigned
            companies: account id, company / account
            contacts: who id, name
            created_at: createddate, created date
            completed_at: completeddatetime
        """),
    },
    computed=_signs(
        "lastmodifieddate, last modified date, systemmodstamp, isclosed, iswon, closed, won, lastvieweddate"
    ),
    transforms={"website": HOST},
)

# Headers of spreadsheets nobody's program wrote, and of the well-known example data sets of sales teams.
_PLAIN = Source(
    "",
    frozenset(),
    {
        "users": _table("""
            external_id: id, user id
            login: username, user name
            email: mail, email address
            first: first name, given name
            last: last name, surname, family name
            name: full name, sales agent, agent
            teams: team, main team
        """),
        "teams": _table("""
            external_id: id, team id
            name: team, team name
            parent: parent
        """),
        "companies": _table("""
            external_id: id, company id, account id, customer id
            name: company name, company, account name, account, customer name, customer, organization, organisation
            domain: website, web site, url, homepage
            owner: csm, account owner, company owner, account manager, customer success manager
            industry: sector
            country: office location
            employees: headcount, number of employees
            annual_revenue: revenue
            renewal_date: renewal
        """),
        "contacts": _table("""
            external_id: id, contact id
            email: mail, email address
            first_name: given name
            last_name: surname, family name
            full: full name, contact name, name, contact
            job_title: title, position, role
            companies: company, company name, account, account name, organization, organisation
            phone: telephone, phone number
        """),
        "deals": _table("""
            external_id: id, deal id, opportunity id
            name: deal name, deal, opportunity, opportunity name, title
            stage: deal stage, opportunity stage, status
            amount: close value, value, deal value
            owner: sales agent, deal owner, agent
            companies: company, company name, account, account name, customer
            contacts: contact, contact email, contact name
            created_at: engage date, created, created on, date created, created at
            close_date: closed, closing date, expected close date
        """),
        "tickets": _table("""
            external_id: id, ticket id, case id, number
            subject: title, summary
            stage: status, state
            category: type
            owner: assignee, agent, assigned to
            companies: company, company name, account, account name, customer, organization, organisation
            contacts: contact, requester, contact email, contact name
            created_at: created, created on, date created, opened, opened at
            closed_at: closed, resolved at, solved at, closed on, resolved, solved, closed date
            first_reply_at: first reply, first response, first response at
        """),
        "services": _table("""
            external_id: id, service id
            name: service, service name, title
            companies: company, company name, account, account name, customer
        """),
        "subscriptions": _table("""
            external_id: id, subscription id
            name: subscription, subscription name, plan, title
            stage: status
            companies: company, company name, account, account name, customer
        """),
        "tasks": _table("""
            external_id: id, task id
            title: task, subject, name
            due_at: due date, deadline
            assignee: owner, assigned to
            notes: note, description, body
            repeat: recurrence
            remind_at: reminder date
            companies: company, company name, account
            contacts: contact
            deals: deal
            tickets: ticket
            services: service
        """),
        **{
            name: _table("""
                external_id: id, activity id
                title: subject, name
                body: description, notes, text
                at: date, when
                owner: user, agent
                contacts: contact, contact email
                companies: company, company name, account
                starts_at: start, start time, starts
                ends_at: end, end time, ends
                url: url
            """)
            for name in ACTIVITIES
        },
        "activities": _table("""
            external_id: id, activity id
            kind: type, activity type, event
            at: date, when, timestamp
            contact: contacts, contact email, email
            title: subject, name, description
        """),
        "targets": _table("""
            goal: goal name, goal id
            contributor: user, team, login, name
            slice: milestone, period, month, quarter
            target: value, amount
        """),
    },
    transforms={"website": HOST, "url": HOST, "homepage": HOST, "websites": HOST},
    titles={"deals": ("account", "product")},
)

SOURCES: Mapping[str, Source] = {each.name: each for each in (_HUBSPOT, _ZENDESK, _INTERCOM, _SALESFORCE)}


def recognised(headers: Collection[str]) -> Source | None:
    """The program whose export this is, by the headers only it writes; none when that is not clear."""
    names = {bare(header).strip().lower() for header in headers}
    prefixed = any(header.lower().startswith(PREFIXES) for header in headers)
    scores = {name: len(names & source.signs) for name, source in SOURCES.items()}
    scores["hubspot"] += CERTAIN * prefixed
    ranked = sorted(scores, key=lambda name: -scores[name])
    best, second = ranked[0], ranked[1]
    if scores[best] < CERTAIN or scores[best] == scores[second]:
        return None
    return SOURCES[best]


def bare(header: str) -> str:
    """A header without what warehouses put before it."""
    for prefix in PREFIXES:
        if header.lower().startswith(prefix):
            return header[len(prefix) :]
    return header


def tables(source: Source | None) -> Iterator[Source]:
    """The tables to ask, the most telling first."""
    if source is not None:
        yield source
    yield _PLAIN


_BY_PIPELINE = "Import the records with --create-missing, or use `cs-workspace pipelines add`."
_BY_COLUMN = "Put a column with the related names or ids into the file of the records."
_BY_TEAM = "Put a column `teams` into the file of users."
_KEPT_HERE = "Import the records themselves; their history is kept from then on."
_FROM_COLUMNS = "Unknown columns of a file of records become properties."

# What is no object of its own, by headers that give it away (all of a set must be there), and what to do instead.
NOT_RECORDS: tuple[tuple[frozenset[str], str, str], ...] = (
    (_signs("stage_id, pipeline_id, display_order"), "stages of pipelines", _BY_PIPELINE),
    (_signs("pipeline_id, display_order, label"), "pipelines", _BY_PIPELINE),
    (_signs("property_id, display_order, value"), "choices of properties", _FROM_COLUMNS),
    (_signs("field_type, group_name, label"), "definitions of properties", _FROM_COLUMNS),
    (_signs("name, value, timestamp, source_id"), "the history of properties", _KEPT_HERE),
    (_signs("name, value, timestamp_instant, source_id"), "the history of properties", _KEPT_HERE),
    (_signs("date_entered, value, deal_id"), "the history of deals in their stages", _KEPT_HERE),
    (_signs("deal_id, company_id, type_id"), "which deal belongs to which company", _BY_COLUMN),
    (_signs("ticket_id, company_id, category"), "which ticket belongs to which company", _BY_COLUMN),
    (_signs("owner_id, team_id, is_team_primary"), "who is in which team", _BY_TEAM),
    (_signs("user_id, team_id, is_secondary_user"), "who is in which team", _BY_TEAM),
    (_signs("requires_billing_write, name"), "roles", "Give seats and rights with `cs-workspace users set`."),
)


def not_records(headers: Collection[str]) -> tuple[str, str] | None:
    """What a file holds that is not records, and what to do instead."""
    names = {squash(header) for header in headers}
    return next(((what, instead) for signs, what, instead in NOT_RECORDS if signs <= names), None)
