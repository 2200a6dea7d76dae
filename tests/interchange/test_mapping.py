"""Which column is which property (IMP-2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workspace.domain.errors import Usage
from cs_workspace.domain.schema.custom import RESERVED, property_name
from cs_workspace.domain.schema.standard import STANDARD
from cs_workspace.interchange.mapping import missing, understand
from cs_workspace.interchange.sources import not_records
from cs_workspace.workspace.import_plan import TARGETS, Reading


def understood(object, headers, **how):
    kind = TARGETS if object == "targets" else STANDARD[object]
    return understand(kind, headers.split(","), asked=how.pop("asked", {}), **how)


@pytest.mark.parametrize(
    ("object", "source", "headers", "properties"),
    [
        (
            "tickets",
            "",
            "subject,closed_at,First agent reply,close-date",
            "subject,closed_at,first_reply_at,close_date",
        ),
        ("companies", "", "Company name,WEBSITE,CSM,Sector", "name,domain,owner,industry"),
        ("companies", "", "account,sector", "name,industry"),
        (
            "deals",
            "",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
            "external_id,owner,product,companies,stage,created_at,close_date,amount",
        ),
        (
            "tickets",
            "hubspot",
            "id,property_createdate,property_closed_date,property_hs_pipeline,property_hs_pipeline_stage,property_subject",
            "external_id,created_at,closed_at,pipeline,stage,subject",
        ),
        (
            "deals",
            "hubspot",
            "hs_object_id,dealname,dealstage,amount,closedate,hubspot_owner_id,deal_currency_code",
            "external_id,name,stage,amount,close_date,owner,currency",
        ),
        ("calls", "hubspot", "engagement_id,hs_timestamp,hs_call_title", "external_id,at,title"),
        (
            "users",
            "hubspot",
            "owner_id,email,first_name,last_name,active_user_id",
            "external_id,email,name,name,active_user_id",
        ),
        (
            "tickets",
            "zendesk",
            "Ticket ID,Subject,Requester,Assignee,Status,Priority,Created at,Solved at",
            "external_id,subject,contacts,owner,stage,priority,created_at,closed_at",
        ),
        (
            "contacts",
            "intercom",
            "User ID,Name,Email,Signed up,Last seen,Company name",
            "external_id,name,email,created_at,last_activity_at,companies",
        ),
        (
            "deals",
            "salesforce",
            "Id,Name,StageName,CloseDate,Amount,OwnerId,AccountId,CreatedDate",
            "external_id,name,stage,close_date,amount,owner,companies,created_at",
        ),
        ("companies", "salesforce", "Id,Name,OwnerId,BillingCountry", "external_id,name,owner,country"),
        ("targets", "", "Goal,Contributor,Milestone,Target", "goal,contributor,slice,target"),
    ],
)
def test_the_headers_of_other_programs_are_known(object, source, headers, properties):
    """IMP-2"""
    mapping = understood(object, headers)
    assert mapping.source == source
    assert list(mapping.understood.values()) == properties.split(",")


def test_what_is_asked_for_comes_first():
    """IMP-2"""
    mapping = understood("companies", "name,Label", asked={"Label": "Name", "name": ""})
    assert mapping.understood == {"name": None, "Label": "name"}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"nome": "name"}, "no column 'nome'. Did you mean name?"),
        ({"name": "nmae"}, "no property 'nmae'. Did you mean name?"),
        ({"name": "health"}, "health is calculated"),
        ({"name": "domain", "other": "domain"}, "two columns cannot both be domain"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(asked, why):
    """IMP-2"""
    with pytest.raises(Usage) as refused:
        understood("companies", "name,other", asked=asked)
    assert why in str(refused.value)


def test_unknown_columns_become_properties_and_empty_ones_are_left_out():
    """IMP-2"""
    mapping = understood("companies", "name,Größe (m²),$,void,id_", filled=[True, True, True, False, True])
    assert [(p.name, p.label) for p in mapping.new_properties] == [("grosse_m2", "Größe (m²)"), ("p", "$")]
    assert mapping.understood["id_"] == "external_id"
    assert mapping.left_out == {"void": "empty"}


def test_bookkeeping_and_calculated_columns_are_left_out_and_said():
    """IMP-2"""
    mapping = understood(
        "companies", "name,_fivetran_synced,is_deleted,updated_at,health,rejected_line,rejected_reason"
    )
    assert set(mapping.left_out) == {
        "_fivetran_synced",
        "is_deleted",
        "updated_at",
        "health",
        "rejected_line",
        "rejected_reason",
    }
    assert mapping.deleted_column == 2


def test_id_is_ours_only_where_all_columns_are():
    """IMP-3, IMP-6"""
    assert understood("companies", "id,name,domain").understood["id"] == "id"
    assert understood("companies", "id,Company name").understood["id"] == "external_id"
    assert understood("companies", "id,name,property_city").understood["id"] == "external_id"


def test_a_name_in_one_column_is_read_where_there_are_none_for_its_parts():
    """IMP-2"""
    mapping = understood("contacts", "Name,Email")
    assert {(c.property, c.reading) for c in mapping.columns} == {
        ("first_name", Reading.FIRST_WORDS),
        ("last_name", Reading.LAST_WORD),
        ("email", Reading.PLAIN),
    }
    assert understood("contacts", "name,first_name,last_name").understood["name"] is None


@pytest.mark.parametrize(
    ("object", "headers", "lacking"),
    [
        ("tickets", "status,created_at", ("Subject",)),
        ("tickets", "ticket_id,status", ()),
        ("tickets", "ticket_id,colour", ("Subject",)),
        ("users", "name", ()),
        ("tasks", "title", ("Due",)),
        ("meetings", "title,starts_at", ()),
        ("targets", "goal,target", ("Contributor", "Slice")),
    ],
)
def test_a_file_that_lacks_what_records_need_is_known(object, headers, lacking):
    """IMP-2"""
    kind = TARGETS if object == "targets" else STANDARD[object]
    assert missing(kind, understood(object, headers).columns) == lacking


def test_files_that_hold_no_records_are_known():
    """IMP-2"""
    assert not_records(["stage_id", "pipeline_id", "display_order", "label"])
    assert not_records(["deal_id", "company_id", "type_id"])
    assert not not_records(["id", "name", "company_id"])


@given(st.text(max_size=80), st.sets(st.sampled_from(["name", "owner", "p", "a_2"])))
def test_a_name_for_a_property_is_plain_and_free(header, used):
    """IMP-2"""
    name = property_name(header, used | RESERVED)
    assert name not in used | RESERVED
    assert name.isascii()
    assert name.replace("_", "a").isalnum()
    assert name[0].isalpha()
    assert name == name.lower()
